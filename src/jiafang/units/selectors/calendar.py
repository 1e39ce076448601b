"""Terms and the days of a school's calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from jiafang.lib import clock
from jiafang.lib.paths import parents
from jiafang.units.models import BusyPeriod, CalendarDay, Staff, Term, Unit


def terms(bureau: Unit) -> QuerySet[Term]:
    return Term.objects.filter(bureau=bureau)


def term_on(unit_: Unit, on: date | None = None) -> Term | None:
    """The term of the nearest bureau that holds the day, else the next one."""
    day = on or clock.today()
    rows = Term.objects.filter(bureau__path__in=[*parents(unit_.path), unit_.path], ends__gte=day)
    return rows.order_by("begins").first()


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a school's calendar: ``kind`` of ``CalendarDay.Kind``; lessons are held when ``lesson``."""

    day: date
    kind: str
    note: str = ""

    @property
    def lesson(self) -> bool:
        return self.kind in (CalendarDay.Kind.LESSON, CalendarDay.Kind.MAKEUP, CalendarDay.Kind.EXAM)


def calendar(unit_: Unit, begins: date, ends: date) -> list[Day]:
    """Every day from ``begins`` to ``ends`` (both in): weekday by default, the bureau's exception, then the school's."""
    chain = [*parents(unit_.path), unit_.path]
    rows = CalendarDay.objects.filter(unit__path__in=chain, day__gte=begins, day__lte=ends).order_by("unit__path")
    special = {row.day: row for row in rows}  # deeper paths come later and win
    out = []
    for n in range((ends - begins).days + 1):
        day = begins + timedelta(days=n)
        if row := special.get(day):
            out.append(Day(day, row.kind, row.note))
        else:
            usual = CalendarDay.Kind.LESSON if day.isoweekday() <= 5 else CalendarDay.Kind.REST
            out.append(Day(day, usual))
    return out


def month(unit_: Unit, first: date) -> list[list[Day | None]]:
    """The month of ``first`` as weeks from Monday to Sunday, ``None`` outside the month; one query."""
    begins = first.replace(day=1)
    after = (begins + timedelta(days=32)).replace(day=1)
    days: list[Day | None] = [None] * begins.weekday()
    days += calendar(unit_, begins, after - timedelta(days=1))
    days += [None] * (-len(days) % 7)
    return [days[n : n + 7] for n in range(0, len(days), 7)]


def busy_of(people: Iterable[Staff]) -> dict:
    """``{staff pk: [BusyPeriod …]}`` by weekday and time, in one query."""
    out: dict = {}
    rows = BusyPeriod.objects.filter(staff__in=list(people)).order_by("weekday", "starts")
    for row in rows:
        out.setdefault(row.staff_id, []).append(row)
    return out
