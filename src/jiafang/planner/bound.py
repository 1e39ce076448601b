"""A proven lower bound for one school: the linear relaxation by column generation, tightened by subset-row cuts."""

import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ortools.linear_solver import pywraplp

from .arrays import SchoolPart
from .columns import Column, Columns, Prices
from .cuts import separate
from .outcome import Route

ROUNDS, PER_FAMILY = 200, 12
CUT_ROUNDS, CUTS, CUTS_PER_VISIT = 1, 200, 4
SECONDS_PER_VISIT = 0.05  # a limit far off, for problems whose outings hold very many homes


@dataclass(slots=True)
class Proof:
    """The bound, its prices as the certificate wants them, and what the search knows for the integer programme."""

    bound: float
    certificate: dict
    columns: Columns
    pool: list[Column]
    prices: Prices
    least: np.ndarray


class Master:
    """The restricted linear programme over the columns found so far."""

    def __init__(self, columns: Columns) -> None:
        self.columns, part = columns, columns.part
        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        self.lp.SuppressOutput()
        self.rows = {}
        drop = part.data.drop
        for v in range(len(part.visits)):
            if columns.placeable[v] and not part.data.online[v]:
                self.rows[v] = self.lp.Constraint(1.0, self.lp.infinity())
                left_out = self.lp.NumVar(0, self.lp.infinity(), "")
                self.rows[v].SetCoefficient(left_out, 1)
                self.lp.Objective().SetCoefficient(left_out, float(drop[v]))
        self.family_rows = [self.lp.Constraint(-self.lp.infinity(), float(len(f.slots))) for f in columns.families]
        weeks: dict[int, set] = {}
        for family in columns.families:
            weeks.setdefault(family.lead, set()).update(int(part.data.week[s]) for s in family.slots)
        self.room = {t: float(part.data.cap[t]) * len(w) for t, w in weeks.items()}
        self.weeks = weeks
        self.lead_rows = {t: self.lp.Constraint(-self.lp.infinity(), room) for t, room in self.room.items()}
        self.pool: list[Column] = []
        self.variables: list = []
        self.known: dict[tuple[int, tuple[int, ...]], int] = {}
        self.cuts: list[tuple[int, int, int]] = []
        self.cut_rows: list = []
        self.holding: dict[int, set[int]] = {v: set() for v in self.rows}  # columns by visit
        self.cuts_of: dict[int, list[int]] = {v: [] for v in self.rows}

    def add(self, found: list[Column]) -> int:
        """Take columns in; returns how many are new or cheaper in another order than before."""
        better = 0
        for column in found:
            key = (column.family, tuple(sorted(column.homes)))
            if key in self.known:
                k = self.known[key]
                if column.cost < self.pool[k].cost - 1e-9:
                    self.pool[k] = column
                    self.lp.Objective().SetCoefficient(self.variables[k], column.cost)
                    better += 1
                continue
            better += 1
            self.known[key] = len(self.pool)
            variable = self.lp.NumVar(0, self.lp.infinity(), "")
            self.lp.Objective().SetCoefficient(variable, column.cost)
            for v in column.homes:
                self.rows[v].SetCoefficient(variable, 1)
            self.family_rows[column.family].SetCoefficient(variable, 1)
            self.lead_rows[self.columns.families[column.family].lead].SetCoefficient(variable, 1)
            times = Counter(c for v in column.homes for c in self.cuts_of[v])
            for c, count in times.items():
                if count >= 2:
                    self.cut_rows[c].SetCoefficient(variable, 1)
            for v in column.homes:
                self.holding[v].add(len(self.pool))
            self.pool.append(column)
            self.variables.append(variable)
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
        """Prices of the present optimum."""
        self.lp.Solve()
        part = self.columns.part
        visit = np.zeros(len(part.visits))
        for v, row in self.rows.items():
            visit[v] = min(max(0.0, row.dual_value()), part.data.drop[v])
        lead = np.zeros(len(part.teachers))
        for t, row in self.lead_rows.items():
            lead[t] = min(0.0, row.dual_value())
        family = np.array([min(0.0, row.dual_value()) for row in self.family_rows])
        cut = np.array([min(0.0, row.dual_value()) for row in self.cut_rows])
        return Prices(visit, family, lead, list(self.cuts), cut)

    def values(self) -> np.ndarray:
        """The present optimum."""
        return np.array([variable.solution_value() for variable in self.variables])


def seed_columns(columns: Columns, routes: list[Route]) -> list[Column]:
    """The outings of a plan, and every home alone where that is cheapest."""
    found, alone = [], {}
    for f, family in enumerate(columns.families):
        number = {int(v): i + 1 for i, v in enumerate(family.homes)}
        for v, i in number.items():
            cost, s = columns.cost_of(family, [i])
            if cost < alone.get(v, (math.inf, None))[0]:
                alone[v] = cost, Column(f, int(family.slots[s]), (v,), cost)
        slots = set(family.slots.tolist())
        for route in routes:
            if not route.online and route.lead == family.lead and route.slot in slots:
                path = [number[v] for v in route.homes if v in number]
                cost, s = columns.cost_of(family, path) if len(path) == len(route.homes) else (math.inf, -1)
                if math.isfinite(cost):
                    found.append(Column(f, int(family.slots[s]), tuple(route.homes), cost))
    return found + [column for _, column in alone.values()]


def prove(part: SchoolPart, routes: list[Route], stopped: Callable[[], bool] = lambda: False) -> Proof:
    """Bound the cost of every plan of the school from below, starting from the columns of a plan.

    When stopped early the best bound so far stands; it is proven all the same.
    """
    deadline = time.monotonic() + 10 + SECONDS_PER_VISIT * len(part.visits)
    columns = Columns(part)
    master = Master(columns)
    master.add(seed_columns(columns, routes))
    zero = Prices(np.zeros(len(part.visits)), np.zeros(len(columns.families)), np.zeros(len(part.teachers)))
    best = (0.0, zero, np.zeros(len(columns.families)))
    cut_rounds = 0
    for _ in range(ROUNDS):
        prices = master.solve()
        found, least = columns.search(prices, -1e-6, PER_FAMILY)
        bound = _bound(columns, prices, least)
        if bound > best[0]:
            best = bound, prices, least
        if stopped() or time.monotonic() > deadline:
            break
        if not master.add(found):
            if cut_rounds == CUT_ROUNDS:
                break
            cut_rounds += 1
            cuts = separate(master.pool, master.values(), set(master.cuts), CUTS, CUTS_PER_VISIT)
            if not cuts:
                break
            master.add_cuts(cuts)
    bound, prices, least = best
    certificate = _certificate(columns, master, prices, least)
    return Proof(certificate.pop("bound"), certificate, columns, master.pool, prices, least)


def _bound(columns: Columns, prices: Prices, least: np.ndarray) -> float:
    slots = np.array([len(f.slots) for f in columns.families])
    total = float(prices.visit.sum() + (slots * (prices.family + least)).sum() + prices.cut.sum())
    weeks: dict[int, set] = {}
    for family in columns.families:
        weeks.setdefault(family.lead, set()).update(columns.part.data.week[family.slots].tolist())
    return total + sum(prices.lead[t] * columns.part.data.cap[t] * len(w) for t, w in weeks.items())


def _certificate(columns: Columns, master: Master, prices: Prices, least: np.ndarray) -> dict:
    part, data = columns.part, columns.part.data
    visits = {}
    for v, visit in enumerate(part.visits):
        if not columns.placeable[v]:
            price = float(data.drop[v])
        elif data.online[v]:
            price = min(float(columns.online[v]), float(data.drop[v]))
        else:
            price = math.floor(prices.visit[v] * 1e6) / 1e6
        if price:
            visits[visit.id] = price
    total = math.fsum(visits.values())
    lead_weeks, lead_slots = {}, {}
    for t, weeks in master.weeks.items():
        price = math.floor(prices.lead[t] * 1e6) / 1e6
        if price < 0:
            for w in sorted(weeks):
                lead_weeks[f"{part.teachers[t].id}|{part.mondays[w].isoformat()}"] = price
                total += price * int(data.cap[t])
    for f, family in enumerate(columns.families):
        price = math.floor((prices.family[f] + least[f]) * 1e6) / 1e6
        if price < 0:
            for s in family.slots:
                lead_slots[f"{part.teachers[family.lead].id}|{part.slots[s].id}"] = price
                total += price
    cuts = []
    for cut, dual in zip(prices.cuts, prices.cut, strict=True):
        price = math.floor(dual * 1e6) / 1e6
        if price < 0:
            cuts.append({"visits": [part.visits[v].id for v in cut], "dual": price})
            total += price
    return {
        "kind": "duals/1", "visits": visits, "lead_weeks": lead_weeks, "lead_slots": lead_slots, "cuts": cuts,
        "bound": total,
    }  # fmt: skip
