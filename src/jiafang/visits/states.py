"""States of a visit and of a record, each with its one table of transitions; due, late and today are derived."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jiafang.lib import clock


class VisitState(TextChoices):
    PLANNED = "planned", _("待安排")  # placed by the planner, seen by the school's leaders only
    PUBLISHED = "published", _("已安排")
    APPOINTED = "appointed", _("已预约")
    HELD = "held", _("待填记录")
    RECORDED = "recorded", _("待确认")
    CONFIRMED = "confirmed", _("已确认")
    ARCHIVED = "archived", _("已归档")
    DECLINED = "declined", _("未上门")
    CANCELLED = "cancelled", _("已取消")
    MISSED = "missed", _("未成行")


S = VisitState
# A visit counts as made from the moment it was held.
DONE = frozenset({S.HELD, S.RECORDED, S.CONFIRMED, S.ARCHIVED})
AHEAD = frozenset({S.PUBLISHED, S.APPOINTED})
WRITTEN = frozenset({S.RECORDED, S.CONFIRMED, S.ARCHIVED})

VISIT = {
    "timetable.publish": ({S.PLANNED}, S.PUBLISHED),
    "timetable.move": ({S.PLANNED, S.PUBLISHED, S.APPOINTED}, None),
    "visit.appoint": ({S.PUBLISHED, S.APPOINTED}, S.APPOINTED),
    "visit.decline": ({S.PUBLISHED, S.APPOINTED}, S.DECLINED),
    "visit.cancel": ({S.PLANNED, S.PUBLISHED, S.APPOINTED}, S.CANCELLED),
    "visit.miss": ({S.PUBLISHED, S.APPOINTED}, S.MISSED),
    "visit.reopen": ({S.DECLINED, S.CANCELLED, S.MISSED}, S.PUBLISHED),
    "visit.hold": ({S.PUBLISHED, S.APPOINTED}, S.HELD),
    "visit.submit_record": ({S.HELD, S.RECORDED}, S.RECORDED),
    "visit.confirm_record": ({S.RECORDED}, S.CONFIRMED),
    "visit.return_record": ({S.RECORDED, S.CONFIRMED}, S.HELD),
    "visit.archive_record": ({S.RECORDED, S.CONFIRMED}, S.ARCHIVED),
}


class RecordState(TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", _("退回补充")
    CONFIRMED = "confirmed", _("已确认")


RECORD = {
    "visit.save_draft": ({RecordState.DRAFT, RecordState.RETURNED}, None),
    "visit.submit_record": (
        {RecordState.DRAFT, RecordState.RETURNED, RecordState.SUBMITTED},
        RecordState.SUBMITTED,
    ),
    "visit.confirm_record": ({RecordState.SUBMITTED}, RecordState.CONFIRMED),
    "visit.return_record": ({RecordState.SUBMITTED, RecordState.CONFIRMED}, RecordState.RETURNED),
}


class Origin(TextChoices):
    ROUND = "round", _("全员家访")
    SPECIAL = "special", _("特殊群体")
    FOLLOW_UP = "follow_up", _("随访")
    AFTER_COURSE = "after_course", _("课后个案")
    OBSERVATION = "observation", _("日常观察")
    URGENT = "urgent", _("紧急")


class Moment(TextChoices):
    """What a visit is at this moment where the clock says more than the stored state."""

    TODAY = "today", _("今日")
    PASSED = "passed", _("时间已过")  # ahead, but its time is over and nobody has said what became of it
    LATE = "late", _("已逾期")
    HANDED_IN = "handed_in", _("已提交")  # recorded, and nobody went along who could confirm


def moment_of(
    state: str,
    *,
    starts_at: datetime | None,
    due_at: datetime | None,
    alone: bool = False,
) -> VisitState | Moment:
    """What a visit is now: a ``Moment`` where the clock says more than the state; ``alone``: nobody went along."""
    now = clock.now()
    if state == S.RECORDED and alone:
        return Moment.HANDED_IN
    if state in AHEAD and starts_at is not None:
        day = starts_at.astimezone(clock.TZ).date()
        if day < clock.today():
            return Moment.PASSED
        if day == clock.today():
            return Moment.TODAY
    if state == S.HELD and due_at is not None and due_at < now:
        return Moment.LATE
    return VisitState(state)
