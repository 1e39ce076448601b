"""What a change of class teacher does to visits: those still ahead pass to the new one with the post."""

from django.db.models import Q

from jiafang.access.actors import Actor
from jiafang.lib import clock
from jiafang.units.models import Handover
from jiafang.visits.models import Outing, Visit, VisitStudent
from jiafang.visits.services.outings import day_of, put_on_outing
from jiafang.visits.states import AHEAD, VisitState


def after_handover(actor: Actor, verb: str, handover: Handover, detail: dict) -> None:
    """Projection of ``klass.hand_over``: the new class teacher leads what the old one would have led.

    Visits already made keep who made them. A new lead who was to go along leaves that place open.
    """
    if handover.old_id is None:
        return
    mine = VisitStudent.objects.filter(klass=handover.klass).values("visit")
    rows = Visit.objects.select_for_update().filter(
        Q(lead=handover.old_id), pk__in=mine, state__in=[VisitState.PLANNED, *AHEAD]
    )
    if handover.on > clock.today():
        rows = [row for row in rows if row.starts_at and day_of(row.starts_at) >= handover.on]
    for row in rows:
        row.lead_id = handover.new_id
        if row.companion_id == handover.new_id:
            row.companion = None
        if row.extra_id == handover.new_id:
            row.extra = None
        alone = row.outing_id and not Visit.objects.filter(outing=row.outing_id).exclude(pk__in=mine).exists()
        if alone:
            people = {"lead": row.lead_id, "companion": row.companion_id, "extra": row.extra_id}
            Outing.objects.filter(pk=row.outing_id).update(**people)
        elif row.outing_id:
            put_on_outing(row)
        row.save()
