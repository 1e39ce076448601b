"""Students, households and care as others ask for them, always through the fence."""

from jiafang.roster.selectors.students import (
    care_by_student,
    enrolled,
    guardians_of,
    households_to_confirm,
    search,
    student,
    students_of,
    without_place,
)

__all__ = [
    "care_by_student",
    "enrolled",
    "guardians_of",
    "households_to_confirm",
    "search",
    "student",
    "students_of",
    "without_place",
]
