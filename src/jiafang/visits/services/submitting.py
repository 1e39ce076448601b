"""A record on its way: handed in, confirmed by who went along, returned for completion, filed; and two texts settled."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit
from jiafang.access.actors import Actor
from jiafang.access.fence import system_fence
from jiafang.lib import clock
from jiafang.lib.errors import Problem, not_found
from jiafang.paperwork.forms import answers_digest, parse_schema, validate_answers
from jiafang.visits import selectors
from jiafang.visits.models import Record, RecordVersion, Visit
from jiafang.visits.services.common import audit_path, locked, locked_record, must_have_read_the_code, step, step_record
from jiafang.visits.states import RECORD, RecordState, VisitState

WAITING = (RecordState.DRAFT, RecordState.RETURNED)


def settle_submission(actor: Actor, record: Record, visit: Visit, now: datetime) -> None:
    """Mark the (unsaved) record as handed in; the first time stops the clock. Moves the visit when it was the last."""
    step_record("visit.submit_record", record)
    if record.first_submitted_at is None:
        record.first_submitted_at, record.due_at = now, visit.due_at
    record.submitted_by_id = actor.staff_id
    record.remark = ""
    if not _others(visit, record, without=True):
        step("visit.submit_record", visit)


def _others(visit: Visit, record: Record, *, without: bool) -> bool:
    """Whether another child of the visit still lacks its record (``without``) or its confirmation."""
    with system_fence("siblings of one visit may sit in classes out of the actor's reach"):
        rows = visit.visit_students.exclude(pk=record.visit_student_id)
        if without:
            return rows.exclude(record__state__in=[RecordState.SUBMITTED, RecordState.CONFIRMED]).exists()
        return rows.exclude(record__state=RecordState.CONFIRMED).exists()


@transaction.atomic
def confirm_record(actor: Actor, *, record: Record) -> Record:
    """Who went along says: so it was. The visit is confirmed with the last of its children's records."""
    row = locked_record(actor, "visit.confirm_record", record)
    step_record("visit.confirm_record", row)
    visit = row.visit_student.visit
    must_have_read_the_code(actor, visit.campaign)
    row.confirmed_at, row.confirmed_by_id = clock.now(), actor.staff_id
    row.save(update_fields=["state", "confirmed_at", "confirmed_by"])
    if visit.state == VisitState.RECORDED and not _others(visit, row, without=False):
        step("visit.confirm_record", visit)
        visit.save(update_fields=["state"])
    audit.record(actor, "visit.confirm_record", path=selectors.path_of(row.visit_student), target=row)
    return row


@transaction.atomic
def return_record(actor: Actor, *, record: Record, remark: str) -> Record:
    """The school asks for completion and says what is missing; the visit waits for its record again."""
    if not remark.strip():
        raise Problem("invalid", _("请写明要补充什么。"), {"remark": [_("请写明要补充什么。")]})
    row = locked_record(actor, "visit.return_record", record)
    step_record("visit.return_record", row)
    visit = row.visit_student.visit
    if visit.state != VisitState.HELD:
        step("visit.return_record", visit)
        visit.save(update_fields=["state"])
    row.remark, row.confirmed_at, row.confirmed_by = remark.strip()[:300], None, None
    row.save(update_fields=["state", "remark", "confirmed_at", "confirmed_by"])
    audit.record(actor, "visit.return_record", path=selectors.path_of(row.visit_student), target=row)
    return row


@transaction.atomic
def archive_record(actor: Actor, *, visit: Visit) -> Visit:
    """The visit's records are in order and go to the file; from here nothing of them changes."""
    row = locked(actor, "visit.archive_record", visit)
    open_texts = RecordVersion.objects.filter(record__visit_student__visit=row, conflict=True, settled_at__isnull=True)
    if open_texts.exists():
        raise Problem("state", _("这次家访有两份内容还没有核对，请先选定再归档。"))
    if row.state == VisitState.RECORDED and row.companion_id:
        raise Problem("state", _("同行教师还没有确认，确认后再归档。"))
    step("visit.archive_record", row)
    row.save(update_fields=["state"])
    audit.record(actor, "visit.archive_record", path=audit_path(row), target=row)
    return row


@transaction.atomic
def settle_conflict(
    actor: Actor, *, version: RecordVersion, answers: Mapping[str, Any] | None, base_revision: int
) -> Record:
    """A person has read both texts: ``answers`` is what shall stand (``None``: the record as it is). Both stay kept.

    Raises ``stale`` when the record moved on while the person was reading.
    """
    kept = RecordVersion.objects.filter(pk=version.pk, conflict=True).first()
    if kept is None:
        raise not_found()
    row = locked_record(actor, "visit.settle_conflict", kept.record)
    kept = RecordVersion.objects.select_for_update(of=("self",)).get(pk=kept.pk)
    if kept.settled_at is not None:
        return row
    now = clock.now()
    if answers is not None:
        if row.revision != base_revision:
            raise Problem("stale")
        submitted = row.state not in WAITING
        if row.state not in RECORD["visit.submit_record"][0] or row.visit_student.visit.state == VisitState.ARCHIVED:
            raise Problem("state", _("这份记录已是“%s”，内容不能再改；可请学校退回后再补充。")
                          % RecordState(row.state).label)  # fmt: skip
        cleaned = validate_answers(parse_schema(row.form.schema), answers, final=submitted)
        row.answers = json.dumps(cleaned, ensure_ascii=False)
        row.digest = answers_digest(cleaned)
        row.revision += 1
        row.updated_at = now
        row.save(update_fields=["answers", "digest", "revision", "updated_at"])
        chosen = RecordVersion(
            record=row, by_id=actor.staff_id, saved_at=now, base_revision=base_revision, digest=row.digest
        )
        chosen.answers = json.dumps(cleaned, ensure_ascii=False)
        chosen.save(force_insert=True)
    kept.settled_at = now
    kept.save(update_fields=["settled_at"])
    audit.record(
        actor, "visit.settle_conflict", path=selectors.path_of(row.visit_student), target=row,
        detail={"changed": answers is not None},
    )  # fmt: skip
    return row
