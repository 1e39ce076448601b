"""What the global search finds, within the reader's fence: children, visits, schools."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.lib import clock
from jiafang.roster import selectors as roster
from jiafang.units import selectors as units
from jiafang.visits import selectors as visits
from jiafang.web.addresses import address

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Hit:
    label: str
    where: str = ""
    href: str = ""
    chip: Any = None


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    icon: str
    hits: list[Hit]


def groups(actor: Actor, words: str) -> list[Group]:
    """Up to eight hits of each kind; groups without hits are left out."""
    if not words:
        return []
    found = [
        Group(_("学生"), "user", _students(actor, words)),
        Group(_("家访"), "route", _visits(actor, words)),
        Group(_("学校"), "school", _schools(actor, words)),
    ]
    return [group for group in found if group.hits]


def _students(actor: Actor, words: str) -> list[Hit]:
    if not policy.can(actor, "student.list"):
        return []
    return [
        Hit(s.name, f"{s.school.name} {s.klass.label}", address("dossiers:student", s.pk))
        for s in roster.search(words)[:SHOWN]
        if s.klass and s.school
    ]


def _visits(actor: Actor, words: str) -> list[Hit]:
    """Visits to children of that name, the latest first; those who only go along find theirs too."""
    found = visits.visits_of(actor, visits.Filter(words=words)).order_by("-starts_at", "pk")[:SHOWN]
    return [
        Hit(
            "、".join(part.student.name for part in visit.visit_students.all()),
            f"{visit.starts_at.astimezone(clock.TZ):%Y-%m-%d %H:%M}" if visit.starts_at else "",
            address("visits:visit", visit.pk),
            visit,
        )
        for visit in found
    ]


def _schools(actor: Actor, words: str) -> list[Hit]:
    found = units.schools_of(actor).filter(name__contains=words)[:SHOWN]
    return [Hit(school.name, school.get_stage_display(), address("reports:school", school.pk)) for school in found]
