"""A visit counts as made when who led it says so."""

from datetime import timedelta

import pytest

from jiafang.campaigns.models import ConductAcknowledgement
from jiafang.lib.errors import Problem
from jiafang.visits.services import hold


def test_planned_times_stand_and_the_hours_run(road, noon):
    visit = road.act("ban", hold, visit=road.visit("a"))
    assert (visit.state, visit.held_from, visit.held_until) == ("held", visit.starts_at, visit.ends_at)
    assert visit.due_at == visit.ends_at + timedelta(hours=48)


def test_a_visit_still_going_on_ends_now(road, noon):
    visit = road.act("ban", hold, visit=road.visit("a", hours=-0.25))
    assert visit.held_until == noon


def test_given_times_win(road, noon):
    begins = noon - timedelta(hours=1)
    visit = road.act("ban", hold, visit=road.visit("a"), held_from=begins, held_until=noon)
    assert (visit.held_from, visit.held_until) == (begins, noon)


def test_without_a_rule_of_hours_nothing_is_due(road):
    road.campaign.record_hours = None
    road.campaign.save()
    assert road.act("ban", hold, visit=road.visit("a")).due_at is None


def test_hours_of_an_outing_already_back_run_from_the_return(road, noon):
    visit = road.visit("a")
    visit.outing.returned_at = noon - timedelta(minutes=20)
    visit.outing.save()
    assert road.act("ban", hold, visit=visit).due_at == noon - timedelta(minutes=20) + timedelta(hours=48)


@pytest.mark.parametrize(("begins", "ends"), [(1, 2), (-1, 1), (-1, -2), (-9, -1)])
def test_never_in_the_future_nor_senseless(road, noon, begins, ends):
    visit = road.visit("a")
    with pytest.raises(Problem) as refused:
        road.act(
            "ban", hold, visit=visit, held_from=noon + timedelta(hours=begins), held_until=noon + timedelta(hours=ends)
        )
    assert refused.value.code == "invalid"
    assert road.fresh(visit).state == "appointed"


def test_not_before_its_time(road):
    with pytest.raises(Problem, match="还没到约定的时间"):
        road.act("ban", hold, visit=road.visit("a", hours=3))


def test_who_has_not_read_the_code_does_not_go(road):
    ConductAcknowledgement.objects.all().delete()
    with pytest.raises(Problem, match="行为守则"):
        road.act("ban", hold, visit=road.visit("a"))


@pytest.mark.parametrize(
    ("who", "code"), [("ke", "not_allowed"), ("xiao", "not_allowed"), ("ban2", "not_found"), ("waixiao", "not_found")]
)
def test_only_who_led_it(road, who, code):
    with pytest.raises(Problem) as refused:
        road.act(who, hold, visit=road.visit("a"))
    assert refused.value.code == code


@pytest.mark.parametrize("state", ["held", "confirmed", "declined", "cancelled"])
def test_only_from_a_visit_ahead(road, state):
    with pytest.raises(Problem) as refused:
        road.act("ban", hold, visit=road.visit("a", state=state))
    assert refused.value.code == "state"
