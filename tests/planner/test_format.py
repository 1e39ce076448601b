"""What the loader refuses, and the place it names; files survive a round trip."""

import json
from datetime import date

import pytest

from jiafang.planner.format import (
    InputError,
    clock,
    dump_plan,
    dump_problem,
    load_plan,
    load_problem,
)
from jiafang.planner.synthetic import Shares, district
from tests.planner import hand

pytestmark = [pytest.mark.planner]


def set_(path: str, value):
    """A change that sets one place, written as it stands in an error: `visits[0].leads[0]`."""

    def change(data):
        steps = path.replace("[", ".").replace("]", "").split(".")
        for step in steps[:-1]:
            data = data[int(step) if step.isdigit() else step]
        last = steps[-1]
        data[int(last) if last.isdigit() else last] = value

    return change


def del_(path: str):
    def change(data):
        steps = path.replace("[", ".").replace("]", "").split(".")
        for step in steps[:-1]:
            data = data[int(step) if step.isdigit() else step]
        del data[steps[-1]]

    return change


def add(path: str, value):
    def change(data):
        data[path].append(value)

    return change


def fixed(**other):
    def change(data):
        data["fixed"].append({"visit": "further", "slot": "mon", "lead": "a", "companion": "c"} | other)

    return change


def both(*changes):
    def change(data):
        for one in changes:
            one(data)

    return change


NAN, INFINITE = float("nan"), float("inf")

WRONG_PROBLEMS = [
    (set_("format", "jiafang-problem/2"), "format", "format"),
    (del_("format"), "format", "format"),
    (set_("colour", 1), "unknown_key", "colour"),
    (del_("travel"), "missing_key", "travel"),
    (set_("begins", "2026-3-2"), "type", "begins"),
    (set_("begins", "2026-02-30"), "date", "begins"),
    (set_("begins", 20260302), "type", "begins"),
    (set_("two_teachers", 1), "type", "two_teachers"),
    (set_("visits", {}), "type", "visits"),
    (set_("travel.detour", NAN), "not_finite", "travel.detour"),
    (set_("travel.detour", -1), "range", "travel.detour"),
    (set_("travel.legs", []), "value", "travel.legs"),
    (set_("travel.legs[1].km", 3), "value", "travel.legs[1].km"),
    (del_("travel.legs[0].km"), "value", "travel.legs[0].km"),
    (set_("travel.legs[0].speed", 3), "unknown_key", "travel.legs[0].speed"),
    (set_("travel.unknown_min", 2.5), "type", "travel.unknown_min"),
    (set_("costs.outing", INFINITE), "not_finite", "costs.outing"),
    (set_("costs.outing", "15"), "type", "costs.outing"),
    (set_("costs.outing", -1), "range", "costs.outing"),
    (del_("costs.load"), "missing_key", "costs.load"),
    (set_("costs.luck", 1), "unknown_key", "costs.luck"),
    (set_("schools[0].lat", None), "type", "schools[0].lat"),
    (set_("schools[0].lat", 91), "range", "schools[0].lat"),
    (set_("schools[1].id", "s1"), "duplicate", "schools[1].id"),
    (set_("slots[1].id", "mon"), "duplicate", "slots[1].id"),
    (set_("slots[0].school", "s9"), "unknown", "slots[0].school"),
    (set_("slots[0].end", "17:30"), "slot_end", "slots[0].end"),
    (set_("slots[0].end", "16:00"), "slot_end", "slots[0].end"),
    (set_("slots[0].end", "24:00"), "type", "slots[0].end"),
    (set_("slots[0].end", "2０:30"), "type", "slots[0].end"),
    (set_("slots[1].date", "2026-03-02"), "slot_overlap", "slots[1]"),
    (set_("slots[0].kind", ""), "type", "slots[0].kind"),
    (set_("teachers[1].id", "a"), "duplicate", "teachers[1].id"),
    (set_("teachers[0].school", "s9"), "unknown", "teachers[0].school"),
    (set_("teachers[0].free[0]", "sun"), "unknown", "teachers[0].free"),
    (set_("teachers[0].free[0]", "far"), "other_school", "teachers[0].free"),
    (set_("teachers[0].free[1]", "mon"), "duplicate", "teachers[0].free[1]"),
    (set_("teachers[0].free[1]", ["mon"]), "type", "teachers[0].free[1]"),
    (set_("teachers[0].free", "mon"), "type", "teachers[0].free"),
    (set_("teachers[0].max_outings_per_week", -1), "range", "teachers[0].max_outings_per_week"),
    (set_("teachers[0].max_outings_per_week", True), "type", "teachers[0].max_outings_per_week"),
    (set_("teachers[0].relief", 0), "range", "teachers[0].relief"),
    (set_("teachers[0].relief", 1.2), "range", "teachers[0].relief"),
    (set_("teachers[0].max_km", NAN), "not_finite", "teachers[0].max_km"),
    (set_("visits[1].id", "near"), "duplicate", "visits[1].id"),
    (set_("visits[0].id", ""), "type", "visits[0].id"),
    (set_("visits[0].lat", None), "value", "visits[0].lat"),
    (set_("visits[0].lon", NAN), "not_finite", "visits[0].lon"),
    (set_("visits[0].lon", 181), "range", "visits[0].lon"),
    (set_("visits[0].minutes", 0), "range", "visits[0].minutes"),
    (set_("visits[0].minutes", 30.5), "type", "visits[0].minutes"),
    (set_("visits[0].minutes", INFINITE), "not_finite", "visits[0].minutes"),
    (set_("visits[0].mode", "phone"), "word", "visits[0].mode"),
    (set_("visits[0].leads[0]", "t99"), "unknown", "visits[0].leads[0]"),
    (set_("visits[0].leads[0]", "z"), "other_school", "visits[0].leads[0]"),
    (set_("visits[0].leads[1]", "a"), "duplicate", "visits[0].leads[1]"),
    (set_("visits[0].leads[0]", 7), "type", "visits[0].leads[0]"),
    (set_("visits[0].companions[1]", "t99"), "unknown", "visits[0].companions[1]"),
    (set_("visits[0].companions[1]", "z"), "other_school", "visits[0].companions[1]"),
    (set_("visits[0].school", "s9"), "unknown", "visits[0].school"),
    (set_("visits[0].school", "s2"), "other_school", "visits[0].possible"),
    (set_("visits[0].possible[0]", "far"), "other_school", "visits[0].possible"),
    (set_("visits[0].wished[0]", "sun"), "unknown", "visits[0].wished"),
    (set_("visits[0].by", "2026-03-01"), "window", "visits[0].by"),
    (set_("visits[0].priority", -1), "range", "visits[0].priority"),
    (set_("visits[0].begins", "2026-03-02"), "unknown_key", "visits[0].begins"),
    (del_("visits[0].household"), "missing_key", "visits[0].household"),
    (set_("visits[2].after.visit", "x"), "unknown", "visits[2].after.visit"),
    (set_("visits[2].after.visit", "again"), "after_self", "visits[2].after.visit"),
    (set_("visits[0].after", {"visit": "again", "min_days": 1}), "after_cycle", "visits[0].after.visit"),
    (set_("visits[2].after", {"min_days": 1}), "value", "visits[2].after"),
    (set_("visits[2].after.date", "2026-03-01"), "value", "visits[2].after"),
    (set_("visits[2].after", {"date": "2026-13-01", "min_days": 1}), "date", "visits[2].after.date"),
    (set_("visits[2].after.min_days", -1), "range", "visits[2].after.min_days"),
    (set_("visits[2]", None), "type", "visits[2]"),
    (set_("leaders[0].teacher", "x"), "unknown", "leaders[0].teacher"),
    (add("leaders", {"teacher": "l", "min_visits": 1}), "duplicate", "leaders[1].teacher"),
    (fixed(visit="x"), "unknown", "fixed[1].visit"),
    (fixed(slot="x"), "unknown", "fixed[1].slot"),
    (fixed(lead="x"), "unknown", "fixed[1].lead"),
    (fixed(companion="x"), "unknown", "fixed[1].companion"),
    (fixed(visit="near"), "duplicate", "fixed[1].visit"),
    (fixed(slot="wed"), "fixed", "fixed[1].slot"),
    (fixed(lead="b"), "fixed", "fixed[1].lead"),
    (fixed(companion="l"), "fixed", "fixed[1].companion"),
    (fixed(companion=None), "fixed", "fixed[1].companion"),
    (fixed(lead="c"), "fixed", "fixed[1].companion"),
    (fixed(companion="b"), "fixed", "fixed[1]"),
    (fixed(slot="tue"), "fixed", "fixed[1].companion"),
    (both(fixed(), set_("visits[1].from", "2026-03-03")), "fixed", "fixed[1].slot"),
    (both(fixed(), set_("visits[1].after", {"date": "2026-03-01", "min_days": 2})), "fixed", "fixed[1].slot"),
    (both(fixed(), set_("teachers[2].max_km", 9), set_("visits[1].lat", None), set_("visits[1].lon", None)),
     "fixed", "fixed[1].companion"),
    (fixed(visit="talk", slot="tue"), "fixed", "fixed[1].companion"),
    (both(set_("visits[3].possible[0]", "mon"), fixed(visit="talk", companion=None)), "fixed", "fixed[1]"),
    (both(set_("visits[2].possible[0]", "mon"), fixed(visit="again", companion="b"), set_("fixed[0].companion", "b")),
     "fixed", "fixed[1].slot"),
    (both(fixed(slot="tue", companion="b"), set_("fixed[0].companion", "b"), set_("teachers[0].free[2]", "wed")),
     "fixed", "fixed"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "where"), WRONG_PROBLEMS, ids=[f"{c}-{w}" for _, c, w in WRONG_PROBLEMS])
def test_wrong_problem_is_refused_with_its_place(change, code, where):
    data = hand.problem()
    load_problem(data)
    change(data)
    with pytest.raises(InputError) as caught:
        load_problem(data)
    assert (caught.value.code, caught.value.where) == (code, where)
    assert caught.value.text != caught.value.message
    assert str(caught.value).startswith(where)


def test_message_reads_as_the_format_says():
    data = hand.problem()
    data["visits"][0]["leads"] = ["t99"]
    with pytest.raises(InputError) as caught:
        load_problem(data)
    assert str(caught.value) == 'visits[0].leads[0]: no teacher "t99"'
    assert caught.value.text == "没有编号为“t99”的教师"


WRONG_PLANS = [
    (set_("format", "jiafang-problem/1"), "format", "format"),
    (set_("colour", 1), "unknown_key", "colour"),
    (set_("cost", NAN), "not_finite", "cost"),
    (set_("cost", None), "type", "cost"),
    (set_("bound", "1"), "type", "bound"),
    (set_("certificate", None), "type", "certificate"),
    (set_("parts.travel", "1"), "type", "parts.travel"),
    (set_("outings[0].leave", "7:30"), "type", "outings[0].leave"),
    (set_("outings[0].stops", []), "value", "outings[0].stops"),
    (del_("outings[0].extra"), "missing_key", "outings[0].extra"),
    (set_("outings[0].stops[0].note", 1), "unknown_key", "outings[0].stops[0].note"),
    (set_("online[0].end", "25:00"), "type", "online[0].end"),
    (set_("unplaced[0].reasons[0]", "why"), "type", "unplaced[0].reasons[0]"),
    (set_("unplaced[0].reasons[0].code", 3), "type", "unplaced[0].reasons[0]"),
    (add("unmet", {"teacher": "l", "visits": -1, "reasons": []}), "range", "unmet[0].visits"),
    (add("moved", {"visit": "near", "from_slot": "mon"}), "missing_key", "moved[0].to_slot"),
]


@pytest.mark.parametrize(("change", "code", "where"), WRONG_PLANS, ids=[f"{c}-{w}" for _, c, w in WRONG_PLANS])
def test_wrong_plan_is_refused_with_its_place(change, code, where):
    data = hand.plan()
    change(data)
    with pytest.raises(InputError) as caught:
        load_plan(data)
    assert (caught.value.code, caught.value.where) == (code, where)


TEXTS = [
    ('{"format": "jiafang-problem/1"', "not_json"),
    ('{"format": NaN}', "not_finite"),
    ('{"format": -Infinity}', "not_finite"),
    ('{"format": "a", "format": "b"}', "duplicate_key"),
    ('{"a":' * 100_000, "not_json"),
    ('{"a": ' + "9" * 5000 + "}", "not_json"),
]


@pytest.mark.parametrize(("text", "code"), TEXTS, ids=range(len(TEXTS)))
def test_text_that_is_no_problem(text, code):
    with pytest.raises(InputError) as caught:
        load_problem(text)
    assert caught.value.code == code


PLACES = [
    ('"lat": 40.02', '"lat": NaN', "not_finite", "visits[1].lat"),
    ('"lat": 40.02', '"lat": 1e999', "not_finite", "visits[1].lat"),
    ('"lat": 40.02', '"lat": 40.02, "lat": 3', "duplicate_key", "visits[1].lat"),
    ('"further"', '"\\ud800"', "not_text", "visits[1].id"),
]


@pytest.mark.parametrize(("old", "new", "code", "where"), PLACES, ids=[place[1] for place in PLACES])
def test_what_json_does_not_know_is_refused_with_its_place(old, new, code, where):
    text = json.dumps(hand.PROBLEM)
    assert old in text
    with pytest.raises(InputError) as caught:
        load_problem(text.replace(old, new, 1))
    assert (caught.value.code, caught.value.where) == (code, where)
    assert caught.value.text != caught.value.message


def test_a_character_in_two_halves_is_whole():
    text = json.dumps(hand.PROBLEM).replace('"further"', '"\\ud83d\\ude00"')
    assert load_problem(text).visits[1].id == "\N{GRINNING FACE}"


def test_files(tmp_path):
    path = tmp_path / "problem.json"
    with pytest.raises(InputError) as caught:
        load_problem(path)
    assert caught.value.code == "unreadable"
    path.write_bytes(json.dumps(hand.PROBLEM).encode("utf-8-sig"))
    assert load_problem(path) == load_problem(str(path)) == load_problem(hand.PROBLEM)
    path.write_text('{"家访"}', "gb18030")
    with pytest.raises(InputError) as caught:
        load_problem(path)
    assert caught.value.code == "not_utf8"
    path.write_text("[]", "utf-8")
    with pytest.raises(InputError) as caught:
        load_problem(path)
    assert caught.value.code == "type"


def test_what_a_problem_may_lack():
    data = hand.problem()
    del data["leaders"], data["fixed"]
    for visit in data["visits"]:
        visit.update(leads=[], companions=[], possible=[], wished=[])
    for teacher in data["teachers"]:
        teacher["free"] = []
    loaded = load_problem(data)
    assert loaded.leaders == loaded.fixed == ()
    for key in ("schools", "slots", "teachers", "visits"):
        data[key] = []
    assert load_problem(data).visits == ()


def test_round_trips():
    problem, plan = load_problem(hand.PROBLEM), load_plan(hand.PLAN)
    assert load_problem(dump_problem(problem)) == problem
    assert load_problem(json.dumps(dump_problem(problem))) == problem
    assert load_plan(json.dumps(dump_plan(plan))) == plan
    assert dump_plan(plan) == hand.PLAN
    assert problem.visits[2].after.visit == "near" and problem.visits[0].after is None
    assert problem.visits[0].begins == date(2026, 3, 2) and problem.slots[0].start == 17 * 60 + 30
    assert clock(17 * 60 + 5) == "17:05"


@pytest.mark.parametrize("seed", range(6))
def test_districts_load_and_repeat(seed):
    shape = [(1, 1, 4, 1), (2, 3, 30, 2), (1, 0, 0, 1), (0, 0, 0, 0), (1, 2, 12, 3), (1, 4, 150, 8)][seed]
    data = district(*shape, seed=seed, shares=Shares(fixed=0.5))
    assert data == district(*shape, seed=seed, shares=Shares(fixed=0.5))
    problem = load_problem(json.dumps(data))
    data["travel"]["legs"].clear()  # belongs to this district alone
    assert (
        load_problem(dump_problem(problem))
        == problem
        == load_problem(district(*shape, seed=seed, shares=Shares(fixed=0.5)))
    )
    assert len(problem.slots) == shape[0] * shape[3] * 9
    if shape[2] > 20:
        assert data != district(*shape, seed=seed + 1)
        assert 0.8 * shape[2] <= len(problem.visits) <= 1.3 * shape[2]


def test_a_district_is_as_it_is_said_to_be():
    problem = load_problem(district(2, 30, 1358, 8, seed=2))
    free = {teacher.id: teacher.free for teacher in problem.teachers}
    firsts = [visit for visit in problem.visits if visit.after is None]
    count = len(firsts)
    shares = {
        "apart": sum(not visit.possible & free[visit.leads[0]] for visit in firsts) / count,
        "second": (len(problem.visits) - count) / count,
        "online": sum(visit.mode == "online" for visit in firsts) / count,
        "unknown": sum(visit.lat is None for visit in firsts) / count,
        "two classes": sum(len(visit.leads) > 6 for visit in firsts) / count,
    }
    expected = {"apart": 0.03, "second": 0.06, "online": 0.03, "unknown": 0.015, "two classes": 0.03}
    for name, share in expected.items():
        assert share / 2.5 < shares[name] < share * 2, (name, shares[name])
    assert {slot.kind for slot in problem.slots} == {"evening", "morning", "afternoon"}
    assert all(visit.companions and len(visit.leads) >= 6 for visit in problem.visits)
