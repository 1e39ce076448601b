"""Runs the search on a school's state in chunks, so that progress is told and a cancel is heard."""

import numpy as np

from .arrays import SchoolPart
from .board import Board
from .moves import new_best
from .search import recreate, search
from .state import ABSENT, State, begin, copy_state, total_cost

FEW = 100  # visits up to which the search ends warmer
HOT, COLD, COLD_WHEN_FEW, RUIN = 5.0, 0.3, 1.0, 8.0
CHUNK = 10_000


def improve(
    part: SchoolPart, state: State, steps: int, rng: np.ndarray, board: Board | None = None, number: int = 0,
    seeds: np.ndarray | None = None, hot: float | None = None,
) -> State:  # fmt: skip
    """Place what is absent, then search for `steps` iterations or until stopped; returns the best state."""
    data = part.data
    n = int(state.count[ABSENT])
    best, todo, key = new_best(), np.zeros(len(state.at) + 8, np.int32), np.zeros(len(state.at) + 8)
    todo[:n] = state.absent[:n]
    begin(state)
    recreate(data, state, todo, n, key, 0, rng, best)
    best_state = copy_state(state)
    if seeds is None:
        seeds = np.flatnonzero(~state.pinned).astype(np.int32)
    if not len(seeds) or not len(part.slots):
        return best_state
    at, cut = 1, np.zeros(state.homes.shape[1], np.int32)
    cold = COLD if len(state.at) > FEW else COLD_WHEN_FEW
    cost = total_cost(data, state)
    while at <= steps and not (board is not None and board.note(number, at - 1, cost)):
        chunk = min(CHUNK, steps - at + 1)
        cost = search(
            data, state, best_state, seeds, chunk, at, steps, hot or HOT, cold, RUIN, rng, best, todo, key, cut
        )
        at += chunk
    if board is not None:
        board.note(number, steps, cost)
    return best_state
