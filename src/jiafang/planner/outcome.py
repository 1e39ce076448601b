"""What a school's search found, and how the schools' results become one plan with times and cost; no search."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from math import floor

import numpy as np

from .arrays import SchoolPart, late_weeks
from .model import KEEP_PARTS, PARTS, Moved, OnlineVisit, Outing, Plan, Problem, Stop, Unmet, Unplaced
from .state import OUT, State


@dataclass(slots=True)
class Route:
    """An outing, or (pal and extra None, online) a lead's online visits of one slot, by position in a SchoolPart."""

    slot: int
    lead: int
    pal: int
    extra: int
    online: bool
    homes: list[int]


@dataclass(slots=True)
class SchoolResult:
    """One school's routes, the leaders left short, what could not be placed, and the proof's prices."""

    routes: list[Route]
    unmet: list[Unmet]
    unplaced: list[Unplaced]
    bound: float | None = None
    prices: dict | None = None


def routes_of(state: State) -> list[Route]:
    """The routes of a state, in the order of slots and leads."""
    found = [
        Route(
            int(state.slot[r]), int(state.lead[r]), int(state.pal[r]), -1, state.kind[r] != OUT,
            [int(v) for v in state.homes[r, : state.size[r]]],
        )
        for r in np.flatnonzero(state.kind)
    ]  # fmt: skip
    return sorted(found, key=lambda route: (route.slot, route.lead))


def places(plan: Plan | None) -> dict[str, tuple[str, int]]:
    """Slot and arrival of every placed visit."""
    if plan is None:
        return {}
    found = {s.visit: (out.slot, s.arrive) for out in plan.outings for s in out.stops}
    return found | {item.visit: (item.slot, item.start) for item in plan.online}


def _timed(part: SchoolPart, route: Route, before: dict[str, tuple[str, int]]) -> Outing:
    data, slot = part.data, part.slots[route.slot]
    legs = [data.way0[route.homes[0]], *(data.way[a, b] for a, b in pairwise(route.homes))]
    back = int(data.way0[route.homes[-1]])
    stay = [int(data.minutes[v]) for v in route.homes]
    # How late each home may be reached with the rest still done in time; waiting keeps a published hour.
    latest, late = [0] * len(stay), slot.end - back
    for k in range(len(stay) - 1, -1, -1):
        latest[k] = late - stay[k]
        late = latest[k] - int(legs[k])
    stops, now, leave = [], slot.start, slot.start
    for k, v in enumerate(route.homes):
        name = part.visits[v].id
        arrive = now + int(legs[k])
        old = before.get(name)
        if old is not None and old[0] == slot.id:
            arrive = max(arrive, min(old[1], latest[k]))
        if k == 0:
            leave = arrive - int(legs[0])
        now = arrive + stay[k]
        stops.append(Stop(name, arrive, now))

    def who(t: int) -> str | None:
        return part.teachers[t].id if t >= 0 else None

    return Outing(slot.id, who(route.lead), who(route.pal), who(route.extra), leave, tuple(stops), now + back)


def _online(part: SchoolPart, route: Route, before: dict[str, tuple[str, int]]) -> list[OnlineVisit]:
    slot, lead = part.slots[route.slot], part.teachers[route.lead].id

    def wanted(v: int) -> tuple[int, int]:
        old = before.get(part.visits[v].id)
        return (old[1], v) if old is not None and old[0] == slot.id else (slot.end, v)

    order = sorted(route.homes, key=wanted)
    latest, late = {}, slot.end
    for v in reversed(order):
        late -= part.visits[v].minutes
        latest[v] = late
    found, now = [], slot.start
    for v in order:
        old = wanted(v)[0]
        begin = max(now, min(old, latest[v])) if old < slot.end else now
        now = begin + part.visits[v].minutes
        found.append(OnlineVisit(part.visits[v].id, slot.id, lead, begin, now))
    return found


def build_plan(
    problem: Problem, parts: list[SchoolPart], results: list[SchoolResult], keep: Plan | None = None,
    hours: Plan | None = None,
) -> Plan:  # fmt: skip
    """The schools' results as one plan, priced; `results` stand beside `parts`.

    The hours of `keep`, and of `hours` which costs nothing to leave, are kept where they can be.
    """
    before = places(keep or hours)
    outings, online, unplaced, unmet = [], [], [], []
    travel = 0
    for part, result in zip(parts, results, strict=True):
        for route in result.routes:
            if route.online:
                online += _online(part, route, before)
            else:
                outings.append(_timed(part, route, before))
                data, homes = part.data, route.homes
                travel += int(data.way0[homes[0]] + data.way0[homes[-1]])
                travel += sum(int(data.way[a, b]) for a, b in pairwise(homes))
        unplaced += result.unplaced
        unmet += result.unmet
    bound, certificate = _proof(results)
    bare = Plan(tuple(outings), tuple(online), tuple(unplaced), tuple(unmet), (), 0.0, {}, bound, certificate)
    return priced(problem, bare, travel, keep)


def _proof(results: list[SchoolResult]) -> tuple[float | None, dict]:
    if any(result.bound is None for result in results):
        return None, {}
    whole: dict = {"kind": "duals/2", "outside": {}, "groups": []}
    for result in results:
        whole["outside"] |= result.prices["outside"]
        whole["groups"] += result.prices["groups"]
    return floor(sum(result.bound for result in results) * 1e4) / 1e4, whole


def priced(problem: Problem, plan: Plan, travel: int, keep: Plan | None) -> Plan:
    """The plan with `moved`, `cost` and `parts` filled in; `travel` in minutes."""
    costs = problem.costs
    visits = {v.id: v for v in problem.visits}
    dates = {s.id: s.date for s in problem.slots}
    placed = {s.visit: (out.slot, out.lead) for out in plan.outings for s in out.stops}
    placed |= {item.visit: (item.slot, item.lead) for item in plan.online}
    parts = dict.fromkeys(PARTS, 0.0)
    parts["travel"] = travel * costs.travel_min
    parts["outing"] = len(plan.outings) * costs.outing
    for name, (slot, lead) in placed.items():
        visit = visits[name]
        parts["unwished"] += costs.unwished * (slot not in visit.wished)
        parts["other_lead"] += costs.other_lead * (lead != visit.leads[0])
        parts["late_week"] += costs.late_week * late_weeks(problem, visit, dates[slot])
        first = placed.get(visit.after.visit) if visit.after and visit.after.visit else None
        if first is not None and first[1] != lead:
            parts["other_second_lead"] += costs.other_second_lead
    parts["unplaced"] = sum(costs.unplaced * (1 + v.priority) for v in problem.visits if v.id not in placed)
    parts["load"] = costs.load * _uneven(problem, plan)
    moved: list[Moved] = []
    if keep is not None:
        change, moved = _changes(problem, plan, keep)
        parts |= change
    return Plan(
        plan.outings, plan.online, plan.unplaced, plan.unmet, tuple(moved),
        round(sum(parts.values()), 9), {k: round(x, 9) for k, x in parts.items()}, plan.bound, plan.certificate,
    )  # fmt: skip


def _uneven(problem: Problem, plan: Plan) -> float:
    trips = Counter(out.companion for out in plan.outings)
    ahead = {v.leads[0] for v in problem.visits if v.leads}
    along = {t for v in problem.visits for t in v.companions} - ahead
    loads = defaultdict(list)
    for t in problem.teachers:
        if t.id in along:
            loads[t.school].append(trips[t.id] / t.relief)
    return sum(max(0.0, x - sum(row) / len(row)) for row in loads.values() for x in row)


def _changes(problem: Problem, plan: Plan, keep: Plan) -> tuple[dict[str, float], list[Moved]]:
    costs, now, before = problem.costs, places(plan), places(keep)
    parts, moved = dict.fromkeys(KEEP_PARTS, 0.0), []
    for name, (slot, arrive) in now.items():
        if name not in before:
            continue
        old_slot, old_arrive = before[name]
        if old_slot != slot:
            moved.append(Moved(name, old_slot, slot))
            parts["moved_visit"] += costs.moved_visit
        else:
            parts["moved_minute"] += costs.moved_minute * abs(arrive - old_arrive)
    teams = defaultdict(set)
    for out in plan.outings:
        for stop in out.stops:
            teams[stop.visit, out.slot].add((out.lead, out.companion))
    for old in keep.outings:
        found = set().union(*(teams[stop.visit, old.slot] for stop in old.stops))
        parts["changed_team"] += costs.changed_team * (bool(found) and (old.lead, old.companion) not in found)
    return parts, sorted(moved, key=lambda m: m.visit)
