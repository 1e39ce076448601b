"""Verbs on students, households, care and files; imports of whole rosters stand in ``imports``."""

from jiafang.roster.services.care import end_care, note_care
from jiafang.roster.services.students import (
    GuardianFacts,
    StudentFacts,
    add_student,
    confirm_household,
    edit_student,
    leave,
    move_student,
    split_household,
)

__all__ = [
    "GuardianFacts",
    "StudentFacts",
    "add_student",
    "confirm_household",
    "edit_student",
    "end_care",
    "leave",
    "move_student",
    "note_care",
    "split_household",
]
