"""PUT of a record: new, same, saved; and whatever cannot be applied is kept and told."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from jiafang.access.fence import system_fence
from jiafang.access.models import AuditRow
from jiafang.access.vault import texts
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.units.services import hand_over
from jiafang.visits.models import Record, RecordVersion
from tests.cast import SYSTEM

A, B, C = {"process": "甲"}, {"process": "乙"}, {"process": "丙"}


def texts_of(record):
    with system_fence("look"):
        return [json.loads(t)["process"] for t in texts(v.answers for v in RecordVersion.objects.filter(record=record))]


def standing(record):
    with system_fence("look"):
        return json.loads(texts([Record.objects.get(pk=record.pk).answers])[0] or "{}")


def conflicts():
    with system_fence("look"):
        return list(RecordVersion.objects.filter(conflict=True))


def test_first_save_is_new_and_the_same_again_is_the_same(road):
    visit, key = road.held("a"), uuid4()
    assert road.send("ban", visit, A, record_id=key).status == 201
    again = road.send("ban", visit, A, record_id=key)
    assert (again.status, again.outcome, again.record.revision) == (200, "same", 1)
    assert texts_of(again.record) == ["甲"]


def test_a_save_on_the_newest_revision_is_applied(road):
    visit, key = road.held("a"), uuid4()
    road.send("ban", visit, A, record_id=key)
    saved = road.send("ban", visit, B, record_id=key, base=1)
    assert (saved.status, saved.record.revision, standing(saved.record)) == (200, 2, B)


def test_two_tabs_keep_both(road):
    visit, key = road.held("a"), uuid4()
    road.send("ban", visit, A, record_id=key)
    road.send("ban", visit, B, record_id=key, base=1)
    met = road.send("ban", visit, C, record_id=key, base=1)
    assert (met.status, met.outcome) == (409, "kept")
    assert standing(met.record) == B
    assert [c.pk for c in conflicts()] == [met.conflict.pk]
    assert road.send("ban", visit, C, record_id=key, base=1).conflict.pk == met.conflict.pk
    assert len(conflicts()) == 1


def test_two_devices_with_ids_of_their_own_keep_both(road):
    visit = road.held("a")
    first = road.send("ban", visit, A)
    met = road.send("ban", visit, B)
    assert (met.status, met.record.pk) == (409, first.record.pk)
    same = road.send("ban", visit, A)
    assert (same.status, same.record.pk) == (200, first.record.pk)


def test_an_old_save_arriving_late_does_not_turn_back(road):
    visit, key = road.held("a"), uuid4()
    road.send("ban", visit, A, record_id=key)
    with clock.freeze(clock.now() + timedelta(minutes=10)):
        road.send("ban", visit, B, record_id=key, base=1)
        late = road.send("ban", visit, A, record_id=key)
    assert (late.status, late.conflict) == (409, None)  # its text stands in the history already
    assert standing(late.record) == B


def test_saves_of_one_writing_share_a_row_and_one_line_of_audit(road, noon):
    visit, key = road.held("a"), uuid4()
    road.send("ban", visit, A, record_id=key)
    road.send("ban", visit, B, record_id=key, base=1)
    with clock.freeze(noon + timedelta(minutes=3)):
        record = road.send("ban", visit, C, record_id=key, base=2).record
    assert texts_of(record) == ["乙", "丙"]
    assert AuditRow.objects.filter(verb="visit.save_draft").count() == 2


def test_notes_may_begin_before_the_visit_is_marked_as_made(road):
    assert road.send("ban", road.visit("a"), A).status == 201


def test_what_reaches_a_submitted_record_is_kept_beside_it(road):
    visit = road.held("a")
    record = road.submitted(visit)
    met = road.send("ban", visit, A, record_id=record.pk, base=record.revision)
    assert met.status == 409
    assert standing(record)["process"] == "谈了作息"
    assert "已提交" in met.message


def test_a_clock_off_by_more_than_five_minutes_is_flagged(road, noon):
    visit, key = road.held("a"), uuid4()
    assert road.send("ban", visit, A, record_id=key, client_time=noon + timedelta(minutes=6)).clock_off
    assert not road.send("ban", visit, B, record_id=key, base=1, client_time=noon - timedelta(minutes=4)).clock_off


def test_damaged_or_unknown_content_is_refused(road):
    visit = road.held("a")
    with pytest.raises(Problem, match="传送中损坏"):
        from jiafang.visits.services import Sent, save_draft

        road.act("ban", save_draft, sent=Sent(uuid4(), road.child(visit).pk, A, digest="0" * 64))
    with pytest.raises(Problem) as refused:
        road.send("ban", visit, {"school": "别的学校"})
    assert refused.value.fields["school"] == ["这一栏由系统填写，不用再填。"]


def test_an_id_of_another_child_is_refused(road):
    first = road.send("ban", road.held("a"), A).record
    with pytest.raises(Problem) as refused:
        road.send("ban", road.held("b"), B, record_id=first.pk)
    assert refused.value.code == "conflict"


@pytest.mark.parametrize(("who", "code"), [("ke", "not_allowed"), ("xiao", "not_allowed"), ("nian", "not_allowed")])
def test_readers_do_not_write(road, who, code):
    with pytest.raises(Problem) as refused:
        road.send(who, road.held("a"), A)
    assert refused.value.code == code


@pytest.mark.parametrize("who", ["ban2", "ke2", "wai", "ju", "jiu2"])
def test_strangers_learn_and_leave_nothing(road, who):
    visit = road.held("a")
    key = road.send("ban", visit, A).record.pk
    with pytest.raises(Problem) as refused:
        road.send("wai" if who == "jiu2" else who, visit, B, record_id=key, base=1)
    assert refused.value.code == "not_found"
    assert conflicts() == []


def test_not_for_a_visit_that_was_declined(road):
    with pytest.raises(Problem) as refused:
        road.send("ban", road.visit("a", state="declined"), A)
    assert refused.value.code == "state"


@pytest.fixture
def handed_over(road):
    """The class passes to ke while ban still has a post elsewhere and a draft on the phone."""
    from jiafang.units.services import appoint

    cast = road.cast
    appoint(SYSTEM, staff=cast.staff["ban"], unit=cast.klass2, role="subject_teacher", begins=clock.today())
    visit = road.held("a")
    key = road.send("ban", visit, A).record.pk
    hand_over(SYSTEM, klass=cast.klass, new=cast.staff["ke"])
    return visit, key


def test_a_draft_whose_right_ended_is_kept_for_the_successor(road, handed_over):
    visit, key = handed_over
    sent = road.send("ban", visit, B, record_id=key, base=1)
    assert (sent.status, sent.outcome, sent.record) == (409, "stray", None)
    assert "妥善保存" in sent.message
    (kept,) = conflicts()
    assert kept.stray and kept.by_id == road.cast.staff["ban"].pk
    with system_fence("look"):
        assert json.loads(texts([kept.answers])[0]) == B


def test_a_stray_draft_begins_the_record_when_there_is_none(road, handed_over):
    _visit, _key = handed_over
    other = road.visit("b", state="held", lead="ban", companion=None, starts_at=clock.now() - timedelta(days=3))
    assert road.send("ban", other, B).outcome == "stray"
    with system_fence("look"):
        record = Record.objects.get(visit_student__visit=other)
    assert (record.revision, standing(record)) == (0, {})
    taken_on = road.send("ke", other, C, record_id=record.pk, base=0)
    assert (taken_on.status, standing(record)) == (200, C)
