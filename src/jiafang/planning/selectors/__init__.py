"""A school's timetable as others ask for it: the problem, what stands, runs and figures."""

from jiafang.planning.selectors.problem import Built, Wanted, build
from jiafang.planning.selectors.summary import changes, places

__all__ = ["Built", "Wanted", "build", "changes", "places"]
