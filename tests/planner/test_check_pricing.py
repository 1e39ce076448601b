"""The checker's search for an outing below its prices, held against trying every order of every set of homes."""

import itertools
import math

import numpy as np
import pytest

from jiafang.planner.check_pricing import TOLERANCE, cheapest_outing, quicker_through

pytestmark = [pytest.mark.planner]


def ways(dice: np.random.Generator, count: int) -> np.ndarray:
    """Symmetric minutes, many alike; now and then a place or two is near to all, so that ways through it are quicker."""
    places = dice.integers(0, 5, (count + 1, 2)) * dice.choice((4, 8, 12))
    way = np.abs(places[:, None] - places).sum(axis=2) + dice.integers(0, 2) * 3
    if dice.random() < 0.5:
        for near in dice.integers(1, count + 1, 2):
            way[near, :] = way[:, near] = dice.integers(0, 6)
    np.fill_diagonal(way, 0)
    return way.astype(np.int64)


def chances(dice: np.random.Generator, count: int, rows: int) -> dict[str, np.ndarray]:
    """Gains, homes, lengths and bases, many of them alike from row to row."""
    differ = dice.choice((0, 0.1, 0.5))
    gain = np.tile(dice.integers(-2, 30, count), (rows, 1)) - 2.0 * (dice.random((rows, count)) < differ)
    homes = np.tile(dice.random(count) < 0.95, (rows, 1)) & (dice.random((rows, count)) > differ)
    length = dice.choice((70, 110, 150), rows).astype(np.int64)
    return {"gain": gain, "homes": homes, "length": length, "base": dice.choice((25.0, 27.0, 30.0), rows)}


def cuts(dice: np.random.Generator, count: int) -> list[tuple[list[int], float]]:
    """Sets of homes and the (negative) price of every pair of them in one outing."""
    found = [dice.permutation(count)[: dice.integers(2, 6)].tolist() for _ in range(dice.integers(0, 4))]
    return [(homes, -float(dice.integers(1, 7))) for homes in found]


def by_home(found: list[tuple[list[int], float]], count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    mine = [[c for c, (homes, _) in enumerate(found) if v in homes] for v in range(count)]
    start = np.cumsum([0, *map(len, mine)])
    flat = [c for row in mine for c in row]
    return start.astype(np.int64), np.array(flat, np.int64), np.array([price for _, price in found], np.float64)


def shortest(way: np.ndarray, homes: tuple[int, ...]) -> int:
    orders = itertools.permutations(v + 1 for v in homes)
    return min(sum(int(way[a, b]) for a, b in itertools.pairwise((0, *order, 0))) for order in orders)


def least(way, stay, before, gain, homes, length, base, rate, found) -> list[float]:
    """The lowest reduced cost of every chance."""
    lowest = [math.inf] * len(base)
    for size in range(1, len(stay) + 1):
        for group in itertools.combinations(range(len(stay)), size):
            if any(before[v] in group for v in group):
                continue
            travel, mine = shortest(way, group), list(group)
            paid = sum(price * (len(set(group) & set(cut)) // 2) for cut, price in found)
            for k in range(len(base)):
                if homes[k, mine].all() and travel + stay[mine].sum() <= length[k]:
                    lowest[k] = min(lowest[k], base[k] + rate * travel - gain[k, mine].sum() - paid)
    return lowest


@pytest.mark.parametrize("block", range(8))
def test_finds_an_outing_below_its_prices_exactly_when_there_is_one(block):
    answers = set()
    for seed in range(block * 60, block * 60 + 60):
        dice = np.random.default_rng(seed)
        count, rate = int(dice.integers(2, 7)), float(dice.choice((1.0, 1.0, 0.5, 0.0)))
        way, stay, found = ways(dice, count), dice.integers(5, 35, count), cuts(dice, count)
        before = np.where(dice.random(count) < 0.2, dice.integers(0, count, count), -1)
        before[before == np.arange(count)] = -1
        rows = chances(dice, count, rows=5)
        lowest = min(least(way, stay, before, **rows, rate=rate, found=found))
        if math.isfinite(lowest):  # set the base so that the cheapest is just above, or just below, what is allowed
            rows["base"] = rows["base"] - lowest - (0 if dice.random() < 0.5 else 0.25)
        truth = least(way, stay, before, **rows, rate=rate, found=found)
        args = [rows[name] for name in ("gain", "homes", "length", "base")]
        value, k, order = cheapest_outing(way, quicker_through(way), stay, before, *args, rate, *by_home(found, count))
        answers.add(k >= 0)
        assert (k >= 0) == (min(truth) < -TOLERANCE)
        if k >= 0:
            stops = (0, *(int(v) + 1 for v in order), 0)
            travel = sum(int(way[a, b]) for a, b in itertools.pairwise(stops))
            paid = sum(price * (len(set(order.tolist()) & set(cut)) // 2) for cut, price in found)
            assert rows["homes"][k, order].all() and not set(before[order].tolist()) & set(order.tolist())
            assert travel + stay[order].sum() <= rows["length"][k]
            assert value == pytest.approx(rows["base"][k] + rate * travel - rows["gain"][k, order].sum() - paid)
    assert answers == {True, False}


def test_quicker_through_a_place_near_to_all():
    way = np.array([[0, 10, 3, 9], [10, 0, 4, 9], [3, 4, 0, 9], [9, 9, 9, 0]], np.int64)
    assert quicker_through(way).tolist() == [False, True, False]
