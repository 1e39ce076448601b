"""Visits, outings and records as others ask for them, always through the fence."""

from jiafang.visits.selectors.lists import (
    DayOf,
    Due,
    Filter,
    late,
    monday_of,
    of_student,
    records_due,
    tally,
    to_confirm,
    tonight,
    visit,
    visit_student,
    visits_of,
    week,
    without_check,
)
from jiafang.visits.selectors.sharing import may, path_of, relations, shared_with

__all__ = [
    "DayOf",
    "Due",
    "Filter",
    "late",
    "may",
    "monday_of",
    "of_student",
    "path_of",
    "records_due",
    "relations",
    "shared_with",
    "tally",
    "to_confirm",
    "tonight",
    "visit",
    "visit_student",
    "visits_of",
    "week",
    "without_check",
]
