"""Saving a record: by a client-made id, again and again, from two tabs or a phone that was away, and nothing is lost.

A save is applied when it stands on the newest revision. Whatever cannot be applied is kept beside the record as a
conflict version for a person to settle; a save from somebody whose right has ended meanwhile is kept as a stray one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.fence import system_fence
from jiafang.access.roles import Role
from jiafang.access.vault import texts
from jiafang.campaigns.models import FormTemplate
from jiafang.lib import clock
from jiafang.lib.errors import Problem, not_found
from jiafang.paperwork.forms import FormSchema, answers_digest, parse_schema, validate_answers
from jiafang.visits import deadlines, selectors
from jiafang.visits.models import Record, RecordVersion, Visit, VisitStudent
from jiafang.visits.outlines import outline_text
from jiafang.visits.services.common import child_of, refusal
from jiafang.visits.services.submitting import settle_submission
from jiafang.visits.states import AHEAD, RECORD, VISIT, RecordState, VisitState

NEW, SAME, SAVED, KEPT, STRAY, INCOMPLETE = "new", "same", "saved", "kept", "stray", "incomplete"
STATUS = {NEW: 201, SAME: 200, SAVED: 200, KEPT: 409, STRAY: 409, INCOMPLETE: 400}
# Before the visit is marked as made, notes may already be taken.
OPEN_FOR_DRAFTS = AHEAD | {VisitState.HELD, VisitState.RECORDED}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a client sends for one record; ``base_revision`` 0 means: it knows of none yet."""

    record_id: UUID
    visit_student_id: UUID
    answers: Mapping[str, Any]
    base_revision: int = 0
    digest: str = ""
    client_time: datetime | None = None
    submit: bool = False
    form_id: UUID | None = None  # the form the page was made from; the newest when left out


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of it: ``outcome`` (a key of ``STATUS``), the record as it stands, and what is to be said."""

    outcome: str
    record: Record | None = None
    message: str = ""
    conflict: RecordVersion | None = None
    clock_off: bool = False
    faults: dict[str, list[str]] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return STATUS[self.outcome]


def save_draft(actor: Actor, *, sent: Sent) -> Saved:
    """Keep what was typed (and hand it in when ``sent.submit``). The one door for pages, phones and the API.

    Raises ``Problem("invalid")`` when the answers are of the wrong kind or damaged on the way.
    """
    if sent.digest and sent.digest != answers_digest(sent.answers):
        raise Problem("invalid", _("内容在传送中损坏，请再试一次。"), {"digest": [_("校验不一致。")]})
    child = VisitStudent.objects.filter(pk=sent.visit_student_id).exclude(visit__state=VisitState.PLANNED).first()
    if child is None:
        return _keep_stray(actor, sent)
    with transaction.atomic():
        visit = Visit.objects.select_for_update(of=("self",)).filter(pk=child.visit_id).first()
        if visit is None:
            raise not_found()
        child = child_of(child.pk)
        child.visit = visit
        verb = "visit.submit_record" if sent.submit else "visit.save_draft"
        if not policy.can(actor, verb, path=selectors.path_of(child), relations=selectors.relations(actor, visit)):
            if not _had_the_right(actor, child):
                raise refusal(actor, visit)
            return _stray(actor, child, sent)
        return _save(actor, child, sent, verb)


def _save(actor: Actor, child: VisitStudent, sent: Sent, verb: str) -> Saved:
    record = _record_of(child, sent.record_id)
    fresh = record is None
    if fresh:
        if child.visit.state not in OPEN_FOR_DRAFTS:
            raise Problem("state", _("这次家访现在是“%s”，不用填写记录。") % child.visit.get_state_display())
        record = Record(id=sent.record_id, visit_student=child, form=_form(child, sent.form_id), revision=0)
    schema = parse_schema(record.form.schema)
    answers = validate_answers(
        schema, _with_preparation(child, schema, sent) if sent.submit else sent.answers, final=False
    )
    digest = answers_digest(answers)
    now = clock.now()
    off = deadlines.clock_is_off(sent.client_time, now)

    if not fresh:
        same = record.digest == digest
        if same and not (sent.submit and record.state in _TO_SUBMIT):
            return Saved(SAME, record, clock_off=off)
        if not same and (record.pk != sent.record_id or record.revision != sent.base_revision):
            message = _("这份记录刚在别处保存过，两份都已留下，请核对后选定。")
            return _keep(actor, record, child, sent, answers, digest, message)
        if not _open_for(record, child.visit, sent.submit):
            message = _("这份记录已是“%s”，刚才写的内容另存了一份，请核对。") % RecordState(record.state).label
            return _keep(actor, record, child, sent, answers, digest, message)

    faults = _faults(schema, answers, child.visit) if sent.submit else {}
    if record.digest != digest or fresh:
        record.answers = json.dumps(answers, ensure_ascii=False)
        record.digest = digest
        record.revision += 1
    record.updated_at = now
    submits = sent.submit and not faults
    if submits:
        settle_submission(actor, record, child.visit, now)
    record.save(force_insert=fresh)
    wrote_row = _write_version(actor, record, sent, answers, digest, now, off)
    if submits:
        child.visit.save(update_fields=["state"])
        audit.record(actor, verb, path=selectors.path_of(child), target=record, detail={"revision": record.revision})
    elif wrote_row:
        audit.record(actor, "visit.save_draft", path=selectors.path_of(child), target=record)
    if faults:
        return Saved(INCOMPLETE, record, _("内容已保存，还有 %d 栏要填好才能提交。") % len(faults), None, off, faults)
    return Saved(NEW if fresh else SAVED, record, clock_off=off)


_TO_SUBMIT = frozenset({RecordState.DRAFT, RecordState.RETURNED})


def _open_for(record: Record, visit: Visit, submit: bool) -> bool:
    """Whether this save may be applied to the record as it stands."""
    if visit.state not in OPEN_FOR_DRAFTS:
        return False
    return record.state in RECORD["visit.submit_record" if submit else "visit.save_draft"][0]


def _faults(schema: FormSchema, answers: Mapping[str, Any], visit: Visit) -> dict[str, list[str]]:
    """What still keeps the record from being handed in, by field."""
    if visit.state not in VISIT["visit.submit_record"][0]:
        return {"visit": [_("请先登记“家访已完成”，再提交记录。")]}
    try:
        validate_answers(schema, answers, final=True)
    except Problem as problem:
        return problem.fields
    return {}


def _record_of(child: VisitStudent, record_id: UUID) -> Record | None:
    """The child's record, locked; an id that already names another child's record is refused without a word on it."""
    record = Record.objects.select_for_update(of=("self",)).filter(visit_student=child).first()
    if record is None:
        with system_fence("ids are unique beyond the reach"):
            if Record.objects.filter(pk=record_id).exists():
                raise Problem("conflict", _("这个编号已经用过，请刷新页面再写。"))
        return None
    record.visit_student = child
    return record


def _form(child: VisitStudent, form_id: UUID | None) -> FormTemplate:
    """The form the page was made from when it belongs here, else the school's newest."""
    if form_id is not None:
        here = Q(school__isnull=True) | Q(school=child.visit.school_id)
        found = FormTemplate.objects.filter(here, pk=form_id, campaign=child.visit.campaign_id).first()
        if found is not None:
            return found
    return selectors.form_of(child.visit)


def _with_preparation(child: VisitStudent, schema: FormSchema, sent: Sent) -> dict[str, Any]:
    """家访准备 comes from the outline when the record leaves it open: what was entered once is not asked again."""
    answers = dict(sent.answers)
    outline = getattr(child, "outline", None)
    asked = schema.field("preparation")
    if asked is not None and asked.asked and not answers.get("preparation") and outline is not None:
        answers["preparation"] = outline_text(json.loads(texts([outline.body])[0] or "[]"))
    return answers


def _write_version(
    actor: Actor, record: Record, sent: Sent, answers: Mapping[str, Any], digest: str, now: datetime, off: bool
) -> bool:
    """Keep the writing; saves of one person within two minutes share a row. Returns whether a new row was made."""
    last = record.versions.order_by("-saved_at", "-pk").first()
    joins = (
        last is not None
        and not sent.submit
        and not last.conflict
        and last.by_id == actor.staff_id
        and now - last.saved_at < deadlines.SAME_WRITING
    )
    row = last if joins else RecordVersion(record=record, by_id=actor.staff_id, saved_at=now)
    row.answers = json.dumps(answers, ensure_ascii=False)
    row.digest, row.base_revision = digest, sent.base_revision
    row.client_time, row.clock_off = sent.client_time, off
    row.save(force_insert=not joins)
    return not joins


def _keep(
    actor: Actor, record: Record, child: VisitStudent, sent: Sent, answers: Mapping[str, Any], digest: str,
    message: str, *, stray: bool = False,
) -> Saved:  # fmt: skip
    """Keep what cannot be applied, once: the same text sent again gives the same version."""
    now = clock.now()
    off = deadlines.clock_is_off(sent.client_time, now)
    standing = record.versions.filter(digest=digest, by=actor.staff_id).order_by("conflict", "saved_at").first()
    if standing is not None and (not standing.conflict or standing.settled_at is None):
        return Saved(STRAY if stray else KEPT, record, message, standing if standing.conflict else None, off)
    row = RecordVersion(
        record=record, by_id=actor.staff_id, saved_at=now, base_revision=sent.base_revision, digest=digest,
        client_time=sent.client_time, clock_off=off, conflict=True, stray=stray,
    )  # fmt: skip
    row.answers = json.dumps(answers, ensure_ascii=False)
    row.save(force_insert=True)
    audit.record(
        actor, "visit.save_draft", path=selectors.path_of(child), target=record, detail={"kept": True, "stray": stray}
    )
    return Saved(STRAY if stray else KEPT, record, message, row, off)


def _had_the_right(actor: Actor, child: VisitStudent) -> bool:
    """Whether this person led the visit, wrote on this record, or was the child's class teacher then."""
    if actor.staff_id is None:
        return False
    if child.visit.lead_id == actor.staff_id:
        return True
    if RecordVersion.objects.filter(record__visit_student=child, by=actor.staff_id).exists():
        return True
    return child.klass.appointments.filter(staff=actor.staff_id, role=Role.CLASS_TEACHER).exists()


def _keep_stray(actor: Actor, sent: Sent) -> Saved:
    """Somebody out of reach sends a draft: kept when it was his or hers to write once, else not found."""
    with system_fence("a draft whose right ended on the way is kept for those who have it now"), transaction.atomic():
        child = VisitStudent.objects.filter(pk=sent.visit_student_id).first()
        if child is None:
            raise not_found()
        visit = Visit.objects.select_for_update(of=("self",)).get(pk=child.visit_id)
        child = child_of(child.pk)
        child.visit = visit
        if not _had_the_right(actor, child):
            raise not_found()
        return _stray(actor, child, sent)


def _stray(actor: Actor, child: VisitStudent, sent: Sent) -> Saved:
    """Put the draft beside the record, which is begun empty when there is none; nothing of the record is told."""
    with system_fence("a draft whose right ended on the way is kept for those who have it now"):
        record = _record_of(child, sent.record_id)
        if record is None:
            record = Record(id=sent.record_id, visit_student=child, form=_form(child, sent.form_id), revision=0)
            record.save(force_insert=True)
        answers = validate_answers(parse_schema(record.form.schema), sent.answers, final=False)
        message = _("这名学生的家访已转交给别的老师。您写的内容已妥善保存并转交，本机上的可以删除。")
        kept = _keep(actor, record, child, sent, answers, answers_digest(answers), message, stray=True)
        return Saved(STRAY, None, message, None, kept.clock_off)
