"""A whole file at once: every sheet recognised and read, and the faults that only show across rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from collections.abc import Mapping as Given
from dataclasses import dataclass, replace

from .headings import Mapping
from .kinds import detect, is_notes
from .reader import Sheet, Workbook
from .records import CellError, Row, StaffRow, StudentRow, Table
from .rows import read_table

SKIP = "skip"  # an override's kind: leave the sheet out


@dataclass(frozen=True, slots=True)
class Reading:
    """One sheet of a file: how it was understood and, when that was enough, what it holds."""

    sheet: Sheet
    mapping: Mapping | None
    table: Table


def read_tables(workbook: Workbook, overrides: Given[str, Given[str, str]] | None = None) -> list[Reading]:
    """Read every sheet that holds a table; explanations are passed over.

    `overrides` are the wizard's choices by sheet name (see `headings.recognise`; kind "skip" leaves a sheet out).
    A sheet that cannot be recognised, or lacks a needed column, becomes a table with one error on its first row.
    """
    readings = []
    for sheet in workbook:
        chosen = (overrides or {}).get(sheet.name)
        if chosen and chosen.get("kind") == SKIP:
            continue
        if not chosen and is_notes(sheet) and len(workbook.sheets) > 1:
            continue
        readings.append(_read(sheet, detect(sheet, chosen)))
    return _with_doubles(readings)


def _read(sheet: Sheet, mapping: Mapping | None) -> Reading:
    if mapping is None:
        message = "认不出这张表。请检查表头（如 班级、姓名），或者在网页上导入时自己对应各列。"
        return Reading(sheet, None, _refused("", sheet, 1, "unknown_table", message))
    if not mapping.complete:
        titles = "、".join(mapping.missing_titles())
        message = f"这张表缺少必需的列：{titles}。请补上，或者在网页上导入时自己对应各列。"
        return Reading(sheet, mapping, _refused(mapping.kind, sheet, mapping.first or 1, "missing_column", message))
    table = read_table(sheet, mapping)
    if mapping.doubled:
        names = "、".join(mapping.headings[column] for column in mapping.doubled)
        note = CellError(sheet.name, mapping.first, "", names, "", "doubled_column", f"“{names}”出现了不止一列，只读取第一列。")
        table.warnings.append(note)
    return Reading(sheet, mapping, table)


def _refused(kind: str, sheet: Sheet, row: int, code: str, message: str) -> Table:
    return Table(kind, sheet.name, [], [CellError(sheet.name, row, "", "", "", code, message)], [], 0)


def _with_doubles(readings: list[Reading]) -> list[Reading]:
    """Take out of all sheets together the rows that say something twice, each with an error naming the other."""
    pairs = [(reading.table, row) for reading in readings for row in reading.table.rows]
    students = [(table, row) for table, row in pairs if isinstance(row, StudentRow)]
    staff = [(table, row) for table, row in pairs if isinstance(row, StaffRow)]
    bad: set[int] = set()
    for key, code, what in (
        ("student_number", "duplicate_student_number", "学籍号"),
        ("id_number", "duplicate_id_number", "身份证件号"),
    ):
        for table, row, other in _repeated(students, lambda row, key=key: getattr(row, key)):
            if id(row) in bad:
                continue
            bad.add(id(row))
            value = getattr(row, key)
            if row.name == other.name:
                said = f"这名学生在{_where(row, other)}已经出现过，同一名学生只留一行。"
                table.errors.append(table.error(row.row, key, value, "same_child_twice", said))
            else:
                said = f"这个{what}与{_where(row, other)}另一名学生的相同，请核对是谁的。"
                table.errors.append(table.error(row.row, key, value, code, said))
    for table, row, other in _repeated(students, _told_by_name):
        if id(row) not in bad and not _apart(row, other):
            bad.add(id(row))
            said = f"{_where(row, other)}也有一名{row.klass}的同名学生。如果是同一人请删去一行；如果是两个人，请都填上学籍号。"
            table.errors.append(table.error(row.row, "name", row.name, "same_name", said))
    for table, row, other in _repeated(staff, lambda row: row.number and (row.school, row.number)):
        bad.add(id(row))
        said = f"工号与{_where(row, other)}的{other.name}相同，请核对。"
        table.errors.append(table.error(row.row, "number", row.number, "duplicate_staff_number", said))
    for table, row, other in _repeated(staff, lambda row: (row.school, row.name)):
        if id(row) not in bad and not (row.number and other.number):
            bad.add(id(row))
            said = f"{_where(row, other)}也有一位{row.name}。如果是两个人，请都填上工号；如果是同一人，请删去一行。"
            table.errors.append(table.error(row.row, "name", row.name, "same_name", said))
    if not bad:
        return readings
    return [
        replace(
            reading,
            table=replace(
                reading.table,
                rows=[row for row in reading.table.rows if id(row) not in bad],
                errors=sorted(reading.table.errors, key=lambda error: error.row),
            ),
        )
        for reading in readings
    ]


def _repeated(
    pairs: Iterable[tuple[Table, Row]], key: Callable[[Row], Hashable]
) -> Iterable[tuple[Table, Row, Row]]:
    """(table, row, earlier row) for every row whose key was there before; empty keys are left alone."""
    seen: dict[Hashable, Row] = {}
    for table, row in pairs:
        value = key(row)
        if not value:
            continue
        if value in seen:
            yield table, row, seen[value]
        else:
            seen[value] = row


def _told_by_name(row: StudentRow) -> Hashable:
    parsed = row.klass.parsed
    return (row.school, parsed if parsed and parsed.number else str(row.klass), row.name)


def _apart(row: StudentRow, other: StudentRow) -> bool:
    """Whether two students of one name in one class are surely two: each has a number of its own."""
    return bool((row.student_number and other.student_number) or (row.id_number and other.id_number))


def _where(row: Row, other: Row) -> str:
    place = f"第 {other.row} 行"
    return place if row.sheet == other.sheet else f"工作表“{other.sheet}”{place}"
