"""Subset-row cuts: of three homes at most one outing holds two or more (Jepsen et al. 2008, sets of three)."""

from collections import defaultdict
from itertools import combinations

import numpy as np

LEAST = 0.02  # violation below which a cut is not worth its row


def separate(
    pool: list[list[int]], values: np.ndarray, known: set[tuple[int, int, int]], most: int, per_visit: int
) -> list[tuple[int, int, int]]:
    """Violated cuts of a fractional solution over columns given by their homes, the most violated first, at most `per_visit` with one home."""
    pairs: dict[tuple[int, int], float] = defaultdict(float)
    threes: dict[tuple[int, int, int], float] = defaultdict(float)
    for k in np.flatnonzero((values > 1e-6) & (values < 1 - 1e-6)):
        homes = sorted(pool[k])
        for pair in combinations(homes, 2):
            pairs[pair] += values[k]
        for three in combinations(homes, 3):
            threes[three] += values[k]
    near: dict[int, list[int]] = defaultdict(list)
    for (i, j), value in pairs.items():
        if value > 1e-6:
            near[i].append(j)
            near[j].append(i)
    found = {}
    for i, others in near.items():
        for j, k in combinations(others, 2):
            three = tuple(sorted((i, j, k)))
            if three in found or three in known:
                continue
            a, b, c = three
            total = pairs.get((a, b), 0.0) + pairs.get((a, c), 0.0) + pairs.get((b, c), 0.0)
            if total > 1 + LEAST:
                total -= 2 * threes.get(three, 0.0)
                if total > 1 + LEAST:
                    found[three] = total
    times: dict[int, int] = defaultdict(int)
    chosen = []
    for three in sorted(found, key=lambda cut: (-found[cut], cut)):
        if all(times[v] < per_visit for v in three):
            chosen.append(three)
            for v in three:
                times[v] += 1
            if len(chosen) == most:
                break
    return chosen
