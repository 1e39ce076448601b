"""Students of a class or a subtree, their people, stays and papers."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.fence import path_q
from jiafang.lib.errors import not_found
from jiafang.roster.models import Enrolment, Guardian, Student, StudentFile
from jiafang.units.models import Unit


def enrolled(paths: str | Iterable[str]) -> QuerySet[Student]:
    """Students enrolled now in classes of the subtrees, within the fence."""
    paths = (paths,) if isinstance(paths, str) else tuple(paths)
    return Student.objects.filter(path_q("klass__path", paths), left_on__isnull=True)


def students_of(actor: Actor, klass: Unit) -> QuerySet[Student]:
    """The list of a class by its number, then pinyin."""
    policy.demand(actor, "student.list", path=klass.path)
    return enrolled(klass.path).order_by("class_number", "pinyin", "pk")


def student(actor: Actor, pk: Any) -> Student:
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


def without_place(paths: str | Iterable[str]) -> QuerySet[Student]:
    """Students whose home has no coordinates: planned without travel order."""
    return enrolled(paths).filter(household__lat__isnull=True)


def search(words: str) -> QuerySet[Student]:
    """By name or pinyin (full or initials), within the fence."""
    words = words.strip()
    if not words:
        return Student.objects.none()
    q = Q(name__contains=words)
    if words.isascii():
        q |= Q(pinyin__contains=words.lower())
    return Student.objects.filter(q, left_on__isnull=True).select_related("klass", "school").order_by("pinyin")


def stays_of(student_: Student) -> list[Enrolment]:
    """A child's stays in classes, the newest first."""
    rows = Enrolment.objects.filter(student=student_).select_related("klass").order_by("-begins", "-pk")
    return list(rows)


def files_of(actor: Actor, student_: Student) -> list[StudentFile]:
    """Papers in a child's file for those who may open them, the newest first."""
    if not policy.can(actor, "student.read_file", path=student_.klass.path):
        return []
    return list(StudentFile.objects.filter(student=student_).select_related("stored", "added_by"))


def student_file(pk: Any) -> StudentFile:
    """One paper within the reach, else ``not_found``; the service that opens it asks the policy."""
    found = StudentFile.objects.select_related("student").filter(pk=pk).first()
    if found is None:
        raise not_found()
    return found
