"""Variants side by side: each keeps the rules it changes, and the figures are those of its plan."""

from dataclasses import replace

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


def test_pairs_across_classes_reach_every_class_of_the_school_and_no_other(problem):
    free = pairs_across_classes(problem)
    everybody = {t for visit in problem.visits for t in visit.companions}
    for old, new in zip(problem.visits, free.visits, strict=True):
        assert set(new.companions) == (everybody if old.mode == "home" else set(old.companions))
        assert new.companions[: len(old.companions)] == old.companions and new.leads == old.leads
    two = load_problem(district(2, 2, 6, 1, seed=4))
    school = {teacher.id: teacher.school for teacher in two.teachers}
    assert all(school[t] == v.school for v in pairs_across_classes(two).visits for t in v.companions)


def test_a_class_nobody_goes_along_in_is_helped_by_pairs_across_classes():
    data = district(1, 2, 12, 2, seed=4, shares=Shares(fixed=0.0, online=0.0))
    lone = data["visits"][0]["leads"][0]
    for visit in data["visits"]:
        if visit["leads"][0] == lone:
            visit["companions"] = []
    found = {item.name: item for item in what_if(load_problem(data), iterations=3000)}
    assert found["pairs_across_classes"].unplaced < found["as_is"].unplaced
    assert found["pairs_across_classes"].cost < found["as_is"].cost


@pytest.mark.parametrize("seed", [0, 1, 2, 7])
def test_a_rule_that_allows_more_never_costs_more(seed):
    # So few steps that a fresh search alone would often look dearer.
    problem = load_problem(district(1, 3, 40, 2, seed=seed, shares=Shares(fixed=0.0)))
    found = {item.name: item for item in what_if(replace(problem, leaders=()), iterations=20)}
    for name in ("one_more_outing", "pairs_across_classes"):
        assert found[name].cost <= found["as_is"].cost + 1e-6
    assert found["as_is"].uneven == pytest.approx(found["as_is"].parts["load"] / problem.costs.load, abs=0.01)


def test_own_variants_and_empty_ones(problem):
    assert [item.name for item in what_if(problem, {}, iterations=200)] == ["as_is"]
    found = what_if(load_problem(district(1, 1, 0, 1)), {"same": lambda same: same}, iterations=10)
    assert [(item.cost, item.last_day) for item in found] == [(0, None), (0, None)]
