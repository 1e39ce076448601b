"""Units and terms: putting them up and correcting them."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.lib.errors import Problem
from jiafang.lib.paths import child
from jiafang.units.models import Term, Unit

EDITABLE = ("name", "number", "grade_style", "lat", "lon")


@transaction.atomic
def add_unit(actor: Actor, *, parent: Unit | None, kind: str, **fields) -> Unit:
    """Put a unit under ``parent`` (none: a top bureau, by the installation only). Inherits stage and entry year."""
    if parent is None and not actor.is_system:
        raise Problem("denied")
    if parent is not None:
        policy.demand(actor, "unit.manage", path=parent.path)
        for name in ("stage", "entered", "grade_style", "primary_years"):
            fields.setdefault(name, getattr(parent, name))
    last = Unit.objects.select_for_update().order_by("-pk").values_list("pk", flat=True).first() or 0
    pk = last + 1
    unit = Unit(pk=pk, parent=parent, kind=kind, path=child(parent.path if parent else "", pk), **fields)
    unit.full_clean(exclude=["path", "parent"], validate_constraints=False)
    unit.save(force_insert=True)
    audit.record(actor, "unit.manage", path=unit.path, target=unit, detail={"add": kind})
    return unit


@transaction.atomic
def edit_unit(actor: Actor, *, unit: Unit, **changes: Any) -> Unit:
    """Correct name, class number, how grades are called, or where the school lies (WGS-84)."""
    row = Unit.objects.select_for_update().get(pk=unit.pk)
    policy.demand(actor, "unit.manage", path=row.path)
    if unknown := set(changes) - set(EDITABLE):
        raise ValueError(f"not editable: {unknown}")
    for name, value in changes.items():
        setattr(row, name, value)
    try:
        row.full_clean(exclude=["path", "parent"])
    except ValidationError as faults:
        raise Problem("invalid", fields=faults.message_dict) from faults
    if row.kind in (Unit.Kind.BUREAU, Unit.Kind.SCHOOL) and not row.name.strip():
        raise Problem("invalid", _("请填写名称。"), {"name": [_("请填写名称。")]})
    row.save(update_fields=[*changes])
    if "grade_style" in changes:
        # The way grades are called is one for the whole school.
        Unit.objects.filter(path__startswith=row.path).update(grade_style=row.grade_style)
    audit.record(actor, "unit.manage", path=row.path, target=row, detail={"fields": sorted(changes)})
    return row


@transaction.atomic
def add_term(actor: Actor, *, bureau: Unit, year: int, part: int, begins: date, ends: date) -> Term:
    policy.demand(actor, "term.manage", path=bureau.path)
    _check_term(bureau, begins, ends)
    if Term.objects.filter(bureau=bureau, year=year, part=part).exists():
        raise Problem("conflict", _("这个学期已经设过了，请直接修改日期。"))
    row = Term.objects.create(bureau=bureau, year=year, part=part, begins=begins, ends=ends)
    audit.record(actor, "term.manage", path=bureau.path, target=row)
    return row


@transaction.atomic
def edit_term(actor: Actor, *, term: Term, begins: date, ends: date) -> Term:
    """Move a term's first or last day."""
    row = Term.objects.select_for_update().select_related("bureau").get(pk=term.pk)
    policy.demand(actor, "term.manage", path=row.bureau.path)
    _check_term(row.bureau, begins, ends, but=row)
    row.begins, row.ends = begins, ends
    row.save(update_fields=["begins", "ends"])
    audit.record(actor, "term.manage", path=row.bureau.path, target=row)
    return row


def _check_term(bureau: Unit, begins: date, ends: date, *, but: Term | None = None) -> None:
    if ends <= begins:
        raise Problem("invalid", _("学期的结束日期要晚于开始日期。"), {"ends": [_("晚于开始日期")]})
    others = Term.objects.filter(bureau=bureau, begins__lte=ends, ends__gte=begins)
    if others.exclude(pk=but.pk if but else None).exists():
        raise Problem("conflict", _("与已有学期的日期重叠。"))
