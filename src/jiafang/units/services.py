"""Verbs on units, staff and posts. Handing a class over is nothing but one post ending and another beginning."""

import secrets
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.models import Account
from jiafang.access.roles import Role
from jiafang.access.vault import blind
from jiafang.lib import clock, names
from jiafang.lib.errors import Problem
from jiafang.lib.paths import child
from jiafang.units import selectors
from jiafang.units.models import Appointment, CalendarDay, Handover, Staff, Term, Unit


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
def add_staff(actor: Actor, *, home: Unit, name: str, phone: str = "", **fields) -> Staff:
    policy.demand(actor, "staff.manage", path=home.path)
    person = Staff(home=home, name=name, pinyin=" ".join(names.pinyin(name)), **fields)
    person.phone = phone or None
    person.phone_index = blind("phone", phone) if phone else ""
    person.save(force_insert=True)
    audit.record(actor, "staff.manage", path=home.path, target=person, detail={"add": True})
    return person


@transaction.atomic
def issue_account(actor: Actor, *, staff: Staff, username: str, password: str = "") -> tuple[Account, str]:
    """Give a person a sign-in; returns it with the password to hand over (made here when none is given)."""
    policy.demand(actor, "account.issue", path=staff.home.path)
    if staff.account_id:
        raise Problem("conflict", _("这位老师已经有账号。"))
    username = username.strip().lower()
    if Account.objects.filter(username=username).exists():
        raise Problem("conflict", _("用户名“%s”已被使用。") % username, {"username": [_("换一个用户名。")]})
    given = bool(password)
    password = password or f"{secrets.token_hex(3)}-{secrets.token_hex(3)}"
    account = Account(
        username=username, name=staff.name, password=make_password(password), must_change_password=not given
    )
    account.save(force_insert=True)
    staff.account = account
    staff.save(update_fields=["account"])
    audit.record(actor, "account.issue", path=staff.home.path, target=staff)
    return account, password


@transaction.atomic
def appoint(
    actor: Actor,
    *,
    staff: Staff,
    unit: Unit,
    role: str,
    subject: str = "",
    begins: date | None = None,
    ends: date | None = None,
) -> Appointment:
    """Begin a post. A class has one class teacher at a time; replacing one is ``hand_over``."""
    policy.demand(actor, "appointment.begin", path=unit.path)
    if role in (Role.BUREAU_ADMIN, Role.BUREAU_OFFICER) and unit.kind != Unit.Kind.BUREAU:
        raise Problem("invalid", _("局里的职务只能设在教育局。"))
    if role == Role.CLASS_TEACHER and unit.kind != Unit.Kind.KLASS:
        raise Problem("invalid", _("班主任只能设在班级。"))
    begins = begins or clock.today()
    if role == Role.CLASS_TEACHER and selectors.posts_at(unit, role, on=begins).exclude(staff=staff).exists():
        raise Problem("conflict", _("%s已有班主任，请用“班主任交接”。") % unit.label)
    row = Appointment.objects.create(staff=staff, unit=unit, role=role, subject=subject, begins=begins, ends=ends)
    audit.record(actor, "appointment.begin", path=unit.path, target=row, detail={"role": role})
    return row


@transaction.atomic
def end_appointment(actor: Actor, *, appointment: Appointment, on: date | None = None) -> None:
    """End a post from the day ``on`` (today: at once; the next request of that person has lost it)."""
    policy.demand(actor, "appointment.end", path=appointment.unit.path)
    row = Appointment.objects.select_for_update().get(pk=appointment.pk)
    row.ends = max(on or clock.today(), row.begins)
    row.save(update_fields=["ends"])
    audit.record(actor, "appointment.end", path=appointment.unit.path, target=row, detail={"role": row.role})


@transaction.atomic
def hand_over(
    actor: Actor,
    *,
    klass: Unit,
    new: Staff,
    on: date | None = None,
    note: str = "",
    summary: dict | None = None,
) -> Handover:
    """更换班主任: the old post ends and the new one begins on the same day; files move with the post."""
    policy.demand(actor, "klass.hand_over", path=klass.path)
    on = on or clock.today()
    school = selectors.school_of(klass)
    if not new.home.path.startswith(school.path):
        raise Problem("invalid", _("新班主任须是本校老师。"))
    old_posts = list(
        Appointment.objects.select_for_update().filter(unit=klass, role=Role.CLASS_TEACHER, ends__isnull=True)
    )
    if any(post.staff_id == new.pk for post in old_posts):
        raise Problem("conflict", _("%s已经是这个班的班主任。") % new.name)
    for post in old_posts:
        post.ends = max(on, post.begins)
        post.save(update_fields=["ends"])
    Appointment.objects.create(staff=new, unit=klass, role=Role.CLASS_TEACHER, begins=on)
    row = Handover.objects.create(
        klass=klass,
        old=old_posts[0].staff if old_posts else None,
        new=new,
        on=on,
        note=note,
        summary=summary or {},
    )
    audit.record(actor, "klass.hand_over", path=klass.path, target=row)
    return row


@transaction.atomic
def acknowledge_handover(actor: Actor, *, handover: Handover) -> Handover:
    """The new class teacher has read the summary."""
    row = Handover.objects.select_for_update().get(pk=handover.pk)
    if row.new_id != actor.staff_id:
        raise Problem("denied")
    policy.demand(actor, "klass.acknowledge_handover", path=row.klass.path)
    if row.acknowledged_at is None:
        row.acknowledged_at = clock.now()
        row.save(update_fields=["acknowledged_at"])
        audit.record(actor, "klass.acknowledge_handover", path=row.klass.path, target=row)
    return row


@transaction.atomic
def add_term(actor: Actor, *, bureau: Unit, year: int, part: int, begins: date, ends: date) -> Term:
    policy.demand(actor, "term.manage", path=bureau.path)
    if ends <= begins:
        raise Problem("invalid", _("学期的结束日期要晚于开始日期。"), {"ends": [_("晚于开始日期")]})
    if Term.objects.filter(bureau=bureau, begins__lte=ends, ends__gte=begins).exists():
        raise Problem("conflict", _("与已有学期的日期重叠。"))
    row = Term.objects.create(bureau=bureau, year=year, part=part, begins=begins, ends=ends)
    audit.record(actor, "term.manage", path=bureau.path, target=row)
    return row


@transaction.atomic
def set_calendar_days(actor: Actor, *, unit: Unit, days: list[tuple[date, str | None, str]]) -> int:
    """Mark days ``(day, kind, note)``; kind ``None`` takes the mark away. Returns how many were touched."""
    policy.demand(actor, "calendar.edit", path=unit.path)
    for day, kind, note in days:
        if kind is None:
            CalendarDay.objects.filter(unit=unit, day=day).delete()
        elif kind not in CalendarDay.Kind.values:
            raise Problem("invalid", _("没有“%s”这种日子。") % kind)
        else:
            CalendarDay.objects.update_or_create(unit=unit, day=day, defaults={"kind": kind, "note": note})
    audit.record(actor, "calendar.edit", path=unit.path, target=unit, detail={"n": len(days)})
    return len(days)
