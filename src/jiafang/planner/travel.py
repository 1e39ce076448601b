"""Minutes between a school and homes from coordinates, as the file format defines them; no routes."""

import numpy as np

from .model import School, Travel, Visit

EARTH_KM = 6371.0088
SAME_KM = 0.001


def straight_km(lat_a: np.ndarray, lon_a: np.ndarray, lat_b: np.ndarray, lon_b: np.ndarray) -> np.ndarray:
    """Great-circle distance in km between points given in degrees (arrays that broadcast)."""
    lat_a, lon_a, lat_b, lon_b = (np.radians(np.asarray(x, float)) for x in (lat_a, lon_a, lat_b, lon_b))
    half = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, half)))


def minutes_of(km: np.ndarray, travel: Travel) -> np.ndarray:
    """Whole minutes (int32) for straight-line distances in km."""
    left, total = km * travel.detour, np.full(km.shape, float(travel.fixed_min))
    for leg in travel.legs:
        part = left if leg.km is None else np.minimum(left, leg.km)
        total += part * leg.min_per_km
        left = left - part
    return np.where(km < SAME_KM, 0, np.ceil(total - 1e-9)).astype(np.int32)


def matrix(school: School, visits: list[Visit], travel: Travel) -> tuple[np.ndarray, np.ndarray]:
    """Minutes between all points, the school first (int32, n+1 square), and km from the school to each home.

    The distance of an unknown place is infinite, its minutes are `unknown_min`.
    """
    known = np.array([True] + [v.lat is not None for v in visits])
    lat = np.array([school.lat] + [v.lat if v.lat is not None else 0.0 for v in visits], float)
    lon = np.array([school.lon] + [v.lon if v.lon is not None else 0.0 for v in visits], float)
    km = straight_km(lat[:, None], lon[:, None], lat[None, :], lon[None, :])
    minutes = minutes_of(km, travel)
    vague = ~(known[:, None] & known[None, :])
    minutes[vague] = travel.unknown_min
    household: dict[str, int] = {}
    homes = np.array([-1] + [household.setdefault(v.household, len(household)) for v in visits])
    minutes[vague & (homes[:, None] == homes[None, :])] = 0
    np.fill_diagonal(minutes, 0)
    return minutes, np.where(known[1:], km[0, 1:], np.inf)
