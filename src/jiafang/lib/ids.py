"""Identifiers that sort by the time they were made."""

from __future__ import annotations

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A version 7 UUID (RFC 9562, method 3: 48 bits of milliseconds, 12 bits below, 62 random bits).

    Strictly increasing within a process. Takes the real time, not the shifted clock: a frozen test still gets
    ids in order.
    """
    global _last
    nanoseconds = time.time_ns()
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    stamp = milliseconds << 12 | rest * 4096 // 1_000_000
    with _lock:
        stamp = _last = max(stamp, _last + 1)
    high = stamp >> 12 << 16 | 0x7000 | stamp & 0xFFF
    low = 0b10 << 62 | secrets.randbits(62)
    return UUID(int=high << 64 | low)
