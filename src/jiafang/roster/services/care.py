"""Noting and ending care: dated, with a sealed reason, and never shown to a family."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.models import AuditRow
from jiafang.access.vault import texts, token
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.roster.kinds import SENSITIVE, CareKind
from jiafang.roster.models import Care, Student

# How long whoever noted a care by mistake may take it away without a trace in the file (the audit keeps it).
SLIP = timedelta(hours=24)


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
    responsible: Any = None,
) -> Care:
    """A kind of care begins for a child; noting an open one again updates its reason, level and responsible teacher.

    ``responsible`` is a staff id, none for the class teacher of the day. Whoever may not read a psychological note
    cannot overwrite it either: the new words are put under the old ones.
    """
    row = Student.objects.select_for_update(of=("self",)).select_related("klass").filter(pk=student.pk).first()
    if row is None or row.klass is None:
        raise Problem("not_found")
    policy.demand(actor, "care.note", path=row.klass.path)
    if kind not in CareKind.values:
        raise Problem("invalid", _("没有这种关爱类别。"), {"kind": [_("请从列表里选择。")]})
    if kind == CareKind.PSYCHOLOGICAL:
        policy.demand(actor, "care.read_psychological", path=row.klass.path)
    if level not in Care.Level.values:
        raise Problem("invalid", _("没有这种分级。"), {"level": [_("请从列表里选择。")]})
    if begins and begins > clock.today():
        raise Problem("invalid", _("起始日期不能晚于今天。"), {"begins": [_("请选今天或更早的日期。")]})
    care = Care.objects.filter(student=row, token=token(kind), ends__isnull=True).first()
    fresh = care is None
    if fresh:
        care = Care(student=row, token=token(kind), source=source, begins=begins or clock.today())
    care.level, care.responsible_id = level, responsible or None
    if fresh or reason:
        care.reason = _reason(actor, care, kind, reason, row.klass.path) or None
    care.save(force_insert=fresh)
    # The kind itself stays out of the audit: the chain is read by more people than the file.
    detail = {"sensitive": kind in SENSITIVE, "student": str(row.pk)}
    audit.record(actor, "care.note", path=row.klass.path, target=care, detail=detail)
    return care


def _reason(actor: Actor, care: Care, kind: str, reason: str, path: str) -> str:
    if (
        not care.reason
        or kind != CareKind.PSYCHOLOGICAL
        or policy.can(actor, "care.read_psychological_note", path=path)
    ):
        return reason
    [before] = texts([care.reason])
    return f"{before}\n{clock.today().isoformat()} {actor.name}：{reason}"


def _locked(actor: Actor, care: Care) -> Care:
    rows = Care.objects.select_for_update(of=("self",)).select_related("student__klass")
    row = rows.filter(pk=care.pk).first()
    if row is None or row.student.klass is None:
        raise Problem("not_found")
    policy.demand(actor, "care.end", path=row.student.klass.path)
    if row.kind == CareKind.PSYCHOLOGICAL:
        policy.demand(actor, "care.read_psychological", path=row.student.klass.path)
    return row


def _note_end(actor: Actor, row: Care, **detail: Any) -> None:
    detail["student"] = str(row.student_id)
    audit.record(actor, "care.end", path=row.student.klass.path, target=row, detail=detail)


@transaction.atomic
def end_care(actor: Actor, *, care: Care, on: date | None = None) -> Care:
    """The care is no longer needed; the row stays in the file."""
    row = _locked(actor, care)
    if row.ends is not None:
        raise Problem("state", _("这一项已经结束。"))
    row.ends = max(on or clock.today(), row.begins)
    row.save(update_fields=["ends"])
    _note_end(actor, row)
    return row


@transaction.atomic
def resume_care(actor: Actor, *, care: Care) -> Care:
    """The care goes on after all."""
    row = _locked(actor, care)
    if row.ends is None:
        raise Problem("state", _("这一项没有结束。"))
    if Care.objects.filter(student=row.student_id, token=row.token, ends__isnull=True).exists():
        raise Problem("conflict", _("同一类别已经重新登记，不用再恢复。"))
    row.ends = None
    row.save(update_fields=["ends"])
    _note_end(actor, row, resumed=True)
    return row


@transaction.atomic
def withdraw_care(actor: Actor, *, care: Care) -> None:
    """It was noted by mistake: whoever noted it takes it away within a day, so that no false label stays with a child."""
    row = _locked(actor, care)
    since = clock.now() - SLIP
    noted = AuditRow.objects.filter(target=row._meta.label_lower, target_id=str(row.pk), verb="care.note")
    first = noted.order_by("at").first()
    if first is None or first.at < since or first.staff_id != actor.staff_id:
        raise Problem("state", _("只能撤回自己 24 小时内登记的类别；以前登记的请用“结束”。"))
    _note_end(actor, row, withdrawn=True)
    Care.objects.filter(pk=row.pk).delete()
