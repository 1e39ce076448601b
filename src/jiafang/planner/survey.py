"""For one visit and every slot: the cheapest way to hold it there with all other visits as they are."""

from typing import NamedTuple

import numpy as np

from .arrays import Data, SchoolPart
from .compiled import kernel
from .moves import can_go, day_ok, place_in
from .state import OUT, TALK, State, begin, load_cost, measure, remove


class Survey(NamedTuple):
    """By slot: the cost of holding the visit there (inf: it cannot be), and route (-1: new), place, lead, companion."""

    cost: np.ndarray  # (s,)
    what: np.ndarray  # (s, 4)


@kernel
def _companion(data: Data, state: State, v: int, lead: int, slot: int, load: float) -> tuple[int, float]:
    """The companion for an outing of its own who adds least to the load, and how much that is exactly."""
    if not data.pairs:
        return -1, 0.0
    best, price = -1, np.inf
    for k in range(data.pal_at[v], data.pal_at[v + 1]):
        c = data.pal_of[k]
        if c == lead or not can_go(data, state, c, slot, -1):
            continue
        state.trips[c] += 1
        more = load_cost(data, state) - load
        state.trips[c] -= 1
        if more < price - 1e-9 or (more < price + 1e-9 and state.trips[c] < state.trips[best]):
            best, price = c, more
    return best, price


@kernel
def _fill(
    data: Data, state: State, v: int, old_lead: int, barred: np.ndarray, cost: np.ndarray, what: np.ndarray
) -> None:
    kind = TALK if data.online[v] else OUT
    first = data.first[v]
    load = load_cost(data, state)
    for s in range(len(data.length)):
        cost[s] = np.inf
        if data.slot_cost[v, s] == np.inf or not day_ok(data, state, v, s, -1):
            continue
        for j in range(data.lead_at[v], data.lead_at[v + 1]):
            lead = data.lead_of[j]
            if not data.free[lead, s]:
                continue
            price = data.lead_cost[j] + data.slot_cost[v, s]
            if first >= 0 and state.lead[state.at[first]] != lead:
                price += data.other_second
            for k in range(data.next_at[v], data.next_at[v + 1]):
                r = state.at[data.next_of[k]]
                if r >= 0:
                    price += data.other_second * ((state.lead[r] != lead) - (state.lead[r] != old_lead))
            pal, place, more, route = -1, 0, 0, -1
            for i in range(state.leads[lead]):
                if state.slot[state.led[lead, i]] == s:
                    route = state.led[lead, i]
            if route >= 0:
                # The lead's outing, or online visits, of that slot: can it take one more?
                pal = state.pal[route]
                if barred[route] or state.kind[route] != kind or (pal >= 0 and not data.pal_ok[v, pal]):
                    continue
                if state.size[route] == state.homes.shape[1]:
                    continue
                place = state.size[route]
                if kind == OUT:
                    place, more = place_in(data, state, v, route)
                if state.way[route] + state.stay[route] + more + data.minutes[v] > data.length[s]:
                    continue
            else:
                if state.busy[lead, s]:
                    continue
                if kind == OUT:
                    more = 2 * data.way0[v]
                    if state.weekly[lead, data.week[s]] >= data.cap[lead]:
                        continue
                if more + data.minutes[v] > data.length[s]:
                    continue
                if kind == OUT:
                    pal, uneven = _companion(data, state, v, lead, s, load)
                    if pal < 0 and data.pairs:
                        continue
                    price += data.outing + uneven
            price += more * data.travel_min
            if price < cost[s]:
                cost[s] = price
                what[s, 0], what[s, 1], what[s, 2], what[s, 3] = route, place, lead, pal


def survey(
    data: Data, state: State, v: int, old_lead: int = -1, barred: np.ndarray | None = None
) -> Survey:
    """All slots for an absent visit; the one it comes after must be placed or nothing is found.

    `old_lead` led the visit before it was lifted; `barred` (r,) marks outings that cannot take it in.
    """
    slots = len(data.length)
    found = Survey(np.full(slots, np.inf), np.full((slots, 4), -1, np.int32))
    if data.first[v] < 0 or state.at[data.first[v]] >= 0:
        shut = np.zeros(len(state.kind), np.bool_) if barred is None else barred
        _fill(data, state, v, old_lead, shut, found.cost, found.what)
    return found


def lift(data: Data, state: State, v: int) -> None:
    """Take a visit out of its route, leaving those that come after it in place."""
    r = int(state.at[v])
    if r >= 0:
        begin(state)
        place = list(state.homes[r, : state.size[r]]).index(v)
        remove(data, state, r, place, -2)
        if state.kind[r]:
            measure(data, state, r)


def occupy(part: SchoolPart, state: State, extras: list[tuple[int, int]]) -> None:
    """Note third persons (teacher, slot) in the calendars."""
    for t, slot in extras:
        state.busy[t, slot] = OUT
        state.weekly[t, part.data.week[slot]] += 1
