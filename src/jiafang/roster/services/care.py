"""Noting and ending care: dated, with a sealed reason, and never shown to a family."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.vault import token
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.roster.kinds import SENSITIVE, CareKind
from jiafang.roster.models import Care, Student


@transaction.atomic
def note_care(
    actor: Actor,
    *,
    student: Student,
    kind: str,
    reason: str = "",
    level: str = "",
    source: str = Care.Source.TEACHER,
    begins: date | None = None,
) -> Care:
    """A kind of care begins for a child; noting an open one again updates its reason and level."""
    row = Student.objects.select_for_update(of=("self",)).select_related("klass").filter(pk=student.pk).first()
    if row is None or row.klass is None:
        raise Problem("not_found")
    policy.demand(actor, "care.note", path=row.klass.path)
    if kind not in CareKind.values:
        raise Problem("invalid", _("没有这种关爱类别。"), {"kind": [_("请从列表里选择。")]})
    if level not in Care.Level.values:
        raise Problem("invalid", _("没有这种分级。"), {"level": [_("请从列表里选择。")]})
    care = Care.objects.filter(student=row, token=token(kind), ends__isnull=True).first()
    fresh = care is None
    if fresh:
        care = Care(student=row, token=token(kind), source=source, begins=begins or clock.today())
    care.level = level
    if reason or fresh:
        care.reason = reason or None
    care.save(force_insert=fresh)
    # The kind itself stays out of the audit: the chain is read by more people than the file.
    audit.record(actor, "care.note", path=row.klass.path, target=care, detail={"sensitive": kind in SENSITIVE})
    return care


@transaction.atomic
def end_care(actor: Actor, *, care: Care, on: date | None = None) -> Care:
    """The care is no longer needed; the row stays in the file."""
    row = Care.objects.select_for_update(of=("self",)).select_related("student__klass").filter(pk=care.pk).first()
    if row is None:
        raise Problem("not_found")
    policy.demand(actor, "care.end", path=row.student.klass.path)
    row.ends = max(on or clock.today(), row.begins)
    row.save(update_fields=["ends"])
    audit.record(actor, "care.end", path=row.student.klass.path, target=row)
    return row
