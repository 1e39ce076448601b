"""Counting classes from rows, through the pure ``reports.counting``."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import OuterRef, Q, Subquery

from jiafang.campaigns.models import Campaign, CareCategory
from jiafang.reports.counting import Category, Child, VisitRow, children, count
from jiafang.roster.kinds import tokens
from jiafang.roster.models import Care, Student
from jiafang.visits.models import VisitStudent
from jiafang.visits.states import DONE


def categories_of(campaign: Campaign) -> list[Category]:
    """The campaign's categories as the counting takes them."""
    rows = CareCategory.objects.filter(campaign=campaign)
    return [
        Category(c.code, frozenset(tokens(c.kinds)), frozenset(c.modes), c.min_visits or 1, c.special) for c in rows
    ]


def by_class(campaign: Campaign, classes: Collection[int], categories: Collection[Category]) -> dict[int, list[Child]]:
    """``{class pk: children with their visits}`` from rows: three queries, however many classes. Needs ``system_fence``."""
    classes = set(classes)
    enrolled: dict[int, list] = defaultdict(list)
    for pk, klass in Student.objects.filter(klass__in=classes, left_on__isnull=True).values_list("pk", "klass_id"):
        enrolled[klass].append(pk)
    held: dict = defaultdict(list)
    in_time = Q(begins__lte=campaign.ends) & (Q(ends__isnull=True) | Q(ends__gt=campaign.begins))
    for student, token in Care.objects.filter(in_time, student__klass__in=classes).values_list("student_id", "token"):
        held[student].append(token)
    rows: dict[int, list[VisitRow]] = defaultdict(list)
    siblings = VisitStudent.objects.filter(visit=OuterRef("visit")).order_by("pk")
    done = VisitStudent.objects.filter(
        visit__campaign=campaign, visit__state__in=DONE, student__klass__in=classes
    ).annotate(first=Subquery(siblings.values("pk")[:1]))
    for row in done.values_list(
        "student__klass_id", "student_id", "visit_id", "visit__mode", "visit__held_from", "pk", "first",
        "record__first_submitted_at", "record__due_at", "record__confirmed_at", "visit__companion_id",
    ):  # fmt: skip
        klass, student, visit, mode, when, pk, first, submitted, due, confirmed, companion = row
        rows[klass].append(
            VisitRow(student, visit, mode, when, pk == first, submitted, due, bool(confirmed), bool(companion), pk)
        )
    return {klass: children(enrolled[klass], rows[klass], held, categories) for klass in classes}


def counted(campaign: Campaign, classes: Collection[int]) -> dict[int, dict]:
    """``{class pk: counts}`` from rows, in four queries. Needs ``system_fence``."""
    categories = categories_of(campaign)
    return {klass: count(them, categories) for klass, them in by_class(campaign, classes, categories).items()}
