"""Ruin and recreate (slack induction by string removals, Christiaens & Vanden Berghe 2020) over one school's state.

Homes near a random one are taken out in strings, then put back one by one at their best place; the result is
accepted by a cooling threshold. Every state it passes through obeys every rule, so it can stop at any time.
"""

import numpy as np

from .arrays import Data
from .compiled import kernel, small
from .moves import Best, common_slots, draw, find, mean_load, other_slot
from .state import (
    ABSENT,
    DROPPED,
    OUT,
    ROUTES,
    State,
    begin,
    insert,
    log,
    measure,
    open_route,
    reassign,
    remove,
    take_over,
    total_cost,
    undo,
)

BLINK = 0.01


@small
def apply(data: Data, state: State, v: int, best: Best, now: int) -> None:
    """Carry out what `find` found."""
    r = best.what[0]
    if r < 0:
        open_route(data, state, v, best.what[3], best.what[4], best.what[2], now)
        return
    if best.what[2] != state.slot[r] or best.what[4] != state.pal[r]:
        reassign(data, state, r, best.what[2], best.what[4], now)
    insert(data, state, v, r, best.what[1], now)


@small
def _order(data: Data, todo: np.ndarray, n: int, key: np.ndarray, rng: np.ndarray) -> None:
    pick = draw(rng) * 11.0
    for i in range(n):
        v = todo[i]
        if pick < 4.0:
            key[i] = draw(rng)
        elif pick < 6.0:
            key[i] = -data.way0[v] + draw(rng)
        elif pick < 7.0:
            key[i] = data.way0[v] + draw(rng)
        elif pick < 9.0:
            key[i] = data.options[v] + draw(rng)
        else:
            key[i] = -data.minutes[v] - data.drop[v] + draw(rng)
    for i in range(1, n):
        v, k, j = todo[i], key[i], i - 1
        while j >= 0 and key[j] > k:
            todo[j + 1], key[j + 1] = todo[j], key[j]
            j -= 1
        todo[j + 1], key[j + 1] = v, k


@kernel
def recreate(
    data: Data, state: State, todo: np.ndarray, n: int, key: np.ndarray, now: int, rng: np.ndarray, best: Best
) -> None:
    """Place the first n visits of `todo`, as far as they fit; visits that come after another wait for it."""
    _order(data, todo, n, key, rng)
    mean = mean_load(data, state)
    for _ in range(3):
        again = False
        for i in range(n):
            v = todo[i]
            if state.at[v] >= 0:
                continue
            first = data.first[v]
            if first >= 0 and state.at[first] < 0:
                again = True
                continue
            if find(data, state, v, BLINK, mean, rng, best) and best.cost[0] < data.drop[v]:
                apply(data, state, v, best, now)
        if not again:
            break


@small
def take(data: Data, state: State, v: int, todo: np.ndarray, n: int, now: int) -> int:
    """Make a visit and those that come after it absent; returns the new length of `todo`.

    Nothing happens when one of them is pinned.
    """
    if state.at[v] < 0 or state.pinned[v]:
        return n
    # All that come after it, in order; `todo` beyond n serves as the list.
    end = n + 1
    todo[n] = v
    k = n
    while k < end:
        for i in range(data.next_at[todo[k]], data.next_at[todo[k] + 1]):
            after = data.next_of[i]
            if state.at[after] >= 0:
                if state.pinned[after]:
                    return n
                todo[end] = after
                end += 1
        k += 1
    for k in range(n, end):
        u = todo[k]
        r = state.at[u]
        for i in range(state.size[r]):
            if state.homes[r, i] == u:
                remove(data, state, r, i, now)
                break
        if state.kind[r]:
            measure(data, state, r)
    return end


@small
def _ruin(
    data: Data, state: State, seed: int, most: float, todo: np.ndarray, now: int, rng: np.ndarray, cut: np.ndarray
) -> int:
    """Take strings of homes near the seed out of their routes; returns how many visits are in `todo`."""
    n = 0
    used = len(state.kind) - state.count[0]
    mean_size = (len(state.at) - state.count[ABSENT]) / max(1, used)
    longest = min(10.0, max(1.0, mean_size))
    strings = int(draw(rng) * (4.0 * most / (1.0 + longest) - 1.0)) + 1
    width = data.near.shape[1]
    for j in range(-1, width):
        v = seed if j < 0 else data.near[seed, j]
        if v < 0 or strings == 0:
            break
        r = state.at[v]
        if r < 0 or state.stamp[r] == now:
            continue
        size = state.size[r]
        length = 1 + int(draw(rng) * min(float(size), longest))
        length = min(length, size)
        skip = 0
        if length > 1 and length < size and draw(rng) < 0.5:
            skip = 1
            while length + skip < size and draw(rng) > 0.5:
                skip += 1
        place = 0
        for k in range(size):
            if state.homes[r, k] == v:
                place = k
        window = length + skip
        low = max(0, place - window + 1)
        high = min(place, size - window)
        start = low + int(draw(rng) * (high - low + 1))
        gap_at = start + 1 + int(draw(rng) * (length - 1)) if skip else start + window
        m = 0
        for k in range(start, start + window):
            if k < gap_at or k >= gap_at + skip:
                cut[m] = state.homes[r, k]
                m += 1
        log(state, r, now)
        for k in range(m):
            n = take(data, state, cut[k], todo, n, now)
        strings -= 1
    return n


@small
def _shift(data: Data, state: State, now: int, mean: float, rng: np.ndarray) -> None:
    """Give one of the routes touched in this iteration its best slot and companion."""
    for k in range(state.count[2]):
        r = state.log_route[k]
        if state.kind[r] != OUT or state.lock[r]:
            continue
        time = state.way[r] + state.stay[r]
        slots = common_slots(data, state, state.lead[r], -1, r)
        slot, pal, _ = other_slot(data, state, -1, r, slots, time, -1e-9, mean, rng)
        if slot >= 0:
            reassign(data, state, r, slot, pal, now)
            measure(data, state, r)


@kernel
def search(
    data: Data, state: State, best_state: State, seeds: np.ndarray, steps: int, at: int, of: int,
    hot: float, cold: float, most: float, rng: np.ndarray, best: Best, todo: np.ndarray, key: np.ndarray,
    cut: np.ndarray,
) -> float:  # fmt: skip
    """Run `steps` iterations, the first being number `at` of `of`; returns the cost of `best_state`."""
    cost = total_cost(data, state)
    lowest = total_cost(data, best_state)
    fresh = cost < lowest
    for step in range(steps):
        now = at + step
        begin(state)
        routes, dropped = state.total[ROUTES], state.total[DROPPED]
        seed = seeds[int(draw(rng) * len(seeds))]
        n = _ruin(data, state, seed, most, todo, now, rng, cut)
        waiting = state.log_absent[0]
        if waiting:
            # Absent visits get another chance, a few at a time.
            for _ in range(min(waiting, 4)):
                v = state.log_absent[1 + int(draw(rng) * waiting)]
                double = False
                for i in range(n):
                    double |= todo[i] == v
                if not double:
                    todo[n] = v
                    n += 1
        recreate(data, state, todo, n, key, now, rng, best)
        if draw(rng) < 0.1:
            _shift(data, state, now, mean_load(data, state), rng)
        heat = hot * (cold / hot) ** (now / of)
        new = total_cost(data, state)
        if new < cost - heat * np.log(max(draw(rng), 1e-300)):
            if fresh and new > cost:
                # The better plan is about to be left, and `undo` brings it back for the copy.
                after = new
                if cost < lowest - 1e-9:
                    lowest = cost
                    undo(data, state, now, routes, dropped)
                    take_over(best_state, state)
                    fresh = False
                    continue
                cost = after
            cost = new
            fresh = fresh or cost < lowest - 1e-9
        else:
            undo(data, state, now, routes, dropped)
    if cost < lowest - 1e-9:
        lowest = cost
        take_over(best_state, state)
    return lowest
