"""Opening a child's file or a list with care in it: who looked is written down, once a day for each reader."""

from datetime import time
from typing import Any

from django.db import transaction

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.models import AuditRow
from jiafang.lib import clock
from jiafang.roster import selectors
from jiafang.roster.models import Student
from jiafang.units.models import Unit


def open_student(actor: Actor, pk: Any) -> Student:
    """The student whose file is opened, with class, school and household; a foreign one is not found."""
    found = selectors.student(actor, pk)
    _once_a_day(actor, "student.open", found.klass.path, found)
    return found


def look_at_care(actor: Actor, *, unit: Unit) -> None:
    """Demand ``care.read`` at a unit whose children are about to be listed with their kinds of care."""
    policy.demand(actor, "care.read", path=unit.path)
    _once_a_day(actor, "care.read", unit.path, unit)


def _once_a_day(actor: Actor, verb: str, path: str, target: Any) -> None:
    since = clock.at(clock.today(), time())
    seen = AuditRow.objects.filter(
        target=target._meta.label_lower, target_id=str(target.pk), verb=verb, staff_id=actor.staff_id, at__gte=since
    )
    if not seen.exists():
        with transaction.atomic():
            audit.record(actor, verb, path=path, target=target)
