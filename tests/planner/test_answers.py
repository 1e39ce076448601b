"""What people ask of a plan: which slots still work, why here, what would help, what a drag breaks. Each answer is tried."""

import ast
import itertools
import re
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from jiafang.planner import explain, options, solve, try_move, wording
from jiafang.planner.check import check_plan
from jiafang.planner.check_travel import Ways
from jiafang.planner.format import (
    HOME,
    OnlineVisit,
    Outing,
    Plan,
    Problem,
    Stop,
    dump_problem,
    load_problem,
)
from jiafang.planner.model import PARTS
from jiafang.planner.moving import TEXTS
from jiafang.planner.synthetic import Shares, district
from tests.planner.hand import PROBLEM

pytestmark = [pytest.mark.planner]
# Figures and lists that change with every move and are no rule of the timetable.
FIGURES = {"cost", "part", "unmet", "quota_reachable", "certificate", "bound_above_cost", "visit_missing"}
SHARES = Shares(online=0.15, second=0.15, apart=0.2, unknown=0.1, relief=0.2)


@pytest.fixture(scope="module", params=[1, 2, 3])
def planned(request):
    problem = load_problem(district(1, 2, 14, 2, seed=request.param, shares=SHARES))
    return problem, solve(problem, iterations=10_000)


def timed(problem: Problem, slot: str, lead: str, companion: str | None, extra: str | None, homes: list[str]) -> Outing:
    """An outing that leaves at once and never waits."""
    ways, visits = Ways(problem), {visit.id: visit for visit in problem.visits}
    span = next(item for item in problem.slots if item.id == slot)
    school = next(item for item in problem.schools if item.id == span.school)
    here, now, stops = school, span.start, []
    for name in homes:
        arrive = now + ways.minutes(here, visits[name])
        here, now = visits[name], arrive + visits[name].minutes
        stops.append(Stop(name, arrive, now))
    return Outing(slot, lead, companion, extra, span.start, tuple(stops), now + ways.minutes(here, school))


def packed(problem: Problem, slot: str, lead: str, names: list[str]) -> list[OnlineVisit]:
    visits = {visit.id: visit for visit in problem.visits}
    now, found = next(item.start for item in problem.slots if item.id == slot), []
    for name in names:
        found.append(OnlineVisit(name, slot, lead, now, now + visits[name].minutes))
        now += visits[name].minutes
    return found


def lifted(problem: Problem, plan: Plan, name: str) -> Plan:
    """The plan without one visit, its outing made again."""
    outings = []
    for out in plan.outings:
        homes = [stop.visit for stop in out.stops if stop.visit != name]
        if len(homes) == len(out.stops):
            outings.append(out)
        elif homes:
            outings.append(timed(problem, out.slot, out.lead, out.companion, out.extra, homes))
    return replace(
        plan, outings=tuple(outings), online=tuple(talk for talk in plan.online if talk.visit != name),
        unplaced=tuple(item for item in plan.unplaced if item.visit != name), bound=None,
    )  # fmt: skip


def ways_in(problem: Problem, plan: Plan, name: str, slot: str):
    """Every plan that has the visit in this slot and all else as it is."""
    visit = next(visit for visit in problem.visits if visit.id == name)
    for lead in visit.leads:
        if visit.mode != HOME:
            mine = [talk.visit for talk in plan.online if (talk.lead, talk.slot) == (lead, slot)]
            rest = tuple(talk for talk in plan.online if (talk.lead, talk.slot) != (lead, slot))
            yield replace(plan, online=rest + tuple(packed(problem, slot, lead, [*mine, name])))
            continue
        for companion in visit.companions if problem.two_teachers else [*visit.companions, None]:
            yield replace(plan, outings=(*plan.outings, timed(problem, slot, lead, companion, None, [name])))
    for i, out in enumerate(plan.outings if visit.mode == HOME else ()):
        homes = [stop.visit for stop in out.stops]
        for place in range(len(homes) + 1 if out.slot == slot else 0):
            new = timed(problem, slot, out.lead, out.companion, out.extra, [*homes[:place], name, *homes[place:]])
            yield replace(plan, outings=(*plan.outings[:i], new, *plan.outings[i + 1 :]))


def slots_that_work(problem: Problem, plan: Plan, name: str) -> dict[str, float]:
    """By trying everything: slot → what the cost grows by at least."""
    base, found = check_plan(problem, plan).cost, {}
    visit = next(visit for visit in problem.visits if visit.id == name)
    without = lifted(problem, plan, name)
    for slot in sorted(visit.possible):
        for trial in ways_in(problem, without, name, slot):
            result = check_plan(problem, trial)
            if not {violation.code for violation in result.violations} - FIGURES:
                found[slot] = min(found.get(slot, float("inf")), result.cost - base)
    return found


def test_slots_offered_to_a_family_are_all_that_work(planned):
    problem, plan = planned
    for visit in problem.visits[::2]:
        tried = slots_that_work(problem, plan, visit.id)
        offered = {option.slot: option.cost for option in options(problem, plan, visit.id)}
        assert offered.keys() == tried.keys(), visit.id
        for slot, cost in offered.items():
            assert cost == pytest.approx(tried[slot], abs=2e-3), (visit.id, slot)


def test_every_offer_can_be_taken_by_a_drag(planned):
    problem, plan = planned
    for visit in problem.visits[::3]:
        for option in options(problem, plan, visit.id):
            move = try_move(problem, plan, visit.id, option.slot)
            assert move.allowed, (visit.id, option.slot, move.breaks)
            codes = {violation.code for violation in check_plan(problem, move.plan).violations}
            assert codes <= FIGURES - {"cost", "part", "visit_missing"}
            assert move.cost == pytest.approx(option.cost, abs=2e-3)
            assert any(o.slot == option.slot for o in options(problem, move.plan, visit.id) if o.current)


def test_a_drag_that_breaks_rules_says_which(planned):
    problem, plan = planned
    for visit in problem.visits[::3]:
        works = {option.slot for option in options(problem, plan, visit.id)}
        for slot in problem.slots[::4]:
            if slot.id in works:
                continue
            move = try_move(problem, plan, visit.id, slot.id)
            assert not move.allowed and move.breaks
            assert all(item["code"] and item["text"] and item["english"] for item in move.breaks)
            if slot.id not in visit.possible:
                assert "not_possible" in {item["code"] for item in move.breaks}


def test_an_outing_dragged_is_judged_by_check(planned):
    problem, plan = planned
    for index in range(0, len(plan.outings), 2):
        for slot in problem.slots[::3]:
            move = try_move(problem, plan, index, slot.id)
            codes = {violation.code for violation in check_plan(problem, move.plan).violations}
            assert move.allowed == (not codes - {"unmet", "quota_reachable"}), (index, slot.id, codes, move.breaks)


def test_every_visit_is_explained_in_two_languages(planned):
    problem, plan = planned
    placed = {stop.visit for out in plan.outings for stop in out.stops} | {talk.visit for talk in plan.online}
    for visit in problem.visits:
        found = explain(problem, plan, visit.id)
        assert found["placed"] == (visit.id in placed)
        parts = found["why_slot"] + found["why_team"] if found["placed"] else found["reasons"]
        assert parts
        for item in parts:
            assert item["code"] and item["english"] and any("\u4e00" <= letter <= "\u9fff" for letter in item["text"])


def helped(problem: Problem, name: str, help_: dict) -> Problem:
    """The problem with one help taken up."""
    data = dump_problem(problem)
    visit = next(visit for visit in data["visits"] if visit["id"] == help_.get("visit", name))
    caps = {"one_more_outing": visit["leads"], "one_more_outing_companion": visit["companions"]}
    caps["one_more_outing_both"] = visit["leads"] + visit["companions"]
    if help_["code"] == "add_lead":
        visit["leads"].append(help_["teacher"])
    elif help_["code"] == "add_companion":
        visit["companions"].append(help_["teacher"])
    elif help_["code"] in ("wider_slot", "later_date"):
        if help_["slot"] not in visit["possible"]:
            visit["possible"].append(help_["slot"])
        if help_["code"] == "later_date":
            visit["by"] = "2027-01-01"
            visit.pop("after", None)
    elif help_["code"] == "shorter_gap":
        visit["after"]["min_days"] = help_["min_days"]
    elif help_["code"] == "online":
        visit["mode"] = "online"
    else:
        for teacher in data["teachers"]:
            if teacher["id"] in caps[help_["code"]]:
                # One more outing after relief, too: the cap that counts grows by one.
                teacher["max_outings_per_week"] += 1
                if teacher["relief"] < 1:
                    teacher["relief"] = 1.0
    return load_problem(data)


@pytest.mark.parametrize("seed", range(6))
def test_every_help_helps_when_the_plan_is_made_again(seed):
    data = district(1, 2, 16, 1, seed=seed, shares=replace(SHARES, family_free=0.25, apart=0.4))
    for teacher in data["teachers"]:
        teacher["max_outings_per_week"] = 1
    problem = load_problem(data)
    plan = solve(problem, iterations=10_000)
    assert plan.unplaced, "the problem is meant to be too tight"
    codes = set()
    for item in plan.unplaced:
        assert all(reason["code"] and reason["text"] for reason in item.reasons)
        for help_ in explain(problem, plan, item.visit)["helps"]:
            codes.add(help_["code"])
            new_problem = helped(problem, item.visit, help_)
            again = solve(new_problem, keep=plan, iterations=5000)
            assert check_plan(new_problem, again, plan).ok
            left = {other.visit for other in again.unplaced}
            assert item.visit not in left or len(left) < len(plan.unplaced), (item.visit, help_)
    assert codes


@pytest.fixture
def waiting():
    """Two visits of one family neither of which has a place, because nobody who may lead the first is free."""
    data = deepcopy(PROBLEM) | {"fixed": []}
    first, second = data["visits"][0], data["visits"][2]
    first |= {"leads": ["a"], "possible": ["wed"], "wished": []}
    second |= {"by": "2026-03-31"}
    return load_problem(data)


def test_a_second_visit_is_told_what_helps_the_first(waiting):
    plan = solve(waiting, iterations=500)
    assert {"near", "again"} <= {item.visit for item in plan.unplaced}
    found = explain(waiting, plan, "again")
    assert [(item["code"], item["visit"]) for item in found["reasons"]] == [("first_unplaced", "near")]
    assert {"add_lead", "wider_slot"} <= {item["code"] for item in found["helps"]}
    assert explain(waiting, plan, "near")["helps"]
    for help_ in found["helps"]:
        assert help_["visit"] == "near" and "near" in help_["text"] and "near" in help_["english"]
        changed = helped(waiting, "again", help_)
        again = solve(changed, keep=plan, iterations=2000)
        assert check_plan(changed, again, plan).ok
        assert not {"near", "again"} & {item.visit for item in again.unplaced}, help_


@pytest.mark.parametrize("after", [{"visit": "near"}, {"date": "2026-03-02"}], ids=["planned", "held"])
def test_a_gap_too_long_is_told_with_the_one_that_works(after):
    data = deepcopy(PROBLEM) | {"fixed": []}
    # The one before it is on the 2nd; the last slot of the family is on the 10th.
    data["visits"][0] |= {"possible": ["mon"]}
    data["visits"][2] |= {"possible": ["tue", "next"], "wished": [], "after": after | {"min_days": 28}}
    problem = load_problem(data)
    plan = solve(problem, iterations=500)
    assert "again" in {item.visit for item in plan.unplaced}
    help_ = next(item for item in explain(problem, plan, "again")["helps"] if item["code"] == "shorter_gap")
    assert (help_["min_days"], help_["slot"]) == (8, "next") and "8" in help_["text"]
    changed = helped(problem, "again", help_)
    again = solve(changed, keep=plan, iterations=2000)
    assert check_plan(changed, again, plan).ok and "again" not in {item.visit for item in again.unplaced}


def test_no_help_is_offered_that_leaves_the_second_visit_out(waiting):
    data = dump_problem(waiting)
    next(visit for visit in data["visits"] if visit["id"] == "again")["possible"] = []
    problem = load_problem(data)
    plan = solve(problem, iterations=500)
    assert explain(problem, plan, "near")["helps"] and not explain(problem, plan, "again")["helps"]


def test_a_change_of_cost_says_whom_it_falls_on(planned):
    problem, plan = planned
    told = 0
    for visit in problem.visits:
        best = explain(problem, plan, visit.id).get("next_best")
        if best:
            assert sum(item["cost"] for item in best["falls_on"]) == pytest.approx(best["cost"])
            assert all(item["whom"] and item["text"] and item["english"] for item in best["falls_on"])
            told += len(best["falls_on"])
    assert told


def test_online_visits_of_one_evening_move_together(planned):
    problem, plan = planned
    moved = 0
    for lead, slot in dict.fromkeys((talk.lead, talk.slot) for talk in plan.online):
        names = [talk.visit for talk in plan.online if (talk.lead, talk.slot) == (lead, slot)]
        for target in problem.slots[::5]:
            move = try_move(problem, plan, names, target.id)
            codes = {violation.code for violation in check_plan(problem, move.plan).violations}
            assert move.allowed == (not codes - {"unmet", "quota_reachable"})
            assert {talk.slot for talk in move.plan.online if talk.visit in names} == {target.id}
            moved += move.allowed
    assert moved


def test_an_unchanged_plan_is_kept_to_the_minute(planned):
    problem, plan = planned
    agreed = [(stop.visit, out.slot, out.lead, out.companion) for out in plan.outings for stop in out.stops]
    data = dump_problem(problem)
    # In an order of its own, as a school's tables have it.
    data["fixed"] = [
        {"visit": visit, "slot": slot, "lead": lead, "companion": companion}
        for visit, slot, lead, companion in sorted(agreed, reverse=True)
    ]
    for kept in (problem, load_problem(data)):
        again = solve(kept, keep=plan, iterations=2000)
        assert check_plan(kept, again, plan).ok
        assert again.parts["moved_minute"] == again.parts["moved_visit"] == again.parts["changed_team"] == 0


def codes_in(path: Path) -> set[str]:
    """Every text that stands beside "code" or is bound to a name `code` in a module."""
    tree = ast.parse(path.read_text("utf-8"))
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            found += [
                v
                for k, v in zip(node.keys, node.values, strict=True)
                if isinstance(k, ast.Constant) and k.value == "code"
            ]
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "code" for t in node.targets):
            found.append(node.value)
        elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
            found += [row.elts[0] for row in node.iter.elts if isinstance(row, ast.Tuple)]
    inner = [part for node in found for part in ast.walk(node) if not isinstance(part, ast.IfExp | ast.Compare)]
    return {part.value for part in inner if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def test_every_code_has_words_in_two_languages():
    home = Path(wording.__file__).parent
    found = set().union(*(codes_in(home / f"{name}.py") for name in ("explain", "reasons", "helps", "leaders")))
    found |= {f"cost_{part}" for part in PARTS}
    assert {"no_common_slot", "companion_too_far", "one_more_outing_both", "other_lead", "calendar_full"} <= found
    assert found - {"online"} <= wording.WORDS.keys() and {"online", "help_online"} <= wording.WORDS.keys()
    assert wording.WORDS.keys() == found | {"online", "help_online"}, "words for codes that nobody gives"
    for code, (chinese, english) in wording.WORDS.items():
        assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese), code
        assert english and english.isascii(), code
        figures = [set(re.findall(r"{(\w+)", text)) for text in (chinese, english)]
        assert figures[0] <= figures[1] | {"leads"} and figures[1] <= figures[0] | {"leads"}, code
    with pytest.raises(KeyError):
        wording.in_words({"code": "no_such_code"})


def test_every_rule_a_drag_can_break_is_told_in_chinese():
    rules = Path(wording.__file__).with_name("check_rules.py").read_text("utf-8")
    codes = set(re.findall(r'note\("(\w+)"', rules))
    assert "not_free" in codes and codes <= TEXTS.keys()


def test_unknown_names_raise(planned):
    problem, plan = planned
    for ask in (options, explain):
        with pytest.raises(KeyError):
            ask(problem, plan, "nobody")
    with pytest.raises(KeyError):
        try_move(problem, plan, "nobody", problem.slots[0].id)


def test_answers_leave_the_plan_alone(planned):
    problem, plan = planned
    before = deepcopy(plan)
    for visit in itertools.islice(problem.visits, 3):
        options(problem, plan, visit.id)
        explain(problem, plan, visit.id)
        try_move(problem, plan, visit.id, problem.slots[0].id)
    assert plan == before
