"""Finds the outings of one lead that cost less than their homes' prices, over slots of one kind, exactly."""

import numpy as np

from .compiled import kernel, small

DEPTH = 64


@kernel
def savings(way: np.ndarray, found: np.ndarray) -> None:
    """(n,) by how many minutes going through a home can at most be quicker than going past it; way has the school at 0."""
    n = way.shape[0]
    for v in range(1, n):
        most = 0
        for a in range(n):
            for b in range(a):
                if a != v and b != v:
                    most = max(most, way[a, b] - way[a, v] - way[v, b])
        found[v - 1] = most


@kernel
def fill_table(
    way: np.ndarray, stay: np.ndarray, gain: np.ndarray, n: int, limit: int, rate: float, least: np.ndarray,
    second: np.ndarray, step: np.ndarray,
) -> None:  # fmt: skip
    """Cheapest walks home: least[r, i] from home i with r minutes left, never i → j → i, and the next best first step."""
    for left in range(limit + 1):
        for i in range(1, n + 1):
            best, other, first = np.inf, np.inf, -1
            if way[i, 0] <= left:
                best, first = rate * way[i, 0], 0
            for j in range(1, n + 1):
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
    way: np.ndarray, stay: np.ndarray, gains: np.ndarray, base: np.ndarray, n: int, limit: int, rate: float,
    below: float, least: np.ndarray, second: np.ndarray, step: np.ndarray,
    cut_at: np.ndarray, cut_of: np.ndarray, cut_price: np.ndarray, met: np.ndarray,
    path: np.ndarray, left: np.ndarray, following: np.ndarray, travel: np.ndarray, sums: np.ndarray, used: np.ndarray,
    homes: np.ndarray, sizes: np.ndarray, costs: np.ndarray, slots: np.ndarray, nodes: int,
) -> tuple[int, int]:  # fmt: skip
    """Fill `homes`, `sizes`, `costs`, `slots` with the columns of reduced cost under `below`, the best when too many.

    gains (n + 1, g) is price less own cost of each home in each slot, −inf where not allowed; base (g,). Returns how
    many columns there are and how many steps are left of `nodes`; none left means that the search was cut short.
    """
    room, g = len(sizes), gains.shape[1]
    count, worst = 0, 0
    depth, left[0], following[0], path[0], travel[0] = 0, limit, 1, 0, 0.0
    for s in range(g):
        sums[0, s] = base[s]
    while depth >= 0:
        here, j = path[depth], following[depth]
        if j > n or nodes == 0:
            if depth > 0:
                used[here] = False
                for c in range(cut_at[here], cut_at[here + 1]):
                    met[cut_of[c]] -= 1
            depth -= 1
            continue
        following[depth] += 1
        if used[j]:
            continue
        rest = left[depth] - way[here, j] - stay[j]
        if rest < 0:
            continue
        on = second[rest, j] if depth > 0 and step[rest, j] == here else least[rest, j]
        gone = travel[depth] + rate * way[here, j]
        low, where = np.inf, 0
        for s in range(g):
            value = sums[depth, s] - gains[j, s]
            sums[depth + 1, s] = value
            if value < low:
                low, where = value, s
        if low + gone + on >= below:
            continue
        path[depth + 1] = j
        if _other_way_round(path, depth, way):
            continue
        more = 0.0
        for c in range(cut_at[j], cut_at[j + 1]):
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
            sizes[k], costs[k], slots[k] = depth + 1, value, where
            if count == room:
                worst = 0
                for i in range(room):
                    if costs[i] > costs[worst]:
                        worst = i
                below = min(below, costs[worst])
        for c in range(cut_at[j], cut_at[j + 1]):
            met[cut_of[c]] += 1
        depth += 1
        used[j] = True
        left[depth], following[depth], travel[depth] = rest, 1, gone
    return count, nodes
