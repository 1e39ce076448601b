"""Variants side by side: each keeps the rules it changes, and the figures are those of its plan."""

import pytest

from jiafang.planner import check_plan, load_problem, solve, what_if
from jiafang.planner.synthetic import Shares, district
from jiafang.planner.whatif import one_more_outing, pairs_across_classes, without_weekends

pytestmark = [pytest.mark.planner]


@pytest.fixture(scope="module")
def problem():
    return load_problem(district(1, 2, 20, 2, seed=4, shares=Shares(fixed=0.0)))


def test_every_variant_is_planned_clean_and_told_with_its_own_figures(problem):
    found = what_if(problem, iterations=1500)
    assert [item.name for item in found] == ["as_is", "one_more_outing", "without_weekends", "pairs_across_classes"]
    changes = (lambda same: same, one_more_outing, without_weekends, pairs_across_classes)
    for item, change in zip(found, changes, strict=True):
        result = check_plan(change(problem), item.plan)
        assert result.ok and result.cost == pytest.approx(item.cost)
        assert item.unplaced == len(item.plan.unplaced) and item.outings == len(item.plan.outings)


def test_without_weekends_nobody_goes_out_on_one(problem):
    dates = {slot.id: slot.date for slot in problem.slots}
    plan = solve(without_weekends(problem), iterations=1500)
    assert plan.outings and all(dates[out.slot].weekday() < 5 for out in plan.outings)
    assert any(dates[out.slot].weekday() >= 5 for out in solve(problem, iterations=1500).outings)


def test_one_more_outing_leaves_those_who_never_go(problem):
    resting = problem.teachers[0].id
    data = district(1, 2, 20, 2, seed=4)
    data["teachers"][0]["max_outings_per_week"] = 0
    more = {t.id: t.max_outings_per_week for t in one_more_outing(load_problem(data)).teachers}
    assert more[resting] == 0
    assert all(more[t.id] == t.max_outings_per_week + 1 for t in problem.teachers if t.id != resting)


def test_own_variants_and_empty_ones(problem):
    assert [item.name for item in what_if(problem, {}, iterations=200)] == ["as_is"]
    found = what_if(load_problem(district(1, 1, 0, 1)), {"same": lambda same: same}, iterations=10)
    assert [(item.cost, item.last_day) for item in found] == [(0, None), (0, None)]
