"""The process that opens an unknown file: bytes in on stdin, one JSON document out. It may be killed at any time."""

from __future__ import annotations

import csv
import io
import json
import resource
import signal
import sys
from dataclasses import astuple
from datetime import date, datetime, time, timedelta
from typing import Any

from ..lib.errors import Problem
from . import oneroster
from .guard import look_over, unpack_csv
from .limits import MEGABYTE, Limits

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EXACT = 10**15  # a float holds whole numbers exactly below 2**53; Excel keeps 15 digits
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def main() -> int:
    """Read stdin under the limits given as arguments (name, then the fields of Limits); print the answer."""
    name, *figures = sys.argv[1:]
    limits = Limits(
        *(kind(figure) for kind, figure in zip((type(v) for v in astuple(Limits())), figures, strict=True))
    )
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _allow(limits.seconds)
    try:
        answer = {"sheets": _read(sys.stdin.buffer.read(limits.file_bytes + 1), name.lower(), limits)}
        document = json.dumps(answer, ensure_ascii=False, check_circular=False)
    except Problem as problem:
        document = json.dumps({"problem": [problem.code, problem.message]}, ensure_ascii=False)
    except MemoryError:
        document = json.dumps({"problem": ["too_large", ""]})
    sys.stdout.buffer.write(document.encode("utf-8", "replace"))
    return 0


def _allow(seconds: float) -> None:
    # Processor time, so that a busy machine refuses nothing honest; the parent has the wall clock.
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _read(data: bytes, name: str, limits: Limits) -> list[dict[str, Any]]:
    if len(data) > limits.file_bytes:
        raise Problem("too_large", f"文件超过 {limits.file_bytes // MEGABYTE} MB，请按学校或年级拆开后再上传。")
    if not data.strip():
        raise Problem("unreadable", "这是一个空文件。")
    if data.startswith(b"PK"):
        if bundle := unpack_csv(data, limits):
            _allow(limits.seconds + 4 * limits.seconds_per_unpacked_mb * sum(map(len, bundle.values())) / MEGABYTE)
            return oneroster.sheets({file: _csv(body, limits)["rows"] for file, body in bundle.items() if body.strip()})
        findings = look_over(data, limits)
        _allow(limits.seconds + limits.seconds_per_unpacked_mb * findings.unpacked_bytes / MEGABYTE)
        return _workbook(data, findings.formulas, limits)
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise Problem("unreadable", "文件有打开密码，请先取消密码再上传。")
        if "_VBA_PROJECT".encode("utf-16-le") in data:
            raise Problem("hostile", "文件里带有宏，已拒绝读取。请另存为不带宏的 .xlsx 再上传。")
        _allow(limits.seconds + 4 * limits.seconds_per_unpacked_mb * len(data) / MEGABYTE)
        return _workbook(data, {}, limits)
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<table", b"<!doctype", b"<?xml", b"<meta", b"<style", b"mime-version")):
        raise Problem("bad_type", "这个文件虽然叫 Excel，里面其实是网页。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传。")
    if name.endswith((".xlsx", ".xls")):
        raise Problem("unreadable", "文件已损坏，或者不是真正的 Excel 文件。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。")
    _allow(limits.seconds + 4 * limits.seconds_per_unpacked_mb * len(data) / MEGABYTE)
    return [_csv(data, limits)]


def _workbook(data: bytes, formulas: dict[str, list[tuple[int, int]]], limits: Limits) -> list[dict[str, Any]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    sheets = []
    cells = 0
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for meta in book.sheets_metadata:
                if meta.typ is SheetTypeEnum.MacroSheet or meta.typ is SheetTypeEnum.Vba:
                    raise Problem("hostile", "文件里带有宏，已拒绝读取。请另存为不带宏的 .xlsx 再上传。")
                if meta.typ is not SheetTypeEnum.WorkSheet or meta.visible is not SheetVisibleEnum.Visible:
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                left = sheet.start[1] if sheet.start else 0
                rows, columns = (sheet.end[0] + 1, sheet.end[1] + 1) if sheet.end else (0, 0)
                cells += rows * columns
                _check_size(meta.name, rows, columns, cells, limits)
                # iter_rows gives the empty rows above the data, but not the empty columns left of it
                values = [[""] * left + [*map(_plain, row)] for row in sheet.iter_rows()]
                merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or () if first[0] < len(values)]
                sheets.append({"name": meta.name, "rows": values, "merged": merged, "formulas": formulas.get(meta.name, [])})
    except PasswordError as e:
        raise Problem("unreadable", "文件有打开密码，请先取消密码再上传。") from e
    except (CalamineError, ValueError, OSError) as e:
        raise Problem("unreadable") from e
    return sheets


def _check_size(name: str, rows: int, columns: int, cells: int, limits: Limits) -> None:
    if rows > limits.rows or columns > limits.columns or cells > limits.cells:
        raise Problem(
            "too_large",
            f"工作表“{name[:31]}”有 {rows} 行 {columns} 列，超出了能读的范围（{limits.rows} 行 {limits.columns} 列）。"
            "请删除多余的空行空列，或者拆成几个文件。",
        )


def _plain(value: Any) -> str | int | float | bool:
    """A cell as JSON can carry it; whole floats become ints where that loses nothing, days become "2026-03-01"."""
    kind = type(value)
    if kind is str:
        return value
    if kind is float:
        return int(value) if value.is_integer() and -_EXACT < value < _EXACT else value
    if kind is datetime:
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    if kind is date:
        return value.isoformat()
    if kind is time:
        return value.strftime("%H:%M")
    if kind is timedelta:
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return "" if value is None else value


def _csv(data: bytes, limits: Limits) -> dict[str, Any]:
    text = _decode(data)
    if "\x00" in text:
        raise Problem("unreadable", "这不是文本表格，请上传 .xlsx、.xls 或 .csv 文件。")
    csv.field_size_limit(limits.cell_chars)
    lines = text[:20_000].splitlines()[:20]
    delimiter = max(",\t;|，", key=lambda mark: sum(line.count(mark) for line in lines))
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > limits.rows or len(row) > limits.columns:
                _check_size("CSV", len(rows), len(row), 0, limits)
    except csv.Error as e:
        raise Problem("unreadable", f"CSV 第 {len(rows) + 1} 行读不出来，多半是引号没有成对，请检查后再上传。") from e
    return {"name": "", "rows": rows, "merged": [], "formulas": []}


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Problem("unreadable", "CSV 的文字编码认不出来，请用 Excel 打开后另存为 .xlsx 再上传。")


if __name__ == "__main__":
    raise SystemExit(main())
