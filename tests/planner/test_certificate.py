"""The certificate's layout and sum: what is not allowed is refused with its place, and groups add up as the format says."""

from copy import deepcopy

import pytest

from jiafang.planner.format import load_problem
from jiafang.planner.synthetic import Shares, district
from tests.planner import hand
from tests.planner.proofs import Prover, judged, triples, verify

pytestmark = [pytest.mark.planner]


@pytest.fixture(scope="module")
def proven():
    """Two class teachers, each a group with two cases, others in none; half prices outside, so nothing is rounded."""
    problem = load_problem(district(1, 2, 8, 2, seed=5, shares=Shares(online=0.2)))
    prover = Prover(problem)
    teams = prover.by_first_lead(1)
    outside = prover.outside(teams, {visit.id: 40.5 for visit in problem.visits})
    values, certificate = prover.certificate(teams, outside, triples(problem))
    assert verify(problem, sum(values), certificate) == (pytest.approx(sum(values)), set())
    return problem, sum(values), certificate


def group(certificate):
    return certificate["groups"][0]


def case(certificate, number=0):
    return group(certificate)["cases"][number]


def own(certificate):
    return group(certificate)["visits"][0]


def other(certificate):
    return certificate["groups"][1]["visits"][0]


def price(certificate, key, name, number):
    case(certificate)[key][name] = number


def own_price(certificate, number):
    price(certificate, "visits", own(certificate), number)


def left_out(certificate, number):
    certificate["outside"][own(certificate)] = number
    case(certificate)["visits"].pop(own(certificate))


def lend(certificate, key):
    certificate["groups"][1][key].append(group(certificate)[key][0])


def cut(certificate, visits, **dual):
    case(certificate)["cuts"].append({"visits": visits} | dual)


TOP, GROUP, CASE, LATER = (
    f"certificate{place}" for place in ("", ".groups[0]", ".groups[0].cases[0]", ".groups[0].cases[1]")
)
TAMPERED = [
    ("another kind", lambda c: c.update(kind="duals/1"), f"{TOP}.kind"),
    ("no kind", lambda c: c.pop("kind"), f"{TOP}.kind"),
    ("nothing at all", lambda c: c.clear(), f"{TOP}.groups"),
    ("unknown key", lambda c: c.update(trust="me"), f"{TOP}.trust"),
    ("outside no object", lambda c: c.update(outside=[]), f"{TOP}.outside"),
    ("outside unknown visit", lambda c: c["outside"].update(x=1), f"{TOP}.outside.x"),
    ("outside above leaving out", lambda c: c["outside"].update({own(c): 1e5}), f"{TOP}.outside.{{own}}"),
    ("outside a bool", lambda c: c["outside"].update({own(c): True}), f"{TOP}.outside.{{own}}"),
    ("groups no list", lambda c: c.update(groups={}), f"{TOP}.groups"),
    ("group no object", lambda c: c["groups"].append([]), f"{TOP}.groups[2]"),
    ("group with an unknown key", lambda c: group(c).update(bound=9), f"{GROUP}.bound"),
    ("group without visits", lambda c: group(c).pop("visits"), f"{GROUP}.visits"),
    ("group of nobody", lambda c: group(c).update(leads=[]), f"{GROUP}.leads"),
    ("unknown lead", lambda c: group(c)["leads"].append("x"), f"{GROUP}.leads[1]"),
    ("lead twice", lambda c: group(c)["leads"].append("s1c1"), f"{GROUP}.leads[1]"),
    ("lead in two groups", lambda c: lend(c, "leads"), f"{TOP}.groups[1].leads"),
    ("group twice", lambda c: c["groups"].append(deepcopy(group(c))), f"{TOP}.groups[2].leads"),
    ("unknown visit", lambda c: group(c)["visits"].insert(0, "x"), f"{GROUP}.visits[0]"),
    ("visit in two groups", lambda c: lend(c, "visits"), f"{TOP}.groups[1].visits"),
    ("no case", lambda c: group(c)["cases"].clear(), f"{GROUP}.cases"),
    ("no case for nothing", lambda c: group(c)["cases"].pop(0), f"{GROUP}.cases"),
    ("no case for many", lambda c: group(c)["cases"].pop(1), f"{GROUP}.cases"),
    ("a gap between cases", lambda c: case(c, 1).update(outings=[3, None]), f"{GROUP}.cases"),
    ("case with an unknown key", lambda c: case(c).update(slots={}), f"{CASE}.slots"),
    ("outings left out", lambda c: case(c).pop("outings"), f"{CASE}.outings"),
    ("outings no list", lambda c: case(c).update(outings=1), f"{CASE}.outings"),
    ("outings of three", lambda c: case(c).update(outings=[0, 1, 2]), f"{CASE}.outings"),
    ("outings the wrong way round", lambda c: case(c).update(outings=[1, 0]), f"{CASE}.outings.high"),
    ("outings below nothing", lambda c: case(c).update(outings=[-1, 1]), f"{CASE}.outings.low"),
    ("outings and a half", lambda c: case(c).update(outings=[0, 1.5]), f"{CASE}.outings.high"),
    ("outings a bool", lambda c: case(c).update(outings=[0, True]), f"{CASE}.outings.high"),
    ("outings from null", lambda c: case(c).update(outings=[None, 1]), f"{CASE}.outings.low"),
    ("outing below zero without end", lambda c: case(c, 1).update(outing=-0.5), f"{LATER}.outing"),
    ("outing no number", lambda c: case(c).update(outing="1"), f"{CASE}.outing"),
    ("price above outside", lambda c: own_price(c, 41), f"{CASE}.visits.{{own}}"),
    ("price of no own visit", lambda c: price(c, "visits", other(c), 1), f"{CASE}.visits.{{other}}"),
    ("left out, so above outside", lambda c: left_out(c, -1), f"{CASE}.visits.{{own}}"),
    ("price not finite", lambda c: own_price(c, float("nan")), f"{CASE}.visits.{{own}}"),
    ("price without end", lambda c: own_price(c, -float("inf")), f"{CASE}.visits.{{own}}"),
    ("price beyond floats", lambda c: own_price(c, -(10**400)), f"{CASE}.visits.{{own}}"),
    ("price a text", lambda c: own_price(c, "12"), f"{CASE}.visits.{{own}}"),
    ("price a bool", lambda c: own_price(c, False), f"{CASE}.visits.{{own}}"),
    ("week price above zero", lambda c: price(c, "lead_weeks", "s1c1|2026-03-02", 1), f"{CASE}.lead_weeks.s1c1|2026-03-02"),
    ("week of nobody", lambda c: price(c, "lead_weeks", "x|2026-03-02", -1), f"{CASE}.lead_weeks.x|2026-03-02"),
    ("week of another group", lambda c: price(c, "lead_weeks", "s1c2|2026-03-02", -1), f"{CASE}.lead_weeks.s1c2|2026-03-02"),
    ("week not from Monday", lambda c: price(c, "lead_weeks", "s1c1|2026-03-03", -1), f"{CASE}.lead_weeks.s1c1|2026-03-03"),
    ("week written otherwise", lambda c: price(c, "lead_weeks", "s1c1|20260302", -1), f"{CASE}.lead_weeks.s1c1|20260302"),
    ("slot price above zero", lambda c: price(c, "lead_slots", "s1c1|s1-0302E", 1), f"{CASE}.lead_slots.s1c1|s1-0302E"),
    ("slot unknown", lambda c: price(c, "lead_slots", "s1c1|s1-0202E", -1), f"{CASE}.lead_slots.s1c1|s1-0202E"),
    ("slot of another group", lambda c: price(c, "lead_slots", "s1c2|s1-0302E", -1), f"{CASE}.lead_slots.s1c2|s1-0302E"),
    ("slot of nobody", lambda c: price(c, "lead_slots", "s1-0302E", -1), f"{CASE}.lead_slots.s1-0302E"),
    ("cuts no list", lambda c: case(c).update(cuts={}), f"{CASE}.cuts"),
    ("cut above zero", lambda c: cut(c, group(c)["visits"][:3], dual=1), f"{CASE}.cuts[{{last}}].dual"),
    ("cut without price", lambda c: cut(c, group(c)["visits"][:3]), f"{CASE}.cuts[{{last}}].dual"),
    ("even cut", lambda c: cut(c, [*group(c)["visits"][:3], other(c)], dual=-1), f"{CASE}.cuts[{{last}}]"),
    ("small cut", lambda c: cut(c, [own(c)], dual=-1), f"{CASE}.cuts[{{last}}]"),
    ("one visit thrice", lambda c: cut(c, [own(c)] * 3, dual=-1), f"{CASE}.cuts[{{last}}].visits[1]"),
    ("cut of unknown visits", lambda c: cut(c, ["x", "y", "z"], dual=-1), f"{CASE}.cuts[{{last}}]"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "where"), [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED])
def test_what_is_not_allowed_is_refused_with_its_place(proven, change, where):
    problem, bound, certificate = deepcopy(proven)
    where = where.format(own=own(certificate), other=other(certificate), last=len(case(certificate)["cuts"]))
    change(certificate)
    found, violations = judged(problem, bound, certificate)
    assert found is None
    assert [(violation.code, violation.where) for violation in violations] == [("certificate", where)]


def test_a_name_that_can_be_read_in_two_ways_is_refused():
    data = hand.problem()
    data["teachers"].append(data["teachers"][0] | {"id": "a|b", "free": []})
    evening = data["slots"].pop(5)
    data["slots"] += [
        evening,
        evening | {"id": "c", "date": "2026-03-03"},
        evening | {"id": "b|c", "date": "2026-03-04"},
    ]
    problem, slots = load_problem(data), {"a|b|c": -1.0}

    def codes(*leads: str) -> set[str]:
        groups = [{"leads": list(leads), "visits": [], "cases": [{"outings": [0, None], "lead_slots": slots}]}]
        return verify(problem, -9, {"kind": "duals/2", "outside": {}, "groups": groups})[1]

    assert codes("a", "a|b") == {"certificate"}
    assert codes("a") == codes("a|b") == set()


def test_raised_bound_and_raised_price_are_refused(proven):
    problem, bound, certificate = deepcopy(proven)
    assert verify(problem, bound + 0.01, certificate) == (None, {"bound_sum"})
    for item in group(certificate)["cases"]:
        dearest = max(item["visits"], key=item["visits"].get)
        item["visits"][dearest] += 0.01
    assert verify(problem, bound, certificate) == (None, {"column_pays_less"})


def test_lower_prices_prove_a_lower_bound(proven):
    problem, bound, certificate = deepcopy(proven)
    for item in group(certificate)["cases"]:
        item["visits"][own(certificate)] -= 1
    assert verify(problem, bound, certificate)[1] == {"bound_sum"}
    assert verify(problem, bound - 1, certificate) == (pytest.approx(bound - 1), set())


def test_cases_may_overlap_and_stand_in_any_order_and_the_lowest_counts(proven):
    problem, bound, certificate = deepcopy(proven)
    group(certificate)["cases"].reverse()
    assert verify(problem, bound, certificate) == (pytest.approx(bound), set())
    group(certificate)["cases"].append({"outings": [1, 7]})
    kept = verify(problem, -9, certificate)[0]
    group(certificate)["cases"] = [{"outings": [0, None]}]
    assert kept is not None and kept == verify(problem, -9, certificate)[0] < bound


@pytest.mark.parametrize(
    ("key", "nothing"), [("outing", 0), ("visits", {}), ("lead_weeks", {}), ("lead_slots", {}), ("cuts", [])]
)
def test_what_a_case_leaves_out_is_nothing(proven, key, nothing):
    problem, _, certificate = deepcopy(proven)
    for item in group(certificate)["cases"]:
        item[key] = nothing
    said = judged(problem, -9, certificate)
    for item in group(certificate)["cases"]:
        item.pop(key)
    assert judged(problem, -9, certificate) == said


def by_hand(outside: dict, price: float) -> dict:
    """A group of one lead and one visit, whose value is the price."""
    cases = [{"outings": [0, None], "visits": {"further": price}}]
    only = {"leads": ["a"], "visits": ["further"], "cases": cases}
    return {"kind": "duals/2", "outside": {"further": 40} | outside, "groups": [only]}


@pytest.mark.parametrize(("price", "value"), [(10.25, 11), (10.0005, 10), (10.0015, 11), (10, 10), (-0.5, 0)])
def test_whole_costs_round_a_group_up(price, value):
    problem, certificate = load_problem(hand.PROBLEM), by_hand({"near": 7, "again": -2.0}, price)
    assert verify(problem, value + 5, certificate) == (value + 5, set())
    assert verify(problem, value + 5.001, certificate) == (None, {"bound_sum"})


@pytest.mark.parametrize("name", ["travel_min", "outing", "unwished", "other_lead", "late_week", "outside"])
def test_one_cost_that_is_not_whole_and_nothing_is_rounded(name):
    data, certificate = hand.problem(), by_hand({"near": 6.5 if name == "outside" else 6}, 10.25)
    if name != "outside":
        data["costs"][name] += 0.5
    problem, total = load_problem(data), 10.25 + certificate["outside"]["near"]
    assert verify(problem, total, certificate) == (total, set())
    assert verify(problem, total + 0.25, certificate) == (None, {"bound_sum"})


@pytest.mark.parametrize("name", ["unplaced", "other_second_lead", "load"])
def test_costs_no_group_pays_need_not_be_whole(name):
    data = hand.problem()
    data["costs"][name] += 0.5
    assert verify(load_problem(data), 11, by_hand({}, 10.25)) == (11, set())


def test_the_number_of_outings_is_worth_its_price_at_the_cheaper_end():
    # An outing costs 15 and at least 18 minutes, less θ 0.5 of `near`, which keeps the sum from being rounded.
    problem, certificate = load_problem(hand.PROBLEM), by_hand({"near": 0.5}, 0)
    few, many = {"outings": [0, 3], "outing": -2}, {"outings": [4, None], "outing": 3}
    group(certificate)["cases"] = [few, many]
    assert verify(problem, -9, certificate) == (-2 * 3 + 0.5, set())
    few["outing"] = 1
    assert verify(problem, -9, certificate) == (0.5, set())
    few["visits"] = {"further": 20}
    assert verify(problem, -9, certificate) == (3 * 4 + 0.5, set())
    many["outing"] = 32.5
    assert verify(problem, -9, certificate) == (20.5, set())
    many["outing"] = 32.6
    assert verify(problem, -9, certificate) == (None, {"column_pays_less"})


def test_every_price_counts_as_often_as_it_can_be_used():
    data = hand.problem()
    data["teachers"][1] |= {"max_outings_per_week": 5, "relief": 0.7}
    problem, certificate = load_problem(data), by_hand({"near": 0.5}, 0)
    group(certificate)["leads"].append("b")
    case(certificate)["lead_weeks"] = {"b|2026-03-02": -8}
    assert verify(problem, -99, certificate) == (3 * -8 + 0.5, set())
    case(certificate)["lead_slots"] = {"b|mon": -100, "a|next": -1000}
    assert verify(problem, -9999, certificate) == (-1124 + 0.5, set())
    five = ["near", "further", "again", "never", "talk"]
    case(certificate)["cuts"] = [{"visits": five, "dual": -0.25}, {"visits": five[:3], "dual": -0.5}]
    assert verify(problem, -9999, certificate) == (-1124 - 2 * 0.25 - 0.5 + 0.5, set())


def test_a_visit_online_brings_an_outsider_no_more_than_it_costs():
    # c pays `other_lead` 40, and 2 in a slot not wished; c is not free on the day that is wished.
    problem, certificate = load_problem(hand.PROBLEM), by_hand({"talk": 42}, 0)
    group(certificate)["visits"].append("talk")
    assert verify(problem, -9, certificate) == (0, set())
    certificate["outside"]["talk"] = 42.5
    found, violations = judged(problem, -9, certificate)
    assert found is None
    assert [(violation.code, violation.where) for violation in violations] == [
        ("column_pays_less", "certificate.outside")
    ]
