"""Chooses whole outings among a proof's columns: branch and bound over the group's linear programme, diving from the best."""

import heapq
from dataclasses import dataclass, field

import numpy as np

from .bound import GroupProof
from .columns import Column

SPAN, MOST = 1.5, 200  # reduced cost up to which columns take part, and how many a family
NODES, MORE = 30, 100  # linear programmes solved for one case, and for the first choice of a group
NEAR = 0.998  # a choice is good enough when no other can cost less than this share of it
HAIR = 1e-6


@dataclass(slots=True)
class _Choice:
    """The best choice so far."""

    one: GroupProof
    cost: float
    columns: list[Column] = field(default_factory=list)

    def search(self, banned: set[int], most: int) -> None:
        """Branch on the column used most, first in, later, from the least dear node, out; at most so many programmes."""
        lp, variables = self.one.master.lp, self.one.master.variables
        free = lp.infinity()
        waiting: list[tuple[float, int, tuple, tuple]] = [(0.0, 0, (), tuple(banned))]
        nodes = 0
        while waiting and nodes < most:
            low, _, inside, outside = heapq.heappop(waiting)
            if self.one.enough(low, NEAR * self.cost):
                break
            for k in outside:
                variables[k].SetBounds(0.0, 0.0)
            for k in inside:
                variables[k].SetBounds(1.0, free)
            while nodes < most:
                nodes += 1
                if lp.Solve() != lp.OPTIMAL or self.one.enough(lp.Objective().Value(), NEAR * self.cost):
                    break
                value, values = lp.Objective().Value(), np.array([one.solution_value() for one in variables])
                part = np.where(values < 1 - HAIR, values, 0.0)
                k = int(part.argmax())
                if part[k] < HAIR:
                    self.cost = value
                    self.columns = [self.one.master.pool[j] for j in np.flatnonzero(values > 0.5)]
                    break
                heapq.heappush(waiting, (value, nodes, inside, (*outside, k)))
                inside = (*inside, k)
                variables[k].SetBounds(1.0, free)
            for k in (*inside, *outside):
                variables[k].SetBounds(0.0, free)


def best_columns(one: GroupProof, banned: list[Column]) -> tuple[float, list[Column]]:
    """The cheapest choice of outings found for a group, without those banned; none when the plan's own is as cheap.

    Returns its cost, too. Visits may stand in two of them; those in none are left to others.
    """
    master, choice = one.master, _Choice(one, one.cost)
    # Whom the group leaves out somebody else must visit, most often alone.
    master.price_left_out(master.outside.alone)
    for case in sorted(one.cases, key=lambda case: case.value):
        if not one.enough(case.value, NEAR * choice.cost if choice.columns else choice.cost):
            span = min(SPAN, choice.cost - case.value)
            master.add(master.columns.search(case.prices, one.group.families, span, MOST)[0])
            master.limit(case.low, case.high)
            taboo = {k for k, column in enumerate(master.pool) if column in banned}
            choice.search(taboo, NODES if banned else MORE)
    return choice.cost, choice.columns
