"""Proofs by groups and cases on problems too large for exhaustive search: tight, confirmed, and the plan made by them."""

from itertools import pairwise

import pytest

from jiafang.planner import solve
from jiafang.planner.check import check_plan
from jiafang.planner.format import load_problem
from jiafang.planner.synthetic import Shares, district

pytestmark = [pytest.mark.planner]


@pytest.fixture(scope="module")
def school():
    """Four classes with siblings, second visits, relief and families who share no slot with their class teacher."""
    return load_problem(district(1, 4, 160, 8, seed=11))


@pytest.fixture(scope="module")
def proven(school):
    return solve(school, iterations=8000, prove=True)


def test_a_school_is_planned_close_to_its_proven_bound(school, proven):
    result = check_plan(school, proven)
    assert result.ok, [str(violation) for violation in result.violations[:3]]
    assert proven.cost <= 1.015 * result.bound


def test_the_outings_of_the_proof_make_the_plan_cheaper(school, proven):
    plain = solve(school, iterations=8000)
    assert proven.cost < plain.cost - 1


def test_a_proof_and_its_plan_come_out_the_same_again(school, proven):
    assert solve(school, iterations=8000, prove=True, jobs=2) == proven


def test_groups_answer_for_every_home_visit_once_and_cases_for_every_number_of_outings(school, proven):
    groups = proven.certificate["groups"]
    visits = [name for group in groups for name in group["visits"]]
    homes = {visit.id for visit in school.visits if visit.mode == "home"}
    assert len(visits) == len(set(visits)) and set(visits) <= homes
    # Most class teachers have two cases: a number of outings that is a little too small, and one more.
    cases = [[case["outings"] for case in group["cases"]] for group in groups]
    assert any(len(case) > 1 for case in cases)
    for case in cases:
        assert case[0][0] == 0 and case[-1][1] is None
        assert all(high + 1 == low for (_, high), (low, _) in pairwise(case))


@pytest.mark.parametrize("seed", range(3))
def test_crowded_calendars_are_proven_and_kept(seed):
    # Hardly room for all outings: many visits go to other leads, prices outside rise, companions change places.
    shares = Shares(apart=0.2, relief=0.5, second=0.2, fixed=0.3)
    problem = load_problem(district(1, 3, 110, 3, seed=seed, shares=shares))
    plan = solve(problem, iterations=6000, prove=True)
    result = check_plan(problem, plan)
    assert result.ok, [str(violation) for violation in result.violations[:3]]
    assert 0 < plan.bound <= plan.cost


def test_outings_of_many_homes_are_bounded_in_time_and_never_above_the_cost():
    data = district(1, 1, 40, 4, seed=3)
    for visit in data["visits"]:
        visit["minutes"] = 8
    problem = load_problem(data)
    plan = solve(problem, iterations=4000, prove=True)
    assert check_plan(problem, plan).ok and 0 < plan.bound <= plan.cost


def test_cancelled_during_the_proof_the_plan_and_its_bound_stand(school):
    calls = []

    def enough() -> bool:
        calls.append(None)
        return len(calls) > 3

    plan = solve(school, iterations=3000, prove=True, cancel=enough)
    assert check_plan(school, plan).ok and plan.bound is not None
