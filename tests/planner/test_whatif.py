"""What another rule would bring: each variant is a clean plan of its own problem, and its figures are that plan's."""

from dataclasses import replace

import pytest

from jiafang.planner import solve, what_if
from jiafang.planner.check import check_plan
from jiafang.planner.format import load_problem
from jiafang.planner.synthetic import district
from jiafang.planner.whatif import VARIANTS, without_weekends

pytestmark = [pytest.mark.planner]


@pytest.fixture(scope="module")
def problem():
    return load_problem(district(1, 3, 45, 4, seed=6))


def test_each_outlook_is_of_a_clean_plan(problem):
    found = what_if(problem, iterations=5000)
    assert [one.name for one in found] == ["as_is", *VARIANTS]
    dates = {slot.id: slot.date for slot in problem.slots}
    for one in found:
        changed = VARIANTS[one.name](problem) if one.name in VARIANTS else problem
        result = check_plan(changed, one.plan)
        assert result.ok, result.violations[:3]
        assert one.cost == pytest.approx(result.cost) and one.unplaced == len(one.plan.unplaced)
        used = [out.slot for out in one.plan.outings] + [talk.slot for talk in one.plan.online]
        assert one.last_day == max(dates[slot] for slot in used)
        assert one.outings == len(one.plan.outings) and one.busiest >= one.mean > 0
    assert found[0].plan == solve(problem, iterations=5000)


def test_without_weekends_nobody_goes_out_then(problem):
    plan = solve(without_weekends(problem), iterations=5000)
    weekend = {slot.id for slot in problem.slots if slot.date.weekday() >= 5}
    assert not weekend & {out.slot for out in plan.outings} and plan.outings


def test_nothing_to_plan(problem):
    empty = replace(problem, visits=(), leaders=(), fixed=())
    assert all(one.outings == one.unplaced == 0 and one.last_day is None for one in what_if(empty))
