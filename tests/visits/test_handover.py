"""A change of class teacher: what is ahead passes on, what is past is closed to the old one at once."""

from datetime import timedelta

import pytest

from jiafang.access.fence import fenced, system_fence
from jiafang.lib import clock
from jiafang.units.services import appoint, hand_over
from jiafang.visits.models import Record, Visit
from tests.cast import SYSTEM


@pytest.fixture
def road(road):
    """ban keeps a post as subject teacher of the same class, so that only the class is handed over, not the person."""
    appoint(SYSTEM, staff=road.cast.staff["ban"], unit=road.cast.klass, role="subject_teacher", begins=clock.today())
    return road


def visible(road, who):
    with fenced(road.cast.actor(who).reach):
        return set(Visit.objects.values_list("pk", flat=True))


def test_visits_ahead_are_led_by_the_new_one(road):
    ahead = road.visit("a", hours=5)
    hand_over(SYSTEM, klass=road.cast.klass, new=road.cast.staff["nian"])
    ahead = road.fresh(ahead)
    assert (ahead.lead, ahead.outing.lead) == (road.cast.staff["nian"], road.cast.staff["nian"])
    assert visible(road, "ban") == set()


def test_who_was_to_go_along_does_not_accompany_himself(road):
    ahead = road.visit("a", hours=5)
    hand_over(SYSTEM, klass=road.cast.klass, new=road.cast.staff["ke"])
    assert (road.fresh(ahead).lead, road.fresh(ahead).companion) == (road.cast.staff["ke"], None)


def test_visits_made_keep_who_made_them_and_close_to_the_old_one(road):
    made = road.held("a")
    record = road.submitted(made)
    assert visible(road, "ban") == {made.pk}
    hand_over(SYSTEM, klass=road.cast.klass, new=road.cast.staff["nian"])
    assert road.fresh(made).lead == road.cast.staff["ban"]
    assert visible(road, "ban") == set()
    with fenced(road.cast.actor("ban").reach):
        assert not Record.objects.filter(pk=record.pk).exists()
    assert visible(road, "nian") == {made.pk}


def test_a_visit_he_goes_along_on_later_is_open_again(road):
    hand_over(SYSTEM, klass=road.cast.klass, new=road.cast.staff["nian"])
    with clock.freeze(clock.now() + timedelta(days=9)):
        later = road.visit("a", lead="nian", companion="ban", hours=5)
        assert visible(road, "ban") == {later.pk}


def test_a_shared_outing_is_parted(road):
    ahead = road.visit("a", hours=5)
    with system_fence("test"):
        other = road.visit("c", hours=6)
        other.outing = ahead.outing
        other.save()
    hand_over(SYSTEM, klass=road.cast.klass, new=road.cast.staff["nian"])
    assert road.fresh(other).outing.lead == road.cast.staff["ban"]
    assert road.fresh(ahead).outing.lead == road.cast.staff["nian"]
