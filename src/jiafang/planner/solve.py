"""Makes a plan: the problem school by school, each searched from its first state, then put together and priced."""

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait

import numpy as np

from .arrays import SchoolPart, split
from .board import Board, Cancel, Progress
from .helps import helps_for
from .improve import FEW, improve
from .leaders import rejoin, send_leaders
from .model import Plan, Problem, Unplaced
from .outcome import SchoolResult, build_plan, routes_of
from .reasons import reasons_of
from .replan import disturbed, extras_of, with_cost_of_moves
from .start import first_state, generator
from .state import State
from .survey import occupy
from .wording import in_words

# Search steps a visit by the size of a problem; a proof finds better outings itself.
MANY = 2000
STEPS_WHEN_FEW, STEPS, STEPS_WHEN_MANY, STEPS_WHEN_PROVEN = 900, 250, 200, 100
HELPED = 50  # unplaced visits of a school for which help is looked for
STEPS_PER_CHANGE, WARM = 400, 2.0  # for what a change disturbs


def solve(
    problem: Problem, *, keep: Plan | None = None, seconds: float | None = None, iterations: int | None = None,
    seed: int = 0, jobs: int = 1, prove: bool = False, progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Plan:  # fmt: skip
    """A plan that obeys every rule; visits that cannot be placed stand in `unplaced` with reasons.

    `iterations` are search steps over the whole problem (the default grows with the visits), `seconds` a limit on the
    search. `progress(done, total, cost, gap)` is called now and then, `cancel()` ends the search with the best so far.
    The same problem, seed, jobs and iterations give the same plan when no limit of time cuts in.
    """
    deadline = None if seconds is None else time.monotonic() + max(0.0, seconds)
    parts = split(problem)
    total = max(1, sum(len(part.visits) for part in parts))
    per_visit = STEPS_WHEN_FEW if total <= FEW else STEPS_WHEN_PROVEN if prove else STEPS
    if total > MANY:
        per_visit = min(per_visit, STEPS_WHEN_MANY)
    budget = iterations if iterations is not None else per_visit * total
    steps = [budget * len(part.visits) // total for part in parts]
    board = Board(steps, prove, deadline, progress, cancel)
    results = _run(_Run(parts, keep, seed, board), jobs)
    board.poll(last=True)
    return build_plan(problem, parts, results, keep)


class _Run:
    """All that one school's search needs; forked workers see it without copying."""

    def __init__(self, parts: list[SchoolPart], keep: Plan | None, seed: int, board: Board) -> None:
        self.parts, self.keep, self.seed, self.board = parts, keep, seed, board

    def school(self, number: int) -> SchoolResult:
        """Plan one school."""
        part, board = self.parts[number], self.board
        rng = generator(self.seed, number)
        if self.keep is not None:
            return self._changed(part, rng, number)
        state = improve(part, first_state(part, None, rng), board.steps[number], rng, board, number)
        if not board.prove:
            return finish(part, state)
        # Linear programming is only loaded by those who want a proof.
        from .bound import prove
        from .certificate import certify
        from .polish import polish

        proof = prove(part, routes_of(state), board.stopped)
        result = finish(part, polish(part, state, proof, rng, board.stopped))
        result.bound, result.prices = certify(proof)
        board.note(number, board.steps[number], board.cost[number], result.bound)
        return result

    def _changed(self, part: SchoolPart, rng: np.ndarray, number: int) -> SchoolResult:
        plain, part = part, with_cost_of_moves(part, self.keep)
        state = first_state(part, self.keep, rng)
        seeds = disturbed(part, state)
        steps = min(self.board.steps[number], STEPS_PER_CHANGE * len(seeds))
        state = improve(part, state, steps, rng, self.board, number, seeds, WARM)
        result = finish(part, state, extras_of(part, self.keep))
        if self.board.prove:
            from .bound import prove
            from .certificate import certify

            # Of all plans, changed or not: what changes cost only adds to it.
            result.bound, result.prices = certify(prove(plain, result.routes, self.board.stopped))
        return result


_run_of_worker: _Run | None = None


def _in_worker(number: int) -> SchoolResult:
    _run_of_worker.board.mute()
    return _run_of_worker.school(number)


def _run(run: _Run, jobs: int) -> list[SchoolResult]:
    count = len(run.parts)
    if jobs <= 1 or count <= 1 or multiprocessing.current_process().daemon:
        return [run.school(number) for number in range(count)]
    global _run_of_worker
    _run_of_worker = run
    try:
        found = dict(_forked(run, min(jobs, count)))
    finally:
        _run_of_worker = None
    return [found[number] for number in range(count)]


def _forked(run: _Run, jobs: int) -> Iterator[tuple[int, SchoolResult]]:
    # The largest school first, so that no core waits for a late long one.
    order = sorted(range(len(run.parts)), key=lambda number: -len(run.parts[number].visits))
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        waiting = {pool.submit(_in_worker, number): number for number in order}
        while waiting:
            ready, _ = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
            run.board.poll()
            for future in ready:
                yield waiting.pop(future), future.result()


def finish(part: SchoolPart, state: State, extras: dict[tuple[int, int], int] | None = None) -> SchoolResult:
    """The state as a result: leaders sent along (`extras` by slot and lead again if they can), the absent explained."""
    routes = routes_of(state)
    rejoin(part, routes, extras or {})
    unmet = send_leaders(part, routes)
    occupy(part, state, [(route.extra, route.slot) for route in routes if route.extra >= 0])
    absent = [int(v) for v in np.flatnonzero(state.at < 0)]
    unplaced = [
        Unplaced(
            part.visits[v].id,
            tuple(in_words(item) for item in reasons),
            tuple(in_words(item) for item in helps_for(part, state, v)) if k < HELPED else (),
        )
        for k, (v, reasons) in enumerate(zip(absent, reasons_of(part, absent), strict=True))
    ]
    return SchoolResult(routes, unmet, unplaced)
