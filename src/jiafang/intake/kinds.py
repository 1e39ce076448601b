"""Telling which kind of table a sheet is, by its headings first and its name second."""

from __future__ import annotations

from collections.abc import Mapping as Overrides

from .fields import KINDS, meaning
from .headings import KIND, Mapping, recognise
from .reader import Sheet

_LIFE = frozenset({"sex", "born", "address", "member1_name", "member1_phone", "phone"})
_NOTES = ("说明", "须知", "目录", "代码", "字典", "示例", "样表", "模板说明")


def detect(sheet: Sheet, overrides: Overrides[str, str] | None = None) -> Mapping | None:
    """The sheet's mapping as the kind it fits best; None when it fits none. An override may name the kind."""
    if overrides and overrides.get(KIND):
        return recognise(sheet, overrides[KIND], overrides)
    best, best_score = None, 0.0
    for kind in KINDS.values():
        mapping = recognise(sheet, kind.key, overrides)
        score = _score(sheet, mapping)
        if score > best_score:
            best, best_score = mapping, score
    return best


def is_notes(sheet: Sheet) -> bool:
    """Whether a sheet is explanation rather than a table: empty, named so, or a single column."""
    filled = {column for row in sheet.rows for column, cell in enumerate(row) if cell != ""}
    return len(filled) < 2 or any(word in sheet.name for word in _NOTES)


def _score(sheet: Sheet, mapping: Mapping) -> float:
    kind = KINDS[mapping.kind]
    keys = mapping.columns.keys()
    signs = len(keys & kind.signs) + sum(key.startswith(("subject:", "day:")) for key in keys)
    if not signs or len(keys) + len(mapping.constants) < 2:
        return 0
    if kind.key == "teaching" and any(meaning("staff", mapping.headings[c])[0] == "name" for c in mapping.unknown):
        return 0  # a row per person, not per class
    if kind.key == "students" and keys & {"lon", "place"} and not keys & _LIFE:
        return 0  # numbers beside degrees only: a table of coordinates
    share = len(keys) / (len(keys) + len(mapping.unknown))
    named = any(word in sheet.name for word in kind.sheet_words.split())
    return len(keys) + 2 * signs + 3 * share + 2 * named - 6 * len(mapping.missing)
