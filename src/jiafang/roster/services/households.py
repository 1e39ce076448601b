"""Who lives with whom: a person confirms a home or parts it, because a shared phone or address only suggests it."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.fence import system_fence
from jiafang.access.models import AuditRow
from jiafang.access.vault import texts
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.roster.models import Household, Student
from jiafang.roster.services.students import locked

VERB = "household.confirm"
UNDO = timedelta(hours=24)


@transaction.atomic
def confirm_household(actor: Actor, *, household: Household, together: bool = True) -> Household:
    """A person says: these children live in one home and get one visit. ``together=False`` takes that word back."""
    row = _home(actor, household)
    row.confirmed = together
    row.save(update_fields=["confirmed"])
    audit.record(actor, VERB, path=row.school.path, target=row, detail={"together": together})
    return row


@transaction.atomic
def split_household(actor: Actor, *, household: Household, student: Student) -> Household:
    """A person says: this child lives elsewhere. It gets a home of its own, which begins with a copy of the address
    (that is what the roster said of the child) until somebody corrects it. Returns the new home."""
    row = _home(actor, household)
    child = locked(student)
    if child.household_id != row.pk:
        raise Problem("conflict", _("这名学生已经不在这个家庭里。"))
    was = row.confirmed
    fresh = Household(school=row.school, lat=row.lat, lon=row.lon, address_index=row.address_index)
    [address] = texts([row.address])
    fresh.address = address or None
    fresh.save(force_insert=True)
    child.household = fresh
    child.save(update_fields=["household"])
    if len(children_of(row)) <= 1:
        row.confirmed = True
        row.save(update_fields=["confirmed"])
    detail = {"together": False, "student": str(child.pk), "was": was}
    audit.record(actor, VERB, path=row.school.path, target=row, detail=detail)
    return fresh


@transaction.atomic
def undo_split(actor: Actor, *, household_id: Any, student: Student) -> Household:
    """Whoever parted a child from a home takes it back within a day, also when the home without the child is out of
    reach. The home is as sure or unsure as it was."""
    child = locked(student)
    policy.demand(actor, VERB, path=child.klass.path)
    parted = AuditRow.objects.filter(
        target=Household._meta.label_lower, target_id=str(household_id), verb=VERB, staff_id=actor.staff_id,
        at__gte=clock.now() - UNDO, detail__student=str(child.pk), detail__together=False,
    )  # fmt: skip
    last = parted.order_by("-at").first()
    if last is None:
        raise Problem("not_found")
    with system_fence("the old home may hold only children of other classes now"):
        row = Household.objects.select_for_update(of=("self",)).select_related("school").get(pk=household_id)
        own = child.household
        if own.pk == row.pk:
            raise Problem("conflict", _("这名学生已经在这个家庭里。"))
        child.household = row
        child.save(update_fields=["household"])
        row.confirmed = last.detail["was"]
        row.save(update_fields=["confirmed"])
        if not Student.objects.filter(household=own).exists():
            with suppress(ProtectedError):  # one that was visited meanwhile stays: the visits keep it
                own.delete()
    audit.record(actor, VERB, path=row.school.path, target=row, detail={"together": True, "student": str(child.pk)})
    return row


def children_of(household: Household) -> list[Student]:
    """Enrolled children of a home, also those whose class is out of the actor's reach."""
    with system_fence("whether siblings are left is a question about the home, not about them"):
        return list(Student.objects.filter(household=household, left_on__isnull=True))


def _home(actor: Actor, household: Household) -> Household:
    rows = Household.objects.select_for_update(of=("self",)).select_related("school")
    row = rows.filter(pk=household.pk).first()
    if row is None:
        raise Problem("not_found")
    paths = row.students.filter(left_on__isnull=True).values_list("klass__path", flat=True)
    if not any(policy.can(actor, VERB, path=path) for path in paths if path):
        raise Problem("denied")
    return row
