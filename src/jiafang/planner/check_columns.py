"""Where each visit can stand, from the certificate's own definition of a column; no prices."""

from functools import cached_property

import numpy as np

from .check_pricing import quicker_through
from .check_state import Book, cap
from .model import HOME, School, Teacher, Visit


class Columns:
    """The slots of one school in which its visits can be made, and with whom.

    Masks are bool[slots] over `slots`. Several threads may ask at once: two may reckon the same mask, never different ones.
    """

    def __init__(self, book: Book, school: School) -> None:
        self.book, self.school = book, school
        self.slots = [slot for slot in book.problem.slots if slot.school == school.id]
        self.number = {slot.id: i for i, slot in enumerate(self.slots)}
        self.days = np.array([slot.date.toordinal() for slot in self.slots], np.int64)
        self.weeks_late = np.maximum(0, (self.days - book.problem.begins.toordinal()) // 7)
        self.length = np.array([slot.end - slot.start for slot in self.slots], np.int64)
        self.fixed = {item.visit: item for item in book.problem.fixed}
        self._masks: dict[object, np.ndarray] = {}
        self._open: dict[str, np.ndarray] = {}
        self._first: dict[str, int | None] = {}
        self._along: dict[str, tuple[str, ...]] = {}

    def leads(self) -> dict[str, list[Visit]]:
        """The visits each lead could make, were every slot open."""
        found: dict[str, list[Visit]] = {}
        for visit in self.book.problem.visits:
            if visit.school == self.school.id:
                for name in visit.leads:
                    found.setdefault(name, []).append(visit)
        return found

    def mask(self, names: frozenset[str]) -> np.ndarray:
        """Which of the school's slots are named."""
        if names not in self._masks:
            found = np.zeros(len(self.slots), bool)
            found[[self.number[name] for name in names]] = True
            self._masks[names] = found
        return self._masks[names]

    def open(self, visit: Visit) -> np.ndarray:
        """Slots possible, in time, after what comes first, the fixed one if fixed; leads not looked at."""
        if visit.id not in self._open:
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
            self._open[visit.id] = found
        return self._open[visit.id]

    def first_day(self, visit: Visit) -> int | None:
        """The earliest day on which any lead could make the visit."""
        if visit.id not in self._first:
            chain = [visit]  # the order has no circle; walked by hand so that a long chain cannot overflow
            while (after := chain[-1].after) and after.visit and after.visit not in self._first:
                chain.append(self.book.visits[after.visit])
            for item in reversed(chain):
                found = np.zeros(len(self.slots), bool)
                for name in item.leads:
                    found |= self.placeable(item, self.book.teachers[name])
                self._first[item.id] = int(self.days[found].min()) if found.any() else None
        return self._first[visit.id]

    def placeable(self, visit: Visit, lead: Teacher) -> np.ndarray:
        """Slots in which this lead could make the visit, each home looked at by itself."""
        fixed = self.fixed.get(visit.id)
        if fixed is not None and fixed.lead != lead.id:
            return np.zeros(len(self.slots), bool)
        found = self.open(visit) & self.mask(lead.free)
        if visit.mode == HOME:
            if cap(lead) < 1 or not self.book.near(lead, visit):
                return np.zeros(len(self.slots), bool)
            if self.book.problem.two_teachers:
                found &= self._anyone(self.companions(visit, lead))
        return found

    def companions(self, visit: Visit, lead: Teacher) -> tuple[str, ...]:
        """Who could go along to a home on some day."""
        if visit.id not in self._along:
            teachers = [self.book.teachers[name] for name in visit.companions]
            self._along[visit.id] = tuple(one.id for one in teachers if cap(one) and self.book.near(one, visit))
        return tuple(name for name in self._along[visit.id] if name != lead.id)

    def _anyone(self, names: tuple[str, ...]) -> np.ndarray:
        if names not in self._masks:
            found = np.zeros(len(self.slots), bool)
            for name in names:
                found |= self.mask(self.book.teachers[name].free)
            self._masks[names] = found
        return self._masks[names]


class Ground:
    """What one lead finds, whatever the prices; arrays over `visits`, those the lead may lead.

    A *chance* is a slot together with a companion for all homes of the outing (with nobody, where one teacher may go
    alone): homes of one chance can be combined freely, and every outing column lies within one chance.
    """

    def __init__(self, columns: Columns, lead: Teacher, visits: list[Visit]) -> None:
        self.columns, self.lead, self.visits = columns, lead, visits
        self.home = np.array([visit.mode == HOME for visit in visits])
        self.stay = np.array([visit.minutes for visit in visits], np.int64)
        others = np.array([visit.leads[0] != lead.id for visit in visits])
        self.lead_costs = columns.book.problem.costs.other_lead * others

    @cached_property
    def before(self) -> np.ndarray:
        """int64[visits]: the visit that must be days before this one, by number, or −1."""
        number = {visit.id: v for v, visit in enumerate(self.visits)}
        afters = [visit.after if visit.after and visit.after.min_days else None for visit in self.visits]
        return np.array([number.get(after.visit, -1) if after else -1 for after in afters], np.int64)

    @cached_property
    def visit_costs(self) -> np.ndarray:
        """float[slots, visits]: what a visit costs in a slot with this lead, travel and outing apart."""
        columns, costs = self.columns, self.columns.book.problem.costs
        unwished = ~np.array([columns.mask(visit.wished) for visit in self.visits]).T
        pressing = [visit.priority >= 2 for visit in self.visits]
        return self.lead_costs + costs.unwished * unwished + costs.late_week * np.outer(columns.weeks_late, pressing)

    @cached_property
    def places(self) -> np.ndarray:
        """bool[slots, visits]: where each visit by itself could stand."""
        return np.array([self.columns.placeable(visit, self.lead) for visit in self.visits]).T

    @cached_property
    def chances(self) -> tuple[np.ndarray, np.ndarray]:
        """Slot of every chance, and bool[chances, visits] the homes that can be seen in it."""
        places = self.places & self.home
        if not self.columns.book.problem.two_teachers:
            return np.arange(len(places)), places
        with_whom: dict[str, list[int]] = {}
        for v in np.flatnonzero(places.any(axis=0)):
            for name in self.columns.companions(self.visits[v], self.lead):
                with_whom.setdefault(name, []).append(v)
        slots, homes = [np.zeros(0, np.int64)], [places[:0]]
        for name, mine in with_whom.items():
            slots.append(np.flatnonzero(self.columns.mask(self.columns.book.teachers[name].free)))
            homes.append(np.zeros((len(slots[-1]), len(self.visits)), bool))
            homes[-1][:, mine] = places[np.ix_(slots[-1], mine)]
        return np.concatenate(slots), np.concatenate(homes)

    @cached_property
    def way(self) -> np.ndarray:
        """int64[visits + 1, visits + 1] minutes, the school at 0."""
        return self.columns.book.ways.table(self.columns.school, self.visits)

    @cached_property
    def through(self) -> np.ndarray:
        """bool[visits]: whether some way through a home is quicker than the way past it."""
        return quicker_through(self.way)
