"""Coordinates: shift there and back, distance, plausibility."""

from math import isclose

import pytest

from jiafang.lib import coords


@pytest.mark.parametrize(("lat", "lon"), [(40.61, 109.86), (31.81, 119.97), (22.54, 114.06), (43.79, 87.6)])
def test_gcj02_returns_to_wgs84_within_a_millimetre(lat, lon):
    back = coords.gcj02_to_wgs84(*coords.wgs84_to_gcj02(lat, lon))
    assert coords.haversine_km(lat, lon, *back) < 1e-6


def test_the_shift_is_the_known_one():
    # Tiananmen: WGS-84 39.90734, 116.39089 stands at about 39.90874, 116.39713 on Amap.
    lat, lon = coords.wgs84_to_gcj02(39.90734, 116.39089)
    assert coords.haversine_km(lat, lon, 39.90874, 116.39713) < 0.01


def test_distance():
    degree = coords.haversine_km(0, 0, 0, 1)
    assert isclose(degree, 6371.0088 * 3.141592653589793 / 180)
    assert coords.haversine_km(40, 110, 40, 110) == 0
    assert isclose(coords.haversine_km(0, 0, 0, 180), 6371.0088 * 3.141592653589793)


def test_swapped_degrees_are_not_in_china():
    assert coords.in_china(40.61, 109.86)
    assert not coords.in_china(109.86, 40.61)
    assert not coords.in_china(float("nan"), 109.86)
