"""The proof of a bound: right ones are confirmed, never above the optimum, and every tampering is refused."""

import random
from copy import deepcopy

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiafang.planner.check import check_plan
from jiafang.planner.check_bound import check_certificate
from jiafang.planner.check_state import Book, cap, week
from jiafang.planner.format import Plan, Problem, load_plan, load_problem
from jiafang.planner.synthetic import Shares, district
from tests.planner import hand
from tests.planner.exhaustive import Exhaustive
from tests.planner.strategies import tiny

pytestmark = [pytest.mark.planner]
QUIET = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def verify(problem: Problem, bound: float, certificate: dict) -> tuple[float | None, set[str]]:
    plan = Plan((), (), (), (), (), 0.0, {}, bound, certificate)
    book = Book(problem, plan)
    return check_certificate(book), {violation.code for violation in book.violations}


def triples(problem: Problem) -> tuple[tuple[str, ...], ...]:
    names = [visit.id for visit in problem.visits if visit.mode == "home"]
    return tuple(tuple(names[i : i + 3]) for i in range(0, len(names) - 2, 2))


@QUIET
@given(tiny())
def test_prices_of_the_relaxation_are_confirmed_and_stay_below_the_optimum(data):
    problem = load_problem(data)
    bound, certificate = Exhaustive(problem, relaxed=True).certificate(triples(problem))
    found, codes = verify(problem, bound, certificate)
    assert codes == set()
    assert found == pytest.approx(bound, abs=1e-6)
    assert bound <= Exhaustive(problem).best().cost + 1e-6


def reduced_costs(exhaustive: Exhaustive, certificate: dict) -> list[float]:
    book, found = exhaustive.book, []
    for column in exhaustive.columns:
        value = column.cost - sum(certificate["visits"].get(name, 0.0) for name in column.visits)
        if not column.online:
            day = book.slots[column.slot].date
            monday = day.fromisocalendar(*week(day), 1)
            value -= certificate["lead_weeks"].get(f"{column.lead}|{monday}", 0.0)
            value -= certificate["lead_slots"].get(f"{column.lead}|{column.slot}", 0.0)
            for cut in certificate["cuts"]:
                value -= cut["dual"] * (len(set(cut["visits"]) & set(column.visits)) // 2)
        found.append(value)
    return found


@pytest.mark.parametrize("seed", range(60))
def test_random_prices_are_judged_as_enumeration_judges_them(seed):
    # Dense problems, prices about right, so that long outings decide; half of them just not refused.
    dice = random.Random(seed)
    shares = Shares(second=0, sibling=0, online=0.1, unknown=dice.choice((0, 0.2)), family_free=0.95)
    data = district(1, 1, dice.randint(3, 8), 1, seed=seed, shares=shares, two_teachers=False)
    for visit in data["visits"]:
        visit["minutes"] = dice.choice((5, 15, 30))
        visit["leads"] = visit["leads"][:1]
    if seed % 5 == 0:  # a way through a third place is quicker here
        data["travel"]["legs"] = [{"km": 0.5, "min_per_km": 2}, {"min_per_km": 40}]
    problem = load_problem(data)
    exhaustive = Exhaustive(problem, relaxed=True)
    _, certificate = exhaustive.certificate(triples(problem) if seed % 2 else ())
    for name in certificate["visits"]:
        certificate["visits"][name] = min(400.0, certificate["visits"][name] + dice.uniform(-1, 3))
    lowest = min(reduced_costs(exhaustive, certificate))
    if seed % 3:  # lower all prices until nothing, or nothing but a hair, is below zero
        for name in certificate["visits"]:
            certificate["visits"][name] += min(0.0, lowest)
        lowest = min(reduced_costs(exhaustive, certificate))
    if abs(lowest + 1e-6) < 1e-8:
        return
    _, codes = verify(problem, -1e6, certificate)
    assert codes == ({"column_pays_less"} if lowest < -1e-6 else set())


@pytest.fixture(scope="module")
def proven():
    problem = load_problem(district(1, 2, 8, 2, seed=5, shares=Shares(online=0.2)))
    bound, certificate = Exhaustive(problem, relaxed=True).certificate(triples(problem))
    assert verify(problem, bound, certificate)[1] == set()
    return problem, bound, certificate


def _dearest(certificate):
    return max(certificate["visits"], key=certificate["visits"].get)


TAMPERED = [
    ("bound raised", lambda c: c, 0.01, "bound_sum"),
    ("one price raised", lambda c: c["visits"].update({_dearest(c): c["visits"][_dearest(c)] + 0.01}), 0,
     {"column_pays_less", "certificate"}),
    ("price above the cost of leaving it out", lambda c: c["visits"].update({_dearest(c): 1e5}), 0, "certificate"),
    ("unknown visit", lambda c: c["visits"].update({"x": 1.0}), 0, "certificate"),
    ("price not finite", lambda c: c["visits"].update({_dearest(c): float("nan")}), 0, "certificate"),
    ("price no number", lambda c: c["visits"].update({_dearest(c): "12"}), 0, "certificate"),
    ("week price above zero", lambda c: c["lead_weeks"].update({"s1c1|2026-03-02": 0.5}), 0, "certificate"),
    ("week of no teacher", lambda c: c["lead_weeks"].update({"x|2026-03-02": -0.5}), 0, "certificate"),
    ("week not from Monday", lambda c: c["lead_weeks"].update({"s1c1|2026-03-03": -0.5}), 0, "certificate"),
    ("slot price above zero", lambda c: c["lead_slots"].update({"s1c1|s1-0302E": 0.5}), 0, "certificate"),
    ("slot unknown", lambda c: c["lead_slots"].update({"s1c1|s1-0202E": -0.5}), 0, "certificate"),
    ("cut above zero", lambda c: c["cuts"].append({"visits": sorted(c["visits"])[:3], "dual": 1}), 0, "certificate"),
    ("even cut", lambda c: c["cuts"].append({"visits": sorted(c["visits"])[:4], "dual": -1}), 0, "certificate"),
    ("small cut", lambda c: c["cuts"].append({"visits": sorted(c["visits"])[:1], "dual": -1}), 0, "certificate"),
    ("one visit thrice", lambda c: c["cuts"].append({"visits": [_dearest(c)] * 3, "dual": -1}), 0, "certificate"),
    ("cut of none", lambda c: c["cuts"].append({"visits": ["x", "y", "z"], "dual": -1}), 0, "certificate"),
    ("cut without price", lambda c: c["cuts"].append({"visits": sorted(c["visits"])[:3]}), 0, "certificate"),
    ("cuts no list", lambda c: c.update(cuts={}), 0, "certificate"),
    ("another kind", lambda c: c.update(kind="duals/2"), 0, "certificate"),
    ("no kind", lambda c: c.pop("kind"), 0, "certificate"),
    ("unknown key", lambda c: c.update(trust="me"), 0, "certificate"),
    ("visits no object", lambda c: c.update(visits=[]), 0, "certificate"),
    ("nothing at all", lambda c: c.clear(), 0, "certificate"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "more", "code"), [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED])
def test_tampered_certificate_is_refused(proven, change, more, code):
    problem, bound, certificate = proven[0], proven[1], deepcopy(proven[2])
    change(certificate)
    found, codes = verify(problem, bound + more, certificate)
    assert found is None and codes and codes <= ({code} if isinstance(code, str) else code)


def test_lower_prices_prove_a_lower_bound(proven):
    problem, bound, certificate = proven[0], proven[1], deepcopy(proven[2])
    name = _dearest(certificate)
    certificate["visits"][name] -= 1
    assert verify(problem, bound, certificate)[1] == {"bound_sum"}
    assert verify(problem, bound - 1, certificate) == (pytest.approx(bound - 1), set())


def test_bound_above_the_cost_is_refused():
    problem, plan = load_problem(hand.PROBLEM), hand.plan()
    bound, certificate = Exhaustive(problem, relaxed=True).certificate()
    plan.update(bound=bound, certificate=certificate)
    result = check_plan(problem, load_plan(plan))
    assert result.bound_ok and result.bound == pytest.approx(bound) and bound <= plan["cost"]
    plan["bound"] = plan["cost"] + 1
    result = check_plan(problem, load_plan(plan))
    assert result.bound_ok is False and "bound_above_cost" in {violation.code for violation in result.violations}


@settings(QUIET, max_examples=200)
@given(st.integers(0, 9), st.floats(0.01, 1))
def test_weekly_cap_after_relief(most, relief):
    teacher = load_problem(hand.PROBLEM).teachers[0]
    found = cap(type(teacher)("t", "s", "r", frozenset(), most, relief, None))
    assert found == (0 if most == 0 else most if relief == 1 else min(most, max(1, int(np.floor(most * relief + 1e-9)))))
