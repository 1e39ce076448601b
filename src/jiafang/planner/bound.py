"""A proven lower bound for one school, group by group: column generation, cases by number of outings, cuts."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from .arrays import SchoolPart
from .columns import Column, Columns, Prices
from .cuts import separate
from .groups import Case, Group, Outside, groups_of
from .master import Master
from .outcome import Route

ROUNDS, PER_FAMILY, BRINGING = 200, 20, 4
STEPS_PER_VISIT = 10_000  # of the search for columns; a class of 45 takes some 1,500
SHARES = 1.0, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.3, 0.0
CUT_ROUNDS, CUTS, CUTS_PER_VISIT = 4, 60, 4
WHOLE = 1e-3  # what is taken off before rounding up, as the certificate says


@dataclass(slots=True)
class GroupProof:
    """A group's cases, and the linear programme that knows its columns."""

    group: Group
    master: Master
    cost: float  # what the group pays in the plan it is measured against, others' visits taken off
    whole: bool  # whether values are rounded up
    cases: list[Case] = field(default_factory=list)

    def enough(self, value: float, cost: float) -> bool:
        """Whether a value, rounded up where that is allowed, reaches a cost."""
        return (math.ceil(value - WHOLE) if self.whole else value) >= cost - 1e-6


@dataclass(slots=True)
class Proof:
    """Everything found out about the bound of a school."""

    columns: Columns
    outside: Outside
    groups: list[GroupProof]


def seed_columns(columns: Columns, group: Group, routes: list[Route]) -> list[Column]:
    """The outings of a plan, and every home alone where that is cheapest."""
    found, alone = [], {}
    by_slot = {(columns.families[f].lead, int(s)): f for f in group.families for s in columns.families[f].slots}
    for f in group.families:
        for v in columns.families[f].homes.tolist():
            cost, s = columns.cost_of(f, [v])
            if cost < alone.get(v, (math.inf, None))[0]:
                alone[v] = cost, Column(f, s, (v,), cost)
    for route in routes:
        f = by_slot.get((route.lead, route.slot))
        if f is not None and not route.online:
            cost, s = columns.cost_of(f, route.homes)
            if math.isfinite(cost):
                found.append(Column(f, s, tuple(route.homes), cost))
    return found + [column for _, column in alone.values()]


class Prover:
    """Proves one group's bound, the case with the lowest value first."""

    def __init__(self, columns: Columns, proof: GroupProof, stopped: Callable[[], bool]) -> None:
        self.columns, self.proof, self.master = columns, proof, proof.master
        self.order = deque(proof.group.families)
        self.stopped, self.rest = stopped, columns.steps + STEPS_PER_VISIT * len(proof.group.visits)
        self.unfinished = columns.cut_short

    def run(self, routes: list[Route]) -> None:
        """Find the group's cases and their values, beginning with the outings of a plan."""
        self.master.add(seed_columns(self.columns, self.proof.group, routes))
        cases = self.proof.cases
        cases.append(Case(0, None))
        self._relax(cases[0])
        cuts = 0
        while not (self.stopped() or self._tired()):
            case = min(cases, key=lambda case: case.value)
            if self._enough(case):
                break
            if (self.master.low, self.master.high) != (case.low, case.high):
                # Columns and cuts found for other cases serve this one too.
                self._relax(case)
                continue
            if not case.solved:
                break
            split = math.floor(case.outings)
            # Fewer than the least allowed are only possible with some bought, where no plan makes so many.
            if 0.01 < case.outings - split < 0.99 and split >= case.low:
                cases.remove(case)
                for low, high in ((case.low, split), (split + 1, case.high)):
                    cases.append(Case(low, high))
                    self._relax(cases[-1])
            elif self.master.keep_in():
                self._relax(case)
            elif cuts < CUT_ROUNDS and self._cut():
                cuts += 1
                self._relax(case)
            else:
                break
        if self._tired():
            for case in cases:
                self._scale(case)

    def _tired(self) -> bool:
        return self.columns.steps > self.rest or self.columns.cut_short > self.unfinished

    def _enough(self, case: Case) -> bool:
        return self.proof.enough(case.value, self.proof.cost)

    def _relax(self, case: Case) -> None:
        """Generate columns until the case's linear programme is solved, or its value is enough."""
        self.master.limit(case.low, case.high)
        case.solved = False
        for _ in range(ROUNDS):
            prices = self.master.solve()
            if not self.master.solved:
                break
            found, least = self._priced(prices)
            if len(least) == len(self.order):
                self._note(case, prices, least)
                if not found:
                    case.solved, case.outings = True, float(self.master.values().sum())
                    return
                if self._enough(case):
                    return
            if self.stopped() or self._tired():
                break
            self.master.add(found)
        if case.prices is None:
            self._scale(case)

    def _priced(self, prices: Prices) -> tuple[list[Column], dict[int, float]]:
        # Families one after another, beginning where the last round ended, until enough of them brought something.
        found, least, brought = [], {}, 0
        for _ in range(len(self.order)):
            more, low = self.columns.search(prices, [self.order[0]], -1e-6, PER_FAMILY)
            self.order.rotate(-1)
            found += more
            least |= low
            brought += bool(more)
            if brought == BRINGING or self._tired():
                break
        return found, least

    def _note(self, case: Case, prices: Prices, least: dict[int, float]) -> None:
        value = self.master.worth(prices, least)
        if value > case.value:
            case.value, case.prices, case.least = value, prices, least

    def _scale(self, case: Case) -> None:
        """Where outings hold too many homes to look at all: the last prices, lowered until a coarse look is enough."""
        self.master.limit(case.low, case.high)
        last = self.master.solve()
        own = self.proof.group.visits
        for share in SHARES:
            prices = Prices(last.visit.copy(), {}, {})
            prices.visit[own] *= share
            _, least = self.columns.search(prices, self.proof.group.families, -1e-6, 1, steps=0)
            self._note(case, prices, least)

    def _cut(self) -> bool:
        master = self.master
        homes = [[v for v in column.homes if v in master.rows] for column in master.pool]
        cuts = separate(homes, master.values(), set(master.cuts), CUTS, CUTS_PER_VISIT)
        master.add_cuts(cuts)
        return bool(cuts)


def group_cost(columns: Columns, group: Group, outside: Outside, routes: list[Route]) -> float:
    """What a plan pays for a group: its outings less others' visits in them, and its own visits others do."""
    data, leads, own = columns.part.data, set(group.leads), set(group.visits)
    total, done = 0.0, set()
    for route in routes:
        if route.lead in leads and not route.online:
            total += data.outing + data.travel_min * columns.way_of(route.homes)
            total += sum(columns.costs[v, route.slot] + columns.lead_costs[v].get(route.lead, 0.0) for v in route.homes)
            total -= sum(float(outside.price[v]) for v in route.homes if v not in own)
            done.update(route.homes)
    return total + sum(float(outside.alone[v]) for v in own - done)


def prove(part: SchoolPart, routes: list[Route], stopped: Callable[[], bool] = lambda: False) -> Proof:
    """Bound the cost of every plan of the school from below, starting from a plan's outings.

    When stopped early the best so far stands; it is proven all the same.
    """
    columns = Columns(part)
    groups = groups_of(columns)
    outside, costs = Outside(columns, groups), part.problem.costs
    kinds = costs.travel_min, costs.outing, costs.unwished, costs.other_lead, costs.late_week
    whole = all(float(cost).is_integer() for cost in kinds)
    proof = Proof(columns, outside, [])
    # Groups of many leads, who take what others leave, come first; then others ask what they would be paid.
    for group in sorted(groups, key=lambda group: -len(group.leads)):
        cost = group_cost(columns, group, outside, routes)
        one = GroupProof(group, Master(columns, group, outside), cost, whole)
        Prover(columns, one, stopped).run(routes)
        proof.groups.append(one)
        outside.settle(group, one.cases)
    _clip(proof)
    return proof


def _clip(proof: Proof) -> None:
    # Prices outside may have come down after a case was noted; its own prices may not stand above them.
    for one in proof.groups:
        for case in one.cases:
            for v in one.group.visits:
                above = case.prices.visit[v] - proof.outside.price[v]
                if above > 0:
                    case.prices.visit[v] -= above
                    case.value -= above
