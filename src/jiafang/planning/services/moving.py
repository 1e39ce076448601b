"""Changing a timetable by hand: a visit or an outing to another slot, by the same rules the planner keeps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.campaigns.models import SchoolCampaign
from jiafang.campaigns.services.schools import demand_open, locked_school
from jiafang.lib.errors import Problem, not_found
from jiafang.planner import Move, dump_plan, load_plan, try_move
from jiafang.planning.selectors.problem import Built, build
from jiafang.planning.selectors.summary import places
from jiafang.planning.selectors.wording import namer, people_in, said
from jiafang.planning.services.accepting import write
from jiafang.visits.models import Outing, Visit
from jiafang.visits.states import VisitState

VERB = "timetable.move"
Moved = Visit | Outing | list[Visit]  # a list: online visits one teacher holds in one slot, moved together


@dataclass(frozen=True, slots=True)
class Answer:
    """What a drag would mean: ``breaks`` in plain words when it is not allowed, else what it costs whom and the old slot."""

    allowed: bool
    breaks: tuple[str, ...]
    minutes: int  # of way that come on top (negative: saved)
    cost: float
    was: str
    again: int = 0  # families with whom the hour is to be agreed anew
    effects: tuple[str, ...] = ()  # further sentences on whom the change falls, the way aside
    team: str = ""  # who goes, when not the same people as before


def try_to_move(actor: Actor, *, school_campaign: SchoolCampaign, what: Moved, slot: str) -> Answer:
    """Ask only: what would moving this visit, outing or evening of online visits to the slot break or cost?"""
    built, move, was = _tried(actor, school_campaign, what, slot)
    return _answer(built, move, was)


@transaction.atomic
def move(actor: Actor, *, school_campaign: SchoolCampaign, what: Moved, slot: str) -> Answer:
    """Move it. What a rule forbids is refused with the reasons and nothing is written.

    A class teacher moves what goes to his or her own class only; an outing is moved as a whole.
    """
    row = locked_school(school_campaign)
    demand_open(row)
    built, moved, was = _tried(actor, row, what, slot)
    answer = _answer(built, moved, was)
    if not moved.allowed:
        raise Problem(
            "conflict", _("不能移到这个时段：%s。") % "；".join(answer.breaks), extra={"breaks": list(answer.breaks)}
        )
    write(built, dump_plan(moved.plan), prune=False)
    audit.record(
        actor,
        VERB,
        path=_path(built, what),
        target=what[0] if isinstance(what, list) else what,
        detail={"from": was, "to": slot, "cost": round(moved.cost, 1)},
    )
    return answer


def _path(built: Built, what: Moved) -> str:
    paths = {path for name in _names(built, what) for path in _paths(built, name)}
    return paths.pop() if len(paths) == 1 else built.facts.school_campaign.school.path


def _tried(actor: Actor, row: SchoolCampaign, what: Moved, slot: str) -> tuple[Built, Move, str]:
    built = build(row)
    names = _names(built, what)
    demand_all(actor, built, names)
    keep = built.keep
    place = places(keep).get(names[0]) if names else None
    target = built.slots.get(slot)
    if place is None or keep is None:
        raise Problem("state", _("今天的和已经去过的家访不能再移动。"))
    if target is None or target.lost:
        raise Problem("invalid", _("这个时间不在学校的家访时段里。"))
    given = names[0] if isinstance(what, Visit) else place["outing"] if isinstance(what, Outing) else names
    try:
        return built, try_move(built.loaded(), load_plan(keep), given, slot), place["slot"]
    except (KeyError, StopIteration) as gone:  # the teacher left, or the outing no longer fits together
        raise Problem("state", _("这趟外出的老师或家庭有变动，请先重排一次。")) from gone


def _names(built: Built, what: Moved) -> list[str]:
    if isinstance(what, Visit):
        what = [what]
    if isinstance(what, list):
        names = [str(visit.pk) for visit in what]
        return names if all(name in built.wanted for name in names) else []
    return [w.id for w, _slot in built.standing if w.row.outing_id == what.pk]


def demand_all(actor: Actor, built: Built, names: list[str]) -> None:
    """Every one of the visits goes to a class of the actor's; a stranger is told nothing."""
    allowed = [any(policy.can(actor, VERB, path=path) for path in _paths(built, name)) for name in names]
    if not any(allowed):
        policy.demand(actor, VERB, path=built.facts.school_campaign.school.path)
        raise not_found() if not names else Problem("denied")
    if not all(allowed):
        raise Problem("not_allowed", _("这次外出还去别的班的家庭，请年级组长或学校来调整。"))


def _paths(built: Built, name: str) -> list[str]:
    return [built.facts.classes[child.klass_id].path for child in built.wanted[name].group.children]


def _answer(built: Built, move: Move, was: str) -> Answer:
    named = namer(built)
    now = places(built.keep)
    again, team = 0, ""
    if move.allowed:
        for name, place in places(dump_plan(move.plan)).items():
            row = built.wanted[name].row
            old: Any = now.get(name)
            if row is None or old is None:
                continue
            again += row.state == VisitState.APPOINTED and (old["slot"], old["starts"]) != (
                place["slot"],
                place["starts"],
            )
            if old["slot"] == was != place["slot"] and any(old[key] != place[key] for key in ("lead", "companion")):
                team = "、".join(filter(None, (_name(built, place[key]) for key in ("lead", "companion"))))
    return Answer(
        allowed=move.allowed, breaks=tuple(dict.fromkeys(_said(built, named, item) for item in move.breaks)),
        minutes=round(move.parts.get("travel", 0)), cost=move.cost, was=was, again=again, team=team,
        effects=tuple(named(said(item)) for item in move.falls_on if item["code"] not in ("cost_travel", "cost_load")),
    )  # fmt: skip


def _name(built: Built, pk: str | None) -> str:
    return built.facts.names.get(UUID(pk), "") if pk else ""


def _said(built: Built, named: Callable[[str], str], item: dict[str, Any]) -> str:
    """A broken rule, with whom it is about: “教师在该时段没有空（周彤）”."""
    who = people_in(item.get("english", ""), built)
    return named(said(item)) + (f"（{who}）" if who else "")
