"""`jiafang import-roster` and `jiafang roster-template`: the importer without a browser, for the installation itself."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from xlsxwriter.exceptions import FileCreateError

from jiafang.access.actors import Actor, system
from jiafang.intake.template import write_template
from jiafang.lib.errors import Problem
from jiafang.roster.importers.runs import SheetReport, apply_file, compare, read_file
from jiafang.roster.models import RosterImport
from jiafang.roster.selectors.imports import unit_by_code
from jiafang.roster.services.imports import open_run
from jiafang.units.models import Unit

_SHOWN = 20
_STEPS = 4  # read, compared, written, done


def import_roster(
    files: Sequence[Path], *, school: str, dry_run: bool = False, as_json: bool = False, actor: Actor | None = None
) -> int:
    """Import files for a school (学校标识码) or a bureau (code or name), each whole or not at all.

    With `as_json` the only output is {"written": bool, "files": [{"file", "sheet", "rows", "new", "changed", "unchanged",
    "errors": [{"row", "column", "value", "code", "message"}]}]}, one entry for each sheet; `written` tells whether
    any file was written (a file with errors never is, in no part). Exit status 1 when anything was refused, else 0.
    """
    actor = actor or system("命令行导入名册")
    out = Console(quiet=as_json, stderr=False)
    entries: list[dict[str, Any]] = []
    refused = written = False
    try:
        unit = unit_by_code(school)
    except Problem:
        message = f"没有学校标识码为“{school}”的学校或教育局。"
        entries = [_refusal(file, "unknown_school", message) for file in files]
        return _end(out, entries, written=False, as_json=as_json)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, disable=as_json or not sys.stdout.isatty()) as progress:
        for file in files:
            task = progress.add_task(file.name, total=_STEPS)
            found = _one(actor, unit, file, dry_run, lambda task=task: progress.advance(task))
            faulty = any(entry["errors"] for entry in found)
            refused, written = refused or faulty, written or not (faulty or dry_run)
            entries += found
            progress.update(task, completed=_STEPS)
    return _end(out, entries, written=written, as_json=as_json, refused=refused)


def roster_template(out: Path) -> int:
    """Write the blank workbook."""
    try:
        write_template(out)
    except (OSError, FileCreateError) as e:
        print(f"写不了文件 {out}：{e}", file=sys.stderr)
        return 1
    print(f"已写出空白名册：{out}")
    return 0


def _one(actor: Actor, unit: Unit, file: Path, dry_run: bool, step) -> list[dict[str, Any]]:
    try:
        readings = read_file(file, file.name)
        step()
        if dry_run:
            _changes, reports = compare(actor, unit, readings)
        else:
            with transaction.atomic():
                run: RosterImport = open_run(actor, unit=unit, name=file.name)
                reports = apply_file(actor, unit, readings, run)
                if any(report.errors for report in reports):
                    transaction.set_rollback(True)
        step()
    except Problem as problem:
        return [_refusal(file, problem.code, problem.message)]
    return [_entry(file, report) for report in reports]


def _entry(file: Path, report: SheetReport) -> dict[str, Any]:
    return {
        "file": file.name,
        "sheet": report.sheet,
        "rows": report.rows,
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "errors": [
            {
                "row": error.row,
                "column": error.column,
                "value": error.value,
                "code": error.code,
                "message": error.message,
            }
            for error in report.errors
        ],
    }


def _refusal(file: Path, code: str, message: str) -> dict[str, Any]:
    error = {"row": 0, "column": "", "value": "", "code": code, "message": message}
    return {"file": file.name, "sheet": "", "rows": 0, "new": 0, "changed": 0, "unchanged": 0, "errors": [error]}


def _end(out: Console, entries: list[dict], *, written: bool, as_json: bool, refused: bool = True) -> int:
    if as_json:
        json.dump({"written": written, "files": entries}, sys.stdout, ensure_ascii=False, indent=1)
        print()
        return int(refused)
    for entry in entries:
        name = f"{entry['file']}　{entry['sheet']}" if entry["sheet"] else entry["file"]
        out.print(
            f"{name}：{entry['rows']} 行，新增 {entry['new']}，变动 {entry['changed']}，不变 {entry['unchanged']}，"
            f"有错 {len(entry['errors'])} 处",
            highlight=False,
            markup=False,
        )
        for error in entry["errors"][:_SHOWN]:
            where = f"第 {error['row']} 行{error['column'] and ' ' + error['column'] + ' 列'}" if error["row"] else "整个文件"
            value = f"“{error['value']}”" if error["value"] else ""
            out.print(f"  {where}{value}：{error['message']}", highlight=False, markup=False)
        if len(entry["errors"]) > _SHOWN:
            out.print(f"  ……还有 {len(entry['errors']) - _SHOWN} 处，用 --json 看全部。", highlight=False, markup=False)
    out.print("有错的文件没有写入任何内容，请改好后重新导入。" if refused else "已写入。" if written else "只是预览，没有写入。")
    return int(refused)
