"""Recounting class rollups. Runs inside the write that made it necessary, with the rollup rows locked first."""

from collections.abc import Collection

from django.db import transaction

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.fence import system_fence
from jiafang.campaigns.models import Campaign
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.reports.indicators import BY_CODE
from jiafang.reports.models import ClassRollup, Release
from jiafang.reports.selectors.counted import counted
from jiafang.roster.models import Student
from jiafang.units.models import Unit
from jiafang.visits.models import VisitStudent


@transaction.atomic
def recount(campaign: Campaign, classes: Collection[int]) -> None:
    """Set the rollups of ``classes`` (pks) to what the rows say. The lock comes first: two writers take turns."""
    classes = set(classes)
    paths = dict(Unit.objects.filter(pk__in=classes, kind=Unit.Kind.KLASS).values_list("pk", "path"))
    ClassRollup.objects.bulk_create(
        [ClassRollup(campaign=campaign, klass_id=pk, path=path) for pk, path in paths.items()], ignore_conflicts=True
    )
    rollups = list(
        ClassRollup.objects.select_for_update().filter(campaign=campaign, klass__in=paths).order_by("klass_id")
    )
    with system_fence("recount of class rollups"):
        fresh = counted(campaign, paths)
    for rollup in rollups:
        rollup.counts, rollup.path = fresh[rollup.klass_id], paths[rollup.klass_id]
        rollup.recounted_at = clock.now()
    ClassRollup.objects.bulk_update(rollups, ["counts", "path", "recounted_at"], batch_size=200)


def recount_all(campaign: Campaign) -> None:
    """Every class of every school in the campaign; for opening, bulk loads and repair."""
    schools = campaign.schools.values_list("school__path", flat=True)
    classes: set[int] = set()
    for path in schools:
        classes |= set(
            Unit.objects.filter(path__startswith=path, kind=Unit.Kind.KLASS, closed_on__isnull=True).values_list(
                "pk", flat=True
            )
        )
    if campaign.begins and campaign.ends:
        recount(campaign, classes)


def running(path: str) -> list[Campaign]:
    """Campaigns with dates, not closed, whose scope holds the unit at ``path``."""
    schools = [path[: n + 1] for n, c in enumerate(path) if c == "."]
    rows = Campaign.objects.filter(schools__school__path__in=schools, begins__isnull=False, ends__isnull=False)
    return list(rows.exclude(state="closed").distinct())


# What follows an act, called by config/reactions.py inside its transaction.


def after_visit(_actor: Actor, _verb: str, target, _detail: dict) -> None:
    """``target`` is a visit, a child's part in one, or its record."""
    part = getattr(target, "visit_student", target)
    visit = getattr(part, "visit", part)
    klasses = set(VisitStudent.objects.filter(visit=visit).values_list("student__klass_id", flat=True))
    recount(visit.campaign, klasses - {None})


def after_student(_actor: Actor, _verb: str, target, detail: dict) -> None:
    """``target`` is a student or a row of one; ``detail`` may name the classes left and entered."""
    student = target if isinstance(target, Student) else target.student
    klasses = {student.klass_id, detail.get("from"), detail.get("to")} - {None}
    for campaign in running(student.klass.path):
        recount(campaign, klasses)


def after_unit(_actor: Actor, _verb: str, target, _detail: dict) -> None:
    """``target`` carries the path of a unit under which anything may have changed (an import)."""
    classes = set(Unit.objects.filter(path__startswith=target.path, kind=Unit.Kind.KLASS).values_list("pk", flat=True))
    for campaign in running(target.path):
        recount(campaign, classes)


def after_campaign(_actor: Actor, _verb: str, target, _detail: dict) -> None:
    """Opening or editing a campaign changes what counts."""
    if target.begins and target.ends and target.state == "open":
        recount_all(target)


@transaction.atomic
def release(actor: Actor, *, campaign: Campaign, unit: Unit, indicator: str, reason: str) -> Release:
    """A recorded decision to show one small total of ``unit`` to everybody who reads the figures."""
    policy.demand(actor, "figures.release", path=unit.path)
    if indicator not in BY_CODE:
        raise Problem("not_found")
    if not reason.strip():
        raise Problem("invalid", "", {"reason": ["请写明公布的理由。"]})
    row, _made = Release.objects.update_or_create(
        campaign=campaign,
        path=unit.path,
        indicator=indicator,
        defaults={"reason": reason.strip(), "by_id": actor.staff_id, "at": clock.now()},
    )
    audit.record(actor, "figures.release", path=unit.path, target=row, detail={"indicator": indicator})
    return row
