"""One visit with everything on it: its children's outlines and records, what waits for whom, and what happened when."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.campaigns import selectors as campaigns
from jiafang.campaigns.models import FormTemplate, SchoolCampaign
from jiafang.campaigns.selectors import Rules
from jiafang.campaigns.states import Mode
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.roster import selectors as roster
from jiafang.roster.models import Guardian
from jiafang.visits.models import Outing, Record, RecordVersion, SelfCheck, Visit, VisitStudent
from jiafang.visits.selectors.lists import children, with_people
from jiafang.visits.selectors.lists import visit as one_visit
from jiafang.visits.selectors.sharing import may, path_of, relations
from jiafang.visits.states import AHEAD, DONE, RecordState, VisitState


@dataclass(frozen=True, slots=True)
class Part:
    """A child in the visit as the reader may use it."""

    child: VisitStudent
    guardians: tuple[Guardian, ...]
    record: Record | None
    has_outline: bool
    conflicts: tuple[RecordVersion, ...]
    may_prepare: bool
    may_write: bool
    may_read: bool
    may_confirm: bool
    may_return: bool
    may_print: bool

    @property
    def unwritten(self) -> bool:
        return self.record is None or self.record.state in (RecordState.DRAFT, RecordState.RETURNED)


@dataclass(frozen=True, slots=True)
class Thread:
    """The visit, its parts, the way it belongs to and what this reader may do. ``next_step`` is the one thing to do now:
    a verb, or empty."""

    visit: Visit
    parts: tuple[Part, ...]
    mode: str
    record_hours: int | None
    neighbours: tuple[Visit, ...]
    checked: bool
    may: frozenset[str] = field(default_factory=frozenset)
    next_step: str = ""
    next_part: Part | None = None
    history: tuple[tuple[datetime, str], ...] = ()

    @property
    def outing(self) -> Outing | None:
        return self.visit.outing

    @property
    def started(self) -> bool:
        """Whether the agreed time has come."""
        return self.visit.starts_at is not None and self.visit.starts_at <= clock.now()

    @property
    def taps(self) -> bool:
        """Whether the two safety taps are shown: on the day itself, and while somebody is still out."""
        outing = self.visit.outing
        return outing is not None and (self.is_today or bool(outing.departed_at))

    @property
    def is_today(self) -> bool:
        return self.visit.starts_at is not None and self.visit.starts_at.astimezone(clock.TZ).date() == clock.today()


VERBS = (
    "appoint",
    "decline",
    "cancel",
    "miss",
    "reopen",
    "hold",
    "depart",
    "return_safe",
    "check_conduct",
    "archive_record",
)
_FROM = {
    "appoint": AHEAD, "decline": AHEAD, "cancel": AHEAD, "miss": AHEAD, "hold": AHEAD,
    "reopen": frozenset({VisitState.DECLINED, VisitState.CANCELLED, VisitState.MISSED}),
    "archive_record": frozenset({VisitState.RECORDED, VisitState.CONFIRMED}),
    "check_conduct": DONE,
}  # fmt: skip


def thread(actor: Actor, pk: Any) -> Thread:
    """The whole of one visit within the reach, in a fixed number of queries; ``not_found`` for a foreign one."""
    visit = one_visit(actor, pk)
    rules = rules_for(visit)
    ties = relations(actor, visit)
    rows = list(children().filter(visit=visit).select_related("outline").defer("record__answers", "outline__body"))
    guardians = roster.guardians_of([row.student for row in rows])
    open_texts: dict = {}
    for version in RecordVersion.objects.filter(
        record__visit_student__visit=visit, conflict=True, settled_at__isnull=True
    ).defer("answers"):
        open_texts.setdefault(version.record_id, []).append(version)

    def part(row: VisitStudent) -> Part:
        row.visit = visit

        def granted(verb: str) -> bool:
            return policy.can(actor, f"visit.{verb}", path=path_of(row), relations=ties)

        record = getattr(row, "record", None)
        handed_in = record is not None and record.state in (RecordState.SUBMITTED, RecordState.CONFIRMED)
        filed = visit.state == VisitState.ARCHIVED
        return Part(
            child=row,
            guardians=tuple(guardians.get(row.student_id, ())),
            record=record,
            has_outline=getattr(row, "outline", None) is not None,
            conflicts=tuple(open_texts.get(record.pk, ())) if record and granted("settle_conflict") else (),
            may_prepare=granted("prepare") and visit.state in AHEAD | {VisitState.HELD},
            may_write=granted("save_draft") and open_for_writing(row),
            may_read=handed_in and granted("read_record"),
            may_confirm=handed_in and record.state == RecordState.SUBMITTED and granted("confirm_record") and not filed,
            may_return=handed_in and granted("return_record") and not filed,
            may_print=handed_in and granted("print_record"),
        )  # fmt: skip

    parts = tuple(part(row) for row in rows)
    allowed = frozenset(
        verb for verb in VERBS if visit.state in _FROM.get(verb, {visit.state}) and may(actor, f"visit.{verb}", visit)
    )
    checked = "check_conduct" in allowed and _checked(actor, visit)
    step, at = _next(visit, parts, allowed, checked, rules.approval)
    return Thread(
        visit=visit, parts=parts, mode=rules.mode_label(visit.mode), record_hours=rules.record_hours,
        neighbours=_neighbours(visit), checked=checked, may=allowed, next_step=step, next_part=at,
        history=_history(visit, parts),
    )  # fmt: skip


def open_for_writing(child: VisitStudent) -> bool:
    """Whether the child's record can still be written on: the visit neither off nor filed, the record not confirmed."""
    record = getattr(child, "record", None)
    written_on = child.visit.state in AHEAD | {VisitState.HELD, VisitState.RECORDED}
    return written_on and (record is None or record.state != RecordState.CONFIRMED)


def part_of(visit: Visit) -> SchoolCampaign:
    """The school's part in the visit's campaign."""
    rows = SchoolCampaign.objects.select_related("campaign", "school")
    found = rows.filter(campaign=visit.campaign_id, school=visit.school_id).first()
    if found is None:
        raise Problem("state", _("学校还没有参加这个活动。"))
    return found


def rules_for(visit: Visit) -> Rules:
    """The rules that hold for this visit."""
    return campaigns.rules(part_of(visit))


def form_of(visit: Visit) -> FormTemplate:
    """The record form the visit's school writes on now."""
    found = campaigns.form_for(part_of(visit))
    if found is None:
        raise Problem("state", _("本活动还没有设定记录表。"))
    return found


def _checked(actor: Actor, visit: Visit) -> bool:
    which = {"outing": visit.outing_id} if visit.outing_id else {"visit": visit.pk}
    return SelfCheck.objects.filter(**which, staff=actor.staff_id).exists()


def _neighbours(visit: Visit) -> tuple[Visit, ...]:
    """The other visits of the same outing the reader may see."""
    if visit.outing_id is None:
        return ()
    rows = Visit.objects.filter(outing=visit.outing_id).exclude(pk=visit.pk).exclude(state=VisitState.PLANNED)
    return tuple(with_people(rows).order_by("position", "starts_at"))


def _next(
    visit: Visit, parts: tuple[Part, ...], allowed: frozenset[str], checked: bool, approval: bool
) -> tuple[str, Part | None]:
    """The one thing to do now, of those this reader may do."""
    started = visit.starts_at is not None and visit.starts_at <= clock.now()
    if visit.state in AHEAD:
        if started and "hold" in allowed:
            return "hold", None
        if visit.state == VisitState.PUBLISHED and "appoint" in allowed:
            return "appoint", None
        unprepared = next((p for p in parts if p.may_prepare and not p.has_outline), None)
        return ("prepare", unprepared) if unprepared else ("", None)
    for part in parts:
        if part.conflicts:
            return "settle", part
    for part in parts:
        if part.may_write and part.unwritten:
            return "write", part
    for part in parts:
        if part.may_confirm:
            return "confirm", part
    if "check_conduct" in allowed and not checked and visit.state in DONE:
        return "check", None
    if visit.state == VisitState.CONFIRMED and "archive_record" in allowed and approval:
        return "archive", None
    return "", None


def _history(visit: Visit, parts: tuple[Part, ...]) -> tuple[tuple[datetime, str], ...]:
    """What happened, newest first, told from the rows themselves."""
    many = len(parts) > 1
    told = [
        (visit.published_at, _("安排已发布")),
        (visit.appointed_at, _("电话已约好")),
        (visit.held_until, _("家访完成")),
    ]
    if visit.outing is not None and visit.mode != Mode.ONLINE:
        told += [(visit.outing.departed_at, _("出发")), (visit.outing.returned_at, _("平安返回"))]
    for part in parts:
        if part.record is not None:
            who = _("（%s）") % part.child.student.name if many else ""
            told.append((part.record.first_submitted_at, _("记录首次提交") + who))
            told.append((part.record.confirmed_at, _("同行教师确认") + who))
    return tuple(sorted(((at, text) for at, text in told if at is not None), reverse=True))
