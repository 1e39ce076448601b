"""Every rule of the format has a plan that keeps it and one that breaks it, and the check tells them apart by code."""

import pytest

from jiafang.planner.check import check_plan
from jiafang.planner.check_cost import cost_parts
from jiafang.planner.check_travel import Ways
from jiafang.planner.format import load_plan, load_problem
from tests.planner import hand

pytestmark = [pytest.mark.planner]


def codes(problem: dict, plan: dict, keep: dict | None = None) -> set[str]:
    result = check_plan(load_problem(problem), load_plan(plan), load_plan(keep) if keep else None)
    assert result.ok == (not result.violations)
    return {violation.code for violation in result.violations}


def test_hand_plan_is_clean():
    result = check_plan(load_problem(hand.PROBLEM), load_plan(hand.PLAN))
    assert result.ok, result.violations
    assert result.cost == hand.PLAN["cost"]
    assert result.parts == hand.PLAN["parts"]
    assert result.bound_ok is None


def out(plan, index=0):
    return plan["outings"][index]


def stop(plan, index=0, place=0):
    return out(plan, index)["stops"][place]


def _drop_second_stop(plan):
    del out(plan)["stops"][1]


def _place_never(plan):
    plan["unplaced"] = []
    plan["outings"].append({
        "slot": "wed", "lead": "a", "companion": "b", "extra": None, "leave": "17:30", "back": "18:40",
        "stops": [{"visit": "never", "arrive": "17:50", "depart": "18:20"}],
    })  # fmt: skip


def _first_left_out(plan):
    del out(plan)["stops"][0]
    plan["unplaced"].append({"visit": "near", "reasons": [{"code": "x"}], "helps": []})


def _wed(plan):
    out(plan).update(slot="wed", lead="c", companion="b", extra=None)


def _same_outing_twice(plan):
    other = dict(out(plan), lead="c", companion="b", extra="l", stops=[out(plan)["stops"].pop()])
    plan["outings"].append(other)


def _a_third_outing(plan):
    # b has relief 0.5: of 2 outings a week 1 is left.
    plan["outings"].append(dict(out(plan, 1), slot="next", lead="c", stops=[dict(stop(plan), visit="near")]))
    plan["outings"][-1]["slot"] = "tue"
    plan["outings"].append(dict(plan["outings"][-1], slot="mon"))


BROKEN = [
    ("slot unknown", lambda p: out(p).update(slot="never"), "unknown_slot"),
    ("lead unknown", lambda p: out(p).update(lead="x"), "unknown_teacher"),
    ("extra unknown", lambda p: out(p).update(extra="x"), "unknown_teacher"),
    ("stop unknown", lambda p: stop(p).update(visit="x"), "unknown_visit"),
    ("talk unknown", lambda p: p["online"][0].update(visit="x"), "unknown_visit"),
    ("talk's slot unknown", lambda p: p["online"][0].update(slot="x"), "unknown_slot"),
    ("talk's lead unknown", lambda p: p["online"][0].update(lead="x"), "unknown_teacher"),
    ("unplaced unknown", lambda p: p["unplaced"][0].update(visit="x"), "unknown_visit"),
    ("unmet unknown", lambda p: p["unmet"].append({"teacher": "x", "visits": 0, "reasons": [{"code": "x"}]}),
     "unknown_teacher"),
    ("leaves early", lambda p: out(p).update(leave="17:29"), "leave_early"),
    ("back late", lambda p: out(p).update(back="20:31"), "back_late"),
    ("back too soon", lambda p: out(p).update(back="19:01"), "travel_time"),
    ("arrives too soon", lambda p: stop(p).update(arrive="17:38"), "travel_time"),
    ("arrives too soon at the next", lambda p: stop(p, 0, 1).update(arrive="18:17"), "travel_time"),
    ("stays too short", lambda p: stop(p, 0, 1).update(depart="18:47"), "stay_short"),
    ("order turned", lambda p: out(p)["stops"].reverse(), "travel_time"),
    ("no companion", lambda p: out(p).update(companion=None), "no_companion"),
    ("companion of none", lambda p: out(p).update(companion="l", extra=None), "companion"),
    ("lead of none", lambda p: out(p).update(lead="b"), "lead"),
    ("lead and companion one", lambda p: out(p).update(lead="c"), "same_person"),
    ("extra also companion", lambda p: out(p).update(extra="c"), "same_person"),
    ("extra not free", lambda p: out(p, 1).update(slot="tue", extra="l"), "not_free"),
    ("lead not free", _wed, "not_possible"),
    ("companion not free", lambda p: out(p, 1).update(slot="tue", companion="c"), "not_free"),
    ("companion too far", lambda p: out(p).update(companion="b"), "too_far"),
    ("extra too far", lambda p: out(p).update(extra="b"), "too_far"),
    ("two outings in a slot", _same_outing_twice, "two_outings"),
    ("too many in a week", _a_third_outing, "week_cap"),
    ("slot of another school", lambda p: out(p).update(slot="far"), "other_school"),
    ("slot not possible", lambda p: out(p, 1).update(slot="mon"), "not_possible"),
    ("after by", lambda p: out(p, 1).update(slot="late"), "outside_dates"),
    ("placed twice", lambda p: out(p, 1)["stops"].append(dict(stop(p))), "visit_twice"),
    ("placed and unplaced", lambda p: p["unplaced"].append(dict(p["unplaced"][0], visit="near")), "visit_twice"),
    ("unplaced twice", lambda p: p["unplaced"].append(p["unplaced"][0]), "visit_twice"),
    ("forgotten", lambda p: p["unplaced"].clear(), "visit_missing"),
    ("dropped", _drop_second_stop, "visit_missing"),
    ("no reason", lambda p: p["unplaced"][0].update(reasons=[]), "unexplained"),
    ("lead placed where not free", _place_never, "not_free"),
    ("home visit online", lambda p: p["online"][0].update(visit="never"), "mode"),
    ("online visit at home", lambda p: stop(p, 1).update(visit="talk"), "mode"),
    ("talk too short", lambda p: p["online"][1].update(end="18:49"), "online_length"),
    ("talk too long", lambda p: p["online"][1].update(end="18:51"), "online_length"),
    ("talk before the slot", lambda p: p["online"][0].update(start="17:20", end="17:45"), "online_outside"),
    ("talk after the slot", lambda p: p["online"][1].update(start="20:10", end="20:35"), "online_outside"),
    ("talks overlap", lambda p: p["online"][0].update(start="18:01", end="18:26"), "online_overlap"),
    ("talk while out", lambda p: p["online"][0].update(slot="next"), "online_while_out"),
    ("talk by a stranger", lambda p: p["online"][0].update(lead="b"), "lead"),
    ("talk while not free", lambda p: p["online"][0].update(lead="c"), "not_free"),
    ("talk in an impossible slot", lambda p: p["online"][0].update(slot="mon"), "not_possible"),
    ("second visit too soon", lambda p: out(p, 1).update(slot="tue"), "after_early"),
    ("first visit left out", _first_left_out, "after_missing"),
    ("fixed visit left out", _first_left_out, "fixed"),
    ("fixed visit in another slot", lambda p: out(p).update(slot="next"), "fixed"),
    ("fixed visit with another companion", lambda p: out(p).update(companion="b", extra=None), "fixed"),
    ("quota not listed", lambda p: out(p).update(extra=None), "unmet"),
    ("quota within reach", lambda p: out(p).update(extra=None), "quota_reachable"),
    ("quota listed though met", lambda p: p["unmet"].append({"teacher": "l", "visits": 1, "reasons": [{"code": "x"}]}),
     "unmet"),
    ("no quota at all", lambda p: p["unmet"].append({"teacher": "b", "visits": 1, "reasons": [{"code": "x"}]}), "unmet"),
    ("quota without reason", lambda p: p["unmet"].append({"teacher": "l", "visits": 1, "reasons": []}), "unexplained"),
    ("moved without an old plan", lambda p: p["moved"].append({"visit": "near", "from_slot": "tue", "to_slot": "mon"}),
     "moved"),
    ("cost too low", lambda p: p.update(cost=882), "cost"),
    ("a part too low", lambda p: p["parts"].update(travel=49), "part"),
    ("a part left out", lambda p: p["parts"].pop("load"), "part"),
    ("a part of no meaning", lambda p: p["parts"].update(luck=0), "part"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_broken_plan_is_caught(change, code):
    plan = hand.plan()
    change(plan)
    assert code in codes(hand.problem(), plan)


def test_wrong_count_of_an_unmet_quota():
    problem, plan = hand.problem(), hand.plan()
    problem["leaders"][0]["min_visits"] = 3
    problem["teachers"][3]["free"] = ["mon"]
    plan["unmet"] = [{"teacher": "l", "visits": 2, "reasons": [{"code": "cap"}]}]
    assert codes(problem, plan) == set()
    plan["unmet"][0]["visits"] = 1
    assert codes(problem, plan) == {"unmet"}


def test_waiting_is_allowed():
    plan = hand.plan()
    stop(plan, 0, 1).update(arrive="18:30", depart="19:05")
    out(plan)["back"] = "19:30"
    assert codes(hand.problem(), plan) == set()


def test_one_teacher_may_go_alone_only_where_the_campaign_allows_it():
    problem, plan = hand.problem(), hand.plan()
    out(plan, 1)["companion"] = None
    assert "no_companion" in codes(problem, plan)
    problem["two_teachers"] = False
    plan["parts"]["load"], plan["cost"] = 0.5, 882.5  # c 1, b 0
    assert codes(problem, plan) == set()


def test_fixed_visit_that_cannot_hold_may_be_left_out():
    problem, plan = hand.problem(), hand.plan()
    _first_left_out(plan)
    problem["visits"][0]["minutes"] = 170
    assert "fixed" not in codes(problem, plan)
    problem["visits"][0]["minutes"] = 162  # 9 + 162 + 9 = 180: just fits
    assert "fixed" in codes(problem, plan)


def test_after_a_date_already_held():
    problem, plan = hand.problem(), hand.plan()
    problem["visits"][1]["after"] = {"date": "2026-02-20", "min_days": 10}
    assert codes(problem, plan) == set()
    problem["visits"][1]["after"]["min_days"] = 11
    assert codes(problem, plan) == {"after_early"}


def test_travel_follows_the_format():
    problem = load_problem(hand.PROBLEM)
    ways, school = Ways(problem), problem.schools[0]
    visits = list(problem.visits)
    table = ways.table(school, visits)
    places = [school, *visits]
    assert table[0, 1] == 9 and table[0, 2] == 14 and table[1, 2] == 9
    assert table[0, 4] == 20  # a place unknown
    assert table[1, 3] == 0  # one place
    assert [[ways.minutes(a, b) for b in places[:3]] for a in places[:3]] == table[:3, :3].tolist()


def test_unknown_places_of_one_household_are_together():
    problem = hand.problem()
    problem["visits"][4]["household"] = "h3"
    loaded = load_problem(problem)
    table = Ways(loaded).table(loaded.schools[0], loaded.visits)
    assert table[4, 5] == 0 and table[4, 6] == 20
    assert Ways(loaded).minutes(loaded.visits[3], loaded.visits[4]) == 0


def test_costs_of_leads_weeks_and_lateness():
    problem, plan = hand.problem(), hand.plan()
    problem["visits"][1]["leads"] = ["c", "a"]
    problem["visits"][2].update(leads=["c"], priority=3)
    out(plan, 1)["lead"] = "c"
    parts = cost_parts(load_problem(problem), load_plan(plan))
    assert parts["other_lead"] == 40 and parts["other_second_lead"] == 20 and parts["late_week"] == 1


def test_change_against_an_old_plan_is_paid_and_listed():
    old, plan = hand.plan(), hand.plan()
    out(old, 1).update(slot="tue")  # `again` moved
    stop(old).update(arrive="17:49")  # `near` came 10 minutes later
    out(old)["companion"] = "b"  # and with another companion
    old["online"][1]["visit"] = "gone"  # a visit the new plan does not have costs nothing
    plan["moved"] = [{"visit": "again", "from_slot": "tue", "to_slot": "next"}]
    plan["parts"].update(moved_visit=10, moved_minute=1.0, changed_team=2)
    plan["cost"] += 13
    assert codes(hand.problem(), plan, old) == set()
    plan["moved"] = []
    assert codes(hand.problem(), plan, old) == {"moved"}
    plan["moved"] = [{"visit": "again", "from_slot": "wed", "to_slot": "next"}]
    assert codes(hand.problem(), plan, old) == {"moved"}


def test_old_outing_no_longer_there_costs_no_team():
    old, plan = hand.plan(), hand.plan()
    out(old, 1).update(slot="late", companion="c")
    plan["moved"] = [{"visit": "again", "from_slot": "late", "to_slot": "next"}]
    plan["parts"].update(moved_visit=10, moved_minute=0, changed_team=0)
    plan["cost"] += 10
    assert codes(hand.problem(), plan, old) == set()


def test_names_of_old_plans_may_be_gone():
    old, plan = hand.plan(), hand.plan()
    out(old, 1).update(slot="no longer a slot", lead="gone")
    plan["moved"] = [{"visit": "again", "from_slot": "no longer a slot", "to_slot": "next"}]
    plan["parts"].update(moved_visit=10, moved_minute=0, changed_team=0)
    plan["cost"] += 10
    assert codes(hand.problem(), plan, old) == set()
