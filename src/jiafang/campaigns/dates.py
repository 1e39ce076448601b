"""Moving a campaign's dates into another term: whole months, so that “by the 31st of March” stays an end of month."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

# A document dated the first of a month may begin a few days before the term's first lesson.
EARLY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Period:
    """Two days, both in; null: not said."""

    begins: date | None
    ends: date | None


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later; the last day of a month stays a last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    at_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if at_end else min(day.day, last))


def shifted(source: Period, term: Period) -> Callable[[date | None], date | None]:
    """A function that moves a day of ``source`` into ``term``; whole years when that lands inside, else months.

    Without dates on either side nothing moves. What would fall outside the term is put on its first or last day.
    """
    if source.begins is None or term.begins is None or term.ends is None:
        return lambda day: day
    months = _months(source.begins, term)

    def move(day: date | None) -> date | None:
        return day and min(max(add_months(day, months), term.begins), term.ends)

    return move


def _months(begins: date, term: Period) -> int:
    years = term.begins.year - begins.year
    for offset in (years * 12, (years + 1) * 12):
        if term.begins - EARLY <= add_months(begins, offset) < term.begins + 4 * EARLY:
            return offset
    offset = years * 12 + term.begins.month - begins.month
    return offset if add_months(begins, offset) >= term.begins - EARLY else offset + 1
