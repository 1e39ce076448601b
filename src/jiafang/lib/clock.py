"""The one clock. Nothing else in the project asks the machine for the time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def _shift(setting: str) -> timedelta:
    """How far JIAFANG_NOW moves the clock.

    A date ("2026-04-20") moves it by whole days, so that all processes of one installation agree; a moment
    ("2026-04-20T18:30") is where this process starts counting from.
    """
    if not setting:
        return timedelta()
    real = datetime.now(UTC)
    if len(setting) == 10:
        return date.fromisoformat(setting) - real.astimezone(TZ).date()
    return aware(datetime.fromisoformat(setting)) - real


def aware(moment: datetime) -> datetime:
    """The moment with a time zone; a bare one is read as Shanghai time."""
    return moment if moment.tzinfo else moment.replace(tzinfo=TZ)


_shifted = _shift(os.environ.get("JIAFANG_NOW", ""))


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC) + _shifted


def local_now() -> datetime:
    """This moment, aware, in Shanghai time."""
    return now().astimezone(TZ)


def today() -> date:
    """The calendar day in Shanghai."""
    return local_now().date()


def at(day: date, clock_time: time) -> datetime:
    """An aware Shanghai moment from a day and a wall-clock time."""
    return datetime.combine(day, clock_time, TZ)


@contextmanager
def freeze(moment: datetime | date) -> Iterator[None]:
    """Stop the clock at a moment (a bare date means 12:00 of that day, in Shanghai) for the block."""
    if not isinstance(moment, datetime):
        moment = at(moment, time(12))
    token = _frozen.set(aware(moment).astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
