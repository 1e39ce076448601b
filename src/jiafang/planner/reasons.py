"""Why a visit is not in the plan: the rule that binds, from the most basic on, in code and figures; no words."""

import numpy as np

from .arrays import SchoolPart
from .possible import lead_slots, releases


def reasons_of(part: SchoolPart, absent: list[int]) -> list[tuple[dict, ...]]:
    """For each absent visit its binding rules."""
    first_days = releases(part.data) if absent else None
    gone = set(absent)
    return [(_reason(part, v, gone, first_days),) for v in absent]


def _reason(part: SchoolPart, v: int, gone: set[int], first_days: np.ndarray) -> dict:
    data, visit = part.data, part.visits[v]
    leads = data.lead_of[data.lead_at[v] : data.lead_at[v + 1]]
    pals = data.pal_of[data.pal_at[v] : data.pal_at[v + 1]]
    slots = np.isfinite(data.slot_cost[v])
    alone = bool(data.online[v]) or not data.pairs
    if any(item.visit == visit.id for item in part.problem.fixed):
        return {"code": "fixed_conflict"}
    if not visit.leads:
        return {"code": "no_lead"}
    if not len(leads):
        return {"code": "lead_too_far", "leads": len(visit.leads)}
    if not alone and not len(pals):
        code = "companion_too_far" if visit.companions else "no_companion"
        return {"code": code, "companions": len(visit.companions)}
    if not visit.possible:
        return {"code": "nothing_possible"}
    if not slots.any():
        return {"code": "no_slot", "slots": len(visit.possible)}
    need = int(data.minutes[v]) + (0 if data.online[v] else 2 * int(data.way0[v]))
    roomy = slots & (data.length >= need)
    if not roomy.any():
        longest = int(data.length[slots].max())
        return {"code": "too_long", "minutes": need, "slot_minutes": longest}
    led = roomy & data.free[leads].any(axis=0)
    if not led.any():
        return {"code": "no_common_slot", "slots": int(roomy.sum()), "leads": len(leads)}
    first = int(data.first[v])
    if first >= 0:
        name = part.visits[first].id
        if first in gone:
            return {"code": "first_unplaced", "visit": name}
        if first_days[v] < 0 and first_days[first] >= 0:
            return {"code": "too_soon_after", "visit": name, "min_days": int(data.gap[v])}
    both = np.zeros(len(slots), bool)
    common = sum(lead_slots(data, v, int(t), 0, both) for t in leads)
    if not common:
        return {"code": "no_common_pair", "slots": int(led.sum())}
    return {"code": "calendars_full", "slots": int(common)}
