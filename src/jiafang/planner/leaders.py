"""Leaders' quotas: who goes along as the third person, once the outings stand."""

import numpy as np

from .arrays import SchoolPart
from .model import Unmet
from .outcome import Route


def send_leaders(part: SchoolPart, routes: list[Route]) -> list[Unmet]:
    """Fill `extra` of routes so that quotas are met as far as possible; returns the quotas left short."""
    data = part.data
    busy = np.zeros((len(part.teachers), len(part.slots)), bool)
    weekly = np.zeros((len(part.teachers), len(part.mondays)), int)
    count = np.zeros(len(part.teachers), int)
    for route in routes:
        for t in {route.lead, route.pal, route.extra} - {-1}:
            busy[t, route.slot] = True
            count[t] += len(route.homes)
            weekly[t, data.week[route.slot]] += not route.online
    quotas = [(part.teacher_no[q.teacher], q) for q in part.problem.leaders if q.teacher in part.teacher_no]

    def can_join(t: int, route: Route) -> bool:
        if route.online or route.extra >= 0 or not data.free[t, route.slot] or busy[t, route.slot]:
            return False
        if weekly[t, data.week[route.slot]] >= data.cap[t]:
            return False
        reach = part.teachers[t].max_km
        return reach is None or all(part.km[v] <= reach for v in route.homes)

    # Leaders with the fewest chances choose first; each takes the fullest outings.
    quotas.sort(key=lambda pair: (sum(can_join(pair[0], r) for r in routes), pair[0]))
    short = []
    for t, quota in quotas:
        for route in sorted(routes, key=lambda r: (-len(r.homes), r.slot)):
            if count[t] >= quota.min_visits:
                break
            if can_join(t, route):
                route.extra = t
                busy[t, route.slot] = True
                weekly[t, data.week[route.slot]] += 1
                count[t] += len(route.homes)
        if count[t] < quota.min_visits:
            short.append(Unmet(quota.teacher, int(count[t]), (_reason(part, t, routes),)))
    return short


def _reason(part: SchoolPart, t: int, routes: list[Route]) -> dict:
    data = part.data
    free = [r for r in routes if not r.online and data.free[t, r.slot]]
    if data.cap[t] == 0:
        return {"code": "no_outings_allowed", "text": "这位教师每周外出上限为 0"}
    if not data.free[t].any():
        return {"code": "no_free_slot", "text": "这位教师没有可用时段"}
    if not free:
        return {"code": "no_outing_when_free", "text": "这位教师有空的时段里没有外出家访"}
    return {"code": "calendar_full", "outings": len(free), "text": "有空时段的外出已满员、太远或达到每周上限"}
