"""The solver under the checker: clean on random districts, optimal on tiny ones, steady when asked to keep a plan."""

import json
import statistics

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiafang.planner import solve
from jiafang.planner.check import check_plan
from jiafang.planner.format import Plan, Problem, dump_plan, load_plan, load_problem
from jiafang.planner.synthetic import Shares, district
from tests.planner.exhaustive import Exhaustive
from tests.planner.strategies import problems, tiny

pytestmark = [pytest.mark.planner]
QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def clean(problem: Problem, plan: Plan, keep: Plan | None = None) -> Plan:
    """The plan, read back from its own file and found clean."""
    back = load_plan(json.dumps(dump_plan(plan)))
    assert back == plan
    result = check_plan(problem, back, keep)
    assert result.ok, [str(violation) for violation in result.violations[:5]]
    return back


@settings(QUIET, max_examples=50)
@given(problems())
def test_random_districts_are_planned_clean(data):
    problem = load_problem(data)
    clean(problem, solve(problem, iterations=2000))


@settings(QUIET, max_examples=15)
@given(problems(students=30))
def test_random_districts_are_proven_clean(data):
    problem = load_problem(data)
    plan = clean(problem, solve(problem, iterations=3000, prove=True))
    assert plan.bound is not None


@pytest.fixture(scope="module")
def small_ones():
    """Tiny problems with their plans and proven optima."""
    found = []
    for seed in range(48):
        shares = Shares(online=0.1, apart=0.2, relief=0.2, sibling=0.1, second=0.2)
        problem = load_problem(district(1, 1 + seed % 2, 3 + seed % 5, 1 + seed % 3 // 2, seed=seed, shares=shares))
        if 0 < len(problem.visits) <= 8:
            found.append((problem, solve(problem, prove=True), Exhaustive(problem).best().cost))
    assert len(found) >= 30
    return found


def test_small_plans_against_the_proven_optimum(small_ones, record_property):
    gaps = []
    for problem, plan, best in small_ones:
        clean(problem, plan)
        assert plan.cost >= best - 1e-6
        gaps.append(max(0.0, plan.cost / best - 1))
    record_property("median_gap", statistics.median(gaps))
    record_property("worst_gap", max(gaps))
    assert statistics.median(gaps) == pytest.approx(0, abs=1e-9)
    assert max(gaps) <= 0.02, f"worst gap {max(gaps):.2%}, mean {statistics.mean(gaps):.3%}"


def test_bounds_stay_below_the_proven_optimum(small_ones):
    for _, plan, best in small_ones:
        assert plan.bound is not None and plan.bound <= best + 1e-4


@settings(QUIET, max_examples=40)
@given(tiny())
def test_every_placeable_visit_is_placed(data):
    # A visit left out costs 400 and more, far above any way, so the optimum shows how many must be.
    problem = load_problem(data)
    plan = clean(problem, solve(problem))
    best = Exhaustive(problem).best()
    placed = sum(len(column.visits) for column in best.columns)
    lost = sum(1 + v.priority for v in problem.visits if v.id in {item.visit for item in plan.unplaced})
    least = sum(1 + v.priority for v in problem.visits) - sum(
        1 + v.priority for v in problem.visits for column in best.columns if v.id in column.visits
    )
    assert (lost, len(problem.visits) - len(plan.unplaced)) == (least, placed)


def test_same_input_gives_the_same_plan():
    problem = load_problem(district(2, 4, 90, 4, seed=3))
    plans = [solve(problem, iterations=4000, seed=seed, jobs=jobs) for seed, jobs in ((1, 1), (1, 1), (1, 2), (1, 2))]
    assert plans[0] == plans[1] and plans[2] == plans[3]
    assert clean(problem, plans[0]) and clean(problem, plans[2])


# Replanning -------------------------------------------------------------------------------------------------------


def teacher_ill(data: dict, pick: int) -> None:
    teacher = data["teachers"][pick % len(data["teachers"])]
    teacher["free"] = [slot for slot in teacher["free"] if slot.split("-")[1] < "0305"]


def slot_lost(data: dict, pick: int) -> None:
    gone = data["slots"].pop(pick % len(data["slots"]))["id"]
    for item in data["teachers"]:
        item["free"] = [slot for slot in item["free"] if slot != gone]
    for item in data["visits"]:
        for key in ("possible", "wished"):
            item[key] = [slot for slot in item[key] if slot != gone]


def family_moves_its_slot(data: dict, pick: int) -> None:
    visit = data["visits"][pick % len(data["visits"])]
    visit["possible"] = visit["possible"][: max(1, len(visit["possible"]) // 2)]
    visit["wished"] = [slot for slot in visit["wished"] if slot in visit["possible"]]


def student_moves_out(data: dict, pick: int) -> None:
    gone = data["visits"].pop(pick % len(data["visits"]))["id"]
    data["visits"] = [v for v in data["visits"] if v.get("after", {}).get("visit") != gone]


def student_moves_in(data: dict, pick: int) -> None:
    model = data["visits"][pick % len(data["visits"])]
    data["visits"].append({key: value for key, value in model.items() if key != "after"} | {"id": "new", "household": "new"})


EVENTS = [teacher_ill, slot_lost, family_moves_its_slot, student_moves_out, student_moves_in]


@settings(QUIET, max_examples=40)
@given(problems(schools=1, students=40).filter(lambda data: data["visits"]), st.sampled_from(EVENTS), st.integers(0, 999))
def test_replanning_is_clean(data, event, pick):
    data["fixed"] = []
    old = solve(load_problem(data), iterations=2000)
    event(data, pick)
    problem = load_problem(data)
    clean(problem, solve(problem, keep=old, iterations=2000), old)


def test_nothing_changes_when_nothing_happened():
    problem = load_problem(district(1, 3, 60, 4, seed=8))
    old = solve(problem, iterations=20000)
    new = clean(problem, solve(problem, keep=old, iterations=2000), old)
    assert new.moved == () and new.cost <= old.cost + 1e-6


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_change_against_the_proven_minimum(event, record_property):
    gaps = []
    for seed in range(8):
        data = district(1, 1 + seed % 2, 4 + seed % 3, 1, seed=100 + seed, shares=Shares(online=0, second=0, apart=0.1))
        old = solve(load_problem(data))
        event(data, seed)
        problem = load_problem(data)
        new = clean(problem, solve(problem, keep=old), old)
        best = Exhaustive(problem, old).best().cost
        assert new.cost >= best - 1e-6
        gaps.append(new.cost / max(1, best) - 1)
    record_property("median_gap", statistics.median(gaps))
    assert statistics.median(gaps) == pytest.approx(0, abs=1e-9)
    assert max(gaps) <= 0.02, gaps
