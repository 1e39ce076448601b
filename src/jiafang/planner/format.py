"""The planner's two files, problem and plan, read and written; the one thing solver and checker share."""

from dataclasses import fields
from datetime import date

from .loading import PLAN_FORMAT, PROBLEM_FORMAT, load_plan, load_problem
from .model import (
    COST_NAMES,
    HOME,
    KEEP_PARTS,
    ONLINE,
    PARTS,
    After,
    Costs,
    Fixed,
    Leader,
    Leg,
    Moved,
    OnlineVisit,
    Outing,
    Plan,
    Problem,
    School,
    Slot,
    Stop,
    Teacher,
    Travel,
    Unmet,
    Unplaced,
    Visit,
)
from .reading import InputError

__all__ = [
    "COST_NAMES", "HOME", "KEEP_PARTS", "ONLINE", "PARTS", "PLAN_FORMAT", "PROBLEM_FORMAT",
    "After", "Costs", "Fixed", "InputError", "Leader", "Leg", "Moved", "OnlineVisit", "Outing", "Plan",
    "Problem", "School", "Slot", "Stop", "Teacher", "Travel", "Unmet", "Unplaced", "Visit",
    "clock", "dump_plan", "dump_problem", "load_plan", "load_problem",
]  # fmt: skip

_TIMES = frozenset({"start", "end", "leave", "back", "arrive", "depart"})
_NAMES = {"begins": "from"}


def clock(minute: int) -> str:
    """Minutes since midnight as `"17:30"`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _plain(value: object, names: dict[str, str]) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item, names) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return _record(value, names)
    return value


def _record(value: object, names: dict[str, str] = _NAMES) -> dict:
    found = {}
    for field in fields(value):
        item = getattr(value, field.name)
        key = names.get(field.name, field.name)
        found[key] = clock(item) if field.name in _TIMES and isinstance(item, int) else _plain(item, names)
    return found


def dump_problem(problem: Problem) -> dict:
    """The JSON object of a problem; `load_problem` of it gives the same problem."""
    found = {"format": PROBLEM_FORMAT} | _record(problem, {})
    found["visits"] = [_record(visit) for visit in problem.visits]
    for visit in found["visits"]:
        if visit["after"] is None:
            del visit["after"]
        else:
            visit["after"] = {key: item for key, item in visit["after"].items() if item is not None}
    for leg in found["travel"]["legs"]:
        if leg["km"] is None:
            del leg["km"]
    return found


def dump_plan(plan: Plan) -> dict:
    """The JSON object of a plan; `load_plan` of it gives the same plan."""
    return {"format": PLAN_FORMAT} | _record(plan)
