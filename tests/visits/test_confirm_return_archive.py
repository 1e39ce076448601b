"""Who went along confirms, the school returns or files; nothing moves on while two texts are unsettled."""

import pytest

from jiafang.campaigns.models import ConductAcknowledgement
from jiafang.lib.errors import Problem
from jiafang.visits.services import archive_record, confirm_record, return_record
from tests.cast import CANARY
from tests.visits.conftest import FULL

assert CANARY


def test_the_companion_confirms(road):
    visit = road.held("a")
    record = road.act("ke", confirm_record, record=road.submitted(visit))
    assert (record.state, record.confirmed_by_id) == ("confirmed", road.cast.staff["ke"].pk)
    assert road.fresh(visit).state == "confirmed"


def test_siblings_confirm_the_visit_with_the_last_record(road):
    visit = road.visit("a", "b", state="held")
    first, second = road.submitted(visit, "a"), road.submitted(visit, "b")
    road.act("ke", confirm_record, record=first)
    assert road.fresh(visit).state == "recorded"
    road.act("ke", confirm_record, record=second)
    assert road.fresh(visit).state == "confirmed"


@pytest.mark.parametrize(
    ("who", "code"), [("ban", "not_allowed"), ("xiao", "not_allowed"), ("ke2", "not_found"), ("wai", "not_found")]
)
def test_nobody_else_confirms(road, who, code):
    record = road.submitted(road.held("a"))
    with pytest.raises(Problem) as refused:
        road.act(who, confirm_record, record=record)
    assert refused.value.answer()["code"] == code


def test_a_companion_who_has_not_read_the_code_reads_it_first(road):
    record = road.submitted(road.held("a"))
    ConductAcknowledgement.objects.filter(staff=road.cast.staff["ke"]).delete()
    with pytest.raises(Problem, match="行为守则"):
        road.act("ke", confirm_record, record=record)


def test_a_draft_is_not_confirmed(road):
    with pytest.raises(Problem) as refused:
        road.act("ke", confirm_record, record=road.send("ban", road.held("a")).record)
    assert refused.value.code == "state"


def test_the_school_returns_and_the_teacher_completes(road, noon):
    visit = road.held("a")
    record = road.submitted(visit)
    road.act("ke", confirm_record, record=record)
    record = road.act("zhong", return_record, record=record, remark="请补充家长诉求")
    assert (record.state, record.remark, record.confirmed_by) == ("returned", "请补充家长诉求", None)
    assert road.fresh(visit).state == "held"
    done = road.send("ban", visit, FULL | {"demands": "希望少些作业"}, record_id=record.pk, base=1, submit=True)
    assert (done.record.state, done.record.remark, done.record.first_submitted_at) == ("submitted", "", noon)


def test_a_return_says_why(road):
    record = road.submitted(road.held("a"))
    with pytest.raises(Problem, match="写明"):
        road.act("zhong", return_record, record=record, remark=" ")


@pytest.mark.parametrize(("who", "code"), [("ban", "not_allowed"), ("ke", "not_allowed"), ("waixiao", "not_found")])
def test_only_the_school_returns(road, who, code):
    record = road.submitted(road.held("a"))
    with pytest.raises(Problem) as refused:
        road.act(who, return_record, record=record, remark="补充")
    assert refused.value.code == code


def test_confirmed_visits_are_filed_and_stay_as_they_are(road):
    visit = road.held("a")
    record = road.submitted(visit)
    road.act("ke", confirm_record, record=record)
    assert road.act("xiao", archive_record, visit=visit).state == "archived"
    with pytest.raises(Problem) as refused:
        road.act("zhong", return_record, record=record, remark="再补")
    assert refused.value.code == "state"
    assert road.send("ban", visit, {"process": "改"}, record_id=record.pk, base=1).status == 409


def test_without_the_companions_word_nothing_is_filed(road):
    visit = road.held("a")
    road.submitted(visit)
    with pytest.raises(Problem, match="还没有确认"):
        road.act("xiao", archive_record, visit=visit)


def test_an_online_visit_is_filed_without_a_companion(road):
    visit = road.held("a", mode="online", companion=None)
    road.submitted(visit)
    assert road.act("xiao", archive_record, visit=visit).state == "archived"


def test_two_texts_are_settled_before_filing(road):
    visit = road.held("a")
    record = road.submitted(visit)
    road.send("ban", visit, {"process": "另一页写的"}, record_id=record.pk)
    road.act("ke", confirm_record, record=record)
    with pytest.raises(Problem, match="两份内容"):
        road.act("xiao", archive_record, visit=visit)


@pytest.mark.parametrize("who", ["ban", "ke"])
def test_teachers_do_not_file(road, who):
    visit = road.held("a")
    road.act("ke", confirm_record, record=road.submitted(visit))
    with pytest.raises(Problem) as refused:
        road.act(who, archive_record, visit=visit)
    assert refused.value.code == "not_allowed"
