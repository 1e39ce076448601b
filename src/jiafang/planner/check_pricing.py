"""Exact pricing for the checker: does an outing of one lead cost less than its homes' prices? No rules."""

import numpy as np
from numba import njit

TOLERANCE = 1e-6


@njit(cache=True, nogil=True)
def _covered(one, other, gain, allowed, length, base):
    # Whether every outing of slot `one` could be made in slot `other` at no higher reduced cost.
    if length[one] > length[other] or base[one] < base[other]:
        return False
    same = length[one] == length[other] and base[one] == base[other]
    for v in range(gain.shape[1]):
        if allowed[one, v]:
            if not allowed[other, v] or gain[one, v] > gain[other, v]:
                return False
            same = same and gain[one, v] == gain[other, v]
        else:
            same = same and not allowed[other, v]
    return not same or other < one


@njit(cache=True, nogil=True)
def _quicker_through(way):
    # For every home, whether some way through it is quicker than the way past it (unknown places can do that).
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
def _worth(way, stay, gain, limit, through, homes, count):
    # Keep the homes that can be in a cheapest outing: they fit alone, and a home that brings nothing stays
    # only if going through it can be quicker than going past it. Single homes are priced before this.
    kept = 0
    for i in range(count):
        v = homes[i]
        if way[0, v + 1] + stay[v] + way[v + 1, 0] <= limit and (gain[v] > 0 or through[v]):
            homes[kept] = v
            kept += 1
    return kept


@njit(cache=True, nogil=True)
def _table(way, stay, gain, limit, rate):
    # least[i, r]: cheapest way on from place i with r minutes left, homes repeatable but never i → j → i;
    # then its first step, and the cheapest whose first step is another one.
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
                if rest < 0 or j == i:
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
def _search(way, stay, gain, limit, rate, base, cut_start, cut_of, cut_price, path):
    # Depth first over orders of homes; returns reduced cost and length of the first column below −TOLERANCE
    # (its places in path[1:]), or 0 homes. Costs of cuts only grow along a path, so the table's bound holds.
    count = way.shape[0]
    least, second, step = _table(way, stay, gain, limit, rate)
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
        if _shorter_order(path, depth, way):
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
def cheapest_outing(way, stay, gain, allowed, length, base, rate, cut_start, cut_of, cut_price):
    """Look for an outing of one lead that costs less than its prices, over all slots.

    `way` int64[n+1, n+1] minutes with the school at 0; `stay` int64[n]; `gain` float[slots, n] price less
    the visit's own costs; `allowed` bool[slots, n]; `length` int64[slots]; `base` float[slots] what an outing
    costs before it goes anywhere; cuts by home in `cut_start` int64[n+1], `cut_of`, and their prices (≤ 0).
    Returns (reduced cost, slot, homes in order): slot −1 when there is none below −TOLERANCE.
    """
    slots, count = allowed.shape
    homes = np.zeros(count, np.int64)
    through = _quicker_through(way)
    for s in range(slots):
        found = 0
        for v in range(count):
            if allowed[s, v]:
                homes[found] = v
                found += 1
                alone = way[0, v + 1] + way[v + 1, 0]
                value = base[s] + rate * alone - gain[s, v]
                if alone + stay[v] <= length[s] and value < -TOLERANCE:
                    return value, s, homes[found - 1 : found].copy()
        if found < 2:
            continue
        skip = False
        for other in range(slots):
            if other != s and _covered(s, other, gain, allowed, length, base):
                skip = True
                break
        if skip:
            continue
        found = _worth(way, stay, gain[s], length[s], through, homes, found)
        if found < 2:
            continue
        near_way = np.zeros((found + 1, found + 1), np.int64)
        near_stay, near_gain = np.zeros(found + 1, np.int64), np.zeros(found + 1)
        near_start = np.zeros(found + 2, np.int64)
        near_of = np.zeros(len(cut_of), np.int64)
        for i in range(found):
            v = homes[i]
            near_stay[i + 1], near_gain[i + 1] = stay[v], gain[s, v]
            near_way[0, i + 1], near_way[i + 1, 0] = way[0, v + 1], way[v + 1, 0]
            for j in range(found):
                near_way[i + 1, j + 1] = way[v + 1, homes[j] + 1]
            end = near_start[i + 1]
            for c in range(cut_start[v], cut_start[v + 1]):
                near_of[end] = cut_of[c]
                end += 1
            near_start[i + 2] = end
        path = np.zeros(found + 2, np.int64)
        value, depth = _search(
            near_way, near_stay, near_gain, length[s], rate, base[s], near_start, near_of, cut_price, path
        )
        if depth:
            return value, s, homes[path[1 : depth + 1] - 1]
    return 0.0, -1, homes[:0].copy()
