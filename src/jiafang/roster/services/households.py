"""Who lives with whom: a person confirms, parts or joins homes, because a shared phone or address only suggests it."""

from contextlib import suppress

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.fence import system_fence
from jiafang.access.vault import texts
from jiafang.lib.errors import Problem
from jiafang.roster.models import Household, Student
from jiafang.roster.services.students import locked

VERB = "household.confirm"


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
    fresh = Household(school=row.school, lat=row.lat, lon=row.lon, address_index=row.address_index)
    [address] = texts([row.address])
    fresh.address = address or None
    fresh.save(force_insert=True)
    child.household = fresh
    child.save(update_fields=["household"])
    if len(children_of(row)) <= 1:
        row.confirmed = True
        row.save(update_fields=["confirmed"])
    detail = {"together": False, "student": str(child.pk)}
    audit.record(actor, VERB, path=row.school.path, target=row, detail=detail)
    return fresh


@transaction.atomic
def join_household(actor: Actor, *, student: Student, household: Household, confirmed: bool = True) -> Household:
    """A child lives in this home after all (``confirmed``), or a parting is taken back (as unsure as it was)."""
    row = _home(actor, household)
    child = locked(student)
    policy.demand(actor, VERB, path=child.klass.path)
    if child.school_id != row.school_id:
        raise Problem("denied")
    old = child.household
    if old.pk == row.pk:
        raise Problem("conflict", _("这名学生已经在这个家庭里。"))
    child.household = row
    child.save(update_fields=["household"])
    row.confirmed = confirmed
    row.save(update_fields=["confirmed"])
    with system_fence("a home without children belongs to nobody's reach"):
        if not Student.objects.filter(household=old).exists():
            with suppress(ProtectedError):  # one that was visited stays: the visits keep it
                old.delete()
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
