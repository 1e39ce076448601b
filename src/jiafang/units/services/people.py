"""Staff, their sign-ins and their posts. Nobody sets a post of his own, and nobody one above his own."""

import secrets
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.models import Account
from jiafang.access.roles import BUREAU, HEADS, Role
from jiafang.access.vault import blind
from jiafang.lib import clock, names
from jiafang.lib.errors import Problem
from jiafang.lib.paths import within
from jiafang.units import selectors
from jiafang.units.models import Appointment, Staff, Unit

EDITABLE = ("name", "number", "sex", "subject", "title", "party_member")


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
def edit_staff(actor: Actor, *, staff: Staff, phone: str | None = None, **changes: Any) -> Staff:
    """Correct what the roster says of a person; ``phone`` null leaves the phone as it is."""
    row = Staff.objects.select_for_update(of=("self",)).select_related("home", "account").get(pk=staff.pk)
    policy.demand(actor, "staff.manage", path=row.home.path)
    if unknown := set(changes) - set(EDITABLE):
        raise ValueError(f"not editable: {unknown}")
    for name, value in changes.items():
        setattr(row, name, value)
    if not row.name.strip():
        raise Problem("invalid", _("请填写姓名。"), {"name": [_("请填写姓名。")]})
    if row.number and Staff.objects.filter(home=row.home, number=row.number).exclude(pk=row.pk).exists():
        raise Problem("conflict", _("工号“%s”已经有人用了。") % row.number, {"number": [_("换一个工号。")]})
    row.pinyin = " ".join(names.pinyin(row.name))
    if phone is not None:
        row.phone, row.phone_index = phone or None, blind("phone", phone) if phone else ""
    row.save(force_update=True)
    if row.account and row.account.name != row.name:
        row.account.name = row.name
        row.account.save(update_fields=["name"])
    audit.record(actor, "staff.manage", path=row.home.path, target=row, detail={"fields": sorted(changes)})
    return row


@transaction.atomic
def leave(actor: Actor, *, staff: Staff, on: date | None = None) -> Staff:
    """A person leaves the school: every post ends with the day, so the next request opens nothing any more."""
    row = Staff.objects.select_for_update(of=("self",)).select_related("home").get(pk=staff.pk)
    policy.demand(actor, "staff.manage", path=row.home.path)
    on = on or clock.today()
    for post in Appointment.objects.filter(staff=row).exclude(ends__lte=on).select_related("unit"):
        end_appointment(actor, appointment=post, on=on)
    row.left_on = on
    row.save(update_fields=["left_on"])
    audit.record(actor, "staff.manage", path=row.home.path, target=row, detail={"left": True})
    return row


def one_time_password() -> str:
    """Twelve letters and digits without look-alikes, in three groups: to be read out and typed once."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _n in range(4)) for _group in range(3))


@transaction.atomic
def issue_account(actor: Actor, *, staff: Staff, username: str, password: str = "") -> tuple[Account, str]:
    """Give a person a sign-in; returns it with the password to hand over (made here when none is given)."""
    policy.demand(actor, "account.issue", path=staff.home.path)
    if staff.account_id:
        raise Problem("conflict", _("这位老师已经有账号。"))
    _demand_rank_of_all(actor, staff)
    username = username.strip().lower()
    if Account.objects.filter(username=username).exists():
        raise Problem("conflict", _("用户名“%s”已被使用。") % username, {"username": [_("已被使用，请换一个。")]})
    given = bool(password)
    password = password or one_time_password()
    account = Account(
        username=username, name=staff.name, password=make_password(password), must_change_password=not given
    )
    account.save(force_insert=True)
    staff.account = account
    staff.save(update_fields=["account"])
    audit.record(actor, "account.issue", path=staff.home.path, target=staff)
    return account, password


@transaction.atomic
def reissue_password(actor: Actor, *, staff: Staff) -> str:
    """A new one-time password for somebody who forgot the old one; the old one stops working at once."""
    policy.demand(actor, "account.issue", path=staff.home.path)
    account = Account.objects.select_for_update().filter(staff=staff).first()
    if account is None:
        raise Problem("not_found")
    _demand_rank_of_all(actor, staff)
    password = one_time_password()
    account.password, account.must_change_password = make_password(password), True
    account.save(update_fields=["password", "must_change_password"])
    audit.record(actor, "account.issue", path=staff.home.path, target=staff, detail={"again": True})
    return password


def _demand_rank(actor: Actor, staff: Staff, role: str, unit: Unit) -> None:
    """Whoever gives or takes a post, or the password to it, stands at least as high, and is somebody else."""
    if actor.is_system:
        return
    if staff.pk == actor.staff_id:
        raise Problem("not_allowed", _("不能办理自己的任职或密码，请另一位负责人办理。"))
    above = {Role.BUREAU_ADMIN} if role in BUREAU else HEADS | {Role.BUREAU_ADMIN} if role in HEADS else None
    if above and not any(post.role in above and within(unit.path, post.path) for post in actor.posts):
        raise Problem("not_allowed", _("校长、书记的任职和密码由校长、书记或局系统管理员办理。"))


def _demand_rank_of_all(actor: Actor, staff: Staff) -> None:
    """A password opens every post of the person, those that begin later too."""
    for post in Appointment.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=clock.today()), staff=staff
    ).select_related("unit"):
        _demand_rank(actor, staff, post.role, post.unit)


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
    _demand_rank(actor, staff, role, unit)
    if not actor.is_system and not within(unit.path, staff.home.path) and not within(staff.home.path, unit.path):
        home = selectors.school_of(staff.home) or staff.home
        if not within(unit.path, home.path):
            raise Problem("invalid", _("%s不在这个单位，不能在这里任职。") % staff.name)
    begins = begins or clock.today()
    if ends is not None and ends < begins:
        raise Problem("invalid", _("结束日期不能早于开始日期。"), {"ends": [_("不早于开始日期")]})
    rivals = Appointment.objects.filter(Q(ends__isnull=True) | Q(ends__gt=begins), unit=unit, role=role)
    rivals = rivals.filter(begins__lt=ends) if ends else rivals
    if role == Role.CLASS_TEACHER and rivals.exists():
        raise Problem("conflict", _("%s已有班主任，请用“班主任交接”。") % unit.label)
    row = Appointment.objects.create(staff=staff, unit=unit, role=role, subject=subject, begins=begins, ends=ends)
    audit.record(actor, "appointment.begin", path=unit.path, target=row, detail={"role": role})
    return row


@transaction.atomic
def end_appointment(actor: Actor, *, appointment: Appointment, on: date | None = None) -> None:
    """End a post from the day ``on`` (today: at once; the next request of that person has lost it)."""
    policy.demand(actor, "appointment.end", path=appointment.unit.path)
    row = Appointment.objects.select_for_update(of=("self",)).select_related("staff", "unit").get(pk=appointment.pk)
    _demand_rank(actor, row.staff, row.role, row.unit)
    row.ends = max(on or clock.today(), row.begins)
    row.save(update_fields=["ends"])
    audit.record(actor, "appointment.end", path=appointment.unit.path, target=row, detail={"role": row.role})
