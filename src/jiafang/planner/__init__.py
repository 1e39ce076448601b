"""The planner: a district's timetable of home visits from one file, as a pure library without Django."""

from .check import CheckResult, check_plan
from .check_state import Violation
from .format import InputError, Plan, Problem, dump_plan, dump_problem, load_plan, load_problem
from .solve import solve

__all__ = [
    "CheckResult", "InputError", "Plan", "Problem", "Violation",
    "check_plan", "dump_plan", "dump_problem", "load_plan", "load_problem", "solve",
]  # fmt: skip
