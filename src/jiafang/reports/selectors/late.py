"""Records past their time: asked of the clock each time, never stored."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.fence import path_q, system_fence
from jiafang.campaigns.models import Campaign
from jiafang.lib import clock
from jiafang.lib.masking import mask_name
from jiafang.units.models import Unit
from jiafang.visits.models import VisitStudent
from jiafang.visits.states import VisitState


@dataclass(frozen=True, slots=True)
class LateRow:
    """One missing record; ``hours`` past its time."""

    klass: str
    who: str
    when: datetime
    staff: str
    hours: int
    student: object = ""
    visit: object = ""

    @property
    def note(self) -> str:
        days, hours = divmod(self.hours, 24)
        return _("%d 天") % days if days else _("%d 小时") % max(1, hours)


def _missing(campaign: Campaign, path: str) -> QuerySet[VisitStudent]:
    """Children's parts of held visits, past due, whose record was never submitted. Under ``system_fence``."""
    return VisitStudent.objects.filter(
        path_q("student__klass__path", (path,)),
        visit__campaign=campaign,
        visit__state=VisitState.HELD,
        visit__due_at__lt=clock.now(),
        record__first_submitted_at__isnull=True,
    )


def late_count(actor: Actor, campaign: Campaign, unit: Unit) -> int:
    policy.demand(actor, "figures.read", path=unit.path)
    with system_fence("a count, after the policy was asked"):
        return _missing(campaign, unit.path).count()


def late_by_school(actor: Actor, campaign: Campaign, unit: Unit) -> list[tuple[Unit, int]]:
    """``(school, missing records)``, the most first; for the officer who calls the school."""
    policy.demand(actor, "figures.read", path=unit.path)
    with system_fence("counts by school, after the policy was asked"):
        rows = dict(
            _missing(campaign, unit.path)
            .values_list("visit__school")
            .annotate(n=Count("pk"))
            .values_list("visit__school", "n")
        )
    schools = Unit.objects.filter(pk__in=rows)
    return sorted(((s, rows[s.pk]) for s in schools), key=lambda pair: (-pair[1], pair[0].name))


def late_rows(actor: Actor, campaign: Campaign, unit: Unit) -> list[LateRow]:
    """Each missing record of a school or class, masked for a bureau."""
    policy.demand(actor, "figures.read", path=unit.path)
    named = policy.can(actor, "figures.open_rows", path=unit.path)
    if not named:
        policy.demand(actor, "figures.open_masked_rows", path=unit.path)
    now = clock.now()
    with system_fence("missing records, after the policy was asked"):
        found = list(_missing(campaign, unit.path).select_related("student__klass", "visit__lead"))
    rows = [
        LateRow(
            row.student.klass.label,
            row.student.name if named else mask_name(row.student.name),
            row.visit.held_from,
            row.visit.lead.name if row.visit.lead else "",
            int((now - row.visit.due_at).total_seconds() // 3600),
            row.student_id if named else "",
            row.visit_id if named else "",
        )
        for row in found
    ]
    return sorted(rows, key=lambda r: -r.hours)
