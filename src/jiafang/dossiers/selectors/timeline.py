"""A child's years at school as one line of events, newest first, under the school year they happened in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.campaigns.states import Mode
from jiafang.dossiers.links import address
from jiafang.lib import clock, dates
from jiafang.roster.models import Enrolment, Student, StudentFile
from jiafang.units.models import Handover, Unit
from jiafang.visits import selectors as visits
from jiafang.visits.models import Visit
from jiafang.visits.states import moment_of


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``chip`` is a state for ``{% chip %}``; ``icon`` a name in the sprite."""

    day: date
    icon: str
    title: str
    text: str = ""
    href: str = ""
    chip: Any = ""


@dataclass(frozen=True, slots=True)
class Year:
    """A school year (1 August to 31 July) with its events."""

    begins: int
    events: tuple[Event, ...]

    @property
    def label(self) -> str:
        return _("%(from)d—%(to)d学年") % {"from": self.begins, "to": self.begins + 1}


def timeline(
    actor: Actor,
    student: Student,
    stays: list[Enrolment],
    cares: Iterable[tuple[Any, Any]],
    papers: Iterable[StudentFile],
) -> list[Year]:
    """All school years; only what the actor may know stands in it."""
    events = [*_stays(student, stays), *_care(cares), *_papers(papers), *_handovers(stays)]
    if policy.can(actor, "visit.read", path=student.klass.path):
        events += [_visit(visit) for visit in visits.of_student(actor, student)]
    # Of one day, what was put in later stands higher: an end above its beginning.
    order = sorted(range(len(events)), key=lambda n: (events[n].day, n), reverse=True)
    years: dict[int, list[Event]] = {}
    for event in (events[n] for n in order):
        years.setdefault(dates.school_year(event.day), []).append(event)
    return [Year(begins, tuple(mine)) for begins, mine in years.items()]


def _stays(student: Student, stays: list[Enrolment]) -> list[Event]:
    out = []
    for later, stay in zip([None, *stays], stays, strict=False):
        label = _name_then(stay.klass, stay.begins)
        out.append(Event(stay.begins, "school", _("进入%s") % label))
        if stay.ends and later is None and student.left_on:
            out.append(Event(stay.ends, "logout", _("离校"), stay.reason))
    return out


def _name_then(klass: Unit, day: date) -> str:
    """What the class was called on that day: 七年级1班 becomes 八年级1班 while the class stays itself."""
    if klass.name or not klass.entered:
        return klass.label
    return dates.class_name(klass.stage, klass.entered, klass.number, day, klass.grade_style, klass.primary_years)


def _care(cares: Iterable[tuple[Any, Any]]) -> list[Event]:
    out = []
    for kind, row in cares:
        out.append(Event(row.begins, "heart-handshake", _("开始关爱：%s") % kind.label, str(row.get_source_display())))
        if row.ends:
            out.append(Event(row.ends, "circle-check", _("结束关爱：%s") % kind.label))
    return out


def _papers(papers: Iterable[StudentFile]) -> list[Event]:
    out = []
    for paper in papers:
        who = paper.added_by.name if paper.added_by else ""
        day = paper.added_at.astimezone(clock.TZ).date()
        out.append(Event(day, "paperclip", _("存入文件：%s") % paper.title, who, address("dossiers:file", paper.pk)))
    return out


def _handovers(stays: list[Enrolment]) -> list[Event]:
    rows = Handover.objects.filter(klass__in={stay.klass_id for stay in stays}).select_related("old", "new")
    out = []
    for row in rows:
        if any(
            s.klass_id == row.klass_id and s.begins <= row.on and (s.ends is None or row.on < s.ends) for s in stays
        ):
            text = _("%(old)s → %(new)s") % {"old": row.old.name, "new": row.new.name} if row.old else row.new.name
            out.append(Event(row.on, "users-group", _("更换班主任"), text))
    return out


def _visit(visit: Visit) -> Event:
    at = visit.held_from or visit.starts_at or visit.created_at
    state = moment_of(visit.state, starts_at=visit.starts_at, due_at=visit.due_at, alone=visit.companion_id is None)
    people = "、".join(person.name for person in (visit.lead, visit.companion, visit.extra) if person)
    return Event(
        at.astimezone(clock.TZ).date(),
        "route",
        _("家访（%s）") % Mode(visit.mode).label,
        " · ".join(filter(None, [people, visit.theme, visit.campaign.title])),
        address("visits:visit", visit.pk),
        state,
    )
