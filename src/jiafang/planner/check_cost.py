"""Reckons a plan's cost anew from the format's text, part by part; trusts no figure the plan states."""

import math
from collections import Counter, defaultdict

from .check_travel import Ways
from .model import KEEP_PARTS, PARTS, Outing, Plan, Problem

Placed = dict[str, tuple[str, str, int]]


def places_of(plan: Plan) -> Placed:
    """Slot, lead and minute of arrival of every placed visit."""
    found = {stop.visit: (out.slot, out.lead, stop.arrive) for out in plan.outings for stop in out.stops}
    found.update((talk.visit, (talk.slot, talk.lead, talk.start)) for talk in plan.online)
    return found


def cost_parts(problem: Problem, plan: Plan, keep: Plan | None = None) -> dict[str, float]:
    """The cost by part, in units of cost; with `keep` the costs of change too.

    Every name in the plan must be one of the problem's.
    """
    costs, placed = problem.costs, places_of(plan)
    visits = {visit.id: visit for visit in problem.visits}
    dates = {slot.id: slot.date for slot in problem.slots}
    count: Counter[str] = Counter()
    for name, (slot, lead, _) in placed.items():
        visit = visits[name]
        count["unwished"] += slot not in visit.wished
        count["other_lead"] += bool(visit.leads) and lead != visit.leads[0]
        first = placed.get(visit.after.visit) if visit.after and visit.after.visit else None
        count["other_second_lead"] += first is not None and first[1] != lead
        if visit.priority >= 2:
            count["late_week"] += max(0, (dates[slot] - problem.begins).days // 7)
    parts = dict.fromkeys(PARTS, 0.0)
    parts["travel"] = _travel(problem, plan) * costs.travel_min
    parts["outing"] = len(plan.outings) * costs.outing
    for name in ("unwished", "other_lead", "other_second_lead", "late_week"):
        parts[name] = count[name] * getattr(costs, name)
    parts["load"] = _uneven(problem, plan) * costs.load
    parts["unplaced"] = costs.unplaced * sum(
        1 + visit.priority for visit in problem.visits if visit.id not in placed
    )
    if keep is not None:
        parts.update(_change(problem, plan, keep, placed))
    return parts


def _travel(problem: Problem, plan: Plan) -> int:
    ways = Ways(problem)
    schools = {school.id: school for school in problem.schools}
    visits = {visit.id: visit for visit in problem.visits}
    school_of = {slot.id: schools[slot.school] for slot in problem.slots}
    total = 0
    for out in plan.outings:
        here = school_of[out.slot]
        for place in [*(visits[stop.visit] for stop in out.stops), school_of[out.slot]]:
            total += ways.minutes(here, place)
            here = place
    return total


def _uneven(problem: Problem, plan: Plan) -> float:
    firsts = {visit.leads[0] for visit in problem.visits if visit.leads}
    going = {name for visit in problem.visits for name in visit.companions} - firsts
    times = Counter(out.companion for out in plan.outings)
    by_school: dict[str, list[float]] = defaultdict(list)
    for teacher in problem.teachers:
        if teacher.id in going:
            by_school[teacher.school].append(times[teacher.id] / teacher.relief)
    over = []
    for loads in by_school.values():
        mean = math.fsum(loads) / len(loads)
        over += [load - mean for load in loads if load > mean]
    return math.fsum(over)


def _change(problem: Problem, plan: Plan, keep: Plan, placed: Placed) -> dict[str, float]:
    costs, before = problem.costs, places_of(keep)
    in_slot: dict[str, list[Outing]] = defaultdict(list)
    for out in plan.outings:
        in_slot[out.slot].append(out)
    found = dict.fromkeys(KEEP_PARTS, 0.0)
    for name, (slot, _, arrive) in placed.items():
        if name not in before:
            continue
        if before[name][0] != slot:
            found["moved_visit"] += costs.moved_visit
        else:
            found["moved_minute"] += abs(before[name][2] - arrive) * costs.moved_minute
    for old in keep.outings:
        found["changed_team"] += costs.changed_team * _team_changed(old, in_slot[old.slot])
    return found


def _team_changed(old: Outing, now: list[Outing]) -> bool:
    # An old outing is still there when an outing in its slot keeps one of its visits; its team is unchanged
    # when one of those outings has the same lead and companion.
    homes = {stop.visit for stop in old.stops}
    teams = {(out.lead, out.companion) for out in now if any(stop.visit in homes for stop in out.stops)}
    return bool(teams) and (old.lead, old.companion) not in teams
