"""The first state of a search: fixed visits in their places, a former plan as far as it still holds; no optimising."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise, permutations

import numpy as np

from .arrays import Data, SchoolPart
from .model import Plan
from .moves import can_go, day_ok, find, mean_load, new_best, place_in
from .possible import releases
from .search import apply
from .state import ABSENT, OUT, TALK, State, insert, lead_price, measure, new_state, open_route, remove


def generator(seed: int, number: int) -> np.ndarray:
    """The search's random state, different for every school of one run."""
    return np.random.SeedSequence((seed, number)).generate_state(1, np.uint64) | np.uint64(1)


def first_state(part: SchoolPart, keep: Plan | None, rng: np.ndarray) -> State:
    """Fixed visits, then the outings of `keep` as far as the rules still allow them.

    Visits that cannot be placed at all, fixed ones that cannot hold together among them, are absent and stand
    on no list, so that no search tries them.
    """
    data, state = part.data, new_state(part.data)
    hopeless = releases(data) < 0
    hopeless[_fix(part, state, rng)] = True
    if keep is not None:
        adopt(part, state, keep)
    left = [v for v in state.absent[: state.count[ABSENT]] if not hopeless[v]]
    state.absent[: len(left)] = left
    state.count[ABSENT] = len(left)
    return state


def _fix(part: SchoolPart, state: State, rng: np.ndarray) -> list[int]:
    # Returns the fixed visits that had to be left out.
    groups: dict[tuple[int, int, bool], list[tuple[int, int]]] = {}
    for item in part.problem.fixed:
        v = part.visit_no.get(item.visit)
        if v is not None:
            pal = -1 if item.companion is None else part.teacher_no[item.companion]
            key = (part.slot_no[item.slot], part.teacher_no[item.lead], bool(part.data.online[v]))
            groups.setdefault(key, []).append((v, pal))
    left_out: list[int] = []
    placed: list[int] = []
    for (slot, lead, online), members in groups.items():
        visits, pal = [v for v, _ in members], members[0][1]
        if not _fix_group(part.data, state, visits, slot, lead, pal, online):
            left_out += visits
            continue
        placed += visits
    return left_out + _fix_firsts(part.data, state, placed, rng)


def _fix_group(
    data: Data, state: State, visits: list[int], slot: int, lead: int, pal: int, online: bool
) -> bool:
    for v in visits:
        if not np.isfinite(lead_price(data, state, v, lead)) or not np.isfinite(data.slot_cost[v, slot]):
            return False
        if pal >= 0 and not data.pal_ok[v, pal]:
            return False
    order = visits if online else _order(data, visits, slot)
    way = 0
    if not online:
        way = _way(data, order)
    if way + sum(int(data.minutes[v]) for v in visits) > data.length[slot]:
        return False
    busy = state.busy[lead, slot] if online else not can_go(data, state, lead, slot, -1)
    if busy or not data.free[lead, slot] or (pal >= 0 and not can_go(data, state, pal, slot, -1)):
        return False
    r = open_route(data, state, order[0], lead, pal, slot, 0)
    for k, v in enumerate(order[1:], start=1):
        insert(data, state, v, r, k, 0)
    state.lock[r] = True
    state.pinned[visits] = True
    return True


def _way(data: Data, order: Sequence[int]) -> int:
    return int(data.way0[order[0]] + data.way0[order[-1]] + sum(data.way[a, b] for a, b in pairwise(order)))


def _order(data: Data, visits: list[int], slot: int) -> list[int]:
    # Homes of a plan to keep keep their order, because their families count on an hour.
    if data.kept and all(data.old_slot[v] == slot for v in visits):
        order = sorted(visits, key=lambda v: int(data.old_time[v]))
        if _way(data, order) + sum(int(data.minutes[v]) for v in visits) <= data.length[slot]:
            return order
    return shortest_order(data, visits)


def shortest_order(data: Data, visits: list[int]) -> list[int]:
    """Homes of one outing in the order of the shortest way: exact up to 8 homes, else cheapest insertion."""

    if len(visits) <= 8:
        return list(min(permutations(visits), key=partial(_way, data)))
    order: list[int] = []
    for v in visits:
        order = min(([*order[:k], v, *order[k:]] for k in range(len(order) + 1)), key=partial(_way, data))
    return order


def _fix_firsts(data: Data, state: State, placed: list[int], rng: np.ndarray) -> list[int]:
    best, left_out = new_best(), []
    for v in placed:
        chain, u = [], v
        while data.first[u] >= 0 and state.at[data.first[u]] < 0:
            u = int(data.first[u])
            chain.append(u)
        for u in reversed(chain):
            if find(data, state, u, 0.0, mean_load(data, state), rng, best):
                apply(data, state, u, best, 0)
        if chain and state.at[chain[0]] < 0:
            left_out.append(v)
    for v in left_out:
        r = state.at[v]
        remove(data, state, r, list(state.homes[r, : state.size[r]]).index(v), 0)
        if state.kind[r]:
            measure(data, state, r)
        state.pinned[v] = False
    return left_out


def adopt(part: SchoolPart, state: State, plan: Plan) -> None:
    """Put the outings and online visits of a plan into the state, leaving out whatever no longer holds."""
    # Visits that come after another need it placed first, so a second round picks them up.
    for _ in range(2):
        for outing in plan.outings:
            if outing.slot in part.slot_no:
                visits = [part.visit_no.get(stop.visit) for stop in outing.stops]
                _adopt_route(part, state, visits, outing.slot, outing.lead, outing.companion, False)
        for item in plan.online:
            if item.slot in part.slot_no:
                _adopt_route(part, state, [part.visit_no.get(item.visit)], item.slot, item.lead, None, True)


def _adopt_route(
    part: SchoolPart, state: State, visits: list, slot_id: str, lead_id: str, pal_id: str | None, online: bool
) -> None:
    data, slot = part.data, part.slot_no[slot_id]
    lead, pal = part.teacher_no.get(lead_id), -1 if pal_id is None else part.teacher_no.get(pal_id)
    if lead is None or pal is None:
        return
    if not data.pairs and pal_id is None:
        pal = -1
    elif data.pairs and pal < 0 and not online:
        return
    kind = TALK if online else OUT
    mine = [r for r in state.led[lead, : state.leads[lead]] if state.slot[r] == slot and state.kind[r] == kind]
    r = int(mine[0]) if mine else -1
    if r >= 0 and state.pal[r] != pal:
        return
    for number, v in enumerate(visits):
        if v is None or state.at[v] >= 0 or bool(data.online[v]) != online:
            continue
        if not _fits(data, state, v, slot, lead, pal):
            continue
        if r < 0:
            if online:
                taken = state.busy[lead, slot] or not data.free[lead, slot] or data.minutes[v] > data.length[slot]
            else:
                long = data.minutes[v] + 2 * data.way0[v] > data.length[slot]
                taken = long or not can_go(data, state, lead, slot, -1)
                taken = taken or (pal >= 0 and not can_go(data, state, pal, slot, -1))
            if not taken:
                r = open_route(data, state, v, lead, pal, slot, 0)
            continue
        if state.size[r] == state.homes.shape[1]:
            continue
        # The old order is kept, also where a second round fills a gap, unless only another place is short enough.
        n = state.size[r]
        before = set(visits[:number])
        place = sum(int(u) in before for u in state.homes[r, :n])
        more = 0
        if not online:
            homes = [int(u) for u in state.homes[r, :n]]
            more = _way(data, [*homes[:place], v, *homes[place:]]) - state.way[r]
            if state.way[r] + state.stay[r] + more + data.minutes[v] > data.length[slot]:
                place, more = place_in(data, state, v, r)
        if state.way[r] + state.stay[r] + more + data.minutes[v] <= data.length[slot]:
            insert(data, state, v, r, int(place), 0)


def _fits(data: Data, state: State, v: int, slot: int, lead: int, pal: int) -> bool:
    if not np.isfinite(data.slot_cost[v, slot]) or not np.isfinite(lead_price(data, state, v, lead)):
        return False
    if pal >= 0 and not data.pal_ok[v, pal]:
        return False
    return pal != lead and day_ok(data, state, v, slot, -1)
