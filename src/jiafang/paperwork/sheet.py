"""Ledgers (台账) as Excel files: one sheet, one heading row, one print set-up; row after row, in constant memory."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from jiafang.lib.errors import Problem

from .forms import SHANGHAI, FormSchema, VisitHeader, clean_text, shown_value

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_000
KINDS = ("text", "centre", "number", "date", "time", "serial")


@dataclass(frozen=True, slots=True)
class Column:
    """A ledger column: `key` finds the value in a row, `width` is in characters; `serial` counts by itself."""

    key: str
    title: str
    width: float = 12
    kind: str = "text"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(self.kind)


_SERIAL = Column("serial", "序号", 6, "serial")

VISIT_LEDGER = (
    _SERIAL,
    Column("date", "日期", 12, "date"),
    Column("klass", "班级", 13, "centre"),
    Column("student", "学生", 10, "centre"),
    Column("teacher", "家访教师", 10, "centre"),
    Column("companion", "同行", 12, "centre"),
    Column("mode", "形式", 10, "centre"),
    Column("guardian", "受访家长", 12, "centre"),
    Column("summary", "主题摘要", 34),
    Column("demands", "诉求", 26),
    Column("handling", "处理", 20),
    Column("remarks", "备注", 14),
)

CARE_LEDGER = (
    _SERIAL,
    Column("klass", "班级", 13, "centre"),
    Column("student", "姓名", 10, "centre"),
    Column("kinds", "类型", 14, "centre"),
    Column("situation", "情况", 28),
    Column("teacher", "责任教师", 10, "centre"),
    Column("helper", "帮扶教师", 10, "centre"),
    Column("measures", "措施", 28),
    Column("visited", "家访时间", 13, "date"),
    Column("follow_up", "跟进", 24),
    Column("effect", "成效", 20),
)

DEMAND_LEDGER = (
    _SERIAL,
    Column("date", "日期", 12, "date"),
    Column("source", "来源", 10, "centre"),
    Column("klass", "班级", 13, "centre"),
    Column("guardian", "家长", 10, "centre"),
    Column("content", "内容", 40),
    Column("category", "类别", 12, "centre"),
    Column("answer", "当场答复", 32),
    Column("rectified", "转整改", 10, "centre"),
)

RECTIFICATION_LEDGER = (
    _SERIAL,
    Column("demand_number", "诉求号", 10, "centre"),
    Column("issue", "问题", 28),
    Column("measures", "措施", 28),
    Column("department", "责任部门", 12, "centre"),
    Column("person", "责任人", 10, "centre"),
    Column("due", "时限", 12, "date"),
    Column("progress", "进展", 20),
    Column("done", "完成日期", 12, "date"),
    Column("feedback", "反馈", 20),
    Column("rating", "评价", 10, "centre"),
    Column("closed", "销号", 8, "centre"),
)


def form_columns(schema: FormSchema) -> tuple[Column, ...]:
    """A record form as ledger columns, one for each field after the serial number."""
    return (
        _SERIAL,
        *(
            Column(
                item.key,
                item.label,
                34 if item.kind == "long_text" else 14,
                "text" if item.kind == "long_text" else "centre",
            )
            for item in schema.fields
        ),
    )


def form_row(schema: FormSchema, answers: Mapping[str, Any], header: VisitHeader) -> dict[str, str]:
    """A record as a row for `form_columns`."""
    return {item.key: shown_value(item, answers, header) for item in schema.fields}


def write_ledger(
    target: str | Path | io.BytesIO,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    notes: Sequence[str] = (),
) -> int:
    """Write one ledger and return its number of rows.

    Rows are read one by one and may be a generator; a missing key leaves an empty cell. Texts stay texts, whatever
    they begin with: no formula and no link is ever written. Prints on A4 landscape, headings repeated on each page.
    Raises `Problem("too_large")` beyond what a sheet holds.
    """
    # Formulas and links are never guessed: only write_string is used for text.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    destination = target if isinstance(target, io.BytesIO) else str(target)
    with xlsxwriter.Workbook(destination, options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        formats = _formats(book)
        last = len(columns) - 1
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        sheet.set_row(0, 34)
        if last:
            sheet.merge_range(0, 0, 0, last, "", formats["title"])
        sheet.write_string(0, 0, clean_text(title), formats["title"])
        head = 1 + len(notes)
        for index, note in enumerate(notes, 1):
            sheet.write_string(index, 0, _cell_text(note), formats["note"])
        sheet.set_row(head, 24)
        for index, column in enumerate(columns):
            sheet.write_string(head, index, clean_text(column.title), formats["head"])
        count = 0
        for count, row in enumerate(rows, 1):
            if count > MOST_ROWS:
                raise Problem("too_large", _("行数太多，一张表放不下，请缩小范围再导出。"))
            for index, column in enumerate(columns):
                value = count if column.kind == "serial" else row.get(column.key)
                _write_cell(sheet, head + count, index, value, column.kind, formats)
        sheet.autofilter(head, 0, head + max(count, 1), last)
        sheet.freeze_panes(head + 1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head)
        sheet.print_area(0, 0, head + max(count, 1), last)
        sheet.set_footer("&C第 &P 页 共 &N 页")
        sheet.center_horizontally()
    return count


def _sheet_name(title: str) -> str:
    """A valid sheet name: at most 31 characters, none of []:*?/\\ and no apostrophe at its ends."""
    name = "".join(sign for sign in clean_text(title) if sign not in "[]:*?/\\\n\t")[:31].strip("' ")
    # Excel counts UTF-16 units and keeps “History” for itself.
    while len(name.encode("utf-16-le")) > 62:
        name = name[:-1]
    return name if name and name.lower() != "history" else "台账"


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    plain = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True, "border": 1}
    centre = plain | {"align": "center"}
    return {
        name: book.add_format(style)
        for name, style in {
            "title": {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"},
            "note": {"font_name": "宋体", "font_size": 9, "valign": "vcenter", "font_color": "#5C676B"},
            "head": centre | {"font_name": "黑体", "bg_color": "#EFEBE3"},
            "text": plain | {"align": "left"},
            "centre": centre,
            "number": plain | {"align": "right"},
            "serial": centre,
            "date": centre | {"num_format": "yyyy-mm-dd"},
            "time": centre | {"num_format": "yyyy-mm-dd hh:mm"},
        }.items()
    }


def _cell_text(value: Any) -> str:
    text = clean_text(str(value))
    if len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
        text = text[: LONGEST_CELL // 2 - 20] + "……（太长，全文见原件）"
    return text


def _write_cell(sheet, row: int, column: int, value: Any, kind: str, formats: dict[str, Any]) -> None:
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(SHANGHAI).replace(tzinfo=None)
    if value is None or value == "":
        sheet.write_blank(row, column, None, formats[kind])
    elif isinstance(value, (date, datetime)):
        style = kind if kind in ("date", "time") else "time" if isinstance(value, datetime) else "date"
        sheet.write_datetime(row, column, value, formats[style])
    elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        sheet.write_number(row, column, value, formats[kind if kind not in ("date", "time") else "number"])
    else:
        sheet.write_string(row, column, _cell_text(value), formats["text" if kind == "number" else kind])
