"""A plan changed as little as possible: what a move costs, and which visits a change disturbs."""

from dataclasses import replace

import numpy as np

from .arrays import SchoolPart
from .model import Plan
from .outcome import places
from .state import ABSENT, State

NEIGHBOURS = 6
LATE = 24 * 60


def with_cost_of_moves(part: SchoolPart, keep: Plan) -> SchoolPart:
    """The school with `moved_visit` on every slot of a visit but the one it had, and its old hours and teams noted.

    Fixed visits stand in their old order: where two orders take the same way the first one given is taken.
    """
    before, costs = places(keep), part.data.slot_cost.copy()
    for v, visit in enumerate(part.visits):
        if visit.id in before:
            now = costs[v].copy()
            costs[v] += part.problem.costs.moved_visit
            slot = part.slot_no.get(before[visit.id][0], -1)
            if slot >= 0:
                costs[v, slot] = now[slot]
    data = part.data._replace(
        kept=True, slot_cost=costs, old_slot=part.data.old_slot.copy(), old_time=part.data.old_time.copy(),
        old_lead=part.data.old_lead.copy(), old_pal=part.data.old_pal.copy(), old_team=part.data.old_team.copy(),
    )  # fmt: skip
    for out in keep.outings:
        slot = part.slot_no.get(out.slot, -1)
        for stop in out.stops if slot >= 0 else ():
            v = part.visit_no.get(stop.visit)
            if v is not None:
                data.old_slot[v], data.old_time[v] = slot, stop.arrive - part.slots[slot].start
                data.old_lead[v] = part.teacher_no.get(out.lead, -1)
                data.old_pal[v] = part.teacher_no.get(out.companion, -1)
                data.old_team[v] = part.problem.costs.changed_team / len(out.stops)
    hours = {name: place[1] for name, place in before.items()}
    fixed = sorted(part.problem.fixed, key=lambda item: hours.get(item.visit, LATE))
    return replace(part, data=data, problem=replace(part.problem, fixed=tuple(fixed)))


def disturbed(part: SchoolPart, state: State) -> np.ndarray:
    """Visits from which the search may start: those without a place and their neighbours.

    All other visits only change when they must make room.
    """
    lost = {int(v) for v in state.absent[: state.count[ABSENT]]}
    found = set(lost)
    for v in lost:
        found |= {int(u) for u in part.data.near[v, :NEIGHBOURS] if u >= 0}
    return np.array(sorted(v for v in found if not state.pinned[v]), np.int32)


def extras_of(part: SchoolPart, keep: Plan) -> dict[tuple[int, int], int]:
    """Third persons of the old plan by slot and lead."""
    no = part.teacher_no
    return {
        (part.slot_no[out.slot], no[out.lead]): no[out.extra]
        for out in keep.outings
        if out.slot in part.slot_no and out.lead in no and out.extra in no
    }
