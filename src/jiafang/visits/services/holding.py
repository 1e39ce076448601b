"""The visit took place: from when to when, and from then the hours for its records."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit
from jiafang.access.actors import Actor
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.visits import deadlines, selectors
from jiafang.visits.models import Visit
from jiafang.visits.services.common import audit_path, locked, must_have_read_the_code, step


@transaction.atomic
def hold(actor: Actor, *, visit: Visit, held_from: datetime | None = None, held_until: datetime | None = None) -> Visit:
    """The visit was made; without times the planned ones stand, cut off at this moment. Never in the future."""
    row = locked(actor, "visit.hold", visit)
    step("visit.hold", row)
    must_have_read_the_code(actor, row.campaign)
    rules = selectors.rules_for(row)
    now = clock.now()
    begins = held_from or row.starts_at
    planned_end = row.ends_at if held_from is None else None
    ends = held_until or min(planned_end or begins + timedelta(minutes=rules.visit_minutes), now)
    message = ""
    if begins >= now or ends > now:
        message = _("家访时间不能晚于现在。还没到约定的时间，请填实际的起止时间。")
    elif ends <= begins:
        message = _("结束时间要晚于开始时间。")
    elif ends - begins > timedelta(hours=6):
        message = _("起止时间相差太大，请核对。")
    elif not rules.begins <= begins.astimezone(clock.TZ).date() <= rules.ends:
        message = _("家访时间不在活动期间内，请核对日期。")
    if message:
        raise Problem("invalid", message, {"held_from": [message]})
    row.held_from, row.held_until = begins, ends
    returned = row.outing.returned_at if row.outing else None
    row.due_at = deadlines.due_time(ended=ends, returned=returned, hours=rules.record_hours)
    row.save(update_fields=["state", "held_from", "held_until", "due_at"])
    audit.record(actor, "visit.hold", path=audit_path(row), target=row, detail={"mode": row.mode})
    return row
