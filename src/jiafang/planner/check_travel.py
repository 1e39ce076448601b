"""The checker's own reckoning of ways: apart from the solver's, so that one mistake cannot hide in both."""

import math
from collections.abc import Sequence

import numpy as np

from .model import Problem, School, Visit

RADIUS_KM = 6371.0088
SAME_PLACE_KM = 0.001
Place = School | Visit


def straight_km(one: Place, other: Place) -> float:
    """Great-circle kilometres between two places that are both known."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    turn = math.radians(other.lon - one.lon)
    part = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(turn / 2) ** 2
    return 2 * RADIUS_KM * math.asin(min(1.0, math.sqrt(part)))


class Ways:
    """Travel minutes between schools and homes of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.travel = problem.travel

    def minutes(self, one: Place, other: Place) -> int:
        """Whole minutes from one place to another."""
        if one.lat is None or other.lat is None:
            siblings = getattr(one, "household", None) == getattr(other, "household", "")
            return 0 if siblings else self.travel.unknown_min
        km = straight_km(one, other)
        if km < SAME_PLACE_KM:
            return 0
        left, total = km * self.travel.detour, float(self.travel.fixed_min)
        for leg in self.travel.legs:
            part = left if leg.km is None else min(left, leg.km)
            total += part * leg.min_per_km
            left -= part
        return math.ceil(total - 1e-9)

    def table(self, school: School, visits: Sequence[Visit]) -> np.ndarray:
        """Whole minutes between all of school (index 0) and visits (1…), as an int64 matrix."""
        places = [school, *visits]
        known = np.array([place.lat is not None for place in places])
        lat = np.radians([place.lat if place.lat is not None else 0.0 for place in places])
        lon = np.radians([place.lon if place.lon is not None else 0.0 for place in places])
        part = np.sin((lat[:, None] - lat) / 2) ** 2
        part += np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
        km = 2 * RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(part)))
        left, total = km * self.travel.detour, np.full(km.shape, float(self.travel.fixed_min))
        for leg in self.travel.legs:
            step = left if leg.km is None else np.minimum(left, leg.km)
            total += step * leg.min_per_km
            left = left - step
        found = np.ceil(total - 1e-9).astype(np.int64)
        found[km < SAME_PLACE_KM] = 0
        homes: dict[str, int] = {}
        house = np.array([-1, *(homes.setdefault(visit.household, len(homes)) for visit in visits)])
        unknown = ~(known[:, None] & known)
        siblings = (house[:, None] == house) & (house[:, None] >= 0)
        found[unknown] = self.travel.unknown_min
        found[unknown & siblings] = 0
        return found
