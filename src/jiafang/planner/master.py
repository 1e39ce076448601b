"""One group's restricted linear programme over the columns found so far; it is solved, asked for prices, and extended."""

from collections import Counter

import numpy as np
from ortools.linear_solver import pywraplp

from .columns import Column, Columns, Prices
from .groups import Group, Outside

PIVOTS = 3000  # of one linear programme; a few hundred are usual


class Master:
    """Rows: every visit once, slots of each family, weeks of each lead, number of outings, cuts of three visits."""

    def __init__(self, columns: Columns, group: Group, outside: Outside) -> None:
        self.columns, self.group, self.outside = columns, group, outside
        worth = outside.price
        data, families = columns.part.data, columns.families
        self.lp = lp = pywraplp.Solver.CreateSolver("GLOP")
        lp.SuppressOutput()
        # Simplex starts from its last basis, which preprocessing would throw away; now and then it runs in circles.
        lp.SetSolverSpecificParametersAsString(f"use_preprocessing: false max_number_of_iterations: {PIVOTS}")
        self.prices = Prices(worth.copy(), {}, {})
        self.prices.visit[group.visits] = 0.0
        self.solved = False
        most = lp.infinity()
        self.rows, self.left_out = {}, {}
        for v in group.visits:
            self.rows[v] = lp.Constraint(1.0, most)
            self.left_out[v] = self._variable(float(worth[v]), [self.rows[v]])
        self.family_rows = {f: lp.Constraint(-most, float(len(families[f].slots))) for f in group.families}
        self.weeks: dict[int, set[int]] = {t: set() for t in group.leads}
        for f in group.families:
            self.weeks[families[f].lead].update(data.week[families[f].slots].tolist())
        self.lead_rows = {t: lp.Constraint(-most, float(data.cap[t]) * len(w)) for t, w in self.weeks.items()}
        self.outings = lp.Constraint(0.0, most)
        # A number of outings nobody can make is bought at a price no plan pays.
        self._variable(float(worth[group.visits].sum()) + 1.0, [self.outings])
        self.low, self.high = 0, None
        self.pool: list[Column] = []
        self.variables: list = []
        self.known: dict[tuple[int, tuple[int, ...]], int] = {}
        self.cuts: list[tuple[int, int, int]] = []
        self.cut_rows: list = []
        self.holding: dict[int, set[int]] = {v: set() for v in group.visits}  # columns by visit
        self.cuts_of: dict[int, list[int]] = {v: [] for v in group.visits}

    def _variable(self, cost: float, rows: list) -> object:
        variable = self.lp.NumVar(0, self.lp.infinity(), "")
        self.lp.Objective().SetCoefficient(variable, cost)
        for row in rows:
            row.SetCoefficient(variable, 1)
        return variable

    def price_of(self, column: Column) -> float:
        """A column's cost to the group: what others' visits are worth comes off."""
        return column.cost - sum(float(self.outside.price[v]) for v in column.homes if v not in self.rows)

    def values(self) -> np.ndarray:
        """How much of each column the last solution takes; nothing may have been added since."""
        return np.array([variable.solution_value() for variable in self.variables])

    def keep_in(self) -> bool:
        """Make it dearer to leave visits to others, where the last solution did and it can be; whether anything changed."""
        left = [v for v, variable in self.left_out.items() if variable.solution_value() > 1e-6]
        changed = bool(left) and self.outside.raise_prices(self.group, left)
        if changed:
            self.price_left_out(self.outside.price)
        return changed

    def price_left_out(self, prices: np.ndarray) -> None:
        """(v,) what it costs the group to leave each visit to others."""
        for v, variable in self.left_out.items():
            self.lp.Objective().SetCoefficient(variable, float(prices[v]))

    def limit(self, low: int, high: int | None) -> None:
        """Allow only so many outings."""
        self.low, self.high = low, high
        self.outings.SetBounds(float(low), self.lp.infinity() if high is None else float(high))

    def add(self, found: list[Column]) -> int:
        """Take columns in; returns how many are new or cheaper in another order than before."""
        better = 0
        for column in found:
            key = (column.family, tuple(sorted(column.homes)))
            k = self.known.get(key)
            if k is not None:
                if column.cost < self.pool[k].cost - 1e-9:
                    self.pool[k] = column
                    self.lp.Objective().SetCoefficient(self.variables[k], self.price_of(column))
                    better += 1
                continue
            better += 1
            self.known[key] = len(self.pool)
            own = [v for v in column.homes if v in self.rows]
            rows = [self.rows[v] for v in own]
            rows += [self.family_rows[column.family], self.lead_rows[self.columns.families[column.family].lead]]
            if self.cuts:
                times = Counter(c for v in own for c in self.cuts_of[v])
                rows += [self.cut_rows[c] for c, count in times.items() if count >= 2]
            for v in own:
                self.holding[v].add(len(self.pool))
            self.pool.append(column)
            self.variables.append(self._variable(self.price_of(column), [*rows, self.outings]))
        return better

    def add_cuts(self, cuts: list[tuple[int, int, int]]) -> None:
        """At most one column may hold two or more of three visits."""
        for cut in cuts:
            row = self.lp.Constraint(-self.lp.infinity(), 1.0)
            a, b, c = (self.holding[v] for v in cut)
            for k in (a & b) | (a & c) | (b & c):
                row.SetCoefficient(self.variables[k], 1)
            for v in cut:
                self.cuts_of[v].append(len(self.cuts))
            self.cuts.append(cut)
            self.cut_rows.append(row)

    def solve(self) -> Prices:
        """Solve the programme; returns its prices, signs as the certificate wants them.

        When it runs in circles `solved` is false and the prices are the last ones.
        """
        self.solved = self.lp.Solve() == self.lp.OPTIMAL
        if not self.solved:
            return self.prices
        visit = self.outside.price.copy()
        for v, row in self.rows.items():
            visit[v] = min(max(0.0, row.dual_value()), visit[v])
        outing = self.outings.dual_value()
        if self.high is None:
            outing = max(0.0, outing)
        self.prices = Prices(
            visit, {f: min(0.0, row.dual_value()) for f, row in self.family_rows.items()},
            {t: min(0.0, row.dual_value()) for t, row in self.lead_rows.items()}, outing,
            list(self.cuts), np.array([min(0.0, row.dual_value()) for row in self.cut_rows]),
        )  # fmt: skip
        return self.prices

    def worth(self, prices: Prices, least: dict[int, float]) -> float:
        """The bound that these prices prove for the number of outings allowed."""
        data, families = self.columns.part.data, self.columns.families
        total = float(prices.visit[self.group.visits].sum() + prices.cut.sum())
        total += prices.outing * (self.low if prices.outing > 0 else self.high or 0)
        total += sum(len(families[f].slots) * (prices.family.get(f, 0.0) + least[f]) for f in self.group.families)
        return total + sum(prices.lead.get(t, 0.0) * float(data.cap[t]) * len(w) for t, w in self.weeks.items())
