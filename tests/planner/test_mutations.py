"""A good plan, then one thing wrong in the plan or one rule tightened in the problem: the check names the breach."""

import random
import re
from copy import deepcopy
from pathlib import Path

import pytest

from jiafang.planner import solve
from jiafang.planner.check import check_plan
from jiafang.planner.format import clock, dump_plan, load_plan, load_problem
from jiafang.planner.synthetic import Shares, district
from tests.planner.test_check import BROKEN

pytestmark = [pytest.mark.planner]
PICKS = 4


@pytest.fixture(scope="module")
def good():
    shares = Shares(second=0.2, online=0.15, unknown=0.05, relief=0.2, near_only=0, fixed=1.0)
    data = district(1, 3, 60, 6, seed=11, shares=shares)
    # One visit nobody can make, so that something is unplaced.
    data["visits"].append(deepcopy(data["visits"][0]) | {"id": "none", "household": "none", "possible": [], "wished": []})
    problem = load_problem(data)
    plan = dump_plan(solve(problem, iterations=20_000))
    assert check_plan(problem, load_plan(plan)).ok
    assert data["fixed"] and plan["online"] and plan["outings"] and plan["unplaced"]
    return data, plan


class Case:
    """One copy of problem and plan to spoil, with a way to pick what to spoil."""

    def __init__(self, good, pick: int) -> None:
        self.problem, self.plan = deepcopy(good[0]), deepcopy(good[1])
        self.dice = random.Random(pick)
        self.visits = {visit["id"]: visit for visit in self.problem["visits"]}
        self.teachers = {teacher["id"]: teacher for teacher in self.problem["teachers"]}
        self.slots = {slot["id"]: slot for slot in self.problem["slots"]}
        self.out = self.dice.choice(self.plan["outings"])
        self.stop = self.dice.choice(self.out["stops"])
        self.visit = self.visits[self.stop["visit"]]
        self.talk = self.dice.choice(self.plan["online"])

    def outing(self, right):
        """Another outing that is as asked."""
        return self.dice.choice([out for out in self.plan["outings"] if right(out)])

    def unfix(self, *visits) -> None:
        self.problem["fixed"] = [item for item in self.problem["fixed"] if item["visit"] not in visits]


def earlier(time: str, minutes: int) -> str:
    return clock(int(time[:2]) * 60 + int(time[3:]) - minutes)


def without(items: list, gone) -> list:
    return [item for item in items if item != gone]


# The plan spoiled ---------------------------------------------------------------------------------------------------


def arrives_too_soon(case):
    case.stop["arrive"] = case.out["leave"]


def leaves_too_soon(case):
    case.stop["depart"] = earlier(case.stop["depart"], 400)


def starts_before_the_slot(case):
    case.out["leave"] = earlier(case.slots[case.out["slot"]]["start"], 1)


def comes_back_after_the_slot(case):
    case.out["back"] = earlier(case.slots[case.out["slot"]]["end"], -1)


def comes_back_at_once(case):
    case.out["back"] = case.out["stops"][-1]["depart"]
    case.problem["travel"]["fixed_min"] += 1


def visit_vanishes(case):
    case.plan["outings"] = [out for out in case.plan["outings"] if out is not case.out]


def visit_doubled(case):
    case.outing(lambda out: out is not case.out)["stops"].append(dict(case.stop))


def visit_also_unplaced(case):
    case.plan["unplaced"].append({"visit": case.stop["visit"], "reasons": [{"code": "x"}], "helps": []})


def unplaced_hidden(case):
    case.plan["unplaced"] = []


def unplaced_unexplained(case):
    case.plan["unplaced"][0]["reasons"] = []


def companion_left_at_home(case):
    case.out["companion"] = None


def stranger_leads(case):
    case.out["lead"] = case.dice.choice([t for t in case.teachers if t not in case.visit["leads"]])


def stranger_goes_along(case):
    case.out["companion"] = case.dice.choice([t for t in case.teachers if t not in case.visit["companions"]])


def one_teacher_twice(case):
    case.out["companion"] = case.out["lead"]


def lead_goes_twice(case):
    case.plan["outings"].append(deepcopy(case.out) | {"companion": None})


def slot_not_free(case):
    taken = [s for s in case.slots if s not in case.teachers[case.out["lead"]]["free"]]
    case.out["slot"] = case.dice.choice(taken)


def talk_too_short(case):
    case.talk["end"] = earlier(case.talk["end"], 1)


def talk_outside(case):
    case.talk["start"] = earlier(case.slots[case.talk["slot"]]["start"], 1)


def talk_during_an_outing(case):
    case.talk["slot"] = case.outing(lambda out: out["lead"] == case.talk["lead"])["slot"]


def talks_at_once(case):
    case.plan["online"].append(dict(case.talk))


def cost_rounded_down(case):
    case.plan["cost"] -= 1


def part_hidden(case):
    case.plan["parts"]["travel"] -= 1
    case.plan["cost"] -= 1


def bound_out_of_thin_air(case):
    case.plan["bound"] = case.plan["cost"] - 1


def name_from_nowhere(case):
    case.out["lead"] = "nobody"


# The problem tightened -----------------------------------------------------------------------------------------------


def slot_ends_sooner(case):
    case.slots[case.out["slot"]]["end"] = earlier(case.out["back"], 1)


def slot_starts_later(case):
    case.slots[case.out["slot"]]["start"] = earlier(case.out["leave"], -1)


def visit_takes_longer(case):
    case.visit["minutes"] += 1


def ways_take_longer(case):
    case.problem["travel"]["fixed_min"] += 60


def slot_no_longer_possible(case):
    case.visit["possible"] = without(case.visit["possible"], case.out["slot"])
    case.unfix(case.visit["id"])


def deadline_passed(case):
    case.visit["from"] = case.visit["by"] = "2026-01-01"
    case.unfix(case.visit["id"])


def lead_no_longer_asked(case):
    case.visit["leads"] = without(case.visit["leads"], case.out["lead"])
    case.unfix(case.visit["id"])


def companion_no_longer_asked(case):
    case.visit["companions"] = without(case.visit["companions"], case.out["companion"])
    case.unfix(case.visit["id"])


def lead_ill(case):
    teacher = case.teachers[case.out["lead"]]
    teacher["free"] = without(teacher["free"], case.out["slot"])
    case.unfix(*(stop["visit"] for stop in case.out["stops"]))


def companion_ill(case):
    teacher = case.teachers[case.out["companion"]]
    teacher["free"] = without(teacher["free"], case.out["slot"])
    case.unfix(*(stop["visit"] for stop in case.out["stops"]))


def cap_lowered(case):
    case.teachers[case.out["lead"]]["max_outings_per_week"] = 0
    case.problem["fixed"] = []


def only_near(case):
    case.teachers[case.out["companion"]]["max_km"] = 0.001
    case.problem["fixed"] = []


def gap_widened(case):
    placed = {stop["visit"] for out in case.plan["outings"] for stop in out["stops"]}
    seconds = [v for v in case.problem["visits"] if "after" in v and v["id"] in placed]
    case.dice.choice(seconds)["after"]["min_days"] = 100


def first_visit_lost(case):
    placed = {stop["visit"]: (out, stop) for out in case.plan["outings"] for stop in out["stops"]}
    seconds = [v for v in case.problem["visits"] if "after" in v and v["id"] in placed]
    first = case.dice.choice(seconds)["after"]["visit"]
    out, stop = placed[first]
    out["stops"].remove(stop)
    case.plan["outings"] = [out for out in case.plan["outings"] if out["stops"]]
    case.plan["unplaced"].append({"visit": first, "reasons": [{"code": "x"}], "helps": []})


def settled_elsewhere(case):
    item = case.dice.choice(case.problem["fixed"])
    visit = case.visits[item["visit"]]
    out = next((o for o in case.plan["outings"] if any(s["visit"] == visit["id"] for s in o["stops"])), None)
    if out is None:
        talk = next(talk for talk in case.plan["online"] if talk["visit"] == visit["id"])
        talk["lead"] = next(name for name in visit["leads"] if name != talk["lead"])
    else:
        out["companion"] = next(name for name in visit["companions"] if name != out["companion"])


def online_after_all(case):
    case.visit["mode"] = "online"
    case.problem["fixed"] = []


def at_home_after_all(case):
    case.visits[case.talk["visit"]]["mode"] = "home"
    case.problem["fixed"] = []


def quota_raised(case):
    case.problem["leaders"].append({"teacher": case.out["lead"], "min_visits": 1000})


def dearer_outings(case):
    case.problem["costs"]["outing"] += 1


KINDS = [
    (arrives_too_soon, "travel_time"), (leaves_too_soon, "stay_short"), (starts_before_the_slot, "leave_early"),
    (comes_back_after_the_slot, "back_late"), (comes_back_at_once, "travel_time"), (visit_vanishes, "visit_missing"),
    (visit_doubled, "visit_twice"), (visit_also_unplaced, "visit_twice"), (unplaced_hidden, "visit_missing"),
    (unplaced_unexplained, "unexplained"), (companion_left_at_home, "no_companion"), (stranger_leads, "lead"),
    (stranger_goes_along, "companion"), (one_teacher_twice, "same_person"), (lead_goes_twice, "two_outings"),
    (slot_not_free, "not_free"), (talk_too_short, "online_length"), (talk_outside, "online_outside"),
    (talk_during_an_outing, "online_while_out"), (talks_at_once, "online_overlap"), (cost_rounded_down, "cost"),
    (part_hidden, "part"), (bound_out_of_thin_air, "certificate"), (name_from_nowhere, "unknown_teacher"),
    (slot_ends_sooner, "back_late"), (slot_starts_later, "leave_early"), (visit_takes_longer, "stay_short"),
    (ways_take_longer, "travel_time"), (slot_no_longer_possible, "not_possible"), (deadline_passed, "outside_dates"),
    (lead_no_longer_asked, "lead"), (companion_no_longer_asked, "companion"), (lead_ill, "not_free"),
    (companion_ill, "not_free"), (cap_lowered, "week_cap"), (only_near, "too_far"), (gap_widened, "after_early"),
    (first_visit_lost, "after_missing"), (settled_elsewhere, "fixed"), (online_after_all, "mode"),
    (at_home_after_all, "mode"), (quota_raised, "unmet"), (dearer_outings, "part"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "code"), KINDS, ids=[spoil.__name__ for spoil, _ in KINDS])
def test_every_kind_of_mutation_is_caught(good, spoil, code):
    for pick in range(PICKS):
        case = Case(good, pick)
        spoil(case)
        result = check_plan(load_problem(case.problem), load_plan(case.plan))
        assert code in {violation.code for violation in result.violations}, f"pick {pick}"
        assert not result.ok


def test_every_code_of_the_checker_is_met():
    # A rule that no test breaks is a rule that may not be checked.
    folder = Path(check_plan.__code__.co_filename).parent
    text = "".join(path.read_text("utf-8") for path in folder.glob("check*.py"))
    codes = set(re.findall(r'note\(\s*"([a-z_]+)"', text))
    met = {code for _, code in KINDS} | {row[2] for row in BROKEN}
    assert codes - met <= {"certificate", "bound_sum", "bound_above_cost", "column_pays_less"}  # test_bound.py
