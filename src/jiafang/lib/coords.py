"""Coordinates: GCJ-02 (Amap, Tencent) to WGS-84, distances, and whether a pair can be a place in China."""

from __future__ import annotations

from math import asin, cos, hypot, isfinite, pi, radians, sin, sqrt

EARTH_KM = 6371.0088
_A, _EE = 6378245.0, 0.00669342162296594323  # Krasovsky 1940, the ellipsoid GCJ-02 is made with


def haversine_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in km on a sphere of 6371.0088 km; degrees in."""
    half_lat, half_lon = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    h = sin(half_lat) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(half_lon) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(h)))


def in_china(lat: float, lon: float) -> bool:
    """Whether a pair of degrees lies in the box around China (also tells swapped latitude and longitude)."""
    return isfinite(lat) and isfinite(lon) and 3.0 <= lat <= 54.0 and 73.0 <= lon <= 136.0


def wgs84_to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """(lat, lon) as Chinese maps shift it."""
    x, y = lon - 105.0, lat - 35.0
    wave = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + wave
    d_lat += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    d_lat += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + wave
    d_lon += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    d_lon += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    magic = 1 - _EE * sin(radians(lat)) ** 2
    meridian = _A * (1 - _EE) / (magic * sqrt(magic)) * pi / 180
    parallel = _A / sqrt(magic) * cos(radians(lat)) * pi / 180
    return lat + d_lat / meridian, lon + d_lon / parallel


def gcj02_to_wgs84(lat: float, lon: float) -> tuple[float, float]:
    """(lat, lon) back from a Chinese map's pair, to well under a metre, by fixed-point iteration."""
    guess_lat, guess_lon = lat, lon
    for _ in range(20):
        made_lat, made_lon = wgs84_to_gcj02(guess_lat, guess_lon)
        off_lat, off_lon = made_lat - lat, made_lon - lon
        guess_lat, guess_lon = guess_lat - off_lat, guess_lon - off_lon
        if hypot(off_lat, off_lon) < 1e-9:
            break
    return guess_lat, guess_lon
