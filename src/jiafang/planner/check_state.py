"""What the checker's parts share: the problem by name, the plan, and the list of what is broken."""

import math
from dataclasses import dataclass
from datetime import date

from .check_travel import Ways, straight_km
from .model import Plan, Problem, Teacher, Visit


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: its code, its place in the plan and a sentence."""

    code: str
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text} [{self.code}]"


class Book:
    """The problem's parts by id, the plan under check and what was found."""

    def __init__(self, problem: Problem, plan: Plan | None) -> None:
        self.problem, self.plan = problem, plan
        self.visits = {visit.id: visit for visit in problem.visits}
        self.slots = {slot.id: slot for slot in problem.slots}
        self.teachers = {teacher.id: teacher for teacher in problem.teachers}
        self.schools = {school.id: school for school in problem.schools}
        self.ways = Ways(problem)
        self.violations: list[Violation] = []

    def note(self, code: str, where: str, text: str) -> None:
        """Write down one broken rule."""
        self.violations.append(Violation(code, where, text))

    def names_known(self) -> bool:
        """Whether every name in the plan is one of the problem's; notes those that are not.

        Without that nothing else can be reckoned. Slots a visit moved from may be gone from the problem.
        """
        before = len(self.violations)
        for i, out in enumerate(self.plan.outings):
            self._known("slot", out.slot, f"outings[{i}].slot")
            for role in ("lead", "companion", "extra"):
                if getattr(out, role) is not None:
                    self._known("teacher", getattr(out, role), f"outings[{i}].{role}")
            for j, stop in enumerate(out.stops):
                self._known("visit", stop.visit, f"outings[{i}].stops[{j}].visit")
        for i, talk in enumerate(self.plan.online):
            for kind, name in (("visit", talk.visit), ("slot", talk.slot), ("teacher", talk.lead)):
                self._known(kind, name, f"online[{i}].{'lead' if kind == 'teacher' else kind}")
        for i, item in enumerate(self.plan.unplaced):
            self._known("visit", item.visit, f"unplaced[{i}].visit")
        for i, item in enumerate(self.plan.unmet):
            self._known("teacher", item.teacher, f"unmet[{i}].teacher")
        return len(self.violations) == before

    def _known(self, kind: str, name: str, where: str) -> None:
        if name not in getattr(self, f"{kind}s"):
            self.note(f"unknown_{kind}", where, f'the problem has no {kind} "{name}"')

    def near(self, teacher: Teacher, visit: Visit) -> bool:
        """Whether a home is within the distance a teacher goes."""
        if teacher.max_km is None:
            return True
        if visit.lat is None:
            return False
        return straight_km(self.schools[visit.school], visit) <= teacher.max_km + 1e-9


def week(day: date) -> tuple[int, int]:
    """The calendar week, Monday to Sunday."""
    return day.isocalendar()[:2]


def cap(teacher: Teacher) -> int:
    """How many outings a teacher makes in a week at most, relief taken off."""
    top = teacher.max_outings_per_week
    if top == 0 or teacher.relief == 1:
        return top
    # A hair above the product: 10 × 0.3 is meant to be 3 although the floats say 2.9999…
    return min(top, max(1, math.floor(top * teacher.relief + 1e-9)))
