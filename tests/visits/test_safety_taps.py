"""出发 and 平安返回: two optional taps; the hours for the records run from the second."""

from datetime import timedelta

import pytest

from jiafang.campaigns.models import ConductAcknowledgement
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.visits.services import depart, return_safe


def test_companion_and_lead_tap_once_and_again_changes_nothing(road, noon):
    outing = road.visit("a", hours=1).outing
    assert road.act("ke", depart, outing=outing).departed_at == noon
    with clock.freeze(noon + timedelta(minutes=5)):
        assert road.act("ban", depart, outing=outing).departed_at == noon


def test_the_return_moves_the_deadline_of_what_was_held(road, noon):
    visit = road.held("a")
    with clock.freeze(noon + timedelta(hours=1)):
        road.act("ke", return_safe, outing=visit.outing)
    assert road.fresh(visit).due_at == noon + timedelta(hours=49)


def test_the_return_leaves_a_stopped_deadline_alone(road, noon):
    visit = road.held("a")
    record = road.submitted(visit)
    with clock.freeze(noon + timedelta(hours=1)):
        road.act("ke", return_safe, outing=visit.outing)
    assert road.fresh(record).due_at == visit.due_at


def test_not_on_another_day(road):
    with pytest.raises(Problem, match="当天"):
        road.act("ban", depart, outing=road.visit("a", hours=30).outing)
    with pytest.raises(Problem, match="还没到"):
        road.act("ban", return_safe, outing=road.visit("b", hours=30).outing)


def test_who_has_not_read_the_code_does_not_depart(road):
    ConductAcknowledgement.objects.filter(staff=road.cast.staff["ke"]).delete()
    with pytest.raises(Problem, match="行为守则"):
        road.act("ke", depart, outing=road.visit("a", hours=1).outing)


@pytest.mark.parametrize("who", ["xiao", "ban2", "ke2", "wai"])
def test_nobody_taps_for_others(road, who):
    outing = road.visit("a", hours=1).outing
    with pytest.raises(Problem) as refused:
        road.act(who, depart, outing=outing)
    assert refused.value.answer()["code"] == "not_found"


def test_a_return_reported_days_later_moves_no_deadline(road, noon):
    visit = road.held("a")
    with clock.freeze(noon + timedelta(days=2)):
        row = road.act("ke", return_safe, outing=visit.outing)
    assert row.returned_at == noon + timedelta(days=2)
    assert road.fresh(visit).due_at == visit.due_at
