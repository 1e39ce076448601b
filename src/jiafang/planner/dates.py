"""Gives chosen outings their slots and companions in a school's state, depth first over slots; changes no outing."""

import numpy as np

from .arrays import Data
from .compiled import kernel, small
from .moves import Best, can_go, day_ok, load_more, mean_load
from .search import recreate, take
from .state import OUT, State, begin, insert, measure, open_route, reassign

NODES = 5000  # slots tried
NOWHERE = 60.0  # what it costs in the search that an outing finds no slot and its homes must go elsewhere


@small
def _pal(data: Data, state: State, homes: np.ndarray, n: int, lead: int, slot: int, mean: float) -> tuple[int, float]:
    # The companion all homes accept with the least more load, and that load; −1 when there is none.
    best, rank, price = -1, np.inf, 0.0
    for i in range(data.pal_at[homes[0]], data.pal_at[homes[0] + 1]):
        c = data.pal_of[i]
        if c == lead or not can_go(data, state, c, slot, -1):
            continue
        fits = True
        for k in range(1, n):
            fits = fits and data.pal_ok[homes[k], c]
        more = load_more(data, c, state.trips[c], mean)
        if fits and more + 1e-3 * state.trips[c] < rank:
            best, rank, price = c, more + 1e-3 * state.trips[c], more
    return best, price


@small
def _stand_in(data: Data, state: State, r: int, lead: int) -> int:
    # Somebody else but `lead` who could go along on route r where it is, or −1.
    v = state.homes[r, 0]
    for i in range(data.pal_at[v], data.pal_at[v + 1]):
        c = data.pal_of[i]
        if c == state.lead[r] or c == state.pal[r] or c == lead or not can_go(data, state, c, state.slot[r], -1):
            continue
        fits = True
        for k in range(1, state.size[r]):
            fits = fits and data.pal_ok[state.homes[r, k], c]
        if fits:
            return c
    return -1


@small
def _swap(data: Data, state: State, homes: np.ndarray, n: int, lead: int, slot: int) -> tuple[int, int]:
    # A companion whom all homes accept and who could come if somebody else went on one of their other outings: that
    # outing and who would go instead; (−1, −1) when there is none.
    week = data.week[slot]
    for r in range(len(state.kind)):
        c = state.pal[r]
        if state.kind[r] != OUT or c < 0 or c == lead or state.lock[r] or not data.free[c, slot]:
            continue
        there = data.week[state.slot[r]]
        if there != week or (state.busy[c, slot] and state.slot[r] != slot) or state.weekly[c, week] > data.cap[c]:
            continue
        fits = True
        for k in range(n):
            fits = fits and data.pal_ok[homes[k], c]
        if fits:
            other = _stand_in(data, state, r, lead)
            if other >= 0:
                return r, other
    return -1, -1


@small
def _candidates(
    data: Data, state: State, homes: np.ndarray, sizes: np.ndarray, leads: np.ndarray, mine: np.ndarray,
    cost: np.ndarray, mean: float,
) -> None:  # fmt: skip
    # cost (n, s) of each outing in each slot, infinite where it cannot be; days between the outings themselves aside.
    cost[:] = np.inf
    for k in range(len(sizes)):
        lead, n = leads[k], sizes[k]
        time = data.way0[homes[k, 0]] + data.way0[homes[k, n - 1]]
        for i in range(n):
            time += data.minutes[homes[k, i]] + (data.way[homes[k, i - 1], homes[k, i]] if i else 0)
        for i in range(data.open_at[lead], data.open_at[lead + 1]):
            s = data.open_of[i]
            if time > data.length[s] or not can_go(data, state, lead, s, -1):
                continue
            own, fits = 0.0, True
            for j in range(n):
                v = homes[k, j]
                own += data.slot_cost[v, s]
                first = data.first[v]
                # Days to visits of other outings in hand are looked at when those have theirs.
                fits = fits and (day_ok(data, state, v, s, -1) or (first >= 0 and mine[first] >= 0))
            if own == np.inf or not fits:
                continue
            if data.pairs:
                pal, more = _pal(data, state, homes[k], n, lead, s, mean)
                if pal < 0 and _swap(data, state, homes[k], n, lead, s)[0] < 0:
                    continue
                own += more
            cost[k, s] = own


@small
def _clash(data: Data, a: int, s: int, b: int, z: int, leads: np.ndarray, apart: np.ndarray) -> bool:
    # Whether outing a in slot s and outing b in slot z cannot both be.
    if leads[a] == leads[b] and s == z:
        return True
    if apart[a, b] >= 0 and data.day[z] < data.day[s] + apart[a, b]:
        return True
    return apart[b, a] >= 0 and data.day[s] < data.day[z] + apart[b, a]


@kernel
def assign(
    data: Data, state: State, homes: np.ndarray, sizes: np.ndarray, leads: np.ndarray, mine: np.ndarray,
    cost: np.ndarray, apart: np.ndarray, order: np.ndarray, tried: np.ndarray, slot: np.ndarray, best: np.ndarray,
    rest: np.ndarray, sums: np.ndarray,
) -> None:  # fmt: skip
    """Fill best (n,) with a slot for each outing, −1 for none, at the least cost found.

    homes (n, m), sizes, leads (n,); mine (v,) the outing a visit is in or −1; the other arrays are room to work in.
    """
    n, slots = cost.shape
    _candidates(data, state, homes, sizes, leads, mine, cost, mean_load(data, state))
    apart[:] = -1
    for v in range(len(mine)):
        first = data.first[v]
        if mine[v] >= 0 and first >= 0 and mine[first] >= 0:
            apart[mine[first], mine[v]] = max(apart[mine[first], mine[v]], data.gap[v])
    # Those with the fewest slots first.
    for i in range(n):
        few, k = 0, i
        for s in range(slots):
            few += cost[i, s] < np.inf
        tried[i] = few
        while k > 0 and tried[order[k - 1]] > few:
            order[k] = order[k - 1]
            k -= 1
        order[k] = i
    rest[n] = 0.0
    for i in range(n - 1, -1, -1):
        low = NOWHERE
        for s in range(slots):
            low = min(low, cost[order[i], s])
        rest[i] = rest[i + 1] + low
    lowest, depth, nodes = np.inf, 0, NODES
    best[:] = -1
    sums[0], tried[0] = 0.0, -1
    # tried[depth]: the last slot tried there in the order of cost, then number; `slots` stands for none at all.
    while depth >= 0:
        if depth == n:
            if sums[n] < lowest - 1e-9:
                lowest = sums[n]
                for i in range(n):
                    best[order[i]] = slot[i]
            depth -= 1
            continue
        k, last = order[depth], tried[depth]
        if last == slots or nodes == 0:
            depth -= 1
            continue
        before = cost[k, last] if last >= 0 else -np.inf
        where, low = slots, NOWHERE
        for s in range(slots):
            price = cost[k, s]
            if price > low or (price == low and where < slots) or price < before or (price == before and s <= last):
                continue
            if price < low:
                where, low = s, price
        tried[depth] = where
        if sums[depth] + low + rest[depth + 1] >= lowest - 1e-9:
            tried[depth] = slots
            continue
        nodes -= 1
        if where < slots:
            fits, weekly = True, state.weekly[leads[k], data.week[where]]
            for i in range(depth):
                if slot[i] >= 0:
                    fits = fits and not _clash(data, order[i], slot[i], k, where, leads, apart)
                    weekly += leads[order[i]] == leads[k] and data.week[slot[i]] == data.week[where]
            if not fits or weekly >= data.cap[leads[k]]:
                continue
        slot[depth] = where if where < slots else -1
        sums[depth + 1] = sums[depth] + low
        depth += 1
        if depth < n:
            tried[depth] = -1


@kernel
def rebuild(
    data: Data, state: State, homes: np.ndarray, sizes: np.ndarray, leads: np.ndarray, gone: np.ndarray,
    mine: np.ndarray, cost: np.ndarray, apart: np.ndarray, order: np.ndarray, tried: np.ndarray, slot: np.ndarray,
    where: np.ndarray, rest: np.ndarray, sums: np.ndarray, rng: np.ndarray, best: Best, todo: np.ndarray,
    key: np.ndarray,
) -> None:  # fmt: skip
    """Put outings (n, m) of `leads` in place of whatever the visits `gone` are in; where (n,) tells their slots."""
    begin(state)
    m = 0
    for v in gone:
        m = take(data, state, v, todo, m, 0)
    assign(data, state, homes, sizes, leads, mine, cost, apart, order, tried, slot, where, rest, sums)
    mean = mean_load(data, state)
    # Earlier slots first, so that second visits find the first ones placed.
    for s in range(cost.shape[1]):
        for k in range(len(sizes)):
            if where[k] != s:
                continue
            # Outings placed before may have taken somebody along.
            pal, fits = -1, can_go(data, state, leads[k], s, -1)
            for i in range(sizes[k]):
                fits = fits and state.at[homes[k, i]] < 0 and day_ok(data, state, homes[k, i], s, -1)
            if fits and data.pairs:
                pal, _ = _pal(data, state, homes[k], sizes[k], leads[k], s, mean)
                if pal < 0:
                    r, other = _swap(data, state, homes[k], sizes[k], leads[k], s)
                    if r >= 0:
                        pal = state.pal[r]
                        reassign(data, state, r, state.slot[r], other, 0)
                        measure(data, state, r)
                fits = pal >= 0 and can_go(data, state, pal, s, -1)
            if not fits:
                where[k] = -1
            else:
                r = open_route(data, state, homes[k, 0], leads[k], pal, s, 0)
                for i in range(1, sizes[k]):
                    insert(data, state, homes[k, i], r, i, 0)
    recreate(data, state, todo, m, key, 0, rng, best)
