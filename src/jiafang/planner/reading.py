"""Typed reading of JSON for the planner's files, every refusal with its place; knows nothing of plans."""

import json
import math
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")
# What a text holds when it may hold NaN, a number beyond all bounds or half a character.
_ODD = re.compile(r"NaN|Infinity|\\u[dD][89a-fA-F]|\d[eE]\+?\d{3}|\d{309}")


class InputError(ValueError):
    """A file the planner cannot read.

    `code` says what kind of fault it is, `where` the place (`visits[17].leads[0]`), `message` the fault in
    English and `text` in Chinese. `str()` gives place and English message.
    """

    def __init__(self, code: str, where: str, message: str, text: str = "") -> None:
        super().__init__(code, where, message, text)
        self.code, self.where, self.message, self.text = code, where, message, text or message

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


def refuse(code: str, where: str, message: str, text: str) -> NoReturn:
    """Raise an InputError; short so that checks stay one line."""
    raise InputError(code, where, message, text)


def show(value: object) -> str:
    """A value as it stands in the file, cut to a length fit for a message."""
    try:
        shown = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        shown = type(value).__name__
    return shown if len(shown) <= 60 else shown[:57] + "…"


class _Twice(dict):
    """An object in which a key stood twice; `key` is that key."""

    key = ""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        found = _Twice(found)
        found.key = next(name for name in names if names.count(name) > 1)
    return found


def _places(value: object, where: str = "") -> Iterator[tuple[str, object]]:
    """Every value inside a JSON value, with its place."""
    yield where, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{where}.{key}" if where else key, key
            yield from _places(inner, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _places(inner, f"{where}[{i}]")


def _no_odd_ones(whole: object) -> None:
    # JSON has no NaN; halves of a character cannot be written out again; a key twice hides one of its values.
    for where, value in _places(whole):
        if isinstance(value, float) and not math.isfinite(value):
            refuse("not_finite", where, "must be a finite number", "应为有限的数字")
        if isinstance(value, str) and not value.isascii() and _HALF.search(value):
            refuse("not_text", where, "holds half a character", "含有残缺的字符")
        if isinstance(value, _Twice):
            twice = f"{where}.{value.key}" if where else value.key
            refuse("duplicate_key", twice, f'key "{value.key}" stands twice', f"键“{value.key}”重复")


def parse(source: dict | str | Path) -> Any:
    """The JSON value of a dict (as it is), a JSON text (starts with `{`) or a file's path.

    Raises InputError for a file that cannot be read, is not UTF-8 or not JSON, and names the place of a NaN, of half a
    character and of a key that stands twice.
    """
    if isinstance(source, dict):
        return source
    if isinstance(source, str) and source.lstrip("\ufeff \t\r\n").startswith("{"):
        text, name = source.lstrip("\ufeff"), ""
    else:
        path, name = Path(source), str(source)
        try:
            text = path.read_text("utf-8-sig")
        except UnicodeDecodeError:
            refuse("not_utf8", name, "the file is not UTF-8", "文件不是 UTF-8 编码")
        except (OSError, ValueError) as error:
            refuse("unreadable", name, f"cannot read the file ({type(error).__name__})", "无法读取文件")
    odd = _ODD.search(text) is not None

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal odd
        found = _once(pairs)
        odd = odd or type(found) is _Twice
        return found

    try:
        whole = json.loads(text, object_pairs_hook=once)
        if odd:
            _no_odd_ones(whole)
        return whole
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        refuse("not_json", name, f"not JSON: {error.msg} at {place}", f"第 {error.lineno} 行不是有效的 JSON")
    except RecursionError:
        refuse("not_json", name, "nested too deeply", "嵌套层数过多")
    except ValueError as error:  # Python refuses integers of thousands of digits
        if isinstance(error, InputError):
            raise
        refuse("not_json", name, "a number is too long", "数字过长")


class Fields:
    """One JSON object, its keys checked by name, read field by field with its place in the file."""

    __slots__ = ("data", "where")

    def __init__(self, data: object, where: str, required: frozenset, optional: frozenset = frozenset()) -> None:
        if not isinstance(data, dict):
            refuse("type", where, f"must be an object, not {show(data)}", f"应为对象，而不是 {show(data)}")
        self.data, self.where = data, where
        if data.keys() != required:
            for key in data:
                if key not in required and key not in optional:
                    refuse("unknown_key", self.at(str(key)), "unknown key", "无法识别的键")
            for key in sorted(required - data.keys()):
                refuse("missing_key", self.at(key), "missing", "缺少此项")

    def at(self, key: str) -> str:
        """The place of one of this object's fields."""
        return f"{self.where}.{key}" if self.where else key

    def _wrong(self, key: str, english: str, chinese: str) -> NoReturn:
        value = show(self.data[key])
        refuse("type", self.at(key), f"must be {english}, not {value}", f"应为{chinese}，而不是 {value}")

    def text(self, key: str, null: bool = False) -> str | None:
        """A string that is not empty (or null where allowed)."""
        value = self.data[key]
        if value is None and null:
            return None
        if type(value) is not str or not value:
            self._wrong(key, "a text that is not empty", "非空文字")
        return value

    def flag(self, key: str) -> bool:
        """true or false."""
        value = self.data[key]
        if type(value) is not bool:
            self._wrong(key, "true or false", " true 或 false")
        return value

    def whole(self, key: str, low: int, high: int = 10**6) -> int:
        """A whole number from `low` to `high`."""
        value = self.data[key]
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not int:
            if type(value) is float and not math.isfinite(value):
                self._infinite(key)
            self._wrong(key, "a whole number", "整数")
        return self._within(key, value, low, high)

    def number(self, key: str, low: float = 0, high: float = 1e9, null: bool = False) -> float | None:
        """A finite number from `low` to `high` (or null where allowed)."""
        value = self.data[key]
        if value is None and null:
            return None
        if type(value) not in (int, float):
            self._wrong(key, "a number", "数字")
        if type(value) is float and not math.isfinite(value):
            self._infinite(key)
        return self._within(key, value, low, high)

    def _infinite(self, key: str) -> NoReturn:
        refuse("not_finite", self.at(key), "must be a finite number", "应为有限的数字")

    def _within(self, key: str, value: float, low: float, high: float) -> Any:
        if not low <= value <= high:
            english = f"must be from {low:g} to {high:g}, not {show(value)}"
            refuse("range", self.at(key), english, f"应在 {low:g} 到 {high:g} 之间")
        return value

    def date(self, key: str, null: bool = False) -> date | None:
        """A date as `"2026-03-02"` that the calendar has."""
        value = self.data[key]
        if value is None and null:
            return None
        if type(value) is not str or not _DATE.fullmatch(value):
            self._wrong(key, 'a date like "2026-03-02"', "“2026-03-02”这样的日期")
        try:
            return date.fromisoformat(value)
        except ValueError:
            refuse("date", self.at(key), f"no such date: {value}", f"没有这一天：{value}")

    def time(self, key: str) -> int:
        """A time of day as `"17:30"`, in minutes since midnight."""
        value = self.data[key]
        found = _TIME.fullmatch(value) if type(value) is str else None
        if not found:
            self._wrong(key, 'a time like "17:30"', "“17:30”这样的时间")
        return int(found[1]) * 60 + int(found[2])

    def word(self, key: str, words: tuple[str, ...]) -> str:
        """One of a few words."""
        value = self.data[key]
        if type(value) is not str or value not in words:
            choice = ", ".join(words)
            refuse("word", self.at(key), f"must be one of {choice}, not {show(value)}", f"应为 {choice} 之一")
        return value

    def items(self, key: str) -> Iterator[tuple[object, str]]:
        """The members of a list with their places."""
        return ((value, f"{self.at(key)}[{i}]") for i, value in enumerate(self.list(key)))

    def list(self, key: str) -> list:
        """A list of anything; a key left out (where it may be) is an empty one."""
        value = self.data.get(key, [])
        if not isinstance(value, (list, tuple)):
            self._wrong(key, "a list", "列表")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """A list of names, none empty, none twice."""
        value = self.list(key)
        if set(map(type, value)) <= {str} and len(set(value)) == len(value) and "" not in value:
            return tuple(value)
        seen = set()
        for i, name in enumerate(value):
            where = f"{self.at(key)}[{i}]"
            if type(name) is not str or not name:
                refuse("type", where, f"must be a name, not {show(name)}", f"应为编号，而不是 {show(name)}")
            if name in seen:
                refuse("duplicate", where, f'"{name}" stands twice', f"“{name}”重复")
            seen.add(name)
        raise AssertionError("one of the names above is wrong")

    def object(self, key: str) -> dict:
        """An object of any content."""
        value = self.data[key]
        if not isinstance(value, dict):
            self._wrong(key, "an object", "对象")
        return value
