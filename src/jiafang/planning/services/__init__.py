"""Verbs on a school's timetable."""

from jiafang.planning.services.accepting import Written, accept, publish
from jiafang.planning.services.preparing import (
    prepare,
    remove_absence,
    report_absence,
    set_relief,
    set_windows,
    set_wish,
)
from jiafang.planning.services.running import cancel, discard, run, run_now, work

__all__ = [
    "Written",
    "accept",
    "cancel",
    "discard",
    "prepare",
    "publish",
    "remove_absence",
    "report_absence",
    "run",
    "run_now",
    "set_relief",
    "set_windows",
    "set_wish",
    "work",
]
