"""The proof of a bound: right ones are confirmed and never above the optimum, and columns judged as enumeration does."""

import math
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiafang.planner.check import check_plan
from jiafang.planner.check_state import cap, week
from jiafang.planner.format import Problem, load_plan, load_problem
from jiafang.planner.synthetic import Shares, district
from tests.planner import hand
from tests.planner.exhaustive import Exhaustive
from tests.planner.proofs import Prover, Team, triples, verify
from tests.planner.strategies import tiny

pytestmark = [pytest.mark.planner]
QUIET = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def stated(problem: Problem, values: list[float], certificate: dict) -> float:
    """The bound a certificate proves by the rule of docs/planner.md, from its groups' values."""
    costs, outside = problem.costs, certificate["outside"]
    rates = costs.travel_min, costs.outing, costs.unwished, costs.other_lead, costs.late_week
    if all(float(number).is_integer() for number in (*rates, *outside.values())):
        values = [math.ceil(value - 1e-3) for value in values]
    own = {name for group in certificate["groups"] for name in group["visits"]}
    return sum(values) + sum(price for name, price in outside.items() if name not in own)


@QUIET
@given(tiny())
def test_one_group_for_everything_is_confirmed_and_stays_below_the_optimum(data):
    problem = load_problem(data)
    prover = Prover(problem)
    outside = {visit.id: prover.drop(visit.id) for visit in problem.visits}
    values, certificate = prover.certificate(prover.whole(), outside, triples(problem))
    bound = stated(problem, values, certificate)
    found, codes = verify(problem, bound, certificate)
    assert codes == set()
    assert found == pytest.approx(bound, abs=1e-6)
    assert bound <= Exhaustive(problem).best().cost + 1e-6


def drawn_teams(dice: random.Random, problem: Problem) -> list[Team]:
    """Leads and visits thrown into one to three groups, some into none."""
    leads = sorted({name for visit in problem.visits for name in visit.leads})
    count = dice.randint(1, 3)
    in_team: list[list[str]] = [[] for _ in range(count + 1)]
    own: list[list[str]] = [[] for _ in range(count + 1)]
    for name in leads:
        dice.choice(in_team).append(name)
    for visit in problem.visits:
        # Most often a group whose leads know the visit.
        fit = [k for k, names in enumerate(in_team) if set(names) & set(visit.leads)] if dice.random() < 0.8 else []
        own[dice.choice(fit or range(count + 1))].append(visit.id)
    splits = [tuple(sorted(dice.sample(range(5), dice.randint(0, 2)))) for _ in in_team]
    return [Team(*map(tuple, team)) for team in zip(in_team[1:], own[1:], splits[1:], strict=True) if team[0]]


@QUIET
@given(tiny(), st.integers(0, 10**6))
def test_any_groups_outside_prices_and_cases_are_confirmed_and_stay_below_the_optimum(data, seed):
    problem, dice = load_problem(data), random.Random(seed)
    prover = Prover(problem)
    if seed % 2:
        teams = prover.by_first_lead(*sorted(dice.sample(range(4), dice.randint(0, 2))))
    else:
        teams = drawn_teams(dice, problem)
    most = dice.choice((10, 40, 60, 400))
    round_or_not = dice.choice((round, float))
    wanted = {visit.id: round_or_not(dice.uniform(-5, most)) for visit in problem.visits if dice.random() < 0.9}
    values, certificate = prover.certificate(teams, prover.outside(teams, wanted), triples(problem))
    bound = stated(problem, values, certificate)
    found, codes = verify(problem, bound, certificate)
    assert codes == set()
    assert found == pytest.approx(bound, abs=1e-6)
    assert bound <= Exhaustive(problem).best().cost + 1e-6


def reduced_costs(exhaustive: Exhaustive, certificate: dict) -> list[tuple[float, int]]:
    """Of every column in every case of its lead's group, as the certificate's test defines it; and its visits."""
    book, found, outside = exhaustive.book, [], certificate["outside"]
    group_of = {lead: group for group in certificate["groups"] for lead in group["leads"]}
    for column in exhaustive.columns:
        group = group_of.get(column.lead, {"visits": [], "cases": [{}]})
        for case in group["cases"]:
            own = dict.fromkeys(group["visits"], 0.0) | case.get("visits", {})
            value = column.cost - sum((outside | own).get(name, 0.0) for name in column.visits)
            if not column.online:
                day = book.slots[column.slot].date
                monday = day.fromisocalendar(*week(day), 1)
                value -= case.get("outing", 0.0)
                value -= case.get("lead_weeks", {}).get(f"{column.lead}|{monday}", 0.0)
                value -= case.get("lead_slots", {}).get(f"{column.lead}|{column.slot}", 0.0)
                for cut in case.get("cuts", []):
                    value -= cut["dual"] * (len(set(cut["visits"]) & set(column.visits)) // 2)
            found.append((value, len(column.visits)))
    return found


def dense(seed: int, dice: random.Random) -> Problem:
    """A class that long outings decide: slots of many lengths, leads and companions other from home to home."""
    unknown = dice.choice((0, 0.3))
    shares = Shares(second=dice.choice((0, 0.4)), sibling=0, online=0.1, unknown=unknown, family_free=0.95)
    data = district(1, 1, dice.randint(3, 6), 1, seed=seed, shares=shares, two_teachers=dice.random() < 0.7)
    del data["visits"][6:]
    for slot in data["slots"]:
        slot["end"] = slot["start"][:3] + "59" if dice.random() < 0.2 else slot["end"]
    for teacher in data["teachers"]:
        teacher["free"] = [slot["id"] for slot in data["slots"] if dice.random() < 0.8]
    names = [teacher["id"] for teacher in data["teachers"]]
    alike = dice.random() < 0.5
    for visit in data["visits"]:
        visit["minutes"] = dice.choice((5, 15, 30))
        visit["leads"] = names[:1] if dice.random() < 0.7 else dice.sample(names, 2)
        visit["companions"] = names if alike else dice.sample(names, dice.randint(1, len(names)))
        if "after" in visit:
            visit["after"]["min_days"] = dice.randint(0, 3)
    data["costs"]["travel_min"] = dice.choice((1, 1, 0.5, 0))
    if seed % 5 == 0:  # a way through a third place is quicker here
        data["travel"]["legs"] = [{"km": 0.5, "min_per_km": 2}, {"min_per_km": 40}]
    return load_problem(data)


def bend(certificate: dict, problem: Problem, dice: random.Random) -> None:
    """Bend the prices of every case at random, as far as signs allow."""
    homes = [visit.id for visit in problem.visits if visit.mode == "home"]
    for group in certificate["groups"]:
        for case in group["cases"]:
            for name in case["visits"]:
                shift = dice.uniform(-1, 3) if dice.random() < 0.9 else -40
                case["visits"][name] = min(case["visits"][name] + shift, certificate["outside"][name])
            case["outing"] += dice.choice((0, dice.uniform(0, 9)))
            for slot in problem.slots:
                case["lead_slots"][f"{group['leads'][0]}|{slot.id}"] = -dice.choice((0, 0, dice.uniform(0, 9)))
            case["lead_weeks"][f"{group['leads'][-1]}|{problem.begins}"] = -dice.choice((0, dice.uniform(0, 9)))
            for size in (3, 3, 5):
                if len(homes) >= size and dice.random() < 0.7:
                    case["cuts"].append({"visits": dice.sample(homes, size), "dual": -dice.uniform(0, 9)})


@pytest.mark.parametrize("seed", range(100))
def test_random_prices_are_judged_as_enumeration_judges_them(seed):
    # Prices about right; most of them then shifted until nothing, or just a hair, pays less.
    dice = random.Random(seed)
    problem = dense(seed, dice)
    prover = Prover(problem)
    teams = prover.by_first_lead(*dice.choice(((), (1,), (0, 2)))) if seed % 3 else prover.whole()
    dear = {visit.id: prover.drop(visit.id) - 1 for visit in problem.visits}
    _, certificate = prover.certificate(teams, prover.outside(teams, dear), triples(problem) if seed % 2 else ())
    bend(certificate, problem, dice)
    outside = certificate["outside"]
    if seed % 9 == 1:  # about the same prices with nobody in a group
        outside.update(certificate["groups"][0]["cases"][0]["visits"])
        certificate["groups"] = []
    if seed % 4:
        found = reduced_costs(prover.exhaustive, certificate)
        less = max([0.0, *(-value / size for value, size in found)]) - dice.choice((0, 4e-6))
        for prices in (outside, *(case["visits"] for group in certificate["groups"] for case in group["cases"])):
            for name in prices:
                prices[name] -= less
    lowest = min((value for value, _ in reduced_costs(prover.exhaustive, certificate)), default=0.0)
    if abs(lowest + 1e-6) < 1e-8:
        return
    _, codes = verify(problem, -1e6, certificate)
    assert codes == ({"column_pays_less"} if lowest < -1e-6 else set())


def test_bound_above_the_cost_is_refused():
    problem, plan = load_problem(hand.PROBLEM), hand.plan()
    prover = Prover(problem)
    outside = {visit.id: prover.drop(visit.id) for visit in problem.visits}
    values, certificate = prover.certificate(prover.whole(), outside)
    bound = stated(problem, values, certificate)
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
    assert found == (
        0 if most == 0 else most if relief == 1 else min(most, max(1, int(np.floor(most * relief + 1e-9))))
    )
