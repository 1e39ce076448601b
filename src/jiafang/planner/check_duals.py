"""The prices of a certificate (kind duals/2), read strictly, and the bound they add up to; no columns."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from .check_pricing import TOLERANCE
from .check_state import Book, cap
from .model import Visit
from .reading import Fields, InputError

KIND = "duals/2"
ROUNDING = 1e-3  # taken off a group's value before it is rounded up
_LARGEST = 1e15
_TOP = frozenset({"kind", "outside", "groups"})
_GROUP = frozenset({"leads", "visits", "cases"})
_CASE = frozenset({"outings"}), frozenset({"outing", "visits", "lead_weeks", "lead_slots", "cuts"})
_SPAN = frozenset({"low", "high"})
_CUT = frozenset({"visits", "dual"})
_WHOLE = ("travel_min", "outing", "unwished", "other_lead", "late_week")


@dataclass(frozen=True, slots=True)
class Case:
    """A group's prices as long as its leads make `low` to `high` (None: no end) outings in all."""

    where: str
    low: int = 0
    high: int | None = None
    outing: float = 0.0
    visits: dict[str, float] = field(default_factory=dict)
    weeks: dict[tuple[str, date], float] = field(default_factory=dict)
    slots: dict[tuple[str, str], float] = field(default_factory=dict)
    cuts: tuple[tuple[tuple[str, ...], float], ...] = ()

    def value(self, caps: Callable[[str], int]) -> float:
        """What the group pays at least in this case; `caps` gives a lead's outings in a week."""
        terms = [*self.visits.values(), *self.slots.values()]
        terms.append(self.outing * (self.low if self.outing > 0 else self.high or 0))
        terms += [caps(lead) * price for (lead, _), price in self.weeks.items()]
        terms += [len(names) // 2 * price for names, price in self.cuts]
        return math.fsum(terms)


@dataclass(frozen=True, slots=True)
class Group:
    """Leads who answer for their own visits together, case by case."""

    leads: tuple[str, ...]
    visits: frozenset[str]
    cases: tuple[Case, ...]


# A lead in no group: every visit is somebody else's, and nothing else has a price.
_NO_GROUP = Group((), frozenset(), (Case("certificate.outside"),))


class Duals:
    """All prices of a certificate; raises InputError with the place of what cannot be read or is not allowed."""

    def __init__(self, book: Book, data: dict) -> None:
        self.book = book
        top = Fields(data, "certificate", _TOP)
        top.word("kind", (KIND,))
        self.outside = _prices(top, "outside")
        for name, price in self.outside.items():
            most = self._visit(name, f"certificate.outside.{name}").priority + 1
            most *= book.problem.costs.unplaced
            if price > most + TOLERANCE:
                raise _wrong(f"certificate.outside.{name}", f"above {most}, its cost left out")
        self.groups = tuple(self._group(Fields(item, at, _GROUP)) for item, at in top.items("groups"))
        self._apart("leads")
        self._apart("visits")
        self.group_of = {lead: group for group in self.groups for lead in group.leads}

    def of_lead(self, lead: str) -> Group:
        """The group whose prices a lead's columns are tested with."""
        return self.group_of.get(lead, _NO_GROUP)

    def price(self, group: Group, case: Case, visit: str) -> float:
        """What a visit brings a lead of the group."""
        prices = case.visits if visit in group.visits else self.outside
        return prices.get(visit, 0.0)

    def total(self) -> float:
        """The bound these prices prove, provided no column pays less than its prices."""
        costs, teachers = self.book.problem.costs, self.book.teachers
        numbers = [*(getattr(costs, name) for name in _WHOLE), *self.outside.values()]
        whole = all(float(number).is_integer() for number in numbers)
        values = [min(case.value(lambda name: cap(teachers[name])) for case in group.cases) for group in self.groups]
        own = frozenset().union(*(group.visits for group in self.groups))
        nobodys = [price for name, price in self.outside.items() if name not in own]
        return math.fsum([*(math.ceil(value - ROUNDING) if whole else value for value in values), *nobodys])

    def _visit(self, name: str, where: str) -> Visit:
        if name not in self.book.visits:
            raise _wrong(where, f'no visit "{name}"')
        return self.book.visits[name]

    def _apart(self, key: str) -> None:
        seen: set[str] = set()
        for g, group in enumerate(self.groups):
            for name in getattr(group, key):
                if name in seen:
                    raise _wrong(f"certificate.groups[{g}].{key}", f'"{name}" is of another group too')
                seen.add(name)

    def _group(self, box: Fields) -> Group:
        leads, visits = box.names("leads"), box.names("visits")
        for i, name in enumerate(leads):
            if name not in self.book.teachers:
                raise _wrong(f"{box.at('leads')}[{i}]", f'no teacher "{name}"')
        for i, name in enumerate(visits):
            self._visit(name, f"{box.at('visits')}[{i}]")
        if not leads:
            raise _wrong(box.at("leads"), "a group has a lead")
        cases = tuple(self._case(Fields(item, at, *_CASE), leads, visits) for item, at in box.items("cases"))
        reached: float = 0
        for case in sorted(cases, key=lambda case: case.low):
            if case.low > reached:
                break
            reached = max(reached, math.inf if case.high is None else case.high + 1)
        if reached < math.inf:
            raise _wrong(box.at("cases"), f"none is for {reached} outings")
        return Group(leads, frozenset(visits), cases)

    def _case(self, box: Fields, leads: tuple[str, ...], own: tuple[str, ...]) -> Case:
        ends = box.list("outings")
        if len(ends) != 2:
            raise _wrong(box.at("outings"), "must be [low, high]")
        span = Fields(dict(zip(("low", "high"), ends, strict=True)), box.at("outings"), _SPAN)
        low = span.whole("low", 0)
        high = None if ends[1] is None else span.whole("high", low)
        least = 0.0 if high is None else -_LARGEST
        outing = box.number("outing", least, _LARGEST) if "outing" in box.data else 0.0
        visits = _prices(box, "visits")
        for name in visits.keys() - set(own):
            raise _wrong(f"{box.at('visits')}.{name}", "not a visit of the group")
        for name in own:
            most = self.outside.get(name, 0.0)
            if visits.get(name, 0.0) > most + TOLERANCE:
                raise _wrong(f"{box.at('visits')}.{name}", f"above {most}, its price outside")
        return Case(
            box.where, low, high, outing, visits,
            _pairs(box, "lead_weeks", leads, _monday),
            _pairs(box, "lead_slots", leads, lambda name: name if name in self.book.slots else None),
            tuple(self._cut(Fields(item, at, _CUT)) for item, at in box.items("cuts")),
        )  # fmt: skip

    def _cut(self, box: Fields) -> tuple[tuple[str, ...], float]:
        names = box.names("visits")
        for name in names:
            self._visit(name, box.where)
        if len(names) < 3 or len(names) % 2 == 0:
            raise _wrong(box.where, "must hold an odd number of visits, 3 or more")
        return names, box.number("dual", -_LARGEST, 0)


def _wrong(where: str, message: str) -> InputError:
    return InputError("certificate", where, message)


def _prices(box: Fields, key: str, high: float = _LARGEST) -> dict[str, float]:
    # Numbers by name; a key left out is an empty object.
    if key not in box.data:
        return {}
    inner = Fields(box.data[key], box.at(key), frozenset(box.object(key)))
    return {name: inner.number(name, -_LARGEST, high) for name in inner.data}


def _pairs(box: Fields, key: str, leads: Iterable[str], read: Callable) -> dict[tuple[str, object], float]:
    # Prices, none above 0, by lead and what `read` makes of the rest of the name (None: nothing).
    found = {}
    for name, price in _prices(box, key, 0.0).items():
        bars = [i for i, letter in enumerate(name) if letter == "|" and name[:i] in leads]
        pairs = [(name[:i], read(name[i + 1 :])) for i in bars]
        pairs = [pair for pair in pairs if pair[1] is not None]
        if len(pairs) != 1:
            raise _wrong(f"{box.at(key)}.{name}", "names no lead of the group, nothing of the problem, or two things")
        found[pairs[0]] = price
    return found


def _monday(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.weekday() == 0 and text == str(day) else None
