"""When a record is due and whether a phone's clock can be trusted: pure arithmetic, no database."""

from datetime import datetime, timedelta

CLOCK_TOLERANCE = timedelta(minutes=5)
# Saves of one person within this time share a row of the version history.
SAME_WRITING = timedelta(minutes=2)
# A return reported later than this belongs to no evening any more and moves no deadline.
SAME_EVENING = timedelta(hours=12)


def due_time(*, ended: datetime, returned: datetime | None, hours: int | None) -> datetime | None:
    """The deadline of a visit's records: ``hours`` after 平安返回, else after its end; ``None`` without a rule."""
    if not hours:
        return None
    in_time = returned is not None and returned - ended <= SAME_EVENING
    return (returned if in_time else ended) + timedelta(hours=hours)


def clock_is_off(client_time: datetime | None, now: datetime) -> bool:
    """Whether a phone's clock differs from the server's by more than five minutes."""
    return client_time is not None and abs(client_time - now) > CLOCK_TOLERANCE


def hours_left(due: datetime, now: datetime) -> int:
    """Whole hours until ``due``, rounded down; negative once it is past (-1: up to an hour late)."""
    return (due - now) // timedelta(hours=1)
