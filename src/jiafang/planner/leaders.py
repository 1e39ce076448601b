"""Leaders' quotas: who goes along as the third person, once the outings stand."""

import numpy as np

from .arrays import SchoolPart
from .model import Unmet
from .outcome import Route
from .wording import in_words


class _Calendars:
    """Who is out when, so that a third person can join."""

    def __init__(self, part: SchoolPart, routes: list[Route]) -> None:
        self.part, data = part, part.data
        self.busy = np.zeros((len(part.teachers), len(part.slots)), bool)
        self.weekly = np.zeros((len(part.teachers), max(1, len(part.mondays))), int)
        self.count = np.zeros(len(part.teachers), int)
        for route in routes:
            for t in {route.lead, route.pal, route.extra} - {-1}:
                self.busy[t, route.slot] = True
                self.count[t] += len(route.homes)
                self.weekly[t, data.week[route.slot]] += not route.online

    def can_join(self, t: int, route: Route) -> bool:
        """Whether a teacher can go along as the third person."""
        data = self.part.data
        if route.online or route.extra >= 0 or not data.free[t, route.slot] or self.busy[t, route.slot]:
            return False
        if self.weekly[t, data.week[route.slot]] >= data.cap[t]:
            return False
        reach = self.part.teachers[t].max_km
        return reach is None or all(self.part.km[v] <= reach for v in route.homes)

    def join(self, t: int, route: Route) -> None:
        """Send a teacher along."""
        route.extra = t
        self.busy[t, route.slot] = True
        self.weekly[t, self.part.data.week[route.slot]] += 1
        self.count[t] += len(route.homes)


def rejoin(part: SchoolPart, routes: list[Route], extras: dict[tuple[int, int], int]) -> None:
    """Third persons of an old plan, by slot and lead, go along again where they can."""
    if extras:
        calendars = _Calendars(part, routes)
        for route in routes:
            t = extras.get((route.slot, route.lead), -1)
            if t >= 0 and calendars.can_join(t, route):
                calendars.join(t, route)


def send_leaders(part: SchoolPart, routes: list[Route]) -> list[Unmet]:
    """Fill `extra` of routes so that quotas are met as far as possible; returns the quotas left short."""
    calendars = _Calendars(part, routes)
    quotas = [(part.teacher_no[q.teacher], q) for q in part.problem.leaders if q.teacher in part.teacher_no]
    # Leaders with the fewest chances choose first; each takes the fullest outings.
    quotas.sort(key=lambda pair: (sum(calendars.can_join(pair[0], r) for r in routes), pair[0]))
    short = []
    for t, quota in quotas:
        for route in sorted(routes, key=lambda r: (-len(r.homes), r.slot)):
            if calendars.count[t] >= quota.min_visits:
                break
            if calendars.can_join(t, route):
                calendars.join(t, route)
        if calendars.count[t] < quota.min_visits:
            short.append(Unmet(quota.teacher, int(calendars.count[t]), (in_words(_reason(part, t, routes)),)))
    return short


def _reason(part: SchoolPart, t: int, routes: list[Route]) -> dict:
    data = part.data
    free = [r for r in routes if not r.online and data.free[t, r.slot]]
    if data.cap[t] == 0:
        return {"code": "no_outings_allowed"}
    if not data.free[t].any():
        return {"code": "no_free_slot"}
    if not free:
        return {"code": "no_outing_when_free"}
    return {"code": "calendar_full", "outings": len(free)}
