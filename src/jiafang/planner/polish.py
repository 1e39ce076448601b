"""Puts the best outings a proof knows into a school's plan, group by group, and mends what calendars do not allow."""

from collections.abc import Callable

import numpy as np

from .arrays import SchoolPart
from .bound import GroupProof, Proof
from .choose import best_columns
from .columns import Column, Columns
from .dates import rebuild
from .improve import improve
from .moves import new_best
from .state import ABSENT, OUT, State, copy_state, total_cost

SLACK, STEPS, WARM = 1.0, 150, 3.0  # loss in rebuilding from which on a search mends it; its steps a visit and heat
CHOICES = 4  # how often outings are chosen for a group whose calendars refuse them


def polish(
    part: SchoolPart, state: State, proof: Proof, rng: np.ndarray, stopped: Callable[[], bool] = lambda: False
) -> State:
    """The state with each group's outings replaced by those the proof found best; the cheapest seen, never dearer."""
    for one in proof.groups:
        if stopped():
            break
        state = _polished(part, state, proof.columns, one, rng)
    return state


def _polished(part: SchoolPart, state: State, columns: Columns, one: GroupProof, rng: np.ndarray) -> State:
    before, banned = total_cost(part.data, state), []
    best, lowest = state, before
    old = [v for r in np.flatnonzero((state.kind == OUT) & np.isin(state.lead, one.group.leads))
           for v in state.homes[r, : state.size[r]]]  # fmt: skip
    for _ in range(CHOICES):
        goal, chosen = best_columns(one, banned)
        if not chosen:
            break
        gone = {v for column in chosen for v in column.homes}.union(old)
        seeds = np.array(sorted(v for v in gone if not state.pinned[v]), np.int32)
        trial = copy_state(state)
        left_over = _rebuild(part, trial, columns, chosen, seeds, rng)
        loss = total_cost(part.data, trial) - before + one.cost - goal
        if loss > SLACK:
            trial = improve(part, trial, STEPS * len(seeds), rng, seeds=seeds, hot=WARM)
            loss = total_cost(part.data, trial) - before + one.cost - goal
        if total_cost(part.data, trial) < lowest - 1e-9:
            best, lowest = trial, total_cost(part.data, trial)
        if loss <= SLACK or not left_over:
            break
        banned += left_over
    return best


def _rebuild(
    part: SchoolPart, state: State, columns: Columns, chosen: list[Column], gone: np.ndarray, rng: np.ndarray
) -> list[Column]:
    # Puts the chosen outings in place of what the visits `gone` are in; returns those for which there was no slot.
    state.stamp[:] = -1
    visits, slots = part.data.slot_cost.shape
    mine, kept, paths = np.full(visits, -1, np.int32), [], []
    # Visits set aside at the start, because nothing can be done for them, are neither placed nor waiting.
    waiting = set(state.absent[: state.count[ABSENT]].tolist())
    for column in chosen:
        # A home two outings hold stays in the first.
        path = [v for v in column.homes if mine[v] < 0 and not state.pinned[v] and (state.at[v] >= 0 or v in waiting)]
        if path:
            mine[path] = len(kept)
            kept.append(column)
            paths.append(path)
    n = len(kept)
    homes, sizes = np.zeros((n, state.homes.shape[1]), np.int32), np.array([len(path) for path in paths], np.int32)
    for k, path in enumerate(paths):
        homes[k, : len(path)] = path
    leads = np.array([columns.families[column.family].lead for column in kept], np.int32)
    order, tried, slot, where = np.zeros((4, n + 1), np.int32)
    rebuild(
        part.data, state, homes, sizes, leads, gone, mine, np.zeros((n, slots)), np.zeros((n, n), np.int32),
        order, tried, slot, where[:n], np.zeros(n + 1), np.zeros(n + 1), rng, new_best(),
        np.zeros(visits + 8, np.int32), np.zeros(visits + 8),
    )  # fmt: skip
    return [column for column, s in zip(kept, where, strict=False) if s < 0]
