"""For the family's page: every slot in which a visit could still be held at once, all others staying as they are."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from .arrays import SchoolPart
from .editing import part_of, school_of, state_of
from .model import Plan, Problem
from .state import State, copy_state, take_over, total_cost
from .survey import lift, survey


@dataclass(frozen=True, slots=True)
class Option:
    """A slot that works: who comes, when at the earliest, and what the plan's cost would grow by.

    `joins` says that an outing (or online visits) of the lead already there takes the visit in; `current` marks the
    slot the visit is in now. Minutes since midnight.
    """

    slot: str
    date: date
    lead: str
    companion: str | None
    arrive: int
    depart: int
    joins: bool
    wished: bool
    current: bool
    cost: float


class Options:
    """An index over one plan; a school is read in at its first query."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self._schools: dict[str, tuple[SchoolPart, State, State]] = {}
        self._school_of = {visit.id: visit.school for visit in problem.visits}

    def _school(self, visit_id: str) -> tuple[SchoolPart, State, State]:
        school = self._school_of[visit_id]
        if school not in self._schools:
            part = part_of(self.problem, school)
            state = state_of(part, self.plan)
            self._schools[school] = part, state, copy_state(state)
        return self._schools[school]

    def of(self, visit_id: str) -> list[Option]:
        """The slots that work for a visit, in the order of time. Raises KeyError for an unknown visit."""
        part, state, scratch = self._school(visit_id)
        take_over(scratch, state)
        data, v = part.data, part.visit_no[visit_id]
        r = int(state.at[v])
        now, lead = (int(state.slot[r]), int(state.lead[r])) if r >= 0 else (-1, -1)
        before = total_cost(data, scratch)
        lift(data, scratch, v)
        saved = before - total_cost(data, scratch) + float(data.drop[v])
        found = survey(data, scratch, v, lead, self._barred(part, scratch, v))
        return [
            self._option(part, scratch, v, int(s), found.what[s], float(found.cost[s]) - saved, int(s) == now)
            for s in np.flatnonzero(np.isfinite(found.cost))
        ]

    def _barred(self, part: SchoolPart, state: State, v: int) -> np.ndarray:
        # Outings whose third person does not go as far as this home.
        barred = np.zeros(len(state.kind), np.bool_)
        for out in self.plan.outings:
            t = part.teacher_no.get(out.extra, -1)
            if t < 0 or part.teachers[t].max_km is None or part.km[v] <= part.teachers[t].max_km:
                continue
            for stop in out.stops:
                r = state.at[part.visit_no[stop.visit]]
                if r >= 0 and stop.visit != part.visits[v].id:
                    barred[r] = True
        return barred

    def _option(
        self, part: SchoolPart, state: State, v: int, s: int, what: np.ndarray, cost: float, current: bool
    ) -> Option:
        data, slot, visit = part.data, part.slots[s], part.visits[v]
        r, place, lead, pal = (int(x) for x in what)
        arrive = slot.start
        if r >= 0:
            before = [int(u) for u in state.homes[r, :place]]
            arrive += sum(int(data.minutes[u]) for u in before)
            if not data.online[v]:
                arrive += int(data.way0[before[0]]) + sum(int(data.way[a, b]) for a, b in pairwise([*before, v])) \
                    if before else int(data.way0[v])  # fmt: skip
        elif not data.online[v]:
            arrive += int(data.way0[v])
        return Option(
            slot.id, slot.date, part.teachers[lead].id, part.teachers[pal].id if pal >= 0 else None,
            arrive, arrive + visit.minutes, r >= 0, slot.id in visit.wished, current, round(cost, 3),
        )  # fmt: skip


def options(problem: Problem, plan: Plan, visit_id: str) -> list[Option]:
    """One query without an index to keep; see Options."""
    school_of(problem, visit_id)
    return Options(problem, plan).of(visit_id)
