"""The planner: a district's timetable of home visits from one file, as a pure library without Django."""

from .check import CheckResult, check_plan
from .check_state import Violation
from .explain import explain
from .format import InputError, Plan, Problem, dump_plan, dump_problem, load_plan, load_problem
from .moving import Move, try_move
from .options import Option, Options, options
from .solve import solve
from .whatif import Outlook, what_if

__all__ = [
    "CheckResult", "InputError", "Move", "Option", "Options", "Outlook", "Plan", "Problem", "Violation",
    "check_plan", "dump_plan", "dump_problem", "explain", "load_plan", "load_problem", "options", "solve", "try_move",
    "what_if",
]  # fmt: skip
