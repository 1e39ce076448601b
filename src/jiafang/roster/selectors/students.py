"""Students of a class or a subtree, their people and kinds of care."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.fence import path_q
from jiafang.lib import clock
from jiafang.lib.errors import not_found
from jiafang.roster.kinds import CareKind, kind_of
from jiafang.roster.models import Care, Guardian, Household, Student
from jiafang.units.models import Unit


def enrolled(paths: str | Iterable[str]) -> QuerySet[Student]:
    """Students enrolled now in classes of the subtrees, within the fence."""
    paths = (paths,) if isinstance(paths, str) else tuple(paths)
    return Student.objects.filter(path_q("klass__path", paths), left_on__isnull=True)


def students_of(actor: Actor, klass: Unit) -> QuerySet[Student]:
    """The list of a class by its number, then pinyin."""
    policy.demand(actor, "student.list", path=klass.path)
    return enrolled(klass.path).order_by("class_number", "pinyin", "pk")


def student(actor: Actor, pk) -> Student:
    """One student whose file the actor may open, with class, school and household; else ``not_found``."""
    found = Student.objects.select_related("klass", "school", "household").filter(pk=pk).first()
    if found is None or found.klass is None:
        raise not_found()
    policy.demand(actor, "student.open", path=found.klass.path)
    return found


def guardians_of(students: Iterable[Student]) -> dict:
    """``{student pk: [Guardian …]}`` in one query."""
    out: dict = {}
    for row in Guardian.objects.filter(student__in=list(students)).order_by("student_id", "position"):
        out.setdefault(row.student_id, []).append(row)
    return out


def care_by_student(
    actor: Actor, students: Iterable[Student], *, on: date | None = None
) -> dict[object, list[tuple[CareKind, Care]]]:
    """Kinds of care in force on a day, in one query; psychological ones only for those who may read them."""
    day = on or clock.today()
    rows = Care.objects.filter(student__in=list(students), begins__lte=day).filter(
        Q(ends__isnull=True) | Q(ends__gt=day)
    )
    out: dict = {}
    for row in rows.select_related("student__klass").order_by("begins"):
        kind = kind_of(row.token)
        verb = "care.read_psychological" if kind == CareKind.PSYCHOLOGICAL else "care.read"
        if kind and policy.can(actor, verb, path=row.student.klass.path):
            out.setdefault(row.student_id, []).append((kind, row))
    return out


def without_place(paths: str | Iterable[str]) -> QuerySet[Student]:
    """Students whose home has no coordinates: planned without travel order."""
    return enrolled(paths).filter(household__lat__isnull=True)


def households_to_confirm(path: str) -> QuerySet[Household]:
    """Homes with more than one child that nobody has confirmed yet."""
    homes = Household.objects.filter(confirmed=False, school__path__startswith=path)
    return homes.annotate(n=Count("students")).filter(n__gt=1)


def search(words: str) -> QuerySet[Student]:
    """By name or pinyin (full or initials), within the fence."""
    words = words.strip()
    if not words:
        return Student.objects.none()
    q = Q(name__contains=words)
    if words.isascii():
        q |= Q(pinyin__contains=words.lower())
    return Student.objects.filter(q, left_on__isnull=True).select_related("klass", "school").order_by("pinyin")
