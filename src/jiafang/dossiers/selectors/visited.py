"""What the visits say of each child: how many were made, what lies ahead, where it stands now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jiafang.campaigns import selectors as campaigns
from jiafang.campaigns.models import SchoolCampaign
from jiafang.units.models import Unit
from jiafang.visits.models import VisitStudent
from jiafang.visits.states import AHEAD, DONE, RecordState, VisitState, moment_of

UNVISITED = "unplanned"
WAITING = frozenset({"held", "late"})


@dataclass(frozen=True, slots=True)
class Part:
    """A child's part in one visit, as far as a list needs it."""

    campaign: Any
    mode: str
    state: str
    at: datetime | None
    unwritten: bool
    moment: str  # a member of ``VisitState`` or ``Moment``

    @property
    def done(self) -> bool:
        return self.state in DONE

    @property
    def ahead(self) -> bool:
        return self.state in AHEAD


@dataclass(frozen=True, slots=True)
class Standing:
    """A child in one campaign (in all visits when none runs). ``state`` is a chip: the thing to do comes first."""

    done: int = 0
    ahead: int = 0
    last: datetime | None = None
    next: datetime | None = None
    state: str = UNVISITED


def parts_of(students: Iterable[Any]) -> dict[Any, list[Part]]:
    """``{student pk: parts by time}`` of all published visits within the fence, in one query."""
    rows = VisitStudent.objects.filter(student__in=list(students)).exclude(visit__state=VisitState.PLANNED)
    rows = rows.order_by("visit__starts_at", "pk").values_list(
        "student", "visit__campaign", "visit__mode", "visit__state", "visit__starts_at", "visit__held_from",
        "visit__due_at", "visit__companion", "record__state",
    )  # fmt: skip
    out: dict[Any, list[Part]] = {}
    for student, campaign, mode, state, starts, held, due, companion, record in rows:
        unwritten = state == VisitState.HELD and record not in (RecordState.SUBMITTED, RecordState.CONFIRMED)
        # A sibling's record may still be missing when this child's is in.
        shown = state if unwritten or state != VisitState.HELD else VisitState.RECORDED
        moment = moment_of(shown, starts_at=starts, due_at=due, alone=companion is None)
        out.setdefault(student, []).append(Part(campaign, mode, state, held or starts, unwritten, moment))
    return out


def standing(parts: Iterable[Part], campaign: Any = None) -> Standing:
    """Sum up a child's parts in one campaign."""
    mine = [part for part in parts if campaign is None or part.campaign == campaign]
    done, ahead = [p for p in mine if p.done], [p for p in mine if p.ahead]
    waiting = [p for p in done if p.unwritten]
    first = (waiting or ahead or done[-1:] or mine[-1:] or [None])[0]
    return Standing(
        done=len(done),
        ahead=len(ahead),
        last=done[-1].at if done else None,
        next=ahead[0].at if ahead else None,
        state=first.moment if first else UNVISITED,
    )


def running(school: Unit) -> SchoolCampaign | None:
    """The school's part in its newest open campaign."""
    return campaigns.current_at(school).first()
