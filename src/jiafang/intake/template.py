"""The blank workbook a school fills in: every table with its headings, drop-down lists, notes and text columns."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ..lib.codes import CodeTable
from .fields import BUSY, CLASSES, COORDINATES, SCHOOLS, STAFF, STUDENTS, SURVEY, TEACHING, Column, Kind
from .guard import column_name

_ROWS = 5_000  # lists and text format reach this far down
_LISTS = "选项"
# Read when schools have them, but not asked for: another column of the template says the same.
_LEFT_OUT = frozenset({"place", "single_or_divorced", "categories"})
_SUBJECTS = ("语文", "数学", "英语", "物理", "化学", "生物", "道德与法治", "历史", "地理", "音乐", "体育", "美术", "信息科技", "科学", "劳动", "心理健康")
_ORDER = (SCHOOLS, CLASSES, STAFF, TEACHING, STUDENTS, SURVEY, COORDINATES, BUSY)
_GUIDE = (
    "怎样填写",
    "1. 每张工作表是一份名册，用不到的可以留空，不必删除。蓝底的列必须填写，其余有就填、没有就空着。",
    "2. 列的顺序可以换，不用的列可以删。全国学籍系统导出的表也可以直接上传，不必抄到这里。",
    "3. 身份证件号、学籍号、电话所在的列已设成文本格式。从别处复制过来时，请用“选择性粘贴—数值”，否则号码的后几位会丢失。",
    "4. 班级写成 七年级1班、初一1班、七(1)班 或 2024级1班 都可以。",
    "5. 请不要使用公式和合计行；日期写成 2026-03-01。",
    "6. 导入前会先给您看哪些新增、哪些有变动、哪些有错；空着的格子不会改动系统里原有的内容。",
    "7. 单亲、离异、单亲留守含义不同，请分别填写。",
)


def write_template(path: Path | str) -> None:
    """Write the blank .xlsx; a filled copy reads back through `tables.read_tables`. Overwrites `path`."""
    with xlsxwriter.Workbook(str(path)) as book:
        base = {"font_name": "微软雅黑", "font_size": 11}
        cell = book.add_format(base | {"num_format": "@"})
        head = base | {"bold": True, "border": 1, "border_color": "#C9D3E0", "valign": "vcenter", "align": "center"}
        required = book.add_format(head | {"bg_color": "#D6E6FA"})
        optional = book.add_format(head | {"bg_color": "#F1F4F8"})
        _guide(book.add_worksheet("填写说明"), book.add_format(base), book.add_format(base | {"bold": True, "font_size": 14}))
        lists: dict[tuple[str, ...], str] = {}
        for kind in _ORDER:
            _sheet(book.add_worksheet(kind.title), kind, (cell, required, optional), lists)
        options = book.add_worksheet(_LISTS)
        for column, words in enumerate(lists):
            options.write_column(0, column, words)
        options.hide()


def _guide(sheet: Worksheet, plain: Format, title: Format) -> None:
    sheet.set_column(0, 0, 110, plain)
    for row, line in enumerate(_GUIDE):
        sheet.write_string(row, 0, line, plain if row else title)


def _sheet(
    sheet: Worksheet, kind: Kind, formats: tuple[Format, Format, Format], lists: dict[tuple[str, ...], str]
) -> None:
    cell, required, optional = formats
    columns = [column for column in kind.columns if column.key not in _LEFT_OUT]
    if kind is TEACHING:
        columns += [Column(f"subject:{subject}", subject) for subject in _SUBJECTS]
    for index, column in enumerate(columns):
        sheet.set_column(index, index, max(column.width, 2 * len(column.title) + 2), cell)
        sheet.write_string(0, index, column.title, required if column.required else optional)
        _help(sheet, index, column, lists)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 24)


def _help(sheet: Worksheet, index: int, column: Column, lists: dict[tuple[str, ...], str]) -> None:
    """A list to choose from and a note beside the cell. A list warns and never forbids: codes are read as well."""
    rule: dict[str, object] = {"validate": "any"}
    if column.choices:
        words = tuple(words for _, words in column.choices) if isinstance(column.choices, CodeTable) else column.choices
        letter = column_name(list(lists).index(words) if words in lists else len(lists))
        where = lists.setdefault(words, f"={_LISTS}!${letter}$1:${letter}${len(words)}")
        rule = {"validate": "list", "source": where, "error_type": "information", "error_message": "不在列表里，请确认。"}
    if column.note:
        rule |= {"input_title": column.title[:32], "input_message": column.note}
    if len(rule) > 1:
        sheet.data_validation(1, index, _ROWS, index, rule)
