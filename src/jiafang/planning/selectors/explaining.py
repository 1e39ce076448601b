"""Why a visit stands where it stands, where else it could, and what other rules would bring."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiafang.campaigns.models import SchoolCampaign
from jiafang.lib.errors import Problem
from jiafang.planner import dump_plan, explain, load_plan, load_problem, options, solve
from jiafang.planning.selectors.problem import build
from jiafang.planning.selectors.slots import monday_of
from jiafang.planning.selectors.wording import day_words, namer
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
    offers = [
        Offer(
            slot=o.slot, words=day_words(built.slots[o.slot]), arrive=f"{o.arrive // 60:02d}:{o.arrive % 60:02d}",
            team="、".join(staff[t] for t in (o.lead, o.companion) if t), joins=o.joins, wished=o.wished,
            current=o.current, cost=o.cost,
        )
        for o in options(problem, plan, name)
    ]  # fmt: skip
    offers.sort(key=lambda o: (o.cost, o.slot))
    others = [o for o in offers if not o.current]
    texts = lambda key: tuple(named(item["text"]) for item in found.get(key) or ())  # noqa: E731
    return Why(
        placed=found["placed"], slot=texts("why_slot"), team=texts("why_team"), reasons=texts("reasons"),
        helps=texts("helps"), next_best=_next(found.get("next_best"), built, staff), offers=tuple(others[:SHOWN]),
        more=max(0, len(others) - SHOWN),
    )  # fmt: skip


def _next(best: dict[str, Any] | None, built: Any, staff: dict[str, str]) -> str:
    if best is None:
        return ""
    travel = best.get("parts", {}).get("travel", 0)
    words = day_words(built.slots[best["slot"]])
    if travel > 0:
        return _("其次是%(when)s，老师要多走 %(minutes)d 分钟的路。") % {"when": words, "minutes": travel}
    return _("其次是%(when)s。") % {"when": words}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a timetable made anew under some rules would look like."""

    code: str
    cost: float
    placed: int
    visits: int
    outings: int
    travel: int  # minutes
    last: date | None
    weeks: int
    most: int  # outings of the busiest teacher
    mean: float


SCENARIOS = {
    "now": gettext_lazy("照现在的规定"),
    "one_more": gettext_lazy("每位老师每周多外出一次"),
    "no_weekends": gettext_lazy("不用周末"),
    "across": gettext_lazy("同行教师可以跨班"),
}
STEPS_PER_VISIT = 80  # enough to compare, a quarter of a real run


def outlook(school_campaign: SchoolCampaign, code: str) -> Outlook:
    """Plan the school anew under a scenario, quickly and for comparison only; nothing is kept."""
    if code not in SCENARIOS:
        raise Problem("not_found")
    problem = build(school_campaign).problem
    _under(problem, code)
    visits = len(problem["visits"])
    plan = dump_plan(solve(load_problem(problem), iterations=STEPS_PER_VISIT * max(1, visits)))
    slots = {slot["id"]: date.fromisoformat(slot["date"]) for slot in problem["slots"]}
    days = [slots[o["slot"]] for o in (*plan["outings"], *plan["online"])]
    load: dict[str, int] = {t["id"]: 0 for t in problem["teachers"]}
    for outing in plan["outings"]:
        for key in ("lead", "companion", "extra"):
            if outing[key]:
                load[outing[key]] += 1
    busy = list(load.values()) or [0]
    return Outlook(
        code, plan["cost"], visits - len(plan["unplaced"]), visits, len(plan["outings"]), int(plan["parts"]["travel"]),
        max(days, default=None), len({monday_of(day) for day in days}), max(busy), sum(busy) / len(busy),
    )  # fmt: skip


def _under(problem: dict, code: str) -> None:
    if code == "one_more":
        for teacher in problem["teachers"]:
            if teacher["max_outings_per_week"]:
                teacher["max_outings_per_week"] += 1
    elif code == "no_weekends":
        weekend = {s["id"] for s in problem["slots"] if date.fromisoformat(s["date"]).weekday() >= 5}
        problem["fixed"] = [item for item in problem["fixed"] if item["slot"] not in weekend]
        for visit in problem["visits"]:
            visit["possible"] = [name for name in visit["possible"] if name not in weekend]
    elif code == "across":
        everybody = [teacher["id"] for teacher in problem["teachers"]]
        for visit in problem["visits"]:
            if visit["mode"] == "home":
                visit["companions"] = [*visit["companions"], *(t for t in everybody if t not in visit["companions"])]
