"""Reading single cells: from what a person typed to a value, or to an error that says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..lib import coords, numbers, text
from ..lib.classnames import parse_class
from ..lib.codes import CodeTable, yes_no
from ..lib.dates import parse_date
from .guard import column_name
from .headings import Mapping
from .reader import Cell, Sheet
from .records import CellError, ClassText, TeacherName

_NONE = frozenset({"无", "-", "—", "--", "/", "\\", "暂无", "没有", "不详", "未知", "空", "NULL", "N/A", "NA"})
_EXCEL_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!)")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+1[4-9]", re.IGNORECASE)
_QUOTED = re.compile(r'="([^"]*)"')
_FOOTER = re.compile(r"\s*(?:合计|总计|小计|填表|制表|审核|备注|说明|注[:：])")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TEACHER = re.compile(r"([^()（）\[\]【】]+?)\s*(?:[(（\[【]\s*([A-Za-z0-9\-]+)\s*[)）\]】])?")
_TEACHER_SPLIT = re.compile(r"[、,，;；/\n]+")
# One merged cell of these says nothing about the rows below it.
_OWN = frozenset({"name", "id_number", "student_number", "aux_number", "class_number", "born", "sex", "number"})


class Cells:
    """A cursor over the data rows of a sheet; the methods read the current row and gather what is wrong."""

    def __init__(self, sheet: Sheet, mapping: Mapping) -> None:
        self.sheet = sheet
        self.mapping = mapping
        self.rows = _filled(sheet, mapping)
        self.errors: list[CellError] = []
        self.warnings: list[CellError] = []
        self.index = mapping.first
        self._line: list[Cell] = []
        self._faulty: set[int] = set()

    @property
    def number(self) -> int:
        """The current row as Excel counts it."""
        return self.index + 1

    @property
    def faulty(self) -> bool:
        return self.index in self._faulty

    def __iter__(self) -> Iterator[Cells]:
        """Step through the rows that hold data; empty rows, repeated headings and footers are passed over."""
        for index in range(self.mapping.first, len(self.rows)):
            self.index, self._line = index, self.rows[index]
            if self._holds_data():
                yield self

    def fail(self, key: str, code: str, message: str, value: object = None, column: int | None = None) -> None:
        """Note an error at the current row; `column` when the key alone does not tell the cell."""
        self._faulty.add(self.index)
        self.errors.append(self._note(key, code, message, value, column))

    def warn(self, key: str, code: str, message: str) -> None:
        """Note a doubt that stops nothing."""
        self.warnings.append(self._note(key, code, message, None, None))

    def raw(self, key: str, column: int | None = None) -> Cell:
        """The cell as it is; "" when the column is not there, or when the cell cannot be trusted (then noted)."""
        if column is None:
            column = self.mapping.columns.get(key)
            if column is None:
                return self.mapping.constants.get(key, "")
        value = self._line[column] if column < len(self._line) else ""
        if self.sheet.formulas and (self.index, column) in self.sheet.formulas:
            self.fail(key, "formula", "这一格是公式，不能读取。请复制这一列，再“选择性粘贴为数值”。", value, column)
            return ""
        if type(value) is str and value and value[0] in "=@#＝":
            return self._marked(key, value, column)
        return value

    def text(self, key: str) -> str:
        """Prose."""
        return text.tidy(written(self.raw(key)))

    def plain(self, key: str) -> str:
        """A short entry in which "无" and dashes mean nothing."""
        value = text.half(written(self.raw(key)))
        return "" if value.upper() in _NONE else value

    def code(self, key: str) -> str:
        """A number kept as characters; one that Excel has rounded is an error."""
        value = self.raw(key)
        if (type(value) is float and abs(value) >= 1e15) or (type(value) is str and _SCIENTIFIC.fullmatch(value.strip())):
            title = self.mapping.headings.get(self.mapping.columns.get(key, -1), "号码")
            self.fail(
                key,
                "number_rounded",
                f"{title}被 Excel 变成了数字，后几位已经丢失。请把该列设为文本格式后重新填写。",
                f"{value:.0f}" if type(value) is float else value,
            )
            return ""
        cleaned = text.code(written(value))
        return "" if cleaned in _NONE else cleaned

    def name(self, key: str) -> str:
        """A person's name."""
        found = text.name(written(self.raw(key)))
        return "" if found in _NONE else found

    def table(self, key: str, table: CodeTable) -> str:
        """A code of a national table; "" when the cell is empty."""
        typed = written(self.raw(key))
        found = table.parse(typed)
        if found is None:
            typed = text.half(typed)
            if not typed or typed.upper() in _NONE:
                return ""
            allowed = "、".join(list(table.labels.values())[:8])
            self.fail(key, "unknown_code", f"“{typed}”不是认得的{self._title(key)}，可以填：{allowed}。", typed)
            return ""
        return found

    def yes(self, key: str) -> bool | None:
        """Yes, no, or nothing said."""
        typed = written(self.raw(key))
        found = yes_no(typed)
        if found is None and text.half(typed):
            self.fail(key, "not_yes_no", f"“{typed}”看不出是还是否，请填 是 或 否。", typed)
        return found

    def day(self, key: str) -> date | None:
        """A date in any usual writing."""
        value = self.raw(key)
        if value == "" or (isinstance(value, str) and value.strip() in _NONE):
            return None
        found = parse_date(value)
        if found is None:
            self.fail(key, "bad_date", f"“{value}”不是一个日期，请写成 2026-03-01 这样。", value)
        return found

    def phone(self, key: str) -> str:
        """The first usable phone in the cell."""
        typed = written(self.raw(key))
        if found := numbers.phone(typed):
            return found
        typed = text.half(typed)
        if not typed or typed.upper() in _NONE:
            return ""
        for candidate in (*re.split(r"[/、,，;；]", typed), *typed.split()):
            if found := numbers.phone(candidate):
                return found
        self.fail(key, "phone_form", numbers.FAULTS["phone_form"], typed)
        return ""

    def klass(self, required: bool = True) -> ClassText | None:
        """The class, read together with the grade column."""
        value = self.raw("klass")
        typed = text.tidy(written(value))
        grade = text.tidy(written(self.raw("grade")))
        if _ISO_DAY.fullmatch(typed):
            self.fail("klass", "class_is_date", "班级被 Excel 变成了日期。请把该列设为文本格式，写成 七年级1班 这样。", typed)
            return None
        if not typed:
            if required and not self.faulty:
                self.fail("klass", "missing", "没有填班级。")
            return None
        return ClassText(typed, parse_class(typed, grade), grade)

    def teachers(self, key: str, column: int | None = None) -> list[TeacherName]:
        """Everybody a cell names: "张伟(T012)、李丽"."""
        typed = text.tidy(written(self.raw(key, column)))
        found = []
        for part in _TEACHER_SPLIT.split(typed):
            match = _TEACHER.fullmatch(part.strip())
            name = text.name(match[1]) if match else ""
            if name and name not in _NONE:
                found.append(TeacherName(name, (match[2] or "").upper()))
            elif part.strip() and part.strip() not in _NONE:
                self.fail(key, "teacher_form", f"“{part}”不像老师的姓名；同名老师请写成 张伟(T012)。", part, column)
        return found

    def place(self) -> tuple[float, float] | None:
        """(lat, lon) in WGS-84, from two columns or one "经度,纬度" column; None when nothing is given."""
        pair = self._degrees()
        if pair is None:
            return None
        lat, lon = pair
        if not coords.in_china(lat, lon) and coords.in_china(lon, lat):
            lat, lon = lon, lat  # the two columns are swapped, which their ranges tell beyond doubt
        key = "lon" if "lon" in self.mapping.columns else "place"
        if not coords.in_china(lat, lon):
            self.fail(key, "bad_place", "这个位置不在中国范围内，请检查经度和纬度。", f"{lon},{lat}")
            return None
        headings = [self.mapping.headings.get(self.mapping.columns.get(k, -1), "") for k in ("lon", "place")]
        system = text.heading(self.plain("system") or " ".join(headings))
        if re.search(r"bd09|百度", system):
            self.fail("system", "bad_system", "百度坐标（BD-09）不能直接用，请换成 WGS-84 或 GCJ-02（高德、腾讯）。", system)
            return None
        if re.search(r"gcj|高德|腾讯|火星", system):
            lat, lon = coords.gcj02_to_wgs84(lat, lon)
        return round(lat, 6), round(lon, 6)

    def _degrees(self) -> tuple[float, float] | None:
        if "place" in self.mapping.columns:
            parts = re.split(r"[,，;；\s]+", self.plain("place"))
            texts, key = (parts[::-1] if len(parts) == 2 else parts), "place"
        else:
            texts, key = [self.plain("lat"), self.plain("lon")], "lon"
        if not any(texts):
            return None
        try:
            lat, lon = map(float, texts)
        except ValueError:
            self.fail(key, "bad_place", "经纬度应是两个数，如 109.8612 和 40.6105。", ",".join(texts))
            return None
        return lat, lon

    def _title(self, key: str) -> str:
        return self.mapping.headings.get(self.mapping.columns.get(key, -1), "内容")

    def _marked(self, key: str, value: str, column: int) -> Cell:
        if quoted := _QUOTED.fullmatch(value):
            return quoted[1]  # ="138…" is how exports keep digits as text in CSV
        if value[0] == "#":
            if _EXCEL_ERROR.fullmatch(value.strip()):
                self.fail(key, "excel_error", "这一格是 Excel 的错误值，请填上正确内容。", value, column)
                return ""
            return value
        self.fail(key, "formula", "这一格像是公式，不能读取。请改成普通文字。", value, column)
        return ""

    def _note(self, key: str, code: str, message: str, value: object, column: int | None) -> CellError:
        if column is None:
            column = self.mapping.columns.get(key)
        if value is None and column is not None:
            value = self._line[column] if column < len(self._line) else ""
        return CellError(
            self.sheet.name,
            self.number,
            "" if column is None else column_name(column),
            self.mapping.headings.get(column, ""),
            written(value)[:100],
            code,
            message,
        )

    def _holds_data(self) -> bool:
        line = self._line
        held = [
            key for key, column in self.mapping.columns.items() if column < len(line) and line[column] != ""
        ]
        if not held:
            return False
        first = self.mapping.columns[held[0]]
        if len(held) > 1 and line[first] == self.mapping.headings.get(first):
            return False  # headings repeated on every printed page
        if "name" in self.mapping.columns and "name" not in held and not _OWN & set(held):
            # Class cells filled down beside empty rows, and footers (合计, 填表人…), hold nobody.
            return len(held) > 3
        return len(held) > 1 or not _FOOTER.match(written(line[first]))


def written(value: object) -> str:
    """A cell as a person reads it: 1.0 is "1"."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if type(value) is bool:
        return "是" if value else "否"
    if type(value) is float:
        return f"{value:.0f}" if value.is_integer() else repr(value)
    return str(value)


def _filled(sheet: Sheet, mapping: Mapping) -> list[list[Cell]]:
    """The rows, with what was merged downwards repeated where one cell is meant for all the rows it spans."""
    own = {mapping.columns[key] for key in _OWN & mapping.columns.keys()}
    rows = sheet.rows
    for top, left, bottom, right in sheet.merged:
        if bottom > top and top >= mapping.first and left == right and left not in own:
            if rows is sheet.rows:
                rows = [list(row) for row in rows]
            value = sheet.cell(top, left)
            for line in rows[top + 1 : bottom + 1]:
                line += [""] * (left + 1 - len(line))
                line[left] = value
    return rows
