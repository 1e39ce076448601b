"""Who works where and holds which post; every right follows from the posts in force today."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from jiafang.access.actors import Actor, Post
from jiafang.access.fence import Reach, path_q
from jiafang.access.models import Account
from jiafang.access.roles import READERS, TIERS, Role
from jiafang.lib import clock
from jiafang.lib.errors import not_found
from jiafang.lib.paths import outermost, upper
from jiafang.units.models import Appointment, Staff, Unit


def in_force(on: date | None = None) -> Q:
    """Appointments in force on a day (today)."""
    day = on or clock.today()
    return Q(begins__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))


def actor_of(account: Account) -> Actor | None:
    """The account's person with today's posts; ``None`` when no post is in force, so that the session ends."""
    rows = (
        Appointment.objects.filter(in_force(), staff__account_id=account.pk)
        .values_list("staff_id", "staff__name", "role", "unit__path", "unit_id", "subject")
        .order_by("begins")
    )
    rows = list(rows)
    if not rows:
        return None
    posts = tuple(Post(role, path, unit_id, subject) for _s, _n, role, path, unit_id, subject in rows)
    paths = tuple(outermost({p.path for p in posts if p.role in READERS}))
    return Actor(account.pk, rows[0][0], rows[0][1], posts, Reach(paths, rows[0][0]))


def actor_for_staff(staff_id) -> Actor | None:
    """The actor of a person for a background job that he or she caused; ``None`` when no post is left."""
    account = Account.objects.filter(staff=staff_id, is_active=True).first()
    return actor_of(account) if account else None


def staff_of(school: Unit) -> QuerySet[Staff]:
    """People who work in a school now."""
    return Staff.objects.filter(home__path__gte=school.path, home__path__lt=upper(school.path), left_on__isnull=True)


def staff(pk) -> Staff:
    found = Staff.objects.filter(pk=pk).select_related("home").first()
    if found is None:
        raise not_found()
    return found


def posts_at(unit_: Unit, *roles: str, on: date | None = None) -> QuerySet[Appointment]:
    """Appointments in force at exactly this unit."""
    rows = Appointment.objects.filter(in_force(on), unit=unit_).select_related("staff")
    return rows.filter(role__in=roles) if roles else rows


def posts_under(path: str, *roles: str, on: date | None = None) -> QuerySet[Appointment]:
    """Appointments in force at a unit or below it, with staff and unit."""
    rows = Appointment.objects.filter(in_force(on), path_q("unit__path", (path,)))
    rows = rows.filter(role__in=roles) if roles else rows
    return rows.select_related("staff", "unit").order_by("unit__path", "begins")


def class_teacher(klass: Unit, on: date | None = None) -> Staff | None:
    post = posts_at(klass, Role.CLASS_TEACHER, on=on).first()
    return post.staff if post else None


def tier_of(roles: Iterable[str]) -> str:
    """The participation tier (``access.roles.TIERS``) of somebody who holds ``roles``."""
    roles = set(roles)
    return next((code for code, members in TIERS if roles & members), "others")


def tiers(path: str, on: date | None = None) -> dict:
    """``{staff id: tier}`` of everybody with a post under ``path``."""
    held: dict = {}
    for staff_id, role in posts_under(path, on=on).values_list("staff_id", "role"):
        held.setdefault(staff_id, set()).add(role)
    return {staff_id: tier_of(roles) for staff_id, roles in held.items()}
