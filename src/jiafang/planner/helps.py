"""What would let an unplaced visit in: each change is tried on the finished plan before it is offered."""

import numpy as np

from .arrays import NEVER, Data, SchoolPart
from .model import HOME
from .state import State
from .survey import survey


def helps_for(part: SchoolPart, state: State, v: int) -> tuple[dict, ...]:
    """Changes that let visit v in with everything else as it is, the cheapest first, each with its cost."""
    found = [*_leads(part, state, v), *_slots(part, state, v), *_online(part, state, v), *_more(part, state, v)]
    return tuple(sorted(found, key=lambda item: item["cost"]))


def _try(part: SchoolPart, data: Data, state: State, v: int) -> dict | None:
    found = survey(data, state, v)
    if not len(found.cost) or not np.isfinite(found.cost.min()):
        return None
    s = int(found.cost.argmin())
    _, _, lead, pal = (int(x) for x in found.what[s])
    return {
        "slot": part.slots[s].id, "lead": part.teachers[lead].id,
        "companion": part.teachers[pal].id if pal >= 0 else None, "cost": round(float(found.cost[s]), 3),
    }  # fmt: skip


def _with_leads(data: Data, v: int, leads: list[int], costs: list[float]) -> Data:
    a, b = data.lead_at[v], data.lead_at[v + 1]
    at = data.lead_at.copy()
    at[v + 1 :] += len(leads) - (b - a)
    return data._replace(
        lead_at=at,
        lead_of=np.concatenate([data.lead_of[:a], np.array(leads, np.int32), data.lead_of[b:]]),
        lead_cost=np.concatenate([data.lead_cost[:a], np.array(costs, np.float64), data.lead_cost[b:]]),
    )


def _leads(part: SchoolPart, state: State, v: int) -> list[dict]:
    data, visit = part.data, part.visits[v]
    best = None
    # Those who know the child's class come first; failing them, anyone of the school who leads outings.
    known = [t for t in visit.companions if t not in visit.leads]
    others = sorted({t for other in part.visits for t in other.leads} - set(known) - set(visit.leads))
    for group in (known, others):
        for name in group:
            t = part.teacher_no[name]
            reach = part.teachers[t].max_km
            if visit.mode == HOME and (data.cap[t] == 0 or (reach is not None and part.km[v] > reach)):
                continue
            price = part.problem.costs.other_lead if visit.leads else 0.0
            found = _try(part, _with_leads(data, v, [t], [price]), state, v)
            if found and (best is None or found["cost"] < best["cost"]):
                best = {"code": "add_lead", "teacher": name, **found, "text": "增加一位可带队的教师"}
        if best:
            break
    return [best] if best else []


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


def _slots(part: SchoolPart, state: State, v: int) -> list[dict]:
    data, unwished = part.data, part.problem.costs.unwished
    within = _in_dates(part, v)
    found = _try(part, _with_row(data, v, within, unwished), state, v)
    if found:
        return [{"code": "wider_slot", **found, "text": "家长再多给一个时段"}]
    begin = part.visits[v].begins.toordinal()
    later = _try(part, _with_row(data, v, data.day >= begin, unwished), state, v)
    if later:
        return [{"code": "later_date", **later, "text": "放宽最迟日期或间隔"}]
    return []


def _online(part: SchoolPart, state: State, v: int) -> list[dict]:
    data, visit = part.data, part.visits[v]
    if visit.mode != HOME:
        return []
    online = data.online.copy()
    online[v] = True
    leads = [part.teacher_no[t] for t in visit.leads]
    costs = [0.0 if k == 0 else part.problem.costs.other_lead for k in range(len(leads))]
    found = _try(part, _with_leads(data._replace(online=online), v, leads, costs), state, v)
    return [{"code": "online", **found, "text": "改为线上家访"}] if found else []


def _more(part: SchoolPart, state: State, v: int) -> list[dict]:
    data = part.data
    leads = data.lead_of[data.lead_at[v] : data.lead_at[v + 1]]
    pals = data.pal_of[data.pal_at[v] : data.pal_at[v + 1]]
    for code, group, text in (
        ("one_more_outing", leads, "带队教师每周多外出一次"),
        ("one_more_outing_companion", pals, "同行教师每周多外出一次"),
        ("one_more_outing_both", np.concatenate([leads, pals]), "带队与同行教师每周各多外出一次"),
    ):
        cap = data.cap.copy()
        cap[group] += 1
        found = _try(part, data._replace(cap=cap), state, v)
        if found:
            return [{"code": code, **found, "text": text}]
    return []
