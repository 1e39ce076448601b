"""Verbs on students, households, care and files; imports of whole rosters stand in ``imports``."""

from jiafang.roster.services.care import end_care, note_care, resume_care, withdraw_care
from jiafang.roster.services.files import add_file, open_file, remove_file
from jiafang.roster.services.households import confirm_household, split_household, undo_split
from jiafang.roster.services.looking import look_at_care, open_student
from jiafang.roster.services.students import (
    GuardianFacts,
    StudentFacts,
    add_student,
    come_back,
    edit_student,
    leave,
    move_student,
)

__all__ = [
    "GuardianFacts",
    "StudentFacts",
    "add_file",
    "add_student",
    "come_back",
    "confirm_household",
    "edit_student",
    "end_care",
    "leave",
    "look_at_care",
    "move_student",
    "note_care",
    "open_file",
    "open_student",
    "remove_file",
    "resume_care",
    "split_household",
    "undo_split",
    "withdraw_care",
]
