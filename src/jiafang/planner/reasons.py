"""Why a visit is not in the plan: the rules that bind, from the most basic on, in code, figures and Chinese."""

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
        return {"code": "fixed_conflict", "text": "已固定的安排走不通：放不进该时段，或与其他固定安排、先后顺序冲突"}
    if not visit.leads:
        return {"code": "no_lead", "text": "没有可带队的教师"}
    if not len(leads):
        return {"code": "lead_too_far", "leads": len(visit.leads), "text": "可带队的教师都受距离或外出次数限制，去不了"}
    if not alone and not len(pals):
        code = "companion_too_far" if visit.companions else "no_companion"
        return {"code": code, "companions": len(visit.companions), "text": "没有能同行的教师"}
    if not slots.any():
        return {"code": "no_slot", "slots": len(visit.possible), "text": "家长可选的时段都不在规定日期内"}
    need = int(data.minutes[v]) + (0 if data.online[v] else 2 * int(data.way0[v]))
    roomy = slots & (data.length >= need)
    if not roomy.any():
        longest = int(data.length[slots].max())
        return {"code": "too_long", "minutes": need, "slot_minutes": longest,
                "text": f"往返加访谈要 {need} 分钟，最长的可选时段只有 {longest} 分钟"}  # fmt: skip
    led = roomy & data.free[leads].any(axis=0)
    if not led.any():
        return {"code": "no_common_slot", "slots": int(roomy.sum()), "leads": len(leads),
                "text": f"家长可选的 {int(roomy.sum())} 个时段里，可带队的教师都没有空"}  # fmt: skip
    first = int(data.first[v])
    if first >= 0:
        name = part.visits[first].id
        if first in gone:
            return {"code": "first_unplaced", "visit": name, "text": f"须排在“{name}”之后，而它没有排上"}
        if first_days[v] < 0 and first_days[first] >= 0:
            return {"code": "too_soon_after", "visit": name, "min_days": int(data.gap[v]),
                    "text": f"与“{name}”须间隔 {int(data.gap[v])} 天，之后没有可用时段"}  # fmt: skip
    both = np.zeros(len(slots), bool)
    common = sum(lead_slots(data, v, int(t), 0, both) for t in leads)
    if not common:
        return {"code": "no_common_pair", "slots": int(led.sum()),
                "text": f"带队教师有空的 {int(led.sum())} 个时段里，没有能同行的教师"}  # fmt: skip
    return {"code": "calendars_full", "slots": int(common),
            "text": f"{int(common)} 个可行时段里，教师已有安排或达到每周上限"}  # fmt: skip
