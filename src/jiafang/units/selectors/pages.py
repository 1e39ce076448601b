"""What the pages of a school show: its structure, a person with posts, a class with its handovers."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.roles import BUREAU, EVERYONE, HEADS, Role
from jiafang.lib.errors import Problem, not_found
from jiafang.lib.paths import within
from jiafang.units.models import Appointment, Handover, Staff, Term, Unit
from jiafang.units.selectors.people import in_force, posts_at, posts_under, staff, staff_of
from jiafang.units.selectors.tree import school_of, schools_of, under, unit


@dataclass(frozen=True, slots=True)
class KlassRow:
    klass: Unit
    teacher: Staff | None
    subject_teachers: int


@dataclass(frozen=True, slots=True)
class CohortRow:
    """A grade with its classes; ``division`` is the 学部 it lies in, if any."""

    cohort: Unit
    division: Unit | None
    heads: tuple[Staff, ...]
    klasses: tuple[KlassRow, ...]


@dataclass(frozen=True, slots=True)
class SchoolPage:
    """A school's structure. ``leaders`` are the posts at the school itself and its divisions."""

    school: Unit
    cohorts: tuple[CohortRow, ...]
    leaders: tuple[Appointment, ...]
    staff_count: int
    without_account: int


def school(actor: Actor, pk: int) -> Unit:
    """A school the actor works in or stands above, else ``not_found``."""
    found = schools_of(actor).filter(pk=pk).first()
    if found is None:
        raise not_found()
    return found


def own_school(actor: Actor) -> Unit | None:
    """The one school a person belongs to; ``None`` for a bureau or with several schools."""
    found = list(schools_of(actor)[:2])
    return found[0] if len(found) == 1 else None


def schools_overview(actor: Actor) -> QuerySet[Unit]:
    """Schools of the actor with ``klass_count`` and ``staff_count``; one query."""
    people = Staff.objects.filter(left_on__isnull=True)
    return schools_of(actor).annotate(
        staff_count=Count("staff", filter=Q(staff__in=people), distinct=True),
        cohort_count=Count("children", filter=Q(children__kind=Unit.Kind.COHORT), distinct=True),
    )


def school_page(actor: Actor, pk: int) -> SchoolPage:
    """Divisions, grades, classes and who holds which post: four queries however large the school."""
    top = school(actor, pk)
    units = list(under(top.path))
    posts = list(posts_under(top.path))
    by_unit: dict[int, list[Appointment]] = {}
    for post in posts:
        by_unit.setdefault(post.unit_id, []).append(post)
    divisions = {u.pk: u for u in units if u.kind == Unit.Kind.DIVISION}
    klasses: dict[int, list[KlassRow]] = {}
    for u in units:
        if u.kind == Unit.Kind.KLASS:
            held = by_unit.get(u.pk, [])
            teacher = next((p.staff for p in held if p.role == Role.CLASS_TEACHER), None)
            subject = len({p.staff_id for p in held if p.role == Role.SUBJECT_TEACHER})
            klasses.setdefault(u.parent_id, []).append(KlassRow(u, teacher, subject))
    cohorts = tuple(
        CohortRow(
            u,
            divisions.get(u.parent_id),
            tuple(p.staff for p in by_unit.get(u.pk, []) if p.role == Role.GRADE_HEAD),
            tuple(klasses.get(u.pk, [])),
        )
        for u in units
        if u.kind == Unit.Kind.COHORT
    )
    counts = staff_of(top).aggregate(all=Count("pk"), without=Count("pk", filter=Q(account__isnull=True)))
    at_top = {top.pk, *divisions}
    return SchoolPage(top, cohorts, tuple(p for p in posts if p.unit_id in at_top), counts["all"], counts["without"])


def with_posts(rows: QuerySet[Staff]) -> QuerySet[Staff]:
    """Staff with ``posts_now``, the appointments in force with their units; one query more."""
    now = Appointment.objects.filter(in_force()).select_related("unit").order_by("unit__path", "begins")
    return rows.select_related("home", "account").prefetch_related(Prefetch("appointments", now, to_attr="posts_now"))


def staff_list(actor: Actor, school_: Unit) -> QuerySet[Staff]:
    """People of a school with their posts of today, by name."""
    policy.demand(actor, "staff.read", path=school_.path)
    return with_posts(staff_of(school_)).order_by("pinyin", "name", "pk")


def person(actor: Actor, pk) -> Staff:
    """One person of the actor's school (or the actor), with home and account."""
    found = staff(pk)
    if found.pk != actor.staff_id:
        policy.demand(actor, "staff.read", path=found.home.path)
    return found


def posts_of(person_: Staff) -> QuerySet[Appointment]:
    """All posts a person has or had, the open ones first."""
    rows = Appointment.objects.filter(staff=person_).select_related("unit")
    return rows.annotate(over=Count("pk", filter=Q(ends__isnull=False))).order_by("over", "-begins")


def klass_page(actor: Actor, pk: int) -> tuple[Unit, Unit, list[Appointment], list[Handover]]:
    """``(class, school, posts of today, handovers newest first)``; for those with a post at the class or above it."""
    klass = unit(pk, kind=Unit.Kind.KLASS)
    policy.demand(actor, "unit.read", path=klass.path)
    handovers = Handover.objects.filter(klass=klass).select_related("old", "new")
    return klass, school_of(klass), list(posts_at(klass).order_by("role", "staff__pinyin")), list(handovers)


def handover(actor: Actor, pk) -> Handover:
    """A handover, for the new class teacher and those who lead the class's school or grade."""
    found = Handover.objects.filter(pk=pk).select_related("klass", "old", "new").first()
    if found is None:
        raise not_found()
    mine = found.new_id == actor.staff_id and policy.can(actor, "klass.acknowledge_handover", path=found.klass.path)
    if not mine and not policy.can(actor, "klass.hand_over", path=found.klass.path):
        raise Problem("denied")
    return found


def handovers_waiting(actor: Actor) -> QuerySet[Handover]:
    """Handovers the actor has taken over and not acknowledged yet."""
    return Handover.objects.filter(new_id=actor.staff_id, acknowledged_at__isnull=True).select_related("klass", "old")


def appointment(pk) -> Appointment:
    found = Appointment.objects.filter(pk=pk).select_related("unit", "staff__home").first()
    if found is None:
        raise not_found()
    return found


def may(actor: Actor, verb: str, unit_: Unit) -> bool:
    """Whether the actor may do ``verb`` at a unit; for showing or hiding a button."""
    return policy.can(actor, verb, path=unit_.path)


def units_for_posts(home: Unit) -> QuerySet[Unit]:
    """Where a person of this school or bureau can be given a post."""
    return Unit.objects.filter(pk=home.pk) if home.kind == Unit.Kind.BUREAU else under(home.path)


def roles_to_give(actor: Actor, home: Unit) -> frozenset[str]:
    """The roles the actor can give to people of a school or bureau: none above his own."""
    if home.kind == Unit.Kind.BUREAU:
        return BUREAU
    above = any(p.role in HEADS | {Role.BUREAU_ADMIN} and within(home.path, p.path) for p in actor.posts)
    return EVERYONE - BUREAU if above or actor.is_system else EVERYONE - BUREAU - HEADS


def bureaus_of(actor: Actor) -> list[Unit]:
    """Bureaus in which the actor holds a post of the bureau."""
    paths = [post.path for post in actor.posts if post.role in BUREAU]
    return list(Unit.objects.filter(path__in=paths, kind=Unit.Kind.BUREAU).order_by("path"))


def bureau(actor: Actor, pk: int) -> Unit:
    """A bureau the actor works in or in whose schools, else ``not_found``."""
    found = unit(pk, kind=Unit.Kind.BUREAU)
    if not any(within(post.path, found.path) or within(found.path, post.path) for post in actor.posts):
        raise not_found()
    return found


def calendar_unit(actor: Actor, pk: int) -> Unit:
    """A school or bureau whose calendar the actor may see: everybody who works there."""
    found = Unit.objects.filter(pk=pk, kind__in=[Unit.Kind.SCHOOL, Unit.Kind.BUREAU]).first()
    if found is None:
        raise not_found()
    return school(actor, pk) if found.kind == Unit.Kind.SCHOOL else bureau(actor, pk)


def term(bureau_: Unit, pk: int) -> Term:
    found = Term.objects.filter(bureau=bureau_, pk=pk).first()
    if found is None:
        raise not_found()
    return found


def holding(rows: QuerySet[Staff], role: str) -> QuerySet[Staff]:
    """Of some staff those who hold ``role`` today."""
    return rows.filter(pk__in=Appointment.objects.filter(in_force(), role=role).values("staff"))
