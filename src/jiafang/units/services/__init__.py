"""Verbs on units, terms, staff, posts and the calendar."""

from jiafang.units.services.calendar import Busy, Seeded, seed_calendar, set_busy, set_calendar_days
from jiafang.units.services.handover import acknowledge_handover, hand_over
from jiafang.units.services.people import (
    add_staff,
    appoint,
    edit_staff,
    end_appointment,
    issue_account,
    leave,
    reissue_password,
)
from jiafang.units.services.tree import add_term, add_unit, edit_term, edit_unit

__all__ = [
    "Busy",
    "Seeded",
    "acknowledge_handover",
    "add_staff",
    "add_term",
    "add_unit",
    "appoint",
    "edit_staff",
    "edit_term",
    "edit_unit",
    "end_appointment",
    "hand_over",
    "issue_account",
    "leave",
    "reissue_password",
    "seed_calendar",
    "set_busy",
    "set_calendar_days",
]
