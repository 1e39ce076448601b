"""The best plan of a tiny problem: every column enumerated, then picked by an exact solver."""

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from jiafang.planner.check_state import Book, cap, week
from jiafang.planner.format import ONLINE, Outing, Plan, Problem, Visit


@dataclass(frozen=True)
class Column:
    """Homes of one outing (or one online visit) with its team and what it costs by itself."""

    slot: str
    lead: str
    companion: str | None
    visits: tuple[str, ...]
    online: bool
    cost: float


@dataclass
class Best:
    """The proven optimum of a problem."""

    cost: float
    columns: list[Column]


@dataclass
class _Rows:
    # A linear programme in the making: rows as name → coefficients.
    cost: list[float] = field(default_factory=list)
    top: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def var(self, cost: float, top: float = 1.0, whole: bool = True) -> int:
        self.cost.append(cost)
        self.top.append(top)
        self.whole.append(int(whole))
        return len(self.cost) - 1

    def row(self, terms: dict[int, float], low: float, high: float) -> None:
        self.rows.append((terms, low, high))

    def solve(self) -> np.ndarray:
        places = [(r, c, v) for r, (terms, _, _) in enumerate(self.rows) for c, v in terms.items()]
        rows, cols, values = zip(*places, strict=True) if places else ((), (), ())
        matrix = csr_matrix((values, (rows, cols)), shape=(len(self.rows), len(self.cost)))
        low, high = [row[1] for row in self.rows], [row[2] for row in self.rows]
        found = milp(
            self.cost, integrality=self.whole, bounds=Bounds(0, self.top),
            constraints=LinearConstraint(matrix, low, high), options={"mip_rel_gap": 0.0},
        )  # fmt: skip
        assert found.status == 0, found.message
        return found.x


class Exhaustive:
    """All columns of a problem of at most about eight visits.

    With `relaxed` the columns are those of the certificate: one companion of many, whoever was fixed; days apart kept.
    """

    def __init__(self, problem: Problem, keep: Plan | None = None, relaxed: bool = False) -> None:
        self.problem, self.book, self.keep, self.relaxed = problem, Book(problem, None), keep, relaxed
        self.fixed = {item.visit: item for item in problem.fixed}
        self.first: dict[str, date | None] = {}
        self.before = {}
        if keep is not None:
            self.before = {stop.visit: (out.slot, stop.arrive) for out in keep.outings for stop in out.stops}
        self.columns = [*self._outings(), *self._talks()]

    def _can(self, visit: Visit, slot_id: str, lead: str) -> bool:
        slot = self.book.slots[slot_id]
        if lead not in visit.leads or slot_id not in visit.possible or slot_id not in self.book.teachers[lead].free:
            return False
        if visit.after and visit.after.date and (slot.date - visit.after.date).days < visit.after.min_days:
            return False
        if self.relaxed and visit.after and visit.after.visit:
            first = self._earliest(self.book.visits[visit.after.visit])
            if first is None or (slot.date - first).days < visit.after.min_days:
                return False
        item = self.fixed.get(visit.id)
        return visit.begins <= slot.date <= visit.by and (not item or (item.slot, item.lead) == (slot_id, lead))

    def _earliest(self, visit: Visit) -> date | None:
        # When the visit could be made at the earliest, ways not looked at.
        if visit.id not in self.first:
            dates = [
                slot.date
                for slot in self.problem.slots
                for lead in map(self.book.teachers.get, visit.leads)
                if self._can(visit, slot.id, lead.id)
                and (visit.mode == ONLINE or (cap(lead) and self.book.near(lead, visit)))
                and (visit.mode == ONLINE or self._companions([visit], slot.id, lead.id))
            ]
            self.first[visit.id] = min(dates, default=None)
        return self.first[visit.id]

    def _own(self, visit: Visit, slot_id: str, lead: str) -> float:
        costs, days = self.problem.costs, (self.book.slots[slot_id].date - self.problem.begins).days
        cost = costs.unwished * (slot_id not in visit.wished) + costs.other_lead * (lead != visit.leads[0])
        return cost + (costs.late_week * max(0, days // 7) if visit.priority >= 2 else 0)

    def _talks(self):
        for visit in self.problem.visits:
            for slot_id in sorted(visit.possible) if visit.mode == ONLINE else ():
                for lead in visit.leads:
                    if self._can(visit, slot_id, lead):
                        yield Column(slot_id, lead, None, (visit.id,), True, self._own(visit, slot_id, lead))

    def _outings(self):
        problem, book = self.problem, self.book
        homes = [visit for visit in problem.visits if visit.mode != ONLINE]
        for slot in problem.slots:
            for lead in {name for visit in homes for name in visit.leads}:
                able = [
                    visit for visit in homes
                    if self._can(visit, slot.id, lead) and book.near(book.teachers[lead], visit)
                ]  # fmt: skip
                for size in range(1, len(able) + 1 if cap(book.teachers[lead]) else 1):
                    fits = False
                    for group in itertools.combinations(able, size):
                        way = self._best_order(group, slot)
                        if way is None:
                            continue
                        fits = True
                        if self.relaxed and self._days_apart(group):
                            continue
                        if any(v.after and v.after.min_days and v.after.visit in {u.id for u in group} for v in group):
                            continue
                        cost = way + problem.costs.outing + sum(self._own(visit, slot.id, lead) for visit in group)
                        names = tuple(visit.id for visit in group)
                        for companion in self._companions(group, slot.id, lead):
                            yield Column(slot.id, lead, companion, names, False, cost)
                    if not fits:
                        break

    def _days_apart(self, group) -> bool:
        names = {visit.id for visit in group}
        return any(visit.after and visit.after.visit in names and visit.after.min_days for visit in group)

    def _companions(self, group, slot_id: str, lead: str):
        common = set.intersection(*(set(visit.companions) for visit in group)) - {lead}
        options = [
            name
            for name in sorted(common)
            for teacher in [self.book.teachers[name]]
            if slot_id in teacher.free and cap(teacher) and all(self.book.near(teacher, v) for v in group)
        ]
        if not self.problem.two_teachers:
            options.append(None)
        asked = {self.fixed[visit.id].companion for visit in group if visit.id in self.fixed}
        if self.relaxed:
            return options[:1]
        return [name for name in options if not asked or asked == {name}]

    def _best_order(self, group, slot) -> float | None:
        # Cheapest travel (and, with an old plan, minutes moved) over all orders that fit.
        costs, ways = self.problem.costs, self.book.ways
        school = self.book.schools[slot.school]
        stay, length = sum(visit.minutes for visit in group), slot.end - slot.start
        best = None
        for order in itertools.permutations(group):
            way = sum(ways.minutes(a, b) for a, b in itertools.pairwise([school, *order, school]))
            if way + stay > length or (best is not None and way * costs.travel_min >= best):
                continue
            cost = way * costs.travel_min + self._moved_minutes(order, slot, school)
            best = cost if best is None else min(best, cost)
        return best

    def _moved_minutes(self, order, slot, school) -> float:
        wanted = [self.before[v.id][1] if self.before.get(v.id, ("",))[0] == slot.id else None for v in order]
        rate = self.problem.costs.moved_minute
        if not any(wanted) or not rate:
            return 0.0
        minutes = np.arange(slot.start, slot.end + 1)
        so_far, here, stay = np.zeros(len(minutes)), school, 0  # cheapest when arriving at that minute or before
        for visit, want in zip(order, wanted, strict=True):
            step = stay + self.book.ways.minutes(here, visit)
            arrive = np.full(len(minutes), np.inf)
            arrive[step:] = so_far[: len(minutes) - step]
            if want is not None:
                arrive = arrive + rate * np.abs(minutes - want)
            so_far, here, stay = np.minimum.accumulate(arrive), visit, visit.minutes
        return float(so_far[len(minutes) - 1 - stay - self.book.ways.minutes(here, school)])

    def best(self) -> Best:
        """The cheapest plan, proven (leaders' quotas cost nothing and are left out)."""
        problem, book, lp = self.problem, self.book, _Rows()
        x = [lp.var(column.cost) for column in self.columns]
        left = {v.id: lp.var(problem.costs.unplaced * (1 + v.priority)) for v in problem.visits}
        with_visit, led, slots = defaultdict(list), defaultdict(list), defaultdict(list)
        busy, weeks, talks = defaultdict(list), defaultdict(list), defaultdict(list)
        for i, column in zip(x, self.columns, strict=True):
            for name in column.visits:
                with_visit[name].append(i)
                led[name, column.lead].append(i)
                slots[name, column.slot].append(i)
            if column.online:
                talks[column.lead, column.slot].append((i, book.visits[column.visits[0]].minutes))
                continue
            for name in filter(None, (column.lead, column.companion)):
                busy[name, column.slot].append(i)
                weeks[name, week(book.slots[column.slot].date)].append(i)
        for name, i in left.items():
            lp.row(dict.fromkeys([*with_visit[name], i], 1), 1, 1)
        for group in busy.values():
            lp.row(dict.fromkeys(group, 1), 0, 1)
        for (name, _), group in weeks.items():
            lp.row(dict.fromkeys(group, 1), 0, cap(book.teachers[name]))
        for (lead, slot), group in talks.items():
            length = book.slots[slot].end - book.slots[slot].start
            lp.row(dict(group), 0, length)
            for i, _ in group:
                lp.row(dict.fromkeys([i, *busy[lead, slot]], 1), 0, 1)
        for visit in problem.visits:
            self._second(lp, visit, left, led, slots)
        self._load(lp, x)
        start = 0.0
        if self.keep is not None:
            start = self._change(lp, x, slots)
        values = lp.solve()
        picked = [column for i, column in zip(x, self.columns, strict=True) if values[i] > 0.5]
        return Best(float(np.dot(lp.cost, np.where(lp.whole, np.round(values), values))) + start, picked)

    def _second(self, lp, visit, left, led, slots) -> None:
        if not visit.after or not visit.after.visit:
            return
        first = visit.after.visit
        lp.row({left[first]: 1, left[visit.id]: -1}, -np.inf, 0)
        for (name, slot), group in list(slots.items()):
            for (other, earlier), firsts in list(slots.items()):
                if (name, other) != (visit.id, first):
                    continue
                days = (self.book.slots[slot].date - self.book.slots[earlier].date).days
                if days < visit.after.min_days:
                    # A column with both counts twice and so is out.
                    lp.row(Counter([*group, *firsts]), 0, 1)
        differs = lp.var(self.problem.costs.other_second_lead, whole=False)
        for lead in visit.leads:
            terms = dict.fromkeys(led[visit.id, lead], 1.0) | dict.fromkeys(led[first, lead], -1.0)
            lp.row(terms | {differs: -1.0}, -np.inf, 0)

    def _load(self, lp, x) -> None:
        firsts = {visit.leads[0] for visit in self.problem.visits if visit.leads}
        going = {name for visit in self.problem.visits for name in visit.companions} - firsts
        for school in self.problem.schools:
            group = [t for t in self.problem.teachers if t.id in going and t.school == school.id]
            for teacher in group:
                over = lp.var(self.problem.costs.load, top=np.inf, whole=False)
                terms = {over: -1.0}
                for i, column in zip(x, self.columns, strict=True):
                    other = next((t for t in group if t.id == column.companion), None)
                    if other is not None:
                        share = (other is teacher) - 1 / len(group)
                        terms[i] = share / other.relief
                lp.row(terms, -np.inf, 0)

    def _change(self, lp, x, slots) -> float:
        costs, start = self.problem.costs, 0.0
        for (name, slot), group in slots.items():
            if name in self.before and self.before[name][0] != slot:
                for i in group:
                    lp.cost[i] += costs.moved_visit
        for old in self.keep.outings:
            self._team(lp, x, old)
        return start

    def _team(self, lp, x, old: Outing) -> None:
        homes = {stop.visit for stop in old.stops}
        changed = lp.var(self.problem.costs.changed_team, whole=False)
        near = [
            (i, column) for i, column in zip(x, self.columns, strict=True)
            if column.slot == old.slot and not column.online and homes & set(column.visits)
        ]  # fmt: skip
        same = {i for i, column in near if (column.lead, column.companion) == (old.lead, old.companion)}
        for i, _ in near:
            if i not in same:
                lp.row({i: 1.0, changed: -1.0} | dict.fromkeys(same, -1.0), -np.inf, 0)
