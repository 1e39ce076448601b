"""Kinds of care as far as a reader may know them: psychological ones are not even counted for others."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.fence import path_q
from jiafang.access.vault import token
from jiafang.lib import clock
from jiafang.lib.errors import not_found
from jiafang.roster.kinds import CareKind, kind_of
from jiafang.roster.models import Care, Student


def in_force(on: date | None = None) -> Q:
    """Cares in force on a day (today)."""
    day = on or clock.today()
    return Q(begins__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))


def verb_for(kind: str) -> str:
    """The verb that lets a kind of care be known."""
    return "care.read_psychological" if kind == CareKind.PSYCHOLOGICAL else "care.read"


def reason_verb(kind: str) -> str:
    """The verb that lets the reason behind a kind be read."""
    return "care.read_psychological_note" if kind == CareKind.PSYCHOLOGICAL else "care.read_reason"


def care_by_student(
    actor: Actor, students: Iterable[Student], *, on: date | None = None
) -> dict[object, list[tuple[CareKind, Care]]]:
    """Kinds of care in force on a day, in one query; psychological ones only for those who may read them."""
    out: dict = {}
    rows = Care.objects.filter(in_force(on), student__in=list(students))
    for kind, row in _readable(actor, rows.order_by("begins")):
        out.setdefault(row.student_id, []).append((kind, row))
    return out


def cares_under(actor: Actor, paths: Iterable[str]) -> list[tuple[CareKind, Care]]:
    """Kinds in force of enrolled children in the subtrees, with student, class and responsible teacher; one query."""
    rows = Care.objects.filter(in_force(), path_q("student__klass__path", tuple(paths)), student__left_on__isnull=True)
    return _readable(actor, rows.order_by("student__klass__path", "student__class_number", "student__pk", "begins"))


def cares_of(actor: Actor, student: Student) -> list[tuple[CareKind, Care]]:
    """Everything a child's file knows, past care included, the newest first."""
    return _readable(actor, Care.objects.filter(student=student).order_by("-begins", "-pk"))


def care(actor: Actor, pk: Any) -> Care:
    """One care whose kind the actor may know, with student and class, else ``not_found``."""
    found = _readable(actor, Care.objects.filter(pk=pk))
    if not found:
        raise not_found()
    return found[0][1]


def _readable(actor: Actor, rows: QuerySet[Care]) -> list[tuple[CareKind, Care]]:
    out = []
    for row in rows.select_related("student__klass", "responsible"):
        kind = kind_of(row.token)
        if kind and row.student.klass and policy.can(actor, verb_for(kind), path=row.student.klass.path):
            out.append((kind, row))
    return out


def students_with(kind: str) -> QuerySet:
    """Pks of students with a kind of care in force, within the fence."""
    return Care.objects.filter(in_force(), token=token(kind)).values("student")
