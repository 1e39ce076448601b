"""What would let an unplaced visit in: each change is tried on the finished plan before it is offered."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from .arrays import NEVER, Data, SchoolPart
from .model import HOME
from .state import State, begin, copy_state, insert, open_route
from .survey import survey


class _Case(NamedTuple):
    """Whom to help: visit `v`, and the visits after it that are to find a place then too."""

    part: SchoolPart
    state: State
    v: int
    then: tuple[int, ...]


def helps_for(part: SchoolPart, state: State, v: int) -> tuple[dict, ...]:
    """Changes that let visit v in with everything else as it is, the cheapest first, each with slot, team and cost.

    When the visit it comes after has no place either, the changes are to that one, named as `visit`, and let both in.
    """
    chain = [v]
    while (first := int(part.data.first[chain[0]])) >= 0 and state.at[first] < 0:
        chain.insert(0, first)
    case = _Case(part, state, chain[0], tuple(chain[1:]))
    of = {} if chain[0] == v else {"visit": part.visits[chain[0]].id}
    found = [*_leads(case), *_companions(case), *_slots(case), *_gap(case), *_online(case), *_more(case)]
    return tuple({**item, **of} for item in sorted(found, key=lambda item: item["cost"]))


def _try(case: _Case, data: Data) -> dict | None:
    """The cheapest place under changed data, or None."""
    part = case.part
    found = survey(data, case.state, case.v)
    best = None
    for s in np.argsort(found.cost, kind="stable"):
        cost = float(found.cost[s])
        if not np.isfinite(cost) or (best and cost >= best["cost"]):
            break
        cost += _rest(case, data, int(s), found.what[s])
        if np.isfinite(cost) and (best is None or cost < best["cost"]):
            _, _, lead, pal = (int(x) for x in found.what[s])
            best = {"slot": part.slots[s].id, "lead": part.teachers[lead].id,
                    "companion": part.teachers[pal].id if pal >= 0 else None, "cost": cost}  # fmt: skip
    return best and best | {"cost": round(best["cost"], 3)}


def _rest(case: _Case, data: Data, s: int, what: np.ndarray) -> float:
    """What the visits after it cost once it stands in slot s; infinite when one of them finds no place."""
    if not case.then:
        return 0.0
    total, state, v = 0.0, copy_state(case.state), case.v
    begin(state)
    for after in case.then:
        _put(data, state, v, s, what)
        found = survey(data, state, after)
        s, v = int(found.cost.argmin()), after
        what = found.what[s]
        total += float(found.cost[s])
        if not np.isfinite(total):
            break
    return total


def _put(data: Data, state: State, v: int, s: int, what: np.ndarray) -> None:
    route, place, lead, pal = (int(x) for x in what)
    if route < 0:
        open_route(data, state, v, lead, pal, s, 0)
    else:
        insert(data, state, v, route, place, 0)


def _with_leads(data: Data, v: int, leads: list[int], costs: list[float]) -> Data:
    a, b = data.lead_at[v], data.lead_at[v + 1]
    at = data.lead_at.copy()
    at[v + 1 :] += len(leads) - (b - a)
    return data._replace(
        lead_at=at,
        lead_of=np.concatenate([data.lead_of[:a], np.array(leads, np.int32), data.lead_of[b:]]),
        lead_cost=np.concatenate([data.lead_cost[:a], np.array(costs, np.float64), data.lead_cost[b:]]),
    )


def _with_companion(data: Data, v: int, t: int) -> Data:
    a, b = data.pal_at[v], data.pal_at[v + 1]
    at, ok = data.pal_at.copy(), data.pal_ok.copy()
    at[v + 1 :] += 1 - (b - a)
    ok[v, t] = True
    return data._replace(
        pal_at=at, pal_of=np.concatenate([data.pal_of[:a], np.array([t], np.int32), data.pal_of[b:]]), pal_ok=ok
    )


def _strangers(case: _Case, role: str) -> Iterator[list[str]]:
    """Teachers who are not yet named for a role: those who know the child's class, failing them others who do the like."""
    visit = case.part.visits[case.v]
    mine = getattr(visit, role)
    known = [t for t in dict.fromkeys([*visit.companions, *visit.leads]) if t not in mine]
    yield known
    yield sorted({t for other in case.part.visits for t in getattr(other, role)} - set(known) - set(mine))


def _can_come(case: _Case, t: int) -> bool:
    reach = case.part.teachers[t].max_km
    if case.part.visits[case.v].mode != HOME:
        return True
    return bool(case.part.data.cap[t]) and (reach is None or case.part.km[case.v] <= reach)


def _cheapest(case: _Case, role: str, changed) -> dict | None:
    for group in _strangers(case, role):
        found = []
        for name in group:
            t = case.part.teacher_no[name]
            if _can_come(case, t) and (place := _try(case, changed(t))):
                found.append({"teacher": name, **place})
        if found:
            return min(found, key=lambda item: item["cost"])
    return None


def _leads(case: _Case) -> list[dict]:
    data, visit = case.part.data, case.part.visits[case.v]
    price = case.part.problem.costs.other_lead if visit.leads else 0.0
    found = _cheapest(case, "leads", lambda t: _with_leads(data, case.v, [t], [price]))
    return [{"code": "add_lead", **found}] if found else []


def _companions(case: _Case) -> list[dict]:
    data, visit = case.part.data, case.part.visits[case.v]
    if visit.mode != HOME or not data.pairs:
        return []
    found = _cheapest(case, "companions", lambda t: _with_companion(data, case.v, t))
    return [{"code": "add_companion", **found}] if found else []


def _in_dates(part: SchoolPart, v: int) -> np.ndarray:
    visit = part.visits[v]
    begin = visit.begins.toordinal()
    if visit.after and visit.after.date:
        begin = max(begin, visit.after.date.toordinal() + visit.after.min_days)
    return (part.data.day >= begin) & (part.data.day <= visit.by.toordinal())


def _with_row(data: Data, v: int, open_slots: np.ndarray, unwished: float) -> Data:
    costs = data.slot_cost.copy()
    closed = np.isinf(costs[v])
    costs[v, closed & open_slots] = unwished
    costs[v, ~open_slots] = NEVER
    return data._replace(slot_cost=costs)


def _slots(case: _Case) -> list[dict]:
    part, v = case.part, case.v
    data, unwished = part.data, part.problem.costs.unwished
    found = _try(case, _with_row(data, v, _in_dates(part, v), unwished))
    if found:
        return [{"code": "wider_slot", **found}]
    begin = part.visits[v].begins.toordinal()
    later = _try(case, _with_row(data, v, data.day >= begin, unwished))
    return [{"code": "later_date", **later}] if later else []


def _gap(case: _Case) -> list[dict]:
    """The longest time since the visit before it that works, when the one asked for is too long."""
    part, state, v = case.part, case.state, case.v
    data, visit = part.data, part.visits[v]
    if visit.after is None:
        return []
    since = visit.after.date.toordinal() if visit.after.date else int(data.day[state.slot[state.at[data.first[v]]]])
    possible = np.array([slot.id in visit.possible for slot in part.slots], bool)
    inside = possible & (data.day >= max(visit.begins.toordinal(), since)) & (data.day <= visit.by.toordinal())
    gap = data.gap.copy()
    gap[v] = 0
    data = data._replace(gap=gap)
    for days in sorted({int(day) - since for day in data.day[inside]} & set(range(visit.after.min_days)), reverse=True):
        found = _try(case, _with_row(data, v, inside & (data.day == since + days), part.problem.costs.unwished))
        if found:
            return [{"code": "shorter_gap", "min_days": days, **found}]
    return []


def _online(case: _Case) -> list[dict]:
    part, v = case.part, case.v
    data, visit = part.data, part.visits[v]
    if visit.mode != HOME:
        return []
    online = data.online.copy()
    online[v] = True
    leads = [part.teacher_no[t] for t in visit.leads]
    costs = [0.0 if k == 0 else part.problem.costs.other_lead for k in range(len(leads))]
    found = _try(case, _with_leads(data._replace(online=online), v, leads, costs))
    return [{"code": "online", **found}] if found else []


def _more(case: _Case) -> list[dict]:
    data, v = case.part.data, case.v
    leads = data.lead_of[data.lead_at[v] : data.lead_at[v + 1]]
    pals = data.pal_of[data.pal_at[v] : data.pal_at[v + 1]]
    for code, group in (
        ("one_more_outing", leads),
        ("one_more_outing_companion", pals),
        ("one_more_outing_both", np.concatenate([leads, pals])),
    ):
        cap = data.cap.copy()
        cap[group] += 1
        if found := _try(case, data._replace(cap=cap)):
            return [{"code": code, **found}]
    return []
