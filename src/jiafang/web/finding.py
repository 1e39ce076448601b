"""What the global search finds, within the reader's fence: children, families, schools, visits."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.roster import selectors as roster
from jiafang.units import selectors as units
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


def _schools(actor: Actor, words: str) -> list[Hit]:
    found = units.schools_of(actor).filter(name__contains=words)[:SHOWN]
    return [Hit(school.name, school.get_stage_display(), address("reports:school", school.pk)) for school in found]
