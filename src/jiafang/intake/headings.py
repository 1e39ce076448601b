"""Finding the heading rows of a sheet and what each column means; a person's own mapping overrides the guess."""

from __future__ import annotations

import re
from collections.abc import Mapping as Overrides
from dataclasses import dataclass, field

from ..lib.classnames import parse_class
from .fields import KINDS, SUBJECTS, meaning
from .guard import column_index, column_name
from .reader import Cell, Sheet

_DEEPEST = 15  # heading rows are looked for in the first rows only
KIND = "kind"  # the key under which an override names the table's kind; the others are column letters


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column of a sheet holds what.

    `columns` maps column keys to 0-based columns, `headings` columns to what stands above them, `first` is the
    0-based first data row, `implied` holds relation codes that headings say ("父亲姓名"), `constants` values that
    the sheet's name says for every row. `missing` are keys without which the table cannot be read.
    """

    kind: str
    first: int
    columns: dict[str, int]
    headings: dict[int, str]
    unknown: list[int] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    doubled: list[int] = field(default_factory=list)
    implied: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return not self.missing

    def missing_titles(self) -> list[str]:
        """Headings to ask for, in the words of the template."""
        return [KINDS[self.kind].column(key).title for key in self.missing]

    def as_overrides(self) -> dict[str, str]:
        """What the wizard shows and may send back: {"kind": …, "A": "name", …}."""
        return {KIND: self.kind} | {column_name(column): key for key, column in self.columns.items()}


def recognise(sheet: Sheet, kind: str, overrides: Overrides[str, str] | None = None) -> Mapping:
    """The best reading of a sheet as a table of this kind; look at `missing` before using it.

    `overrides` maps column letters to keys ("" leaves the column out); columns not named keep their own meaning.
    """
    best: Mapping | None = None
    for row in range(min(_DEEPEST, len(sheet.rows))):
        for depth in (1, 2):
            found = _read(sheet, kind, row, depth, overrides or {})
            # A second heading row is believed only when it tells more than the first alone.
            if found and (best is None or len(found.columns) > len(best.columns)):
                best = found
    return best or Mapping(kind, 0, {}, {}, missing=list(KINDS[kind].required))


def column_meanings(kind: str) -> list[tuple[str, str]]:
    """(key, title) of every column of a kind, for the wizard's lists; a matrix adds its subjects or weekdays."""
    plain = [(column.key, column.title) for column in KINDS[kind].columns]
    if kind == "teaching":
        return plain + [(f"subject:{subject}", subject) for subject in dict.fromkeys(SUBJECTS.values())]
    if kind == "busy":
        return plain + [(f"day:{n}", f"星期{day}") for n, day in enumerate("一二三四五六日", 1)]
    return plain


def _read(sheet: Sheet, kind: str, row: int, depth: int, overrides: Overrides[str, str]) -> Mapping | None:
    lines = [_spread(sheet, row + step) for step in range(depth)]
    if depth == 2 and not any(lines[1]):
        return None
    width = max(map(len, lines))
    lines = [line + [""] * (width - len(line)) for line in lines]
    texts = {}
    keys: dict[int, tuple[str, str]] = {}
    for column in range(width):
        parts = list(dict.fromkeys(line[column] for line in lines if line[column]))
        if not parts:
            continue
        texts[column] = " ".join(parts)
        for words in ("".join(parts), parts[-1], parts[0]):
            keys[column] = meaning(kind, words)
            if keys[column][0]:
                break
    for letters, key in overrides.items():
        if letters != KIND:
            column = column_index(letters)
            keys[column] = (key, "")
            texts.setdefault(column, letters)
    columns: dict[str, int] = {}
    implied, unknown, doubled = {}, [], []
    for column in sorted(keys):
        key, relation = keys[column]
        if not key:
            if column_name(column) not in overrides:
                unknown.append(column)
        elif key in columns:
            doubled.append(column)
        else:
            columns[key] = column
            if relation:
                implied[f"{key.split('_')[0]}_relation"] = relation
    if not columns or (len(columns) < 2 and not overrides):
        return None
    constants = _constants(sheet, kind, columns)
    missing = _missing(kind, columns, constants)
    return Mapping(kind, row + depth, columns, texts, unknown, missing, doubled, implied, constants)


def _missing(kind: str, columns: dict[str, int], constants: dict[str, str]) -> list[str]:
    held = columns.keys() | constants.keys()
    missing = [key for key in KINDS[kind].required if key not in held]
    if kind == "coordinates":
        if "place" not in held:
            missing += [key for key in ("lon", "lat") if key not in held]
        if not held & {"student_number", "id_number"} and not {"klass", "name"} <= held:
            missing.append("student_number")
    if kind == "teaching" and not any(key.startswith("subject:") or key == "class_teacher" for key in held):
        missing.append("class_teacher")
    if kind == "busy" and not any(key.startswith("day:") for key in held):
        missing += [key for key in ("name", "weekday", "starts", "ends") if key not in held]
    if kind == "classes" and not held & {"grade", "entered", "klass"}:
        missing.append("klass")
    return missing


def _constants(sheet: Sheet, kind: str, columns: dict[str, int]) -> dict[str, str]:
    """A sheet per class is named after it."""
    if kind in ("students", "survey") and "klass" not in columns:
        name = re.sub(r"(学生|花名册|名单|学籍|摸排表|信息|表)+$", "", sheet.name.strip())
        found = parse_class(name)
        if found and found.number and (found.grade or found.entered):
            return {"klass": name}
    return {}


def _spread(sheet: Sheet, row: int) -> list[str]:
    """The texts of a heading row, with merged cells spread over all they cover."""
    line = [_text(cell) for cell in (sheet.rows[row] if row < len(sheet.rows) else [])]
    for top, left, bottom, right in sheet.merged:
        if top <= row <= bottom:
            words = _text(sheet.cell(top, left))
            line += [""] * (right + 1 - len(line))
            for column in range(left, right + 1):
                line[column] = words
    return line


def _text(cell: Cell) -> str:
    # Figures, and sentences such as a line of instructions, are no headings.
    return cell.strip() if isinstance(cell, str) and len(cell) <= 60 else ""
