"""Tables that are read across: who teaches what in which class, and who is busy on which weekday."""

from __future__ import annotations

import re
from datetime import time

from ..lib import text
from ..lib.codes import CodeTable
from .cells import Cells, written
from .fields import WEEKDAYS
from .guard import column_name
from .records import BusyRow, TeacherName, TeachingRow

_TIMES = re.compile(r"(\d{1,2})[:：点.](\d{2})?\s*(?:[-—–~～至到]+)\s*(\d{1,2})[:：点.](\d{2})?")
_PERIOD = re.compile(r"第?([一二三四五六七八九]|\d)节")
_BUSY_KINDS = CodeTable(
    "事由",
    {"lesson": "上课", "after_school": "课后服务", "evening_study": "晚自习", "duty": "值班"},
    {
        "课表 课程表 课 有课 授课": "lesson",
        "课后延时 课后延时服务 延时服务 课后托管 课后": "after_school",
        "晚自修 自习": "evening_study",
        "值日 值周 值守 护校": "duty",
    },
)


def teaching_row(cells: Cells) -> TeachingRow | None:
    """One class of the matrix 班级 | 班主任 | 语文 | 数学 | …; an empty cell says nothing."""
    klass = cells.klass()
    subjects: list[tuple[str, TeacherName]] = []
    columns = {}
    for key, column in cells.mapping.columns.items():
        if key.startswith("subject:"):
            subject = key.removeprefix("subject:")
            columns[subject] = column_name(column)
            subjects += [(subject, teacher) for teacher in cells.teachers(key)]
    heads = cells.teachers("class_teacher")
    if len(heads) > 1:
        cells.fail("class_teacher", "two_class_teachers", "一个班只能有一位班主任，副班主任请写在任教学科里。")
    if klass is None:
        return None
    return TeachingRow(
        cells.sheet.name,
        cells.number,
        klass,
        cells.text("school"),
        heads[0] if heads else None,
        tuple(subjects),
        columns,
    )


def busy_rows(cells: Cells) -> tuple[list[BusyRow], int]:
    """Rows of a weekday × period grid (cells name teachers), or of a list 姓名 | 星期 | 开始 | 结束 | 事由.

    A period without clock times is an error: how long a school's lessons last cannot be guessed.
    """
    days = {int(key[4:]): column for key, column in cells.mapping.columns.items() if key.startswith("day:")}
    above = [written(cell) for line in cells.sheet.rows[: cells.mapping.first] for cell in line]
    usual = _kind_in([cells.sheet.name, *above])
    rows: list[BusyRow] = []
    total = 0
    for _ in cells:
        total += 1
        rows += _grid_line(cells, days, usual) if days else _list_line(cells, usual)
    return rows, total


def _grid_line(cells: Cells, days: dict[int, int], usual: str) -> list[BusyRow]:
    line = cells.rows[cells.index]
    label = " ".join(text.half(written(cell)) for cell in line[: min(days.values())])
    span = _span(label)
    if span is None:
        if any(column < len(line) and line[column] for column in days.values()):
            cells.fail("", "no_times", "这一行没有写起止时间，请在节次后面写上，如 第8节 16:40-17:20。", label, 0)
        return []
    kind = _kind_in([label]) or usual or "lesson"
    found = []
    for weekday, column in days.items():
        for teacher in cells.teachers(f"day:{weekday}"):
            found.append(BusyRow(cells.sheet.name, cells.number, column_name(column), teacher, weekday, *span, kind))
    return [] if cells.faulty else found


def _list_line(cells: Cells, usual: str) -> list[BusyRow]:
    teachers = cells.teachers("name")
    number = cells.code("number")
    day = text.half(written(cells.raw("weekday")))
    weekday = WEEKDAYS.get(day) or WEEKDAYS.get(f"周{day}")
    if weekday is None:
        cells.fail("weekday", "bad_weekday", f"“{day}”不是星期几，请写成 周一 … 周日。", day)
    span = _span(f"{text.half(written(cells.raw('starts')))}-{text.half(written(cells.raw('ends')))}")
    if span is None:
        cells.fail("starts", "no_times", "起止时间读不出来，请写成 16:40 这样，结束要晚于开始。")
    kind = _BUSY_KINDS.parse(cells.plain("reason")) or usual or "lesson"
    if not teachers and not cells.faulty:
        cells.fail("name", "missing", "没有填姓名。")
    if cells.faulty:
        return []
    column = column_name(cells.mapping.columns["name"])
    return [
        BusyRow(
            cells.sheet.name, cells.number, column, TeacherName(teacher.name, teacher.number or number), weekday, *span, kind
        )
        for teacher in teachers
    ]


def _span(label: str) -> tuple[time, time] | None:
    match = _TIMES.search(label)
    if not match:
        return None
    first, last = int(match[1]) * 60 + int(match[2] or 0), int(match[3]) * 60 + int(match[4] or 0)
    if not 0 <= first < last < 24 * 60:
        return None
    return time(*divmod(first, 60)), time(*divmod(last, 60))


def _kind_in(texts: list[str]) -> str:
    """The engagement a sheet's name, title or row label speaks of; "" when none."""
    joined = " ".join(texts)
    for words, kind in (("值班", "duty"), ("值日", "duty"), ("晚自", "evening_study"), ("延时", "after_school"), ("课后", "after_school")):
        if words in joined:
            return kind
    return "lesson" if "课表" in joined or _PERIOD.search(joined) else ""
