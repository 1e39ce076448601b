"""Why a visit is where it is, or nowhere: figures with codes, and the same in plain Chinese and English."""

from dataclasses import asdict

import numpy as np

from .arrays import SchoolPart
from .editing import part_of, school_of, state_of, way_of
from .helps import helps_for
from .model import Plan, Problem
from .moving import try_move
from .options import Option, Options
from .reasons import reasons_of
from .state import State
from .wording import in_words


def explain(problem: Problem, plan: Plan, visit_id: str) -> dict:
    """What decided a visit's place.

    Returns `visit`, `placed`, and for a placed visit `slot`, `lead`, `companion`, `arrive`, `why_slot`, `why_team`
    and `next_best` (None when no other slot works); for an unplaced one `reasons` and `helps`. Every reason is a dict
    of `code`, figures, `text` (Chinese) and `english`. Raises KeyError for an unknown visit.
    """
    part = part_of(problem, school_of(problem, visit_id))
    state = state_of(part, plan)
    v = part.visit_no[visit_id]
    if state.at[v] < 0:
        absent = [int(u) for u in np.flatnonzero(state.at < 0)]
        reasons = dict(zip(absent, reasons_of(part, absent), strict=True))[v]
        helps = helps_for(part, state, v)
        return {"visit": visit_id, "placed": False, "reasons": [in_words(r) for r in reasons],
                "helps": [in_words(h) for h in helps]}  # fmt: skip
    offers = Options(problem, plan).of(visit_id)
    r = int(state.at[v])
    return {
        "visit": visit_id, "placed": True, **_place(part, plan, visit_id),
        "why_slot": [in_words(item) for item in _why_slot(part, state, v, r, offers)],
        "why_team": [in_words(item) for item in _why_team(part, state, v, r)],
        "next_best": _next_best(problem, plan, part, visit_id, offers),
    }  # fmt: skip


def _place(part: SchoolPart, plan: Plan, name: str) -> dict:
    for out in plan.outings:
        for stop in out.stops:
            if stop.visit == name:
                return {"slot": out.slot, "lead": out.lead, "companion": out.companion, "arrive": stop.arrive}
    item = next(item for item in plan.online if item.visit == name)
    return {"slot": item.slot, "lead": item.lead, "companion": None, "arrive": item.start}


def _why_slot(part: SchoolPart, state: State, v: int, r: int, offers: list[Option]) -> list[dict]:
    data, visit, s = part.data, part.visits[v], int(state.slot[r])
    slot = part.slots[s]
    found: list[dict] = [{"code": "possible", "slots": int(data.options[v]), "works_now": len(offers)}]
    if any(item.visit == visit.id for item in part.problem.fixed):
        found.insert(0, {"code": "fixed"})
    found.append({"code": "wished" if slot.id in visit.wished else "not_wished", "wished": len(visit.wished)})
    others = [int(u) for u in state.homes[r, : state.size[r]] if u != v]
    if data.online[v]:
        found.append({"code": "online", "others": len(others)})
    elif others:
        near = min(int(data.way[v, u]) for u in others)
        alone = 2 * int(data.way0[v])
        without = way_of(part, others)
        found.append({"code": "together", "homes": len(others), "nearest_min": near,
                      "detour_min": int(state.way[r]) - without, "alone_min": alone})  # fmt: skip
    else:
        found.append({"code": "alone", "way_min": int(state.way[r])})
    if visit.priority >= 2:
        found.append({"code": "early", "weeks": max(0, (slot.date - part.problem.begins).days // 7)})
    if data.first[v] >= 0:
        first = int(data.first[v])
        days = int(data.day[s] - data.day[state.slot[state.at[first]]])
        found.append({"code": "after", "visit": part.visits[first].id, "days": days, "min_days": int(data.gap[v])})
    return found


def _why_team(part: SchoolPart, state: State, v: int, r: int) -> list[dict]:
    data, visit, s = part.data, part.visits[v], int(state.slot[r])
    lead, pal = int(state.lead[r]), int(state.pal[r])
    first = part.teacher_no[visit.leads[0]]
    found: list[dict] = []
    if lead == first:
        found.append({"code": "first_lead", "teacher": visit.leads[0]})
    else:
        common = int((np.isfinite(data.slot_cost[v]) & data.free[first]).sum())
        code = "other_lead" if common else "other_lead_no_common_slot"
        found.append({"code": code, "teacher": part.teachers[lead].id, "first": visit.leads[0], "common_slots": common})
    if pal >= 0:
        group = [int(c) for c in data.pal_of[data.pal_at[v] : data.pal_at[v + 1]] if c != lead]
        free = [c for c in group if data.free[c, s]]
        loads = [int(state.trips[c]) for c in group]
        found.append({"code": "companion", "teacher": part.teachers[pal].id, "companions": len(group),
                      "free": len(free), "outings": int(state.trips[pal]),
                      "mean_outings": round(float(np.mean(loads)), 1)})  # fmt: skip
    return found


def _next_best(problem: Problem, plan: Plan, part: SchoolPart, name: str, offers: list[Option]) -> dict | None:
    others = sorted((o for o in offers if not o.current), key=lambda o: (o.cost, o.date, o.slot))
    for offer in others[:3]:
        move = try_move(problem, plan, name, offer.slot, offer.lead, offer.companion)
        if move.allowed:
            more = {key: value for key, value in move.parts.items() if abs(value) > 1e-9}
            return {**asdict(offer), "date": offer.date.isoformat(), "cost": move.cost, "parts": more,
                    "falls_on": list(move.falls_on)}  # fmt: skip
    return None
