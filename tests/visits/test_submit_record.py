"""Handing a record in: complete, after the visit, and the first time stops the clock."""

from datetime import timedelta
from uuid import uuid4

import pytest

from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.visits.models import Outline
from jiafang.visits.services import prepare
from tests.visits.conftest import FULL


def test_the_first_submission_stops_the_clock(road, noon):
    visit = road.held("a")
    record = road.submitted(visit)
    assert (record.state, record.first_submitted_at, record.due_at) == ("submitted", noon, visit.due_at)
    assert road.fresh(visit).state == "recorded"
    with clock.freeze(noon + timedelta(hours=80)):
        again = road.send("ban", visit, FULL | {"demands": "早点放学"}, record_id=record.pk, base=1, submit=True)
    assert (again.status, again.record.first_submitted_at) == (200, noon)


def test_the_same_submission_twice_is_one(road):
    visit, key = road.held("a"), uuid4()
    first = road.send("ban", visit, record_id=key, submit=True)
    second = road.send("ban", visit, record_id=key, submit=True)
    assert (first.status, second.status, second.record.revision) == (201, 200, 1)


def test_what_is_missing_is_named_and_the_rest_is_kept(road):
    visit, key = road.held("a"), uuid4()
    answer = road.send("ban", visit, {"process": "谈了作息"}, record_id=key, submit=True)
    assert (answer.status, set(answer.faults)) == (400, {"preparation", "demands"})
    assert answer.record.state == "draft"
    done = road.send("ban", visit, FULL, record_id=key, base=1, submit=True)
    assert done.record.state == "submitted"


def test_not_before_the_visit_was_made(road):
    answer = road.send("ban", road.visit("a"), submit=True)
    assert "先登记" in answer.faults["visit"][0]
    assert answer.record.state == "draft"


def test_siblings_are_written_one_by_one_and_the_last_moves_the_visit(road):
    visit = road.visit("a", "c", state="held")
    road.send("ban", visit, key="a", submit=True)
    assert road.fresh(visit).state == "held"
    road.send("ban2", visit, key="c", submit=True)
    assert road.fresh(visit).state == "recorded"


def test_a_sibling_of_another_class_is_written_by_its_own_class_teacher(road):
    visit = road.visit("a", "c", state="held")
    with pytest.raises(Problem) as refused:
        road.send("ban2", visit, key="a", submit=True)
    assert refused.value.code == "not_found"


def test_preparation_comes_from_the_outline(road):
    visit = road.held("a")
    outline = road.act("ban", prepare, visit_student=road.child(visit), body=[{"title": "学习", "text": "问作业"}])
    assert isinstance(outline, Outline)
    answer = road.send("ban", visit, {"process": "谈", "demands": "无"}, submit=True)
    assert (answer.status, answer.record.state) == (201, "submitted")


@pytest.mark.parametrize("who", ["ke", "xiao", "zhong"])
def test_only_lead_and_class_teacher_hand_in(road, who):
    with pytest.raises(Problem) as refused:
        road.send(who, road.held("a"), submit=True)
    assert refused.value.code == "not_allowed"
