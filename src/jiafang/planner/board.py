"""What the schools' searches tell while they run, in memory shared with worker processes: steps, cost, bound, stop."""

import multiprocessing
import time
from collections.abc import Callable

Progress = Callable[[int, int, float, float | None], None]
Cancel = Callable[[], bool]


class Board:
    """One line per school: steps done, cost of its best plan, its bound; and a flag that ends all searches."""

    def __init__(
        self, steps: list[int], prove: bool, deadline: float | None, progress: Progress | None, cancel: Cancel | None
    ) -> None:
        context = multiprocessing.get_context("fork")
        n = len(steps)
        self.steps, self.prove, self.deadline = steps, prove, deadline
        self.done, self.cost = context.RawArray("q", n), context.RawArray("d", n)
        self.bound, self.flag = context.RawArray("d", n), context.RawValue("b", 0)
        self.progress, self.cancel = progress, cancel
        self.told = 0.0

    def note(self, number: int, done: int, cost: float, bound: float = 0.0) -> bool:
        """Write a school's line; returns whether its search should end now."""
        self.done[number], self.cost[number], self.bound[number] = done, cost, bound
        return self.stopped()

    def stopped(self) -> bool:
        """Whether the user cancelled or time is up."""
        self.poll()
        return bool(self.flag.value) or (self.deadline is not None and time.monotonic() > self.deadline)

    def poll(self, last: bool = False) -> None:
        """In the process that was called: tell the progress, at most ten times a second, and look for a cancel."""
        if self.progress is None and self.cancel is None:
            return
        now = time.monotonic()
        if now - self.told < 0.1 and not last:
            return
        self.told = now
        if self.cancel is not None and self.cancel():
            self.flag.value = 1
        if self.progress is not None:
            cost, bound = sum(self.cost), sum(self.bound)
            gap = (cost - bound) / cost if self.prove and all(self.bound) and cost > 0 else None
            self.progress(sum(self.done), sum(self.steps), cost, gap)

    def mute(self) -> None:
        """In a worker: callbacks belong to the process that was called."""
        self.progress = self.cancel = None
