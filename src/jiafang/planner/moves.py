"""Where a visit fits best into the plan of one school: existing routes, moved routes and new ones; changes nothing."""

from typing import NamedTuple

import numpy as np
from numba.cpython.unsafe.numbers import trailing_zeros

from .arrays import Data
from .compiled import small
from .state import OUT, TALK, State

# What `Best.what` holds: the route (or -1 for a new one), place in it, slot, lead and companion.
ROUTE, PLACE, SLOT, LEAD, PAL = 0, 1, 2, 3, 4
NO_DAY = 1 << 40
SHIFTED = 4  # every how many outings of a lead one is tried in other slots, with the visit in it


class Best(NamedTuple):
    """The best place found so far for one visit."""

    cost: np.ndarray  # (1,)
    what: np.ndarray  # (5,)
    latest: np.ndarray  # (1,) day after which nothing is looked at


def new_best() -> Best:
    """Room for one answer of `find`."""
    return Best(np.zeros(1), np.zeros(5, np.int32), np.zeros(1, np.int64))


@small
def draw(rng: np.ndarray) -> float:
    """A number in [0, 1) from a xorshift generator of one uint64."""
    x = rng[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    rng[0] = x
    return (x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@small
def day_ok(data: Data, state: State, v: int, slot: int, r: int) -> bool:
    """Whether the slot keeps the days between a visit, the one before it and those after it.

    All of route r (or -1) is taken to be in that slot.
    """
    day = data.day[slot]
    first = data.first[v]
    if first >= 0:
        other = state.at[first]
        if other < 0 or day < data.gap[v] + (day if other == r else data.day[state.slot[other]]):
            return False
    for k in range(data.next_at[v], data.next_at[v + 1]):
        after = data.next_of[k]
        other = state.at[after]
        if other >= 0 and (day if other == r else data.day[state.slot[other]]) < day + data.gap[after]:
            return False
    return True


@small
def can_go(data: Data, state: State, t: int, slot: int, r: int) -> bool:
    """Whether a teacher can make an outing in a slot, the outing r (or -1) aside if the teacher is in it."""
    if not data.free[t, slot]:
        return False
    in_it = r >= 0 and (state.lead[r] == t or state.pal[r] == t)
    if state.busy[t, slot] and not (in_it and state.slot[r] == slot):
        return False
    weekly = state.weekly[t, data.week[slot]]
    if in_it and data.week[state.slot[r]] == data.week[slot]:
        weekly -= 1
    return weekly < data.cap[t]


@small
def mean_load(data: Data, state: State) -> float:
    """The mean load of the levelled teachers."""
    n, total = 0, 0.0
    for t in range(len(state.trips)):
        if data.levelled[t]:
            n += 1
            total += state.trips[t] * data.weight[t]
    return total / n if n else 0.0


@small
def load_more(data: Data, c: int, trips: int, mean: float) -> float:
    """What one more outing as companion adds to the load, after `trips` of them."""
    now = trips * data.weight[c]
    return data.load * (max(0.0, now + data.weight[c] - mean) - max(0.0, now - mean))


@small
def choose_pal(
    data: Data, state: State, v: int, lead: int, slot: int, r: int, mean: float, rng: np.ndarray
) -> tuple[int, float]:
    """The companion for visit v, together with the homes of route r (or -1), and what more load costs.

    Returns (-1, inf) when nobody can go; (-1, 0) when nobody needs to.
    """
    if not data.pairs:
        return -1, 0.0
    best, price, rank = -1, np.inf, np.inf
    start, n = data.pal_at[v], data.pal_at[v + 1] - data.pal_at[v]
    shift = int(draw(rng) * n)
    for i in range(n):
        k = i + shift
        c = data.pal_of[start + (k if k < n else k - n)]
        trips = state.trips[c]
        if r >= 0 and state.pal[r] == c:
            trips -= 1
        more = load_more(data, c, trips, mean)
        # Among equals the one with fewer outings.
        if more + 1e-3 * trips >= rank or c == lead or not can_go(data, state, c, slot, r):
            continue
        fits = True
        if r >= 0:
            for k in range(state.size[r]):
                if not data.pal_ok[state.homes[r, k], c]:
                    fits = False
                    break
        if fits:
            best, price, rank = c, more, more + 1e-3 * trips
    return best, price


@small
def place_in(data: Data, state: State, v: int, r: int) -> tuple[int, int]:
    """The cheapest place of v in the order of an outing, and the minutes it adds to the way."""
    n = state.size[r]
    # Ways are symmetric, so all but the way left are read from one row.
    row, homes = data.way[v], state.homes[r]
    there = data.way0[v]
    a = homes[0]
    best, more = 0, there + row[a] - data.way0[a]
    for k in range(1, n):
        b = homes[k]
        d = row[a] + row[b] - data.way[a, b]
        if d < more:
            best, more = k, d
        a = b
    d = row[a] + there - data.way0[a]
    if d < more:
        best, more = n, d
    return best, more


@small
def common_slots(data: Data, state: State, lead: int, v: int, r: int) -> int:
    """List in `state.found` the free slots of a lead that suit visit v and the homes of route r (or -1); their number."""
    n = 0
    for w in range(data.fits.shape[1]):
        bits = data.open_bits[lead, w]
        if v >= 0:
            bits &= data.fits[v, w]
        if r >= 0:
            for k in range(state.size[r]):
                bits &= data.fits[state.homes[r, k], w]
        while bits:
            state.found[n] = 64 * w + np.int64(trailing_zeros(bits))
            bits &= bits - np.uint64(1)
            n += 1
    return n


@small
def other_slot(
    data: Data, state: State, v: int, r: int, slots: int, time: int, limit: float, mean: float, rng: np.ndarray
) -> tuple[int, int, float]:
    """One of the first `slots` of `found` for route r with visit v (or -1) in it, its companion, cost less than `limit`."""
    best_slot, best_pal, best = -1, -1, limit
    lead, here, n = state.lead[r], state.slot[r], state.size[r]
    spare_here = state.weekly[lead, data.week[here]] - 1
    was = 0.0
    for k in range(n):
        was += data.slot_cost[state.homes[r, k], here]
    if state.pal[r] >= 0:
        was += load_more(data, state.pal[r], state.trips[state.pal[r]] - 1, mean)
    shift = int(draw(rng) * slots)
    for i in range(slots):
        k = i + shift
        s = state.found[k if k < slots else k - slots]
        if s != here and state.busy[lead, s]:
            continue
        more = -was
        if v >= 0:
            more += data.slot_cost[v, s]
        if more >= best or time > data.length[s]:
            continue
        for k in range(n):
            more += data.slot_cost[state.homes[r, k], s]
            if more >= best:
                break
        if more >= best:
            continue
        weekly = spare_here if data.week[s] == data.week[here] else state.weekly[lead, data.week[s]]
        if weekly >= data.cap[lead]:
            continue
        fits = v < 0 or day_ok(data, state, v, s, r)
        for k in range(n):
            if not fits:
                break
            fits = day_ok(data, state, state.homes[r, k], s, r)
        if not fits:
            continue
        pal, price = choose_pal(data, state, v if v >= 0 else state.homes[r, 0], lead, s, r, mean, rng)
        if pal < 0 and data.pairs:
            continue
        if more + price < best:
            best_slot, best_pal, best = s, pal, more + price
    return best_slot, best_pal, best


@small
def find(data: Data, state: State, v: int, blink: float, mean: float, rng: np.ndarray, best: Best) -> bool:
    """Fill `best` with the cheapest way to place an absent visit; False when there is none."""
    best.cost[0] = np.inf
    first = data.first[v]
    if first >= 0 and state.at[first] < 0:
        return False
    best.latest[0] = NO_DAY
    for k in range(data.next_at[v], data.next_at[v + 1]):
        # What comes after it and has no place yet needs room behind it: now and then only early days will do.
        if state.at[data.next_of[k]] < 0 and blink > 0 and draw(rng) < 0.5:
            best.latest[0] = data.day[int(draw(rng) * len(data.day))]
    kind = TALK if data.online[v] else OUT
    for moved in (False, True):
        # Only with a good price to beat, the dear question: would an outing fit in another slot?
        if moved and kind == TALK:
            break
        for j in range(data.lead_at[v], data.lead_at[v + 1]):
            lead = data.lead_of[j]
            base = data.lead_cost[j]
            if first >= 0 and state.lead[state.at[first]] != lead:
                base += data.other_second
            if base >= best.cost[0]:
                continue
            if moved:
                for i in range(int(draw(rng) * SHIFTED), state.leads[lead], SHIFTED):
                    r = state.led[lead, i]
                    if state.kind[r] == OUT and not state.lock[r]:
                        _moved(data, state, v, r, base, mean, rng, best)
                continue
            for i in range(state.leads[lead]):
                r = state.led[lead, i]
                if state.kind[r] == kind and state.size[r] < state.homes.shape[1] and draw(rng) >= blink:
                    _into(data, state, v, r, base, best)
            _alone(data, state, v, lead, base, kind, mean, rng, best)
    return best.cost[0] < np.inf


@small
def _note(best: Best, cost: float, r: int, place: int, slot: int, lead: int, pal: int) -> None:
    best.cost[0] = cost
    best.what[0], best.what[1], best.what[2], best.what[3], best.what[4] = r, place, slot, lead, pal


@small
def _into(data: Data, state: State, v: int, r: int, base: float, best: Best) -> None:
    """Try a route where it is."""
    slot, pal = state.slot[r], state.pal[r]
    base += data.slot_cost[v, slot]
    time = state.way[r] + state.stay[r] + data.minutes[v]
    if base >= best.cost[0] or time > data.length[slot] or data.day[slot] > best.latest[0]:
        return
    if pal >= 0 and not data.pal_ok[v, pal]:
        return
    place, more = state.size[r], 0
    if state.kind[r] == OUT:
        place, more = place_in(data, state, v, r)
    cost = base + more * data.travel_min
    if cost < best.cost[0] and time + more <= data.length[slot] and day_ok(data, state, v, slot, r):
        _note(best, cost, r, place, slot, state.lead[r], pal)


@small
def _moved(
    data: Data, state: State, v: int, r: int, base: float, mean: float, rng: np.ndarray, best: Best
) -> None:
    """Try a route in another slot, perhaps with another companion."""
    time = state.way[r] + state.stay[r] + data.minutes[v]
    if time > data.longest or state.size[r] == state.homes.shape[1]:
        return
    slots = common_slots(data, state, state.lead[r], v, r)
    if slots == 0:
        return
    place, more = place_in(data, state, v, r)
    price = base + more * data.travel_min
    slot, pal, extra = other_slot(data, state, v, r, slots, time + more, best.cost[0] - price, mean, rng)
    if slot >= 0 and data.day[slot] <= best.latest[0]:
        _note(best, price + extra, r, place, slot, state.lead[r], pal)


@small
def _alone(
    data: Data, state: State, v: int, lead: int, base: float, kind: int, mean: float, rng: np.ndarray, best: Best
) -> None:
    way = 0
    if kind == OUT:
        way = 2 * data.way0[v]
        base += data.outing + way * data.travel_min
    if base >= best.cost[0]:
        return
    slots = common_slots(data, state, lead, v, -1)
    shift = int(draw(rng) * slots)
    for i in range(slots):
        k = i + shift
        s = state.found[k if k < slots else k - slots]
        cost = base + data.slot_cost[v, s]
        if cost >= best.cost[0] or state.busy[lead, s] or data.day[s] > best.latest[0]:
            continue
        if not day_ok(data, state, v, s, -1):
            continue
        pal = -1
        if kind == OUT:
            if state.weekly[lead, data.week[s]] >= data.cap[lead]:
                continue
            pal, price = choose_pal(data, state, v, lead, s, -1, mean, rng)
            if pal < 0 and data.pairs:
                continue
            cost += price
        if cost < best.cost[0]:
            _note(best, cost, -1, 0, s, lead, pal)
