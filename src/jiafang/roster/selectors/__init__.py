"""Students, households and care as others ask for them, always through the fence."""

from jiafang.roster.selectors.care import (
    care,
    care_by_student,
    cares_of,
    cares_under,
    reason_verb,
    students_with,
)
from jiafang.roster.selectors.households import Home, HomeChild, homes, household, households_to_confirm
from jiafang.roster.selectors.students import (
    enrolled,
    files_of,
    guardians_of,
    search,
    stays_of,
    student,
    student_file,
    students_of,
    without_place,
)

__all__ = [
    "Home",
    "HomeChild",
    "care",
    "care_by_student",
    "cares_of",
    "cares_under",
    "enrolled",
    "files_of",
    "guardians_of",
    "homes",
    "household",
    "households_to_confirm",
    "reason_verb",
    "search",
    "stays_of",
    "student",
    "student_file",
    "students_of",
    "students_with",
    "without_place",
]
