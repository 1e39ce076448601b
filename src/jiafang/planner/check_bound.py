"""Verifies the proof of a lower bound (kind duals/1): signs, names, sum, and the price of every column."""

import math
import os
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import numpy as np

from .check_pricing import TOLERANCE, cheapest_outing
from .check_state import Book, cap
from .model import HOME, School, Slot, Teacher, Visit

KIND = "duals/1"
SUM_TOLERANCE = 1e-4
_KEYS = frozenset({"kind", "visits", "lead_weeks", "lead_slots", "cuts"})


class _BadCertificate(Exception):
    """The certificate cannot be read; carries the place and what is wrong."""


class Prices:
    """The dual prices of a certificate, read strictly."""

    def __init__(self, book: Book, data: dict) -> None:
        if data.get("kind") != KIND:
            raise _BadCertificate("certificate.kind", f'must be "{KIND}"')
        for key in data:
            if key not in _KEYS:
                raise _BadCertificate(f"certificate.{key}", "unknown key")
        self.book = book
        self.visits = self._numbers(data, "visits")
        self.weeks = self._pairs(data, "lead_weeks", self._monday)
        self.slots = self._pairs(data, "lead_slots", self._slot)
        for name, price in self.visits.items():
            if name not in book.visits:
                raise _BadCertificate(f'certificate.visits["{name}"]', "no such visit")
            most = book.problem.costs.unplaced * (1 + book.visits[name].priority)
            if price > most + TOLERANCE:
                raise _BadCertificate(f'certificate.visits["{name}"]', f"above {most}, its cost left out")
        cuts = data.get("cuts", [])
        if not isinstance(cuts, list):
            raise _BadCertificate("certificate.cuts", "must be a list")
        self.cuts = [self._cut(cut, f"certificate.cuts[{i}]") for i, cut in enumerate(cuts)]

    @staticmethod
    def _number(value: object, where: str, most: float = math.inf) -> float:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise _BadCertificate(where, "must be a finite number")
        if value > most:
            raise _BadCertificate(where, "must not be above 0")
        return float(value)

    def _numbers(self, data: dict, key: str, most: float = math.inf) -> dict[str, float]:
        found = data.get(key, {})
        if not isinstance(found, dict):
            raise _BadCertificate(f"certificate.{key}", "must be an object")
        where = f"certificate.{key}"
        return {name: self._number(value, f'{where}["{name}"]', most) for name, value in found.items()}

    def _pairs(self, data: dict, key: str, reading: Callable) -> dict[tuple[str, object], float]:
        found = {}
        for name, price in self._numbers(data, key, 0.0).items():
            splits = [i for i, letter in enumerate(name) if letter == "|"]
            pairs = [(name[:i], reading(name[:i], name[i + 1 :])) for i in splits]
            pairs = [pair for pair in pairs if pair[1] is not None]
            if len(pairs) != 1:
                where = f'certificate.{key}["{name}"]'
                raise _BadCertificate(where, "names nothing of the problem, or two things")
            found[pairs[0]] = price
        return found

    def _monday(self, teacher: str, text: str) -> date | None:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return None
        return day if teacher in self.book.teachers and day.weekday() == 0 and text == str(day) else None

    def _slot(self, teacher: str, name: str) -> str | None:
        return name if teacher in self.book.teachers and name in self.book.slots else None

    def _cut(self, cut: object, where: str) -> tuple[tuple[str, ...], float]:
        if not isinstance(cut, dict) or cut.keys() != {"visits", "dual"}:
            raise _BadCertificate(where, "must hold visits and dual")
        names = cut["visits"]
        if not isinstance(names, list):
            raise _BadCertificate(where, "visits must be a list")
        for name in names:
            if type(name) is not str or name not in self.book.visits:
                raise _BadCertificate(where, "names a visit the problem does not have")
        if len(names) < 3 or len(names) % 2 == 0 or len(set(names)) < len(names):
            raise _BadCertificate(where, "must hold an odd number of different visits, 3 or more")
        return tuple(names), self._number(cut["dual"], f"{where}.dual", 0.0)

    def total(self) -> float:
        """The bound these prices prove, provided no column pays less than its prices."""
        teachers = self.book.teachers
        terms = [*self.visits.values(), *self.slots.values()]
        terms += [cap(teachers[name]) * price for (name, _), price in self.weeks.items()]
        terms += [(len(names) // 2) * price for names, price in self.cuts]
        return math.fsum(terms)


class Columns:
    """Where each visit can stand, by school, from the certificate's own definition of a column."""

    def __init__(self, book: Book, school: School) -> None:
        self.book, self.school = book, school
        self.slots = [slot for slot in book.problem.slots if slot.school == school.id]
        self.number = {slot.id: i for i, slot in enumerate(self.slots)}
        self.days = np.array([slot.date.toordinal() for slot in self.slots], np.int64)
        self.length = np.array([slot.end - slot.start for slot in self.slots], np.int64)
        self.visits = [visit for visit in book.problem.visits if visit.school == school.id]
        self.fixed = {item.visit: item for item in book.problem.fixed}
        self._masks: dict[object, np.ndarray] = {}
        self._first: dict[str, int | None] = {}

    def mask(self, names: frozenset[str]) -> np.ndarray:
        """Which of the school's slots are named."""
        if names not in self._masks:
            found = np.zeros(len(self.slots), bool)
            found[[self.number[name] for name in names]] = True
            self._masks[names] = found
        return self._masks[names]

    def open(self, visit: Visit) -> np.ndarray:
        """Slots possible, in time, after what comes first, the fixed one if fixed; leads not looked at."""
        found = self.mask(visit.possible) & (self.days >= visit.begins.toordinal())
        found &= self.days <= visit.by.toordinal()
        if visit.after is not None:
            if visit.after.date is not None:
                since = visit.after.date.toordinal()
            else:
                since = self.first_day(self.book.visits[visit.after.visit])
            found &= False if since is None else self.days >= since + visit.after.min_days
        if visit.id in self.fixed:
            found &= self.mask(frozenset({self.fixed[visit.id].slot}))
        return found

    def first_day(self, visit: Visit) -> int | None:
        """The earliest day on which any lead could make the visit."""
        if visit.id not in self._first:
            chain = [visit]  # the order has no circle; walked by hand so that a long chain cannot overflow
            while (after := chain[-1].after) and after.visit and after.visit not in self._first:
                chain.append(self.book.visits[after.visit])
            for item in reversed(chain):
                found = np.zeros(len(self.slots), bool)
                start = self.open(item)
                for name in item.leads:
                    found |= self.placeable(item, self.book.teachers[name], start)
                self._first[item.id] = int(self.days[found].min()) if found.any() else None
        return self._first[visit.id]

    def placeable(self, visit: Visit, lead: Teacher, start: np.ndarray) -> np.ndarray:
        """Slots of `start` in which this lead could make the visit, each home looked at by itself."""
        none = np.zeros(len(self.slots), bool)
        if visit.id in self.fixed and self.fixed[visit.id].lead != lead.id:
            return none
        if visit.mode != HOME:
            return start & self.mask(lead.free)
        if cap(lead) < 1 or not self.book.near(lead, visit):
            return none
        found = start & self.mask(lead.free)
        return found & self._company(visit, lead) if self.book.problem.two_teachers else found

    def _company(self, visit: Visit, lead: Teacher) -> np.ndarray:
        teachers = [self.book.teachers[name] for name in visit.companions if name != lead.id]
        going = tuple(one.id for one in teachers if cap(one) and self.book.near(one, visit))
        if going not in self._masks:
            found = np.zeros(len(self.slots), bool)
            for name in going:
                found |= self.mask(self.book.teachers[name].free)
            self._masks[going] = found
        return self._masks[going]


def check_certificate(book: Book) -> float | None:
    """Verify the certificate of the plan's bound; returns what it proves, or None and notes what is wrong."""
    try:
        prices = Prices(book, book.plan.certificate)
    except _BadCertificate as wrong:
        book.note("certificate", *wrong.args)
        return None
    total = prices.total()
    if book.plan.bound > total + SUM_TOLERANCE:
        book.note("bound_sum", "bound", f"states {book.plan.bound}, the prices add up to {total}")
    before = len(book.violations)
    jobs = [job for school in book.problem.schools for job in _leads(Columns(book, school))]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for text in pool.map(lambda job: _price(prices, *job), jobs):
            if text:
                book.note("column_pays_less", "certificate", text)
    return total if len(book.violations) == before and book.plan.bound <= total + SUM_TOLERANCE else None


def _leads(columns: Columns) -> list[tuple[Columns, Teacher, list[Visit], list[np.ndarray]]]:
    groups: dict[str, tuple[list[Visit], list[np.ndarray]]] = defaultdict(lambda: ([], []))
    for visit in columns.visits:
        start = columns.open(visit)
        if not start.any():
            continue
        for name in visit.leads:
            found = columns.placeable(visit, columns.book.teachers[name], start)
            if found.any():
                groups[name][0].append(visit)
                groups[name][1].append(found)
    return [(columns, columns.book.teachers[name], *group) for name, group in groups.items()]


def _price(
    prices: Prices, columns: Columns, lead: Teacher, visits: list[Visit], places: list[np.ndarray]
) -> str:
    # One lead: what each visit brings in each slot, then the search for a column paying less than its prices.
    problem, costs = prices.book.problem, prices.book.problem.costs
    weeks = np.maximum(0, (columns.days - problem.begins.toordinal()) // 7)
    allowed = np.array(places).T
    gain = np.zeros(allowed.shape)
    for v, visit in enumerate(visits):
        gain[:, v] = prices.visits.get(visit.id, 0.0) - costs.unwished * ~columns.mask(visit.wished)
        gain[:, v] -= costs.other_lead * (visit.leads[0] != lead.id)
        if visit.priority >= 2:
            gain[:, v] -= weeks * costs.late_week
    stay = np.array([visit.minutes for visit in visits], np.int64)
    home = np.array([visit.mode == HOME for visit in visits])
    paid = ~home & allowed & (stay <= columns.length[:, None]) & (gain > TOLERANCE)
    if paid.any():
        s, v = (int(x) for x in np.argwhere(paid)[0])
        return f'visit "{visits[v].id}" online by "{lead.id}" in "{columns.slots[s].id}": {-gain[s, v]:.6f}'
    if not home.any():
        return ""
    rows = np.flatnonzero(allowed[:, home].any(axis=1))
    homes = [visit for visit in visits if visit.mode == HOME]
    base = np.array([_base(prices, lead, columns.slots[s]) for s in rows])
    value, s, order = cheapest_outing(
        columns.book.ways.table(columns.school, homes), stay[home],
        np.ascontiguousarray(gain[np.ix_(rows, home)]), np.ascontiguousarray(allowed[np.ix_(rows, home)]),
        columns.length[rows], base, float(costs.travel_min), *_cuts(prices, homes),
    )  # fmt: skip
    if s < 0:
        return ""
    names = ", ".join(homes[v].id for v in order)
    return f'outing of "{lead.id}" in "{columns.slots[rows[s]].id}" to {names}: {value:.6f}'


def _base(prices: Prices, lead: Teacher, slot: Slot) -> float:
    monday = slot.date - timedelta(days=slot.date.weekday())
    return (
        prices.book.problem.costs.outing
        - prices.weeks.get((lead.id, monday), 0.0)
        - prices.slots.get((lead.id, slot.id), 0.0)
    )


def _cuts(prices: Prices, homes: list[Visit]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # The cuts two or more of these homes are in, listed by home.
    number = {visit.id: v for v, visit in enumerate(homes)}
    by_home: list[list[int]] = [[] for _ in homes]
    kept = []
    for names, price in prices.cuts:
        mine = [number[name] for name in names if name in number]
        if len(mine) >= 2 and price < 0:
            for v in mine:
                by_home[v].append(len(kept))
            kept.append(price)
    start = np.cumsum([0, *(len(found) for found in by_home)]).astype(np.int64)
    flat = np.array([cut for found in by_home for cut in found], np.int64)
    return start, flat, np.array(kept, np.float64)
