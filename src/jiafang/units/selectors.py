"""Units, posts, terms and calendar, as others ask for them. Units are no personal data; staff lists are asked by school."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from jiafang.access.actors import Actor, Post
from jiafang.access.fence import Reach, path_q
from jiafang.access.models import Account
from jiafang.access.roles import READERS, TIERS, Role
from jiafang.lib import clock
from jiafang.lib.errors import not_found
from jiafang.lib.paths import outermost, parents, upper
from jiafang.units.models import Appointment, CalendarDay, Staff, Term, Unit


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


def unit(pk: int, *, kind: str | None = None) -> Unit:
    """The unit, or ``not_found``."""
    found = Unit.objects.filter(pk=pk, **({"kind": kind} if kind else {})).first()
    if found is None:
        raise not_found()
    return found


def by_path(path: str) -> Unit:
    found = Unit.objects.filter(path=path).first()
    if found is None:
        raise not_found()
    return found


def under(paths: str | Iterable[str], kind: str | None = None) -> QuerySet[Unit]:
    """Open units in the subtrees of ``paths``, in tree order."""
    paths = (paths,) if isinstance(paths, str) else tuple(paths)
    rows = Unit.objects.filter(path_q("path", paths), closed_on__isnull=True)
    return (rows.filter(kind=kind) if kind else rows).order_by("stage", F("entered").desc(), "number", "path")


def ancestors(path: str) -> QuerySet[Unit]:
    return Unit.objects.filter(path__in=[*parents(path), path]).order_by("path")


def school_of(unit_: Unit) -> Unit | None:
    """The school a unit is or lies in."""
    if unit_.kind == Unit.Kind.SCHOOL:
        return unit_
    return next((u for u in ancestors(unit_.path) if u.kind == Unit.Kind.SCHOOL), None)


def bureau_of(unit_: Unit) -> Unit:
    """The nearest bureau at or above a unit."""
    return [u for u in ancestors(unit_.path) if u.kind == Unit.Kind.BUREAU][-1]


def schools_of(actor: Actor) -> QuerySet[Unit]:
    """Schools in which the actor holds a post, or which lie under one."""
    q = path_q("path", tuple(p.path for p in actor.posts))
    for post in actor.posts:
        q |= Q(path__in=parents(post.path))
    if actor.is_system:
        q = Q()
    return Unit.objects.filter(q, kind=Unit.Kind.SCHOOL, closed_on__isnull=True).order_by("name")


def classes_of(actor: Actor) -> QuerySet[Unit]:
    """Classes whose children the actor reads."""
    return under([p.path for p in actor.posts if p.role in READERS], Unit.Kind.KLASS)


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


def terms(bureau: Unit) -> QuerySet[Term]:
    return Term.objects.filter(bureau=bureau)


def term_on(unit_: Unit, on: date | None = None) -> Term | None:
    """The term of the nearest bureau that holds the day, else the next one."""
    day = on or clock.today()
    rows = Term.objects.filter(bureau__path__in=[*parents(unit_.path), unit_.path], ends__gte=day)
    return rows.order_by("begins").first()


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a school's calendar: ``kind`` of ``CalendarDay.Kind``; lessons are held when ``lesson``."""

    day: date
    kind: str
    note: str = ""

    @property
    def lesson(self) -> bool:
        return self.kind in (CalendarDay.Kind.LESSON, CalendarDay.Kind.MAKEUP, CalendarDay.Kind.EXAM)


def calendar(unit_: Unit, begins: date, ends: date) -> list[Day]:
    """Every day from ``begins`` to ``ends`` (both in): weekday by default, the bureau's exception, then the school's."""
    chain = [*parents(unit_.path), unit_.path]
    rows = CalendarDay.objects.filter(unit__path__in=chain, day__gte=begins, day__lte=ends).order_by("unit__path")
    special = {row.day: row for row in rows}  # deeper paths come later and win
    out = []
    for n in range((ends - begins).days + 1):
        day = begins + timedelta(days=n)
        if row := special.get(day):
            out.append(Day(day, row.kind, row.note))
        else:
            usual = CalendarDay.Kind.LESSON if day.isoweekday() <= 5 else CalendarDay.Kind.REST
            out.append(Day(day, usual))
    return out
