"""Why a visit stands where it stands, where else it could, and what other rules would bring."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiafang.campaigns.models import SchoolCampaign
from jiafang.lib.errors import Problem
from jiafang.planner import Outlook, explain, load_plan, options, what_if
from jiafang.planner.whatif import VARIANTS
from jiafang.planning.selectors.problem import build
from jiafang.planning.selectors.wording import day_words, namer, said
from jiafang.visits.models import Visit

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Offer:
    """Another slot that works at once. ``minutes`` of way more (negative: less) for the teachers."""

    slot: str
    words: str
    arrive: str
    team: str
    joins: bool
    wished: bool
    current: bool
    cost: float


@dataclass(frozen=True, slots=True)
class Why:
    """Sentences for the panel “为什么是这一天、这两位老师”."""

    placed: bool
    slot: tuple[str, ...]
    team: tuple[str, ...]
    reasons: tuple[str, ...]
    helps: tuple[str, ...]
    next_best: str
    offers: tuple[Offer, ...]
    more: int


def why(school_campaign: SchoolCampaign, visit: Visit) -> Why:
    """Ask the planner about one visit of the timetable as it stands; ``state`` when the planner has no say in it."""
    built = build(school_campaign)
    name = str(visit.pk)
    if name not in built.wanted or built.keep is None:
        raise Problem("state", _("这次家访已经进行、就在今天，或是老师自己约定的，不由排程安排。"))
    problem, plan = built.loaded(), load_plan(built.keep)
    named = namer(built)
    found = explain(problem, plan, name)
    staff = {str(pk): person for pk, person in built.facts.names.items()}
    asked = next(v for v in problem.visits if v.id == name)
    unsaid = {"wished", "not_wished"} if asked.wished == asked.possible else set()  # the family named no days
    offers = [
        Offer(
            slot=o.slot, words=day_words(built.slots[o.slot]), arrive=f"{o.arrive // 60:02d}:{o.arrive % 60:02d}",
            team="、".join(staff[t] for t in (o.lead, o.companion) if t), joins=o.joins, wished=o.wished and not unsaid,
            current=o.current, cost=o.cost,
        )
        for o in options(problem, plan, name)
    ]  # fmt: skip
    offers.sort(key=lambda o: (o.cost, o.slot))
    others = [o for o in offers if not o.current]

    def texts(key: str) -> tuple[str, ...]:
        return tuple(named(said(item)) for item in found.get(key) or () if item["code"] not in unsaid)

    return Why(
        placed=found["placed"], slot=texts("why_slot"), team=texts("why_team"), reasons=texts("reasons"),
        helps=texts("helps"), next_best=_next(found.get("next_best"), built, staff), offers=tuple(others[:SHOWN]),
        more=max(0, len(others) - SHOWN),
    )  # fmt: skip


def _next(best: dict[str, Any] | None, built: Any, staff: dict[str, str]) -> str:
    """The next best slot, who would go, and whom it costs what."""
    if best is None:
        return ""
    words = {
        "when": day_words(built.slots[best["slot"]]),
        "team": "、".join(staff[t] for t in (best["lead"], best["companion"]) if t),
        "what": "，".join(said(item) for item in best["falls_on"]),
    }
    if words["what"]:
        return _("其次是%(when)s，%(team)s去：%(what)s。") % words
    return _("其次是%(when)s，%(team)s去，一样好。") % words


SCENARIOS = {
    "as_is": gettext_lazy("照现在的规定"),
    "one_more_outing": gettext_lazy("每位老师每周多外出一次"),
    "without_weekends": gettext_lazy("不用周末"),
    "pairs_across_classes": gettext_lazy("同行教师可以跨班"),
}
STEPS_PER_VISIT = 80  # enough to compare, a quarter of a real run


@dataclass(frozen=True, slots=True)
class Line:
    """A scenario beside the others; ``dearer`` in per cent against the rules as they are, null for those themselves."""

    label: str
    placed: int
    visits: int
    found: Outlook
    dearer: int | None


def outlooks(school_campaign: SchoolCampaign) -> list[Line]:
    """The school planned anew under each scenario, quickly and for comparison only; none while nothing is to plan."""
    problem = build(school_campaign).loaded()
    visits = len(problem.visits)
    if not visits or not problem.slots:
        return []
    found = what_if(problem, VARIANTS, iterations=STEPS_PER_VISIT * visits)
    now = found[0].cost
    return [
        Line(
            SCENARIOS[o.name],
            visits - o.unplaced,
            visits,
            o,
            None if o is found[0] or not now else round(100 * (o.cost - now) / now),
        )
        for o in found
    ]
