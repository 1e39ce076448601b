"""The versioned template of a record form: its parts, its strict reading from JSON, and its place on paper."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from jiafang.lib.errors import Problem

FORMAT = 1
COLUMNS = 6

TEXT_KINDS = ("text", "long_text", "person")
CHOICE_KINDS = ("choice", "multi_choice")
KINDS = (*TEXT_KINDS, *CHOICE_KINDS, "date_time", "number", "auto")
AUTO_SOURCES = ("school", "teacher", "klass", "student", "guardian", "companion", "visit_time", "visit_mode")

MAX_FIELDS = 40
MAX_OPTIONS = 50
MAX_TITLE = 60
MAX_LABEL = 20
MAX_HINT = 200
MAX_LENGTH = 20_000
DEFAULT_LENGTH = {"text": 200, "person": 50, "long_text": 5000, "auto": 200}

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SCHEMA_KEYS = {"format", "key", "version", "title", "fields"}
_FIELD_KEYS = {
    "key",
    "label",
    "kind",
    "required",
    "auto",
    "editable",
    "max_length",
    "minimum",
    "maximum",
    "options",
    "hint",
    "span",
    "above",
    "lines",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose: `code` is stored, `label` is shown."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    `span` counts grid columns, label included (2 to 6 of six); `above` puts the field over the grid as a line;
    `lines` is the least height on paper, in lines of text, and the share of what room the page has left.
    An `auto` field is filled from the visit; with `editable` the teacher may overwrite what the visit says.
    """

    key: str
    label: str
    kind: str
    required: bool = False
    auto: str = ""
    editable: bool = False
    max_length: int = 0
    minimum: float | None = None
    maximum: float | None = None
    options: tuple[Option, ...] = ()
    hint: str = ""
    span: int = 2
    above: bool = False
    lines: int = 1

    @property
    def asked(self) -> bool:
        """Whether an answer to this field is accepted from a person."""
        return self.kind != "auto" or self.editable

    @property
    def tall(self) -> bool:
        """Whether the field is a row of its own on paper, with text from the left."""
        return self.lines > 1 or self.kind == "long_text"


@dataclass(frozen=True, slots=True)
class FormSchema:
    """One version of a form; every change makes a new version (`forms.editing`)."""

    key: str
    version: int
    title: str
    fields: tuple[Field, ...]

    def field(self, key: str) -> Field | None:
        """The field of that key, or None."""
        return next((item for item in self.fields if item.key == key), None)

    @property
    def asked(self) -> tuple[Field, ...]:
        """The fields a person fills in, in order."""
        return tuple(item for item in self.fields if item.asked)


@dataclass(frozen=True, slots=True)
class Cell:
    """A field in the grid: `column` (0 to 5) is its label's, the value takes the `span` − 1 columns after it."""

    field: Field
    column: int
    span: int


def grid_rows(schema: FormSchema) -> tuple[tuple[Cell, ...], ...]:
    """The form's rows in the six-column grid.

    Fields follow one another in order; one that no longer fits begins the next row, and the last of a row
    is widened to its end, so that any order of fields gives a closed grid.
    """
    rows: list[list[Cell]] = []
    used = COLUMNS
    for item in schema.fields:
        if item.above:
            continue
        if used + item.span > COLUMNS or item.tall:
            rows.append([])
            used = 0
        rows[-1].append(Cell(item, used, item.span))
        used = COLUMNS if item.tall else used + item.span
    return tuple((*row[:-1], replace(row[-1], span=COLUMNS - row[-1].column)) for row in rows)


def schema_dict(schema: FormSchema) -> dict[str, Any]:
    """The JSON form of a schema, without what equals its default; `parse_schema` gives the schema back."""
    return {
        "format": FORMAT,
        "key": schema.key,
        "version": schema.version,
        "title": schema.title,
        "fields": [_field_dict(item) for item in schema.fields],
    }


def _field_dict(item: Field) -> dict[str, Any]:
    blank = Field(item.key, item.label, item.kind)
    data: dict[str, Any] = {"key": item.key, "label": item.label, "kind": item.kind}
    for name in Field.__dataclass_fields__:
        value = getattr(item, name)
        if name not in data and value != getattr(blank, name):
            data[name] = value
    if item.options:
        data["options"] = [{"code": option.code, "label": option.label} for option in item.options]
    return data


@dataclass(slots=True)
class _Reader:
    """Collects every fault with its place, so that a form's author sees all of them at once."""

    faults: dict[str, list[str]] = field(default_factory=dict)

    def fault(self, place: str, message: str) -> None:
        self.faults.setdefault(place, []).append(message)

    def text(self, data: Mapping, name: str, place: str, longest: int, *, needed: bool = True) -> str:
        value = data.get(name, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            self.fault(place, _("这里要填文字。"))
            return ""
        if len(value) > longest:
            self.fault(place, _("最多 %(count)d 个字。") % {"count": longest})
        if any(ord(sign) < 32 for sign in value):
            self.fault(place, _("不能有换行或控制字符。"))
        return value.strip()

    def integer(self, data: Mapping, name: str, place: str, least: int, most: int, default: int) -> int:
        value = data.get(name, default)
        if type(value) is not int or not least <= value <= most:
            self.fault(place, _("要填 %(least)d 到 %(most)d 之间的整数。") % {"least": least, "most": most})
            return default
        return value

    def flag(self, data: Mapping, name: str, place: str) -> bool:
        value = data.get(name, False)
        if type(value) is not bool:
            self.fault(place, _("只能是“是”或“否”。"))
            return False
        return value

    def bound(self, data: Mapping, name: str, place: str) -> float | None:
        value = data.get(name)
        if value is None:
            return None
        if type(value) not in (int, float) or value != value or abs(value) > 1e12:
            self.fault(place, _("要填数字。"))
            return None
        return value

    def key(self, data: Mapping, name: str, place: str) -> str:
        value = data.get(name)
        if not isinstance(value, str) or not _KEY.fullmatch(value):
            self.fault(place, _("代号用小写字母开头，只含小写字母、数字和下划线，最多 40 个。"))
            return ""
        return value

    def only(self, data: Mapping, allowed: set[str], place: str) -> None:
        for name in data:
            if name not in allowed:
                self.fault(f"{place}{name}", _("不认识的项目。"))


def parse_schema(data: Any) -> FormSchema:
    """Read a schema from JSON data, strictly.

    Raises `Problem("invalid")`; its `fields` map a place (`title`, `fields.3.label`) to what is wrong.
    """
    reader = _Reader()
    if not isinstance(data, Mapping):
        raise Problem("invalid", _("表格模板读不出来。"), fields={"schema": [_("不是一份表格模板。")]})
    reader.only(data, _SCHEMA_KEYS, "")
    if data.get("format") != FORMAT:
        reader.fault("format", _("不认识的模板格式。"))
    key = reader.key(data, "key", "key")
    version = reader.integer(data, "version", "version", 1, 1_000_000, 1)
    title = reader.text(data, "title", "title", MAX_TITLE)
    raw = data.get("fields")
    if not isinstance(raw, (list, tuple)) or not 1 <= len(raw) <= MAX_FIELDS:
        reader.fault("fields", _("表格要有 1 到 %(count)d 个栏目。") % {"count": MAX_FIELDS})
        raw = ()
    fields = tuple(_parse_field(reader, item, f"fields.{index}.") for index, item in enumerate(raw[:MAX_FIELDS]))
    _check_together(reader, fields)
    if reader.faults:
        raise Problem(
            "invalid", _("表格模板有 %(count)d 处要改。") % {"count": len(reader.faults)}, fields=reader.faults
        )
    return FormSchema(key, version, title, fields)


def _parse_field(reader: _Reader, data: Any, place: str) -> Field:
    if not isinstance(data, Mapping):
        reader.fault(place.rstrip("."), _("不是一个栏目。"))
        return Field("", "", "text")
    reader.only(data, _FIELD_KEYS, place)
    kind = data.get("kind")
    if kind not in KINDS:
        reader.fault(f"{place}kind", _("不认识的栏目类型。"))
        kind = "text"
    auto = data.get("auto", "")
    if auto not in (AUTO_SOURCES if kind == "auto" else ("",)):
        reader.fault(f"{place}auto", _("自动填写的栏目要说明从家访的哪一项取得，其他栏目不能有来源。"))
        auto = ""
    editable = reader.flag(data, "editable", f"{place}editable")
    if editable and kind != "auto":
        reader.fault(f"{place}editable", _("只有自动填写的栏目才分可不可以改。"))
    longest = reader.integer(data, "max_length", f"{place}max_length", 0, MAX_LENGTH, 0)
    if longest and kind not in DEFAULT_LENGTH:
        reader.fault(f"{place}max_length", _("这种栏目没有字数。"))
    minimum, maximum = (reader.bound(data, name, place + name) for name in ("minimum", "maximum"))
    if kind != "number" and (minimum is not None or maximum is not None):
        reader.fault(f"{place}minimum", _("只有数字栏目才有上下限。"))
    if minimum is not None and maximum is not None and minimum > maximum:
        reader.fault(f"{place}maximum", _("上限不能小于下限。"))
    above = reader.flag(data, "above", f"{place}above")
    lines = reader.integer(data, "lines", f"{place}lines", 1, 40, 1)
    if above and lines > 1:
        reader.fault(f"{place}lines", _("表格上方的栏目只有一行。"))
    return Field(
        key=reader.key(data, "key", f"{place}key"),
        label=reader.text(data, "label", f"{place}label", MAX_LABEL),
        kind=kind,
        required=reader.flag(data, "required", f"{place}required"),
        auto=auto,
        editable=editable,
        max_length=longest,
        minimum=minimum,
        maximum=maximum,
        options=_parse_options(reader, data, kind, f"{place}options"),
        hint=reader.text(data, "hint", f"{place}hint", MAX_HINT, needed=False),
        span=reader.integer(data, "span", f"{place}span", 2, COLUMNS, 2),
        above=above,
        lines=lines,
    )


def _parse_options(reader: _Reader, data: Mapping, kind: str, place: str) -> tuple[Option, ...]:
    raw = data.get("options", [])
    if kind not in CHOICE_KINDS:
        if raw != []:
            reader.fault(place, _("只有选择栏目才有选项。"))
        return ()
    if not isinstance(raw, (list, tuple)) or not 2 <= len(raw) <= MAX_OPTIONS:
        reader.fault(place, _("选择栏目要有 2 到 %(count)d 个选项。") % {"count": MAX_OPTIONS})
        return ()
    options = []
    for index, item in enumerate(raw):
        spot = f"{place}.{index}"
        if not isinstance(item, Mapping) or set(item) != {"code", "label"}:
            reader.fault(spot, _("选项要有代号和名称。"))
            continue
        options.append(
            Option(reader.key(item, "code", f"{spot}.code"), reader.text(item, "label", f"{spot}.label", MAX_LABEL * 2))
        )
    if len({option.code for option in options}) < len(options):
        reader.fault(place, _("选项的代号重复。"))
    if len({option.label for option in options}) < len(options):
        reader.fault(place, _("选项的名称重复。"))
    return tuple(options)


def _check_together(reader: _Reader, fields: tuple[Field, ...]) -> None:
    # Labels are unique too: a Word copy is read back by its labelled cells.
    for name, message in (
        ("key", _("代号重复。")),
        ("label", _("栏目名称重复。")),
        ("auto", _("同一项自动填写了两次。")),
    ):
        seen: set[str] = set()
        for index, item in enumerate(fields):
            value = getattr(item, name)
            if value and value in seen:
                reader.fault(f"fields.{index}.{name}", message)
            seen.add(value)
    if fields and all(item.above for item in fields):
        reader.fault("fields", _("表格里至少要有一个栏目。"))
