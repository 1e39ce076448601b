"""Homes with several children: who lives there, and why the roster put them together."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from jiafang.access.actors import Actor
from jiafang.access.fence import path_q, system_fence
from jiafang.lib.errors import not_found
from jiafang.roster.models import Guardian, Household, Student


@dataclass(frozen=True, slots=True)
class HomeChild:
    """A child of a home. Of one out of the reader's reach only name and class are told, and only within the school."""

    pk: Any
    name: str
    klass: str
    within_reach: bool


@dataclass(frozen=True, slots=True)
class Home:
    """``same_phone``: two of the children have a guardian's phone in common; else it was the address."""

    household: Household
    children: tuple[HomeChild, ...]
    same_phone: bool


def household(pk: Any) -> Household:
    """A home within the reach, else ``not_found``."""
    found = Household.objects.select_related("school").filter(pk=pk).first()
    if found is None:
        raise not_found()
    return found


def households_to_confirm(paths: str | Iterable[str]) -> QuerySet[Household]:
    """Homes with a child in one of the subtrees and more than one child, that nobody has confirmed yet."""
    paths = (paths,) if isinstance(paths, str) else tuple(paths)
    mine = Student.objects.filter(path_q("klass__path", paths), left_on__isnull=True).values("household")
    several = (
        Household._base_manager.annotate(n=Count("students", filter=Q(students__left_on__isnull=True)))
        .filter(n__gt=1, pk__in=mine)
        .values("pk")
    )
    return Household.objects.filter(confirmed=False, pk__in=several).select_related("school").order_by("pk")


def homes(actor: Actor, households: Iterable[Household]) -> list[Home]:
    """Each home with all its enrolled children and the likely reason it is one; two queries."""
    rows = list(households)
    with system_fence("name and class of a sibling in the same school, so that a teacher can tell who is meant"):
        of_home: dict = {}
        children = Student.objects.filter(household__in=rows, left_on__isnull=True).select_related("klass")
        for child in children.order_by("klass__path", "class_number", "pk"):
            of_home.setdefault(child.household_id, []).append(child)
        phones: dict = {}
        known = Guardian.objects.filter(student__household__in=rows).exclude(phone_index="")
        for home, student, index in known.values_list("student__household", "student", "phone_index"):
            phones.setdefault((home, index), set()).add(student)
    shared = {home for (home, _index), owners in phones.items() if len(owners) > 1}
    return [
        Home(row, tuple(_child(actor, child) for child in of_home.get(row.pk, ())), row.pk in shared) for row in rows
    ]


def _child(actor: Actor, child: Student) -> HomeChild:
    label = child.klass.label if child.klass else ""
    within = bool(child.klass) and actor.reach.holds(child.klass.path)
    return HomeChild(child.pk, child.name, label, within)
