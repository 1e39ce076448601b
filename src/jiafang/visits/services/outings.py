"""The way of an evening: putting a visit on an outing, clashes of the team, and the two safety taps."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jiafang.access import audit
from jiafang.access.actors import Actor
from jiafang.access.fence import system_fence
from jiafang.campaigns.states import Mode
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.units.models import Staff
from jiafang.visits import deadlines, selectors
from jiafang.visits.models import Outing, Visit
from jiafang.visits.services.common import locked_outing, must_have_read_the_code
from jiafang.visits.states import AHEAD, VisitState

# Without coordinates every way takes this long, as the planner assumes.
WAY = timedelta(minutes=20)


def day_of(moment: datetime):
    return moment.astimezone(clock.TZ).date()


def clock_time(moment: datetime):
    return moment.astimezone(clock.TZ).time().replace(tzinfo=None)


def way_there_and_back(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    """When the team leaves and is back, within the visit's own day."""
    midnight = clock.at(day_of(starts_at), datetime.min.time())
    leaves = max(starts_at - WAY, midnight)
    back = min(ends_at + WAY, midnight + timedelta(days=1, minutes=-1))
    return leaves, back


def refuse_clashes(visit: Visit) -> None:
    """Nobody of the team may be elsewhere at that time; raises ``Problem("conflict")`` naming who and when.

    Looks beyond the reader's fence, because a colleague's outing may be to a class of his own; it tells the time only.
    """
    team = {pk for pk in (visit.lead_id, visit.companion_id, visit.extra_id) if pk}
    with system_fence("a clash may lie in a class out of the actor's reach"):
        rows = Visit.objects.filter(
            Q(lead__in=team) | Q(companion__in=team) | Q(extra__in=team),
            state__in=AHEAD,
            starts_at__lt=visit.ends_at + WAY,
            ends_at__gt=visit.starts_at - WAY,
        ).exclude(pk=visit.pk)
        for other in rows.select_related("outing").order_by("starts_at"):
            busy = {pk for pk in (other.lead_id, other.companion_id, other.extra_id) if pk}
            # Neighbouring homes on the same team's way may follow each other closely.
            same_way = (other.lead_id, other.companion_id) == (visit.lead_id, visit.companion_id)
            apart = other.ends_at <= visit.starts_at or other.starts_at >= visit.ends_at
            if apart and (same_way or other.mode == Mode.ONLINE or visit.mode == Mode.ONLINE):
                continue
            name = Staff.objects.filter(pk__in=busy & team).values_list("name", flat=True).first()
            begins, ends = other.starts_at.astimezone(clock.TZ), other.ends_at.astimezone(clock.TZ)
            raise Problem(
                "conflict",
                _("%(name)s老师%(month)d月%(day)d日%(from)s—%(to)s已有家访安排，请换个时间，或换一位老师。")
                % {
                    "name": name, "month": begins.month, "day": begins.day,
                    "from": f"{begins:%H:%M}", "to": f"{ends:%H:%M}",
                },
                {"starts_at": [_("与已有安排的时间冲突。")]},
            )  # fmt: skip


def put_on_outing(visit: Visit) -> None:
    """Give the visit the outing of its team on that day, or one of its own; online visits have none.

    Sets ``visit.outing`` and ``position`` without saving the visit; an outing left empty is taken away.
    """
    old = visit.outing
    if visit.mode == Mode.ONLINE:
        visit.outing, visit.position = None, 1
    else:
        leaves, back = (clock_time(m) for m in way_there_and_back(visit.starts_at, visit.ends_at))
        day = day_of(visit.starts_at)
        with system_fence("the team's outing may begin with another class"):
            found = (
                Outing.objects.select_for_update()
                .filter(
                    campaign=visit.campaign_id, school=visit.school_id, day=day, lead=visit.lead_id,
                    companion=visit.companion_id, returned_at__isnull=True,
                )
                .order_by("leaves")
                .first()
            )  # fmt: skip
            if found is None:
                visit.outing = Outing.objects.create(
                    campaign_id=visit.campaign_id, school_id=visit.school_id, day=day, leaves=leaves, back=back,
                    lead_id=visit.lead_id, companion_id=visit.companion_id, extra_id=visit.extra_id,
                )  # fmt: skip
                visit.position = 1
            else:
                found.leaves, found.back = min(found.leaves, leaves), max(found.back, back)
                found.save(update_fields=["leaves", "back"])
                visit.outing = found
                _stand_in_line(visit)
    if old is not None and old.pk != visit.outing_id:
        leave_outing(visit, old)


def _stand_in_line(visit: Visit) -> None:
    """Number the visits of the outing by time, this unsaved one among them."""
    others = Visit.objects.filter(outing=visit.outing).exclude(pk=visit.pk).only("pk", "starts_at")
    for position, row in enumerate(sorted([*others, visit], key=lambda one: one.starts_at), start=1):
        if row is visit:
            visit.position = position
        else:
            Visit.objects.filter(pk=row.pk).update(position=position)


def leave_outing(visit: Visit, old: Outing) -> None:
    """The outing loses this visit; without any other visit and without a tap or self-check it goes away."""
    with system_fence("the rest of the outing may be to other classes"):
        others = Visit.objects.filter(outing=old).exclude(pk=visit.pk).exists()
        touched = old.departed_at or old.returned_at or old.self_checks.exists()
        if not others and not touched:
            Visit.objects.filter(pk=visit.pk).update(outing=None)
            Outing.objects.filter(pk=old.pk).delete()


@transaction.atomic
def depart(actor: Actor, *, outing: Outing) -> Outing:
    """“出发”: the first tap, on the day itself. A second tap changes nothing."""
    row = locked_outing(actor, "visit.depart", outing)
    if row.departed_at is not None:
        return row
    if row.day != clock.today():
        raise Problem("state", _("只有当天才能点“出发”。"))
    must_have_read_the_code(actor, row.campaign)
    row.departed_at = clock.now()
    row.save(update_fields=["departed_at"])
    audit.record(actor, "visit.depart", path=row.school.path, target=row)
    return row


@transaction.atomic
def return_safe(actor: Actor, *, outing: Outing) -> Outing:
    """“平安返回”: the second tap; from here the hours for the records run. A second tap changes nothing."""
    row = locked_outing(actor, "visit.return_safe", outing)
    if row.returned_at is not None:
        return row
    if row.day > clock.today():
        raise Problem("state", _("还没到外出的日子。"))
    row.returned_at = clock.now()
    row.save(update_fields=["returned_at"])
    with system_fence("one outing, several classes"):
        for visit in Visit.objects.select_for_update().filter(outing=row, state=VisitState.HELD):
            visit.due_at = deadlines.due_time(
                ended=visit.held_until, returned=row.returned_at, hours=selectors.rules_for(visit).record_hours
            )
            visit.save(update_fields=["due_at"])
    audit.record(actor, "visit.return_safe", path=row.school.path, target=row)
    return row
