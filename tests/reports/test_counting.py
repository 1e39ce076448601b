"""The pure counting of a class, each part against numbers found by hand."""

from datetime import datetime, timedelta

import pytest

from jiafang.lib.clock import TZ
from jiafang.reports.counting import Category, VisitRow, children, count, needs_of

pytestmark = pytest.mark.pure
T0 = datetime(2026, 3, 4, 18, 0, tzinfo=TZ)  # a Wednesday
HOME_ONLY = Category("six", frozenset({"tok-left", "tok-poor"}), frozenset({"home"}), 1, True)
TWICE = Category("psy", frozenset({"tok-psy"}), frozenset(), 2, True)
WATCH = Category("watch", frozenset({"tok-watch"}), frozenset(), 1, False)
ALL = [HOME_ONLY, TWICE, WATCH]


def visit(student, n, mode="home", *, day=0, submitted=None, due=None, confirmed=False, companion=True, first=True):
    return VisitRow(student, n, mode, T0 + timedelta(days=day), first, submitted, due, confirmed, companion)


def tally(enrolled, visits, tokens=()):
    return count(children(enrolled, visits, dict(tokens), ALL), ALL)


def test_an_empty_class_counts_nothing():
    assert tally([], []) == {"categories": {"six": [0, 0, 0], "psy": [0, 0, 0], "watch": [0, 0, 0]}, "weeks": {}}


def test_first_visits_by_mode_add_up_to_visited():
    got = tally("abcd", [visit("a", 1, "online"), visit("a", 2, day=1), visit("b", 3), visit("c", 4, "other")])
    assert (got["students"], got["visited"], got["visits"]) == (4, 3, 4)
    assert (got["first_online"], got["first_on_site"]) == (1, 2)
    assert (got["online"], got["on_site"]) == (1, 3)


def test_siblings_are_two_pupil_visits_and_one_household_visit():
    got = tally("ab", [visit("a", 1), visit("b", 1, first=False)])
    assert (got["visits"], got["household_visits"]) == (2, 1)


def test_an_online_visit_does_not_satisfy_a_home_only_category():
    got = tally("ab", [visit("a", 1, "online"), visit("b", 2)], {"a": ["tok-left"], "b": ["tok-left"]})
    assert (got["special_students"], got["special_reached"], got["special_visits"]) == (2, 1, 1)
    assert got["categories"]["six"] == [2, 1, 1]


def test_second_visits_of_special_children_and_nobody_else():
    visits = [visit("a", 1), visit("a", 2, day=30), visit("b", 3), visit("b", 4, day=30)]
    got = tally("ab", visits, {"a": ["tok-poor"]})
    assert (got["special_visited"], got["special_second"], got["special_visits"]) == (1, 1, 2)


def test_two_categories_ask_the_stricter_of_both():
    assert needs_of(["tok-left", "tok-psy"], ALL).minimum == 2
    assert needs_of(["tok-left", "tok-psy"], ALL).modes == frozenset({"home"})
    got = tally("a", [visit("a", 1), visit("a", 2, "online")], {"a": ["tok-left", "tok-psy"]})
    assert "special_reached" not in got and got["special_visits"] == 1


def test_a_child_who_only_needs_following_up_is_not_special():
    got = tally("a", [visit("a", 1)], {"a": ["tok-watch"]})
    assert "special_students" not in got and got["categories"]["watch"] == [1, 1, 1]


def test_who_left_keeps_the_visits_but_not_the_coverage():
    got = tally("a", [visit("gone", 1)], {"gone": ["tok-left"]})
    assert got["students"] == 1 and got["visits"] == 1
    assert "visited" not in got and "special_students" not in got and "first_on_site" not in got


def test_records_needed_submitted_on_time_and_confirmed():
    due = T0 + timedelta(hours=48)
    visits = [
        visit("a", 1, submitted=due, due=due, confirmed=True),
        visit("b", 2, submitted=due + timedelta(seconds=1), due=due),
        visit("c", 3, submitted=T0, due=None, companion=False, confirmed=True),
        visit("d", 4, due=due),
    ]
    got = tally("abcd", visits)
    assert (got["records_needed"], got["records_submitted"], got["records_on_time"]) == (4, 3, 2)
    assert (got["records_with_companion"], got["records_confirmed"]) == (2, 1)
    assert got["files"] == 3


def test_weeks_are_named_by_their_monday_in_shanghai():
    late_sunday = datetime(2026, 3, 8, 23, 30, tzinfo=TZ)
    rows = [VisitRow("a", 1, "home", late_sunday, True, None, None, False, True), visit("b", 2)]
    assert tally("ab", rows)["weeks"] == {"2026-03-02": 2}
