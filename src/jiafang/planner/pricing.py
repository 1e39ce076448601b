"""Finds the outings of one lead that cost less than their homes' prices, over slots of one kind, exactly."""

import numpy as np

from .compiled import kernel, small


@kernel
def savings(way: np.ndarray, way0: np.ndarray, online: np.ndarray, found: np.ndarray) -> None:
    """(n,) by how many minutes going through a home can at most be quicker than going past it.

    Unknown places and rounding do that; most ways obey the triangle inequality and find nothing.
    """
    n = len(way0)
    for v in range(n):
        if online[v]:
            continue
        most, through = 0, way[v]
        for a in range(n):
            if a == v or online[a]:
                continue
            past, there = way[a], through[a]
            more = way0[a] - there - way0[v]
            for b in range(n):
                more = max(more, past[b] - there - through[b])
            most = max(most, more)
        found[v] = most


@kernel
def fill_table(
    way: np.ndarray, stay: np.ndarray, first: np.ndarray, gain: np.ndarray, n: int, limit: int, rate: float,
    least: np.ndarray, second: np.ndarray, step: np.ndarray,
) -> None:  # fmt: skip
    """Cheapest walks home: least[i, r] from home i with r minutes left, never i → j → i, and the next best first step.

    first (n + 1,): the home that must be days before, or 0; the two are never next to each other. Minutes are looked at
    as far as the first home leaves them.
    """
    block, most = limit + 1, 0
    for j in range(1, n + 1):
        block = max(1, min(block, stay[j]))
        most = max(most, limit - way[0, j] - stay[j])
    # Nothing within a block of minutes hangs on another minute of it, so the innermost loop runs over those.
    for start in range(0, most + 1, block):
        end = min(start + block, most + 1)
        for i in range(1, n + 1):
            for r in range(start, end):
                home = way[i, 0] <= r
                least[i, r] = rate * way[i, 0] if home else np.inf
                second[i, r] = np.inf
                step[i, r] = 0 if home else -1
            for j in range(1, n + 1):
                if j == i or first[i] == j or first[j] == i:
                    continue
                time, more = way[i, j] + stay[j], rate * way[i, j] - gain[j]
                low, low2, to = least[i], second[i], step[i]
                on, on2, on_to = least[j], second[j], step[j]
                for r in range(max(start, time), end):
                    value = more + (on2[r - time] if on_to[r - time] == i else on[r - time])
                    better = value < low[r]
                    low2[r] = low[r] if better else min(low2[r], value)
                    to[r] = j if better else to[r]
                    low[r] = value if better else low[r]


@small
def _days_apart(path: np.ndarray, depth: int, first: np.ndarray) -> bool:
    # Whether the last home's visit must be days before or after one on the path.
    j = path[depth + 1]
    for d in range(1, depth + 1):  # noqa: SIM110 (compiled code knows no generators)
        if first[path[d]] == j or first[j] == path[d]:
            return True
    return False


@small
def _other_way_round(path: np.ndarray, depth: int, way: np.ndarray) -> bool:
    # Whether turning a stretch round is shorter, or as short with a smaller number first: then that order is looked at.
    for a in range(1, depth):
        for b in range(a + 1, depth + 1):
            old = way[path[a - 1], path[a]] + way[path[b], path[b + 1]]
            new = way[path[a - 1], path[b]] + way[path[a], path[b + 1]]
            if new < old or (new == old and path[b] < path[a]):
                return True
    return False


@kernel
def enumerate_columns(
    visits: np.ndarray, way: np.ndarray, stay: np.ndarray, first: np.ndarray, gains: np.ndarray, company: np.ndarray,
    base: float, n: int, limit: int, rate: float, below: float, least: np.ndarray, second: np.ndarray, step: np.ndarray,
    cut_at: np.ndarray, cut_of: np.ndarray, cut_price: np.ndarray, met: np.ndarray,
    path: np.ndarray, left: np.ndarray, following: np.ndarray, travel: np.ndarray, sums: np.ndarray,
    along: np.ndarray, used: np.ndarray, homes: np.ndarray, sizes: np.ndarray, slots: np.ndarray, costs: np.ndarray,
    nodes: int,
) -> tuple[int, int]:  # fmt: skip
    """Fill `homes`, `sizes`, `slots` and reduced `costs` with the columns under `below`, the best when there are too many.

    visits (n,) are the school's numbers of the homes 1 to n, by which cuts are listed; gains (n + 1, g) is price less own cost of each home in each slot, −inf where not allowed; company (n + 1, g, w) the
    bits of its possible companions, of whom all homes of an outing need one in common unless w is 0. Returns how many
    columns there are and how many steps are left of `nodes`; none left means that the search was cut short.
    """
    room, g, words = len(sizes), gains.shape[1], company.shape[2]
    count, worst = 0, 0
    depth, left[0], following[0], path[0], travel[0] = 0, limit, 1, 0, 0.0
    for s in range(g):
        sums[0, s] = base
        for w in range(words):
            along[0, s, w] = ~np.uint64(0)
    while depth >= 0:
        here, j = path[depth], following[depth]
        if j > n or nodes == 0:
            if depth > 0:
                used[here] = False
                for c in range(cut_at[visits[here - 1]], cut_at[visits[here - 1] + 1]):
                    met[cut_of[c]] -= 1
            depth -= 1
            continue
        following[depth] += 1
        if used[j]:
            continue
        rest = left[depth] - way[here, j] - stay[j]
        if rest < 0:
            continue
        on = second[j, rest] if depth > 0 and step[j, rest] == here else least[j, rest]
        gone = travel[depth] + rate * way[here, j]
        low = np.inf
        for s in range(g):
            value = sums[depth, s] - gains[j, s]
            sums[depth + 1, s] = value
            low = min(low, value)
        if low + gone + on >= below:
            continue
        if words:
            low = np.inf
            for s in range(g):
                common = np.uint64(0)
                for w in range(words):
                    along[depth + 1, s, w] = along[depth, s, w] & company[j, s, w]
                    common |= along[depth + 1, s, w]
                if common == 0:
                    sums[depth + 1, s] = np.inf
                low = min(low, sums[depth + 1, s])
            if low + gone + on >= below:
                continue
        path[depth + 1] = j
        if _days_apart(path, depth, first) or _other_way_round(path, depth, way):
            continue
        more = 0.0
        for c in range(cut_at[visits[j - 1]], cut_at[visits[j - 1] + 1]):
            if met[cut_of[c]] % 2 == 1:
                more -= cut_price[cut_of[c]]
        gone += more
        if low + gone + on >= below:
            continue
        nodes -= 1
        value = low + gone + rate * way[j, 0]
        if way[j, 0] <= rest and value < below:
            k = worst
            if count < room:
                k = count
                count += 1
            for d in range(depth + 1):
                homes[k, d] = path[d + 1]
            where = 0
            for s in range(g):
                if sums[depth + 1, s] == low:
                    where = s
                    break
            sizes[k], slots[k], costs[k] = depth + 1, where, value
            if count == room:
                worst = 0
                for i in range(room):
                    if costs[i] > costs[worst]:
                        worst = i
                below = min(below, costs[worst])
        for c in range(cut_at[visits[j - 1]], cut_at[visits[j - 1] + 1]):
            met[cut_of[c]] += 1
        depth += 1
        used[j] = True
        left[depth], following[depth], travel[depth] = rest, 1, gone
    return count, nodes
