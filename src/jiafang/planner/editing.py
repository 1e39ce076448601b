"""A published plan taken apart by school, changed by hand and put together again; knows no search."""

from collections import deque
from dataclasses import replace
from itertools import pairwise

import numpy as np

from .arrays import SchoolPart, split
from .model import Plan, Problem
from .outcome import Route, SchoolResult, build_plan
from .start import adopt
from .state import State, new_state
from .survey import occupy

_recent: deque[tuple[Problem, str, SchoolPart]] = deque(maxlen=4)


def school_of(problem: Problem, visit_id: str) -> str:
    """The school of a visit. Raises KeyError for an unknown visit."""
    for visit in problem.visits:
        if visit.id == visit_id:
            return visit.school
    raise KeyError(visit_id)


def sub_problem(problem: Problem, school: str) -> Problem:
    """One school's part of the problem as a problem of its own."""
    teachers = tuple(t for t in problem.teachers if t.school == school)
    visits = tuple(v for v in problem.visits if v.school == school)
    who, what = {t.id for t in teachers}, {v.id for v in visits}
    return replace(
        problem, teachers=teachers, visits=visits, schools=tuple(s for s in problem.schools if s.id == school),
        slots=tuple(s for s in problem.slots if s.school == school),
        leaders=tuple(q for q in problem.leaders if q.teacher in who),
        fixed=tuple(f for f in problem.fixed if f.visit in what),
    )  # fmt: skip


def part_of(problem: Problem, school: str) -> SchoolPart:
    """One school's arrays; those last asked for are kept ready."""
    for known, name, part in tuple(_recent):
        if known is problem and name == school:
            return part
    found = split(sub_problem(problem, school))[0]
    _recent.append((problem, school, found))
    return found


def sub_plan(part: SchoolPart, plan: Plan) -> Plan:
    """One school's part of a plan, with that part's own cost."""
    return _built(part, plan, routes_in(part, plan), plan)


def _built(part: SchoolPart, plan: Plan, routes: list[Route], hours: Plan) -> Plan:
    placed = {part.visits[v].id for route in routes for v in route.homes}
    counts = dict.fromkeys((part.teachers[t].id for t in range(len(part.teachers))), 0)
    for route in routes:
        for t in {route.lead, route.pal, route.extra} - {-1}:
            counts[part.teachers[t].id] += len(route.homes)
    known = {item.visit: item for item in plan.unplaced}
    unplaced = [known[v.id] for v in part.visits if v.id in known and v.id not in placed]
    short = {q.teacher: q.min_visits for q in part.problem.leaders}
    unmet = [
        replace(item, visits=counts[item.teacher])
        for item in plan.unmet
        if item.teacher in short and counts[item.teacher] < short[item.teacher]
    ]
    return build_plan(part.problem, [part], [SchoolResult(routes, unmet, unplaced)], None, hours)


def routes_in(part: SchoolPart, plan: Plan) -> list[Route]:
    """The school's outings and online visits of a plan, stops of unknown visits left out."""
    found = []
    no = part.teacher_no
    for out in plan.outings:
        if out.slot in part.slot_no and out.lead in no:
            homes = [part.visit_no[s.visit] for s in out.stops if s.visit in part.visit_no]
            pal, extra = no.get(out.companion, -1), no.get(out.extra, -1)
            if homes:
                found.append(Route(part.slot_no[out.slot], no[out.lead], pal, extra, False, homes))
    talks: dict[tuple[int, int], Route] = {}
    for item in sorted(plan.online, key=lambda item: item.start):
        if item.slot in part.slot_no and item.lead in no and item.visit in part.visit_no:
            key = part.slot_no[item.slot], no[item.lead]
            route = talks.setdefault(key, Route(*key, -1, -1, True, []))
            route.homes.append(part.visit_no[item.visit])
    return found + list(talks.values())


def state_of(part: SchoolPart, plan: Plan) -> State:
    """The school's state with the plan's outings and third persons in it."""
    state = new_state(part.data)
    adopt(part, state, plan)
    extras = [
        (part.teacher_no[out.extra], part.slot_no[out.slot])
        for out in plan.outings
        if out.slot in part.slot_no and out.extra in part.teacher_no
    ]
    occupy(part, state, extras)
    return state


def with_routes(plan: Plan, part: SchoolPart, routes: list[Route]) -> tuple[Plan, Plan, dict[str, float]]:
    """The plan with this school's routes replaced, the school's own new plan, and what each cost part grows by.

    Hours of visits that stay in their slot are kept where they can be. The bound is dropped.
    """
    old, new = sub_plan(part, plan), _built(part, plan, routes, plan)
    mine = {v.id for v in part.visits}
    who = {t.id for t in part.teachers}
    more = {name: round(new.parts[name] - old.parts[name], 9) for name in new.parts}
    parts = {name: round(plan.parts.get(name, 0.0) + more.get(name, 0.0), 9) for name in new.parts}
    whole = Plan(
        tuple(out for out in plan.outings if out.slot not in part.slot_no) + new.outings,
        tuple(item for item in plan.online if item.slot not in part.slot_no) + new.online,
        tuple(item for item in plan.unplaced if item.visit not in mine) + new.unplaced,
        tuple(item for item in plan.unmet if item.teacher not in who) + new.unmet,
        (), round(sum(parts.values()), 9), parts, None, {},
    )  # fmt: skip
    return whole, new, more


def way_of(part: SchoolPart, homes: list[int]) -> int:
    """Minutes from school over homes in this order and back."""
    data = part.data
    return int(data.way0[homes[0]] + data.way0[homes[-1]] + sum(data.way[a, b] for a, b in pairwise(homes)))


def cheapest_place(part: SchoolPart, homes: list[int], v: int) -> int:
    """Where in the order of an outing a further home costs the least way."""
    return int(np.argmin([way_of(part, [*homes[:k], v, *homes[k:]]) for k in range(len(homes) + 1)]))
