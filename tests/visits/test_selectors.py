"""Lists: who finds what, in order, and for the same number of queries whatever their length."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiafang.access.fence import fenced
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.visits import selectors
from jiafang.visits.selectors import Filter
from jiafang.visits.services import check_conduct
from jiafang.visits.states import Moment, VisitState, moment_of


def look(road, who, selector, *given):
    actor = road.cast.actor(who)
    with fenced(actor.reach):
        found = selector(actor, *given)
        return list(found) if not isinstance(found, (list, dict)) else found


@pytest.fixture
def busy(road):
    """One of each: made and unwritten, handed in, ahead tonight and tomorrow, late, placed only, of the other class."""
    return {
        "due": road.held("a"),
        "late": road.visit("b", state="held", hours=-70),
        "tonight": road.visit("a", hours=6),
        "tomorrow": road.visit("b", hours=30, mode="online", companion=None),
        "planned": road.visit("a", state="planned", hours=50),
        "other": road.visit("c", lead="ban2", companion="ke2", hours=7),
    }


def test_each_sees_the_visits_of_own_children_and_of_own_ways(road, busy):
    def seen(who, **wanted):
        rows = look(road, who, selectors.visits_of, Filter(**wanted))
        return {name for name, visit in busy.items() if visit in rows}

    mine = {"due", "late", "tonight", "tomorrow"}
    assert seen("ban") == mine
    assert seen("ke") == mine - {"tomorrow"}
    assert seen("ban2") == seen("ke2") == {"other"}
    assert seen("xiao") == seen("xin") == {*mine, "other"}
    assert seen("wai") == seen("ju") == seen("yi") == set()
    assert seen("xiao", klass=road.cast.klass2.pk) == {"other"}
    assert seen("xiao", mode="online") == {"tomorrow"}
    assert seen("xiao", late=True) == {"late"}
    assert seen("xiao", state="ahead") == {"tonight", "tomorrow", "other"}
    assert seen("xiao", state="held") == {"due", "late"}
    assert seen("xiao", teacher=road.cast.staff["ke2"].pk) == {"other"}
    assert seen("xiao", words="金丝雀b") == {"late", "tomorrow"}
    assert seen("xiao", week=clock.today()) == {"due", "tonight", "tomorrow", "other"}


def test_the_companion_sees_the_child_of_his_visit_and_no_other(road, busy):
    rows = look(road, "ke", selectors.visits_of)
    assert {child.student.name for visit in rows for child in visit.visit_students.all()} == {"金丝雀a名", "金丝雀b名"}


def test_siblings_share_the_visit_and_each_class_sees_its_child(road):
    shared = road.visit("a", "c", hours=5, companion="nian")
    for who, name in (("ban2", "金丝雀c名"), ("xiao", None)):
        (visit,) = look(road, who, selectors.visits_of)
        names = {child.student.name for child in visit.visit_students.all()}
        assert visit == shared
        assert names == ({name} if name else {"金丝雀a名", "金丝雀c名"})


def test_tonight_and_the_week_are_of_the_person(road, busy):
    assert look(road, "ban", selectors.tonight) == [busy["due"], busy["tonight"]]
    assert look(road, "xiao", selectors.tonight) == []
    days = look(road, "ban", selectors.week, clock.today())
    assert [day.day.isoweekday() for day in days] == [1, 2, 3, 4, 5, 6, 7]
    assert [visit for day in days for visit in day.visits][-1] == busy["tomorrow"]


def test_records_due_come_most_urgent_first(road, busy):
    rows = look(road, "ban", selectors.records_due)
    assert [row.visit for row in rows] == [busy["late"], busy["due"]]
    assert (rows[0].late, rows[0].hours_late, rows[1].late, rows[1].hours_left) == (True, 21, False, 46)
    assert look(road, "ke", selectors.records_due) == []
    road.submitted(busy["due"])
    assert [row.visit for row in look(road, "ban", selectors.records_due)] == [busy["late"]]


def test_late_with_whom_and_how_long(road, busy):
    (row,) = look(road, "xiao", selectors.late)
    assert (row.visit, row.with_whom, row.hours_late, row.record) == (busy["late"], road.cast.staff["ban"], 21, None)
    draft = road.send("ban", busy["late"]).record
    assert look(road, "xiao", selectors.late)[0].record == draft
    road.send("ban", busy["late"], record_id=draft.pk, base=1, submit=True)
    assert look(road, "xiao", selectors.late) == []


def test_to_confirm_is_for_who_went_along(road, busy):
    record = road.submitted(busy["due"])
    assert look(road, "ke", selectors.to_confirm) == [record]
    assert look(road, "ban", selectors.to_confirm) == []


def test_self_checks_wait_until_done(road, busy):
    assert look(road, "ke", selectors.without_check) == [busy["late"].outing, busy["due"].outing]
    road.act("ke", check_conduct, outing=busy["due"].outing, answers={1: True, 2: True})
    assert look(road, "ke", selectors.without_check) == [busy["late"].outing]
    assert look(road, "ban", selectors.without_check) == [busy["late"].outing, busy["due"].outing]


def test_of_student_newest_first(road, busy):
    assert look(road, "ban", selectors.of_student, road.cast.students["a"]) == [busy["tonight"], busy["due"]]
    assert look(road, "ban2", selectors.of_student, road.cast.students["a"]) == []


def test_one_visit_or_not_found(road, busy):
    assert look(road, "ke", lambda actor, pk: [selectors.visit(actor, pk)], busy["due"].pk) == [busy["due"]]
    for who, name in (("ban2", "due"), ("wai", "due"), ("ban", "planned")):
        with pytest.raises(Problem, match="没有找到"):
            look(road, who, lambda actor, pk: [selectors.visit(actor, pk)], busy[name].pk)


def test_tally_counts_in_one_query(road, busy, django_assert_num_queries):
    actor = road.cast.actor("xiao")
    with fenced(actor.reach), django_assert_num_queries(1):
        counts = selectors.tally(selectors.visits_of(actor))
    assert (counts["all"], counts["held"], counts["late"], counts["appointed"]) == (5, 2, 1, 3)


LISTS = {
    "visits_of": selectors.visits_of,
    "tonight": selectors.tonight,
    "week": lambda actor: selectors.week(actor, clock.today()),
    "records_due": selectors.records_due,
    "to_confirm": selectors.to_confirm,
    "late": selectors.late,
    "without_check": selectors.without_check,
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("who", ["ban", "ke"])
def test_queries_do_not_grow_with_the_rows(road, name, who):
    actor = road.cast.actor(who)

    def count():
        with fenced(actor.reach), CaptureQueriesContext(connection) as queries:
            for row in LISTS[name](actor):
                for shown in row.visits if isinstance(row, selectors.DayOf) else [row]:
                    _read(shown)
        return len(queries)

    def grow():
        road.held("a")
        road.visit("b", state="held", hours=-70)
        road.visit("a", hours=6)
        road.submitted(road.held("b"))

    grow()
    once = count()
    grow()
    grow()
    assert count() == once <= 2


def _read(row):
    """Touch what a page shows."""
    if hasattr(row, "visit_students"):
        return [row.team, row.moment, row.outing, *((c.student.name, c.klass.label) for c in row.visit_students.all())]
    if hasattr(row, "visit_student"):
        return [row.visit_student.student.name, row.visit_student.klass.label, row.visit_student.visit.lead.name]
    return [row.lead.name, row.day]


@pytest.mark.parametrize(
    ("state", "starts", "due", "alone", "now"),
    [
        ("appointed", 3, None, False, Moment.TODAY),
        ("published", 30, None, False, VisitState.PUBLISHED),
        ("appointed", -30, None, False, Moment.PASSED),
        ("held", -3, 1, False, VisitState.HELD),
        ("held", -3, -1, False, Moment.LATE),
        ("recorded", -3, -1, False, VisitState.RECORDED),
        ("recorded", -3, None, True, Moment.HANDED_IN),
    ],
)
def test_what_the_clock_adds_to_the_state(noon, state, starts, due, alone, now):
    due_at = None if due is None else noon + timedelta(hours=due)
    assert moment_of(state, starts_at=noon + timedelta(hours=starts), due_at=due_at, alone=alone) is now
