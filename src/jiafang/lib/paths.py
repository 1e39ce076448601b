"""Unit paths such as "1.2.3.": ancestry as plain strings, so that a subtree is one index range."""

from __future__ import annotations


def child(parent: str, pk: int) -> str:
    """The path of unit `pk` under `parent` ("" at the top)."""
    return f"{parent}{pk}."


def within(path: str, ancestor: str) -> bool:
    """Whether `path` is `ancestor` or lies below it. Nothing is within "": no reach is not all."""
    return bool(ancestor) and path.startswith(ancestor)


def upper(path: str) -> str:
    """Exclusive end of the subtree: path >= p and path < upper(p). Needs byte order (C collation)."""
    if not path.endswith("."):
        raise ValueError(f"a unit path ends with a dot: {path!r}")
    return path[:-1] + "/"  # "/" is the character after "."


def parents(path: str) -> list[str]:
    """Every proper ancestor from the root down: "1.2.3." gives ["1.", "1.2."]."""
    parts = path.split(".")[:-2]
    return [".".join(parts[: depth + 1]) + "." for depth in range(len(parts))]


def outermost(paths: set[str]) -> list[str]:
    """The paths that lie in no other one, sorted: the fewest ranges that cover the same units."""
    kept: list[str] = []
    for path in sorted(paths):
        if not (kept and within(path, kept[-1])):
            kept.append(path)
    return kept
