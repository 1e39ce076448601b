"""The school calendar and the weekly times in which a teacher cannot go out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

import chinese_calendar
from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.lib.errors import Problem
from jiafang.units.models import BusyPeriod, CalendarDay, Staff, Unit

LONGEST = timedelta(days=800)
MOST_PERIODS = 100
# The library names holidays in English; a calendar on a school's wall does not.
HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}
KNOWN_YEARS = frozenset(day.year for day in chinese_calendar.constants.holidays)


@transaction.atomic
def set_calendar_days(actor: Actor, *, unit: Unit, days: list[tuple[date, str | None, str]]) -> int:
    """Mark days ``(day, kind, note)``; kind ``None`` takes the mark away. Returns how many were touched."""
    policy.demand(actor, "calendar.edit", path=unit.path)
    for day, kind, note in days:
        if kind is None:
            CalendarDay.objects.filter(unit=unit, day=day).delete()
        elif kind not in CalendarDay.Kind.values:
            raise Problem("invalid", _("没有“%s”这种日子。") % kind)
        else:
            CalendarDay.objects.update_or_create(unit=unit, day=day, defaults={"kind": kind, "note": note})
    audit.record(actor, "calendar.edit", path=unit.path, target=unit, detail={"n": len(days)})
    return len(days)


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many days were marked, and the years the published holidays are not known for."""

    added: int
    unknown_years: tuple[int, ...]


@transaction.atomic
def seed_calendar(actor: Actor, *, unit: Unit, begins: date, ends: date) -> Seeded:
    """Mark public holidays and make-up workdays from ``begins`` to ``ends``, both in. What people marked stays."""
    policy.demand(actor, "calendar.edit", path=unit.path)
    if not timedelta() <= ends - begins <= LONGEST:
        raise Problem("invalid", _("请选择两年以内的一段时间。"), {"ends": [_("晚于开始日期，不超过两年")]})
    marked = set(CalendarDay.objects.filter(unit=unit, day__range=(begins, ends)).values_list("day", flat=True))
    rows = []
    for n in range((ends - begins).days + 1):
        day = begins + timedelta(days=n)
        if day in marked:
            continue
        if name := chinese_calendar.constants.holidays.get(day):
            rows.append(CalendarDay(unit=unit, day=day, kind=CalendarDay.Kind.HOLIDAY, note=HOLIDAYS.get(name, "")))
        elif name := chinese_calendar.constants.workdays.get(day):
            note = _("%s调休上班") % HOLIDAYS.get(name, "")
            rows.append(CalendarDay(unit=unit, day=day, kind=CalendarDay.Kind.MAKEUP, note=note))
    CalendarDay.objects.bulk_create(rows)
    audit.record(actor, "calendar.edit", path=unit.path, target=unit, detail={"seeded": len(rows)})
    return Seeded(len(rows), tuple(y for y in range(begins.year, ends.year + 1) if y not in KNOWN_YEARS))


@dataclass(frozen=True, slots=True)
class Busy:
    """A weekly time: ``weekday`` 1 (Monday) to 7, ``kind`` of ``BusyPeriod.Kind``."""

    weekday: int
    starts: time
    ends: time
    kind: str


@transaction.atomic
def set_busy(actor: Actor, *, staff: Staff, periods: Sequence[Busy]) -> int:
    """Replace a teacher's weekly busy times; returns how many stand now."""
    policy.demand(actor, "timetable.edit", path=staff.home.path)
    if len(periods) > MOST_PERIODS:
        raise Problem("invalid", _("时段太多，最多 %d 个。") % MOST_PERIODS)
    for period in periods:
        if not 1 <= period.weekday <= 7 or period.kind not in BusyPeriod.Kind.values:
            raise Problem("invalid", _("请从列表里选择星期和事由。"), {"periods": [_("请从列表里选择。")]})
        if period.ends <= period.starts:
            raise Problem(
                "invalid",
                _("结束时间要晚于开始时间：%(a)s—%(b)s。")
                % {"a": period.starts.strftime("%H:%M"), "b": period.ends.strftime("%H:%M")},
                {"periods": [_("结束时间要晚于开始时间。")]},
            )
    BusyPeriod.objects.filter(staff=staff).delete()
    BusyPeriod.objects.bulk_create(
        BusyPeriod(staff=staff, weekday=p.weekday, starts=p.starts, ends=p.ends, kind=p.kind)
        for p in sorted(set(periods), key=lambda p: (p.weekday, p.starts, p.ends, p.kind))
    )
    audit.record(actor, "timetable.edit", path=staff.home.path, target=staff, detail={"n": len(periods)})
    return len(periods)
