"""What another rule would bring: variants of a problem planned side by side, with cost, last day and load."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from .check import check_plan
from .model import HOME, Plan, Problem
from .solve import solve

Variant = Callable[[Problem], Problem]


@dataclass(frozen=True, slots=True)
class Outlook:
    """One variant's plan in figures; `busiest` is the most outings of one teacher, `mean` of those who go out at all.

    `uneven` is the format's load: how far companions are above their school's mean, in outings.
    """

    name: str
    cost: float
    parts: dict[str, float]
    unplaced: int
    outings: int
    travel_minutes: float
    last_day: date | None
    busiest: int
    mean: float
    uneven: float
    plan: Plan


def one_more_outing(problem: Problem) -> Problem:
    """Everyone who goes out at all may go out once more a week."""
    teachers = [
        replace(t, max_outings_per_week=t.max_outings_per_week + 1) if t.max_outings_per_week else t
        for t in problem.teachers
    ]
    return replace(problem, teachers=tuple(teachers))


def without_weekends(problem: Problem) -> Problem:
    """No visit on Saturday or Sunday, save those already fixed."""
    fixed = {item.slot for item in problem.fixed}
    weekend = {s.id for s in problem.slots if s.date.weekday() >= 5 and s.id not in fixed}
    return replace(
        problem,
        teachers=tuple(replace(t, free=t.free - weekend) for t in problem.teachers),
        visits=tuple(replace(v, possible=v.possible - weekend, wished=v.wished - weekend) for v in problem.visits),
    )


def pairs_across_classes(problem: Problem) -> Problem:
    """Any teacher who goes along in a school may go along in all its classes, those nobody goes along in too."""
    helpers: dict[str, dict[str, None]] = {}
    for visit in problem.visits:
        helpers.setdefault(visit.school, {}).update(dict.fromkeys(visit.companions))
    visits = [
        replace(v, companions=tuple(dict.fromkeys([*v.companions, *helpers[v.school]]))) if v.mode == HOME else v
        for v in problem.visits
    ]
    return replace(problem, visits=tuple(visits))


VARIANTS: dict[str, Variant] = {
    "one_more_outing": one_more_outing,
    "without_weekends": without_weekends,
    "pairs_across_classes": pairs_across_classes,
}


def what_if(problem: Problem, variants: dict[str, Variant] | None = None, **options) -> list[Outlook]:
    """The problem as it is (`"as_is"`) and each variant, planned with the same options of `solve`.

    A rule that only allows more never looks dearer: where the plan as it is keeps a variant's rules and costs less
    than what a fresh search found, it stands for the variant too.
    """
    chosen = VARIANTS if variants is None else variants
    now = solve(problem, **options)
    found = [_outlook("as_is", problem, now)]
    for name, change in chosen.items():
        other = change(problem)
        plan = solve(other, **options)
        if now.cost < plan.cost and check_plan(other, now).ok:
            plan = now
        found.append(_outlook(name, other, plan))
    return found


def _outlook(name: str, problem: Problem, plan: Plan) -> Outlook:
    dates = {s.id: s.date for s in problem.slots}
    days = [dates[item.slot] for item in (*plan.outings, *plan.online)]
    trips = Counter(t for out in plan.outings for t in (out.lead, out.companion, out.extra) if t is not None)
    minutes = sum(out.back - out.leave - sum(stop.depart - stop.arrive for stop in out.stops) for out in plan.outings)
    return Outlook(
        name, plan.cost, plan.parts, len(plan.unplaced), len(plan.outings), minutes, max(days, default=None),
        max(trips.values(), default=0), round(sum(trips.values()) / len(trips), 2) if trips else 0.0,
        round(plan.parts["load"] / problem.costs.load, 2) if problem.costs.load else 0.0, plan,
    )  # fmt: skip
