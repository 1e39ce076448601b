"""When each teacher can go: lessons, duty, leave, relief, and what already takes the time of a week."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from jiafang.lib import clock
from jiafang.planning.selectors.facts import Facts
from jiafang.planning.selectors.slots import Slot, monday_of
from jiafang.units.models import BusyPeriod
from jiafang.visits.models import Visit
from jiafang.visits.states import AHEAD, DONE

WAY = timedelta(minutes=20)  # around a visit that stands outside the plan


class Calendars:
    """The school's slots and its teachers' time in them."""

    def __init__(self, found: Facts) -> None:
        self.f = found
        self.slots = {slot.id: slot for slot in found.slots}
        self.open = [slot for slot in found.slots if not slot.lost]
        self.by_day: dict[date, list[Slot]] = defaultdict(list)
        for slot in found.slots:
            self.by_day[slot.day].append(slot)
        self.made: dict[Any, int] = defaultdict(int)  # visits each teacher has made
        self._free: dict[Any, set[str]] = {}
        self._used: dict[tuple, set] = defaultdict(set)  # (staff, Monday) → outings outside the plan

    def slot_at(self, visit: Visit) -> Slot | None:
        """The slot in which a visit lies now, wherever it was planned."""
        if visit.starts_at is None or visit.ends_at is None:
            return None
        day = visit.starts_at.astimezone(clock.TZ).date()
        return next((s for s in self.by_day[day] if s.holds(visit.starts_at, visit.ends_at)), None)

    def block(self, visit: Visit) -> None:
        """A visit outside the plan takes its teachers' time."""
        for pk in (visit.lead_id, visit.companion_id, visit.extra_id):
            if pk is None:
                continue
            if visit.state in DONE:
                self.made[pk] += 1
                continue
            if visit.state not in AHEAD or visit.starts_at is None:
                continue
            begins, ends = visit.starts_at - WAY, (visit.ends_at or visit.starts_at) + WAY
            day = visit.starts_at.astimezone(clock.TZ).date()
            for slot in self.by_day[day]:
                if clock.at(day, slot.starts) < ends and begins < clock.at(day, slot.ends):
                    self.free(pk).discard(slot.id)

    def count_outings(self, inside: Iterable[Any]) -> None:
        """Outings (pks) that are over or stand outside the plan count for their week."""
        inside = set(inside)
        for outing in self.f.outings:
            if outing.pk not in inside:
                for pk in (outing.lead_id, outing.companion_id, outing.extra_id):
                    if pk is not None:
                        self._used[pk, monday_of(outing.day)].add(outing.pk)

    def free(self, pk: Any) -> set[str]:
        """Slots in which somebody has no lessons, duty or leave, and which a relief allows."""
        if pk not in self._free:
            relief = self.f.reliefs.get(pk)
            days = set(relief.weekdays) if relief else set()
            away = [a for a in self.f.absences if a.staff_id == pk]
            busy = self.f.busy.get(pk, ())
            self._free[pk] = {
                s.id
                for s in self.open
                if (not days or s.weekday in days)
                and not any(a.begins <= s.day <= a.ends and a.starts in (None, s.starts) for a in away)
                and not any(_clash(period, s) for period in busy)
            }
        return self._free[pk]

    def relief(self, pk: Any) -> tuple[int, float]:
        """Outings a week at most, and the factor that is taken of them."""
        relief = self.f.reliefs.get(pk)
        most = self.f.rules.max_outings_per_week
        if relief is None:
            return most, 1.0
        if relief.max_outings_per_week is not None:
            most = relief.max_outings_per_week
        return most, float(relief.factor)

    def cap(self, pk: Any) -> int:
        """Outings a week after relief."""
        most, factor = self.relief(pk)
        return min(most, max(1, int(most * factor + 1e-9))) if factor < 1 else most

    def within_week(self, pk: Any, standing: set[str]) -> list[str]:
        """Free slots, of weeks with outings outside the plan only as many as the weekly cap leaves."""
        cap = self.cap(pk)
        weeks: dict[date, list[str]] = defaultdict(list)
        for name in sorted(self.free(pk)):
            weeks[monday_of(self.slots[name].day)].append(name)
        out: list[str] = []
        for monday, names in weeks.items():
            if made := len(self._used[pk, monday]):
                names = sorted(names, key=lambda name: (name not in standing, name))[: max(0, cap - made)]
            out += names
        return sorted(out)


def _clash(period: BusyPeriod, slot: Slot) -> bool:
    """Duty is kept on any day; lessons and evening study only on school days."""
    if period.weekday != slot.weekday or not (period.starts < slot.ends and slot.starts < period.ends):
        return False
    return slot.lesson_day or period.kind == BusyPeriod.Kind.DUTY
