"""A school's proof as the certificate states it, and the bound that its own figures add up to."""

import math

from .bound import Case, GroupProof, Proof

TAKEN_OFF = 1e-3 + 1e-6  # before a value is rounded up: what the certificate says, and a hair


def certify(proof: Proof) -> tuple[float, dict]:
    """The bound of a school and its `outside` and `groups`; prices are cut to a millionth, which only weakens them."""
    part, price = proof.columns.part, proof.outside.price
    names = [visit.id for visit in part.visits]
    groups, values = [], []
    answered = set()
    for one in proof.groups:
        cases = [(_case(proof, one, case), case) for case in sorted(one.cases, key=lambda case: case.low)]
        value = min(_value(proof, one, found, case) for found, case in cases)
        values.append(math.ceil(value - TAKEN_OFF) if one.whole else value)
        answered.update(one.group.visits)
        leads = [part.teachers[t].id for t in one.group.leads]
        visits = [names[v] for v in one.group.visits]
        groups.append({"leads": leads, "visits": visits, "cases": [found for found, _ in cases]})
    values += [float(price[v]) for v in range(len(names)) if v not in answered]
    outside = {name: int(price[v]) for v, name in enumerate(names) if price[v]}
    return math.fsum(values), {"outside": outside, "groups": groups}


def _cut(price: float) -> float:
    return math.floor(price * 1e6) / 1e6


def _case(proof: Proof, one: GroupProof, case: Case) -> dict:
    part, families, prices = proof.columns.part, proof.columns.families, case.prices
    found: dict = {"outings": [case.low, case.high]}
    names = [part.teachers[t].id for t in range(len(part.teachers))]
    visits = {part.visits[v].id: _cut(prices.visit[v]) for v in one.group.visits}
    weeks = {
        f"{names[t]}|{part.mondays[w].isoformat()}": _cut(price)
        for t, price in prices.lead.items()
        for w in sorted(one.master.weeks[t])
    }
    slots = {
        f"{names[families[f].lead]}|{part.slots[s].id}": _cut(prices.family.get(f, 0.0) + low)
        for f, low in case.least.items()
        for s in families[f].slots
    }
    duals = zip(prices.cuts, prices.cut, strict=True)
    cuts = [{"visits": [part.visits[v].id for v in cut], "dual": _cut(dual)} for cut, dual in duals if dual < 0]
    lists = {"visits": visits, "lead_weeks": weeks, "lead_slots": slots}
    found["outing"] = _cut(prices.outing)
    return found | {key: {k: x for k, x in row.items() if x} for key, row in lists.items()} | {"cuts": cuts}


def _value(proof: Proof, one: GroupProof, found: dict, case: Case) -> float:
    part = proof.columns.part
    cap = {part.teachers[t].id: int(part.data.cap[t]) for t in one.group.leads}
    outing = found["outing"]
    terms = [*found["visits"].values(), *found["lead_slots"].values(), *(cut["dual"] for cut in found["cuts"])]
    terms += [cap[key.rsplit("|", 1)[0]] * price for key, price in found["lead_weeks"].items()]
    return math.fsum([*terms, outing * (case.low if outing > 0 else case.high or 0)])
