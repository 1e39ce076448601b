"""Identifiers sort by time; paths answer questions of ancestry."""

import time

import pytest

from jiafang.lib import paths
from jiafang.lib.ids import uuid7


def test_uuid7_is_version_7_and_strictly_increasing():
    made = [uuid7() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == 5000
    assert {(u.version, u.variant) for u in made} == {(7, "specified in RFC 4122")}


def test_uuid7_carries_the_time():
    stamp = uuid7().int >> 80
    assert abs(stamp / 1000 - time.time()) < 60


def test_within_knows_whole_steps_only():
    assert paths.within("1.2.3.", "1.2.")
    assert paths.within("1.2.", "1.2.")
    assert not paths.within("1.23.", "1.2.")
    assert not paths.within("1.2.", "")


def test_upper_bounds_the_subtree():
    inside, outside = ["1.2.", "1.2.3.", "1.2.99.1."], ["1.1.", "1.20.", "1.3.", "2."]
    assert all("1.2." <= p < paths.upper("1.2.") for p in inside)
    assert not any("1.2." <= p < paths.upper("1.2.") for p in outside)
    with pytest.raises(ValueError, match="dot"):
        paths.upper("1.2")


def test_parents_child_outermost():
    assert paths.parents("1.2.3.") == ["1.", "1.2."]
    assert paths.parents("1.") == []
    assert paths.child("1.2.", 3) == "1.2.3."
    assert paths.child("", 3) == "3."
    assert paths.outermost({"1.2.", "1.2.3.", "1.20.", "1.2.4."}) == ["1.2.", "1.20."]
