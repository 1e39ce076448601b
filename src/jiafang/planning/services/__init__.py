"""Verbs on a school's timetable."""

from jiafang.planning.services.accepting import Written, accept, publish
from jiafang.planning.services.feeds import digest_of, make_feed, revoke_feed
from jiafang.planning.services.moving import Answer, move, try_to_move
from jiafang.planning.services.preparing import (
    prepare,
    remove_absence,
    report_absence,
    set_relief,
    set_windows,
    set_wish,
)
from jiafang.planning.services.running import cancel, discard, replan, run, run_now, work

__all__ = [
    "Answer",
    "Written",
    "accept",
    "cancel",
    "digest_of",
    "discard",
    "make_feed",
    "move",
    "prepare",
    "publish",
    "remove_absence",
    "replan",
    "report_absence",
    "revoke_feed",
    "run",
    "run_now",
    "set_relief",
    "set_windows",
    "set_wish",
    "try_to_move",
    "work",
]
