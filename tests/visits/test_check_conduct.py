"""One self-check for each outing and person, online for each visit; every line of the code is answered."""

import pytest

from jiafang.access.fence import system_fence
from jiafang.lib.errors import Problem
from jiafang.visits.models import SelfCheck
from jiafang.visits.services import check_conduct

KEPT = {1: True, 2: True}


def test_each_of_the_team_checks_once_and_may_correct(road):
    outing = road.held("a").outing
    assert road.act("ban", check_conduct, outing=outing, answers=KEPT).all_kept
    assert road.act("ke", check_conduct, outing=outing, answers=KEPT).all_kept
    again = road.act("ban", check_conduct, outing=outing, answers={1: False, 2: True}, note="迟到")
    assert not again.all_kept
    with system_fence("look"):
        assert SelfCheck.objects.count() == 2


def test_online_it_is_done_for_the_visit(road):
    visit = road.held("a", mode="online", companion=None)
    assert road.act("ban", check_conduct, visit=visit, answers=KEPT).visit_id == visit.pk
    with pytest.raises(Problem, match="每次外出"):
        road.act("ban", check_conduct, visit=road.held("b"), answers=KEPT)


def test_every_line_is_answered(road):
    with pytest.raises(Problem) as refused:
        road.act("ban", check_conduct, outing=road.held("a").outing, answers={1: True})
    assert refused.value.fields == {"2": ["请选择。"]}


def test_not_before_anything_was_made(road):
    with pytest.raises(Problem) as refused:
        road.act("ban", check_conduct, outing=road.visit("a", hours=5).outing, answers=KEPT)
    assert refused.value.code == "state"


@pytest.mark.parametrize("who", ["xiao", "ban2", "wai"])
def test_nobody_checks_for_others(road, who):
    outing = road.held("a").outing
    with pytest.raises(Problem) as refused:
        road.act(who, check_conduct, outing=outing, answers=KEPT)
    assert refused.value.answer()["code"] == "not_found"
