"""Counting one class's part of a campaign from plain rows: pure, so that a test can count the same by hand.

No count here depends on the clock. A visit counts from the moment it was held, for the class the child is in now.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from jiafang.lib.clock import TZ


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One held visit of one child. ``counts_household``: this row stands for the whole visit (siblings' others don't)."""

    student: object
    visit: object
    mode: str
    held: datetime
    counts_household: bool
    submitted: datetime | None
    due: datetime | None
    confirmed: bool
    companion: bool
    pk: object = None  # of the child's part in the visit


@dataclass(frozen=True, slots=True)
class Category:
    """A campaign's special category: stored tokens of its kinds, modes that count (empty: any), minimum."""

    code: str
    tokens: frozenset[str]
    modes: frozenset[str]
    minimum: int
    special: bool


@dataclass(frozen=True, slots=True)
class Needs:
    """What a child's special categories ask together: modes that satisfy all (None: any), the largest minimum."""

    modes: frozenset[str] | None
    minimum: int

    def counts(self, mode: str) -> bool:
        return self.modes is None or mode in self.modes


def needs_of(held: Collection[str], categories: Iterable[Category]) -> Needs | None:
    """The needs of a child with the care tokens ``held``; ``None`` when no special category takes it in."""
    mine = [c for c in categories if c.special and c.tokens & set(held)]
    if not mine:
        return None
    limited = [c.modes for c in mine if c.modes]
    return Needs(frozenset.intersection(*limited) if limited else None, max(c.minimum for c in mine))


def monday(moment: datetime) -> str:
    """ISO date of the week's Monday, Shanghai time."""
    day = moment.astimezone(TZ).date()
    return (day - timedelta(days=day.weekday())).isoformat()


@dataclass(frozen=True, slots=True)
class Child:
    """A child with its held visits in order. ``here``: enrolled in the class now; one who left keeps its visits."""

    pk: object
    here: bool
    visits: tuple[VisitRow, ...]
    held: frozenset[str]
    needs: Needs | None

    @property
    def good(self) -> int:
        """Visits that count for its special categories."""
        return sum(self.needs.counts(v.mode) for v in self.visits) if self.needs else 0


# One predicate a part: the same line counts a figure and finds the rows behind it.
CHILD_PARTS: dict[str, Callable[[Child], bool]] = {
    "students": lambda c: c.here,
    "visited": lambda c: c.here and bool(c.visits),
    "files": lambda c: c.here and any(v.submitted for v in c.visits),
    "special_students": lambda c: c.here and c.needs is not None,
    "special_visited": lambda c: c.here and c.good >= 1,
    "special_reached": lambda c: c.here and c.needs is not None and c.good >= c.needs.minimum,
    "special_second": lambda c: c.here and c.good >= 2,
}
VISIT_PARTS: dict[str, Callable[[Child, VisitRow], bool]] = {
    "visits": lambda c, v: True,
    "household_visits": lambda c, v: v.counts_household,
    "first_online": lambda c, v: c.here and v is c.visits[0] and v.mode == "online",
    "first_on_site": lambda c, v: c.here and v is c.visits[0] and v.mode != "online",
    "online": lambda c, v: v.mode == "online",
    "on_site": lambda c, v: v.mode != "online",
    "special_visits": lambda c, v: c.needs is not None and c.needs.counts(v.mode),
    "records_needed": lambda c, v: True,
    "records_submitted": lambda c, v: v.submitted is not None,
    "records_on_time": lambda c, v: v.submitted is not None and (v.due is None or v.submitted <= v.due),
    "records_with_companion": lambda c, v: v.submitted is not None and v.companion,
    "records_confirmed": lambda c, v: v.submitted is not None and v.companion and v.confirmed,
}


def children(
    enrolled: Iterable,
    visits: Iterable[VisitRow],
    tokens: Mapping[object, Collection[str]],
    categories: Collection[Category],
) -> list[Child]:
    """Join what is known of one class: its children now, held visits (of those who left too), care tokens by child."""
    here = set(enrolled)
    rows: dict[object, list[VisitRow]] = defaultdict(list)
    for row in visits:
        rows[row.student].append(row)
    out = []
    for pk in here | rows.keys():
        mine = tuple(sorted(rows.get(pk, ()), key=lambda r: (r.held, str(r.visit))))
        held = frozenset(tokens.get(pk, ()))
        out.append(Child(pk, pk in here, mine, held, needs_of(held, categories)))
    return out


def count(class_: Iterable[Child], categories: Collection[Category]) -> dict:
    """Parts of one class (those that are not 0), ``categories`` {code: [children, reached, visits]}, ``weeks`` {Monday: 生次}."""
    out: dict[str, int] = defaultdict(int)
    weeks: dict[str, int] = defaultdict(int)
    cells = {c.code: [0, 0, 0] for c in categories}
    for child in class_:
        for part, is_in in CHILD_PARTS.items():
            if is_in(child):
                out[part] += 1
        for visit in child.visits:
            weeks[monday(visit.held)] += 1
            for part, counts in VISIT_PARTS.items():
                if counts(child, visit):
                    out[part] += 1
        for category in categories:
            if category.tokens & child.held:
                good = sum(not category.modes or v.mode in category.modes for v in child.visits)
                cell = cells[category.code]
                cell[0] += child.here
                cell[1] += child.here and good >= category.minimum
                cell[2] += good
    return {**out, "categories": cells, "weeks": dict(sorted(weeks.items()))}
