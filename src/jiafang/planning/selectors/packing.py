"""A problem's file made small for keeping: each set of slots is written once instead of once a visit."""

from typing import Any

_SETS = {"teachers": ("free",), "visits": ("possible", "wished")}


def pack(problem: dict[str, Any]) -> dict[str, Any]:
    """``{"sets": […], "problem": …}`` in which every list of slots is the number of its set."""
    sets: dict[tuple[str, ...], int] = {}
    small = dict(problem)
    for group, keys in _SETS.items():
        small[group] = [
            item | {key: sets.setdefault(tuple(item[key]), len(sets)) for key in keys} for item in problem[group]
        ]
    return {"sets": [list(names) for names in sets], "problem": small}


def unpack(packed: dict[str, Any]) -> dict[str, Any]:
    """The problem again, lists of equal slots shared."""
    sets, whole = packed["sets"], dict(packed["problem"])
    for group, keys in _SETS.items():
        whole[group] = [item | {key: sets[item[key]] for key in keys} for item in whole[group]]
    return whole
