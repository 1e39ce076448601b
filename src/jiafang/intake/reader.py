"""Workbooks as plain cells, read in a child process so that no file can harm the server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from pathlib import Path

from ..lib.errors import Problem
from .guard import column_name
from .limits import DEFAULT, MEGABYTE, Limits

Cell = str | int | float | bool  # "" is an empty cell; a float that is whole has lost digits
_SOURCE = Path(__file__).resolve().parents[2]
_WALL_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet. Rows and columns count from 0 here and from 1 and A in what people read.

    `merged` holds (top, left, bottom, right), `formulas` (row, column) of cells that hold a formula.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: frozenset[tuple[int, int]] = frozenset()

    def address(self, row: int, column: int) -> str:
        """The cell's name in Excel, "C5"."""
        return f"{column_name(column)}{row + 1}"

    def cell(self, row: int, column: int) -> Cell:
        """A cell, "" outside the sheet."""
        line = self.rows[row] if row < len(self.rows) else []
        return line[column] if column < len(line) else ""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file's visible sheets in order; `name` is the file's name, "" when unknown."""

    name: str
    sheets: list[Sheet]

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self.sheets)


def read_workbook(source: Path | str | bytes, *, name: str = "", limits: Limits = DEFAULT) -> Workbook:
    """The cells of an .xlsx, .xls or .csv file.

    Raises Problem in plain Chinese: too_large, bad_type, unreadable (damaged, password) or hostile.
    """
    if isinstance(source, bytes):
        data = source
    else:
        path = Path(source)
        name = name or path.name
        try:
            if path.stat().st_size > limits.file_bytes:
                raise Problem(
                    "too_large", f"文件超过 {limits.file_bytes // MEGABYTE} MB，请按学校或年级拆开后再上传。"
                )
            data = path.read_bytes()
        except OSError as e:
            raise Problem("unreadable", f"打不开文件“{path.name}”。") from e
    if name.lower().endswith((".xlsm", ".xltm", ".xlam")):
        raise Problem("hostile", "带宏的文件（.xlsm）不能上传。请另存为不带宏的 .xlsx 再上传。")
    answer = _ask_child(data, name, limits)
    if "problem" in answer:
        raise Problem(*answer["problem"])
    sheets = [
        Sheet(
            sheet["name"],
            sheet["rows"],
            [tuple(area) for area in sheet["merged"]],
            frozenset((row, column) for row, column in sheet["formulas"]),
        )
        for sheet in answer["sheets"]
    ]
    if not any(any(row) for sheet in sheets for row in sheet.rows):
        raise Problem("unreadable", "文件里没有内容。")
    return Workbook(name, sheets)


def _ask_child(data: bytes, name: str, limits: Limits) -> dict:
    command = [sys.executable, "-m", "jiafang.intake.child", Path(name).suffix, *map(str, astuple(limits))]
    environment = {"PYTHONPATH": str(_SOURCE), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
    try:
        run = subprocess.run(
            command, input=data, capture_output=True, timeout=_WALL_SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired as e:
        raise Problem("hostile", "文件读了太久也没有读完，已停止。请检查文件是否正常。") from e
    if run.returncode == -signal.SIGPROF:
        raise Problem("hostile", "文件读了太久也没有读完，已停止。请检查文件是否正常。")
    if run.returncode:
        # Out of memory ends the parser's process outright.
        raise Problem("hostile", "读取这个文件需要的内存大得不正常，已停止。请检查文件，或者拆成几个文件再上传。")
    return json.loads(run.stdout)
