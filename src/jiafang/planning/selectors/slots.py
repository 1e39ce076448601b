"""Which slots a school has: its windows on the days of its weeks, without holidays, exams and lost days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from jiafang.lib import clock
from jiafang.planning.models import Absence, Window
from jiafang.units.models import CalendarDay
from jiafang.units.selectors import Day

CLOSED = frozenset({CalendarDay.Kind.HOLIDAY, CalendarDay.Kind.EXAM})
SATURDAY = 6


@dataclass(frozen=True, slots=True)
class Slot:
    """One window on one day. ``lost``: it falls out, but stands for what was planned in it."""

    id: str
    day: date
    starts: time
    ends: time
    kind: str
    lesson_day: bool
    lost: bool = False

    @property
    def weekday(self) -> int:
        return self.day.isoweekday()

    @property
    def at_weekend(self) -> bool:
        """Friday evening, Saturday, Sunday, or any other day without lessons: when boarders are at home."""
        return not self.lesson_day or self.weekday == SATURDAY - 1

    def holds(self, starts: datetime, ends: datetime) -> bool:
        """Whether a span of time lies in the slot."""
        return clock.at(self.day, self.starts) <= starts and ends <= clock.at(self.day, self.ends)

    def row(self, school_id: int) -> dict:
        return {
            "id": self.id, "school": str(school_id), "date": self.day.isoformat(), "start": f"{self.starts:%H:%M}",
            "end": f"{self.ends:%H:%M}", "kind": self.kind,
        }  # fmt: skip


def slot_id(school_id: int, day: date, starts: time) -> str:
    """The same window on the same day keeps its id when windows are edited; slots of a school never overlap."""
    return f"{school_id}-{day:%y%m%d}-{starts:%H%M}"


def kind_of(starts: time) -> str:
    if starts.hour >= 16:
        return "evening"
    return "morning" if starts.hour < 12 else "afternoon"


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def slots_of(
    school_id: int,
    windows: Iterable[Window],
    days: Iterable[Day],
    *,
    since: date,
    weeks_off: Iterable[str] = (),
    absences: Iterable[Absence] = (),
) -> list[Slot]:
    """The slots from ``since`` on, by time; those of lost days carry ``lost``.

    None on holidays and exam days. A make-up workday is a school day: only what begins after lessons, as on the
    evenings from Monday to Friday, is left of it.
    """
    by_weekday: dict[int, list[Window]] = {}
    for window in windows:
        by_weekday.setdefault(window.weekday, []).append(window)
    evenings = [w.starts for weekday, found in by_weekday.items() if weekday < SATURDAY for w in found]
    after_lessons = min(evenings, default=time(17))
    off = set(weeks_off)
    gone = [a for a in absences if a.staff_id is None]
    out = []
    for day in days:
        if day.day < since or day.kind in CLOSED or monday_of(day.day).isoformat() in off:
            continue
        for window in by_weekday.get(day.day.isoweekday(), ()):
            if day.kind == CalendarDay.Kind.MAKEUP and window.starts < after_lessons:
                continue
            lost = any(a.begins <= day.day <= a.ends and a.starts in (None, window.starts) for a in gone)
            name = slot_id(school_id, day.day, window.starts)
            out.append(Slot(name, day.day, window.starts, window.ends, kind_of(window.starts), day.lesson, lost))
    return sorted(out, key=lambda slot: slot.id)
