"""Exact pricing for the checker: does an outing of one lead cost less than its homes' prices? No rules."""

import numpy as np
from numba import njit

TOLERANCE = 1e-6


@njit(cache=True, nogil=True)
def quicker_through(way):
    """For every home, whether some way through it is quicker than the way past it (unknown places can do that)."""
    count = way.shape[0]
    found = np.zeros(count - 1, np.bool_)
    for v in range(1, count):
        for a in range(count):
            for b in range(a):
                if way[a, v] + way[v, b] < way[a, b]:
                    found[v - 1] = True
                    break
            if found[v - 1]:
                break
    return found


@njit(cache=True, nogil=True)
def _covered(one, other, gain, homes, length, base):
    # Whether every outing of chance `one` could be made in chance `other` at no higher reduced cost. This is
    # transitive, so among chances that cover each other it is enough to keep the first.
    if length[one] > length[other] or base[one] < base[other]:
        return False
    for v in range(gain.shape[1]):
        if homes[one, v] and not (homes[other, v] and gain[one, v] <= gain[other, v]):
            return False
    return True


@njit(cache=True, nogil=True)
def _needless(one, gain, homes, length, base):
    for other in range(len(base)):
        covered = other != one and _covered(one, other, gain, homes, length, base)
        if covered and (other < one or not _covered(other, one, gain, homes, length, base)):
            return True
    return False


@njit(cache=True, nogil=True)
def _table(way, stay, before, gain, limit, rate):
    # least[i, r]: cheapest way on from place i with r minutes left, homes repeatable but never i → j → i, nor
    # from a visit to one days apart; then its first step, and the cheapest whose first step is another one.
    count = way.shape[0]
    least = np.full((limit + 1, count), np.inf)
    second = np.full((limit + 1, count), np.inf)
    step = np.full((limit + 1, count), -1, np.int32)
    for left in range(limit + 1):
        for i in range(1, count):
            best, other, first = np.inf, np.inf, -1
            if way[i, 0] <= left:
                best, first = rate * way[i, 0], 0
            for j in range(1, count):
                rest = left - way[i, j] - stay[j]
                if rest < 0 or j == i or before[i] == j or before[j] == i:
                    continue
                on = second[rest, j] if step[rest, j] == i else least[rest, j]
                value = rate * way[i, j] - gain[j] + on
                if value < best:
                    other, best, first = best, value, j
                elif value < other:
                    other = value
            least[left, i], second[left, i], step[left, i] = best, other, first
    return least, second, step


@njit(cache=True, nogil=True)
def _shorter_order(path, depth, way):
    # Whether turning round a stretch before the last home gives the same homes in less time (or in the same
    # time and in an earlier order): then the other order is looked at and this one need not be.
    for a in range(1, depth):
        for b in range(a + 1, depth + 1):
            old = way[path[a - 1], path[a]] + way[path[b], path[b + 1]]
            new = way[path[a - 1], path[b]] + way[path[a], path[b + 1]]
            if new < old or (new == old and path[b] < path[a]):
                return True
    return False


@njit(cache=True, nogil=True)
def _days_apart(path, depth, before):
    # Whether the visit after the first `depth` of a path must be days before or after one of them.
    j, apart = path[depth + 1], False
    for d in range(1, depth + 1):
        apart = apart or before[path[d]] == j or before[j] == path[d]
    return apart


@njit(cache=True, nogil=True)
def _search(way, stay, before, gain, limit, rate, base, cut_start, cut_of, cut_price, path):
    # Depth first over orders of homes; returns reduced cost and length of the first column below −TOLERANCE
    # (its places in path[1:]), or 0 homes. Costs of cuts only grow along a path, so the table's bound holds.
    count = way.shape[0]
    least, second, step = _table(way, stay, before, gain, limit, rate)
    used = np.zeros(count, np.bool_)
    met = np.zeros(len(cut_price), np.int64)
    cost = np.zeros(count + 1)
    left = np.zeros(count + 1, np.int64)
    following = np.zeros(count + 1, np.int64)
    depth, cost[0], left[0], following[0], path[0] = 0, base, limit, 1, 0
    while depth >= 0:
        here, j = path[depth], following[depth]
        if j >= count:
            if depth > 0:
                used[here] = False
                for c in range(cut_start[here], cut_start[here + 1]):
                    met[cut_of[c]] -= 1
            depth -= 1
            continue
        following[depth] += 1
        if used[j]:
            continue
        rest = left[depth] - way[here, j] - stay[j]
        if rest < 0:
            continue
        now = cost[depth] + rate * way[here, j] - gain[j]
        on = second[rest, j] if depth > 0 and step[rest, j] == here else least[rest, j]
        if now + on >= -TOLERANCE:
            continue
        path[depth + 1] = j
        if _days_apart(path, depth, before) or _shorter_order(path, depth, way):
            continue
        for c in range(cut_start[j], cut_start[j + 1]):
            if met[cut_of[c]] % 2 == 1:
                now -= cut_price[cut_of[c]]
        if now + on >= -TOLERANCE:
            continue
        if way[j, 0] <= rest and now + rate * way[j, 0] < -TOLERANCE:
            return now + rate * way[j, 0], depth + 1
        for c in range(cut_start[j], cut_start[j + 1]):
            met[cut_of[c]] += 1
        depth += 1
        used[j] = True
        cost[depth], left[depth], following[depth] = now, rest, 1
    return 0.0, 0


@njit(cache=True, nogil=True)
def cheapest_outing(way, through, stay, before, gain, homes, length, base, rate, cut_start, cut_of, cut_price):
    """Look for an outing of one lead that costs less than its prices, over all chances.

    `way` int64[n+1, n+1] minutes with the school at 0; `through` bool[n] as `quicker_through` says; `stay` int64[n];
    `before` int64[n] the home whose visit must be days before this one, or −1: an outing never holds both;
    `gain` float[chances, n] price less the visit's own costs; `homes` bool[chances, n]; `length` int64[chances];
    `base` float[chances] what an outing costs before it goes anywhere; cuts by home in `cut_start` int64[n+1],
    `cut_of`, and their prices (≤ 0). Returns (reduced cost, chance, homes in order): chance −1 when there is none
    below −TOLERANCE.
    """
    chances, count = homes.shape
    # Only homes that can be in a cheapest outing of two and more: one that brings nothing stays only if going through
    # it can be quicker than going past it, and one too far to go to alone only if there are such short cuts at all.
    worth = np.zeros((chances, count), np.bool_)
    short_cuts = through.any()
    for k in range(chances):
        for v in np.flatnonzero(homes[k]):
            alone = way[0, v + 1] + way[v + 1, 0]
            fits = alone + stay[v] <= length[k]
            value = base[k] + rate * alone - gain[k, v]
            if fits and value < -TOLERANCE:
                return value, k, np.array([v])
            worth[k, v] = (fits or short_cuts) and (gain[k, v] > 0 or through[v])
    for k in range(chances):
        mine = np.flatnonzero(worth[k])
        found = len(mine)
        if found < 2 or _needless(k, gain, worth, length, base):
            continue
        places = np.zeros(found + 1, np.int64)
        places[1:] = mine + 1
        near_way = np.zeros((found + 1, found + 1), np.int64)
        near_stay, near_gain = np.zeros(found + 1, np.int64), np.zeros(found + 1)
        near_before = np.full(found + 1, -1, np.int64)
        near_start = np.zeros(found + 2, np.int64)
        near_of = np.zeros(len(cut_of), np.int64)
        for i in range(found + 1):
            for j in range(found + 1):
                near_way[i, j] = way[places[i], places[j]]
            if i == 0:
                continue
            near_stay[i], near_gain[i] = stay[mine[i - 1]], gain[k, mine[i - 1]]
            for j in np.flatnonzero(mine == before[mine[i - 1]]):
                near_before[i] = j + 1
            cuts = cut_of[cut_start[mine[i - 1]] : cut_start[places[i]]]
            near_start[i + 1] = near_start[i] + len(cuts)
            near_of[near_start[i] : near_start[i + 1]] = cuts
        path = np.zeros(found + 2, np.int64)
        value, depth = _search(
            near_way, near_stay, near_before, near_gain, length[k], rate, base[k], near_start, near_of, cut_price, path
        )
        if depth:
            return value, k, mine[path[1 : depth + 1] - 1]
    return 0.0, -1, np.zeros(0, np.int64)
