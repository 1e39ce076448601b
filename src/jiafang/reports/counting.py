"""Counting one class's part of a campaign from plain rows: pure, so that a test can count the same by hand.

No count here depends on the clock. A visit counts from the moment it was held, for the class the child is in now.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
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


def count(
    enrolled: Collection,
    visits: Iterable[VisitRow],
    tokens: Mapping[object, Collection[str]],
    categories: Collection[Category],
) -> dict:
    """Parts of one class: ``CLASS_PARTS``, ``categories`` {code: [students, reached, visits]}, ``weeks`` {monday: 生次}.

    ``enrolled`` are pks of children in the class now; ``visits`` may hold rows of children who have left (their
    visits count, their coverage does not); ``tokens`` are care tokens by child during the campaign.
    """
    enrolled = set(enrolled)
    by_child: dict[object, list[VisitRow]] = defaultdict(list)
    for row in visits:
        by_child[row.student].append(row)
    out: dict = defaultdict(int, {"students": len(enrolled)})
    weeks: dict[str, int] = defaultdict(int)
    per_category = {c.code: [0, 0, 0] for c in categories}
    for child, rows in by_child.items():
        rows.sort(key=lambda r: (r.held, str(r.visit)))
        for row in rows:
            _one_visit(out, row)
            weeks[monday(row.held)] += 1
        if child in enrolled:
            out["visited"] += 1
            out["files"] += any(r.submitted for r in rows)
            out["first_online" if rows[0].mode == "online" else "first_on_site"] += 1
    for child in enrolled | by_child.keys():
        held, rows = tokens.get(child, ()), by_child.get(child, [])
        if held:
            _care(out, per_category, held, rows, categories, child in enrolled)
    return {**out, "categories": per_category, "weeks": dict(sorted(weeks.items()))}


def _one_visit(out: dict, row: VisitRow) -> None:
    out["visits"] += 1
    out["household_visits"] += row.counts_household
    out["online" if row.mode == "online" else "on_site"] += 1
    out["records_needed"] += 1
    if row.submitted:
        out["records_submitted"] += 1
        out["records_on_time"] += row.due is None or row.submitted <= row.due
        out["records_with_companion"] += row.companion
        out["records_confirmed"] += row.companion and row.confirmed


def _care(
    out: dict,
    per_category: dict,
    held: Collection[str],
    rows: list[VisitRow],
    categories: Collection[Category],
    here: bool,
) -> None:
    for category in categories:
        if category.tokens & set(held):
            good = sum(not category.modes or r.mode in category.modes for r in rows)
            cell = per_category[category.code]
            cell[0] += here
            cell[1] += here and good >= category.minimum
            cell[2] += good
    needs = needs_of(held, categories)
    if needs is None:
        return
    good = sum(needs.counts(r.mode) for r in rows)
    out["special_visits"] += good
    if here:
        out["special_students"] += 1
        out["special_visited"] += good >= 1
        out["special_reached"] += good >= needs.minimum
        out["special_second"] += good >= 2
