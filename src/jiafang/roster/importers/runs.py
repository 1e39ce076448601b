"""One file from first look to last row: read, compare, and hand the changes to the service that writes them."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.intake.reader import Workbook, read_workbook
from jiafang.intake.records import CellError, Row
from jiafang.intake.tables import Reading, read_tables
from jiafang.lib import masking
from jiafang.lib.errors import CATALOGUE, Problem
from jiafang.paperwork import services as paperwork
from jiafang.roster.importers import care, staff, units
from jiafang.roster.importers.context import Context, Tally
from jiafang.roster.importers.students import Students
from jiafang.roster.models import RosterImport
from jiafang.roster.selectors import imports as selectors
from jiafang.roster.services import imports as services
from jiafang.roster.services.imports import Changes
from jiafang.units.models import Unit

# What later tables stand on comes first.
_ORDER = ("schools", "classes", "staff", "teaching", "students", "survey", "coordinates", "busy")
_PLAIN: dict[str, Callable[[Context, Tally, Any], str]] = {
    "schools": units.school,
    "staff": staff.person,
    "classes": units.klass,
    "teaching": staff.teaching,
    "survey": care.survey,
    "coordinates": care.coordinate,
    "busy": staff.busy,
}
_MOST_ERRORS = 500
# Beyond `roster.import`, what a table writes has verbs of its own.
_VERBS = {"schools": "unit.manage", "classes": "unit.manage", "staff": "staff.manage", "teaching": "appointment.begin", "busy": "timetable.edit"}


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What became of one sheet; `errors` in the order of the rows."""

    sheet: str
    kind: str
    rows: int
    new: int
    changed: int
    unchanged: int
    errors: list[CellError]
    warnings: list[CellError]
    outcomes: list[tuple[int, str, str]]

    def counts(self) -> dict[str, Any]:
        """For the history: figures only."""
        return {
            "sheet": self.sheet,
            "kind": self.kind,
            "rows": self.rows,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "faulty": len({error.row for error in self.errors}),
            "warnings": len(self.warnings),
        }


@contextmanager
def no_collecting() -> Iterator[None]:
    """Cells and rows make no cycles; the collector would only walk a million of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_file(source: Path | bytes, name: str = "", overrides: dict | None = None) -> list[Reading]:
    """The tables of a file, hostile files refused by Problem."""
    with no_collecting():
        return tables_of(read_workbook(source, name=name), overrides)


def tables_of(book: Workbook, overrides: dict | None = None) -> list[Reading]:
    """The tables of a workbook; one without any is refused."""
    readings = read_tables(book, overrides)
    if not readings:
        raise Problem("invalid", _("文件里没有可以导入的表。"))
    return readings


def compare(actor: Actor, unit: Unit, readings: Sequence[Reading]) -> tuple[Changes, list[SheetReport]]:
    """What the tables would change in a school or district, and the report of each sheet. Writes nothing."""
    tables = [reading.table for reading in readings]
    policy.demand(actor, "roster.import", path=unit.path)
    for kind in {table.kind for table in tables} & _VERBS.keys():
        policy.demand(actor, _VERBS[kind], path=unit.path)
    context = Context(selectors.snapshot(unit, {table.kind for table in tables}), unit)
    rows: list[Row] = [row for table in tables if table.kind == "students" for row in table.rows]
    students = Students(context, rows) if rows else None
    for kind in ("", *_ORDER):
        if kind == "teaching":
            units.settle_class_teachers(context)
        for table in tables:
            if table.kind != kind:
                continue
            if kind == "students" and students:
                context.run(table, students.compare)
            else:
                context.run(table, _PLAIN.get(kind, _nothing))
            if kind == "busy":
                staff.drop_old_periods(context, table.rows)
    if students:
        students.finish()
        students.tell_absent(next(tally for tally in context.tallies if tally.table.kind == "students"))
    by_table = {id(tally.table): tally for tally in context.tallies}
    return context.changes, [_report(by_table[id(table)]) for table in tables]


def apply_file(
    actor: Actor, unit: Unit, readings: Sequence[Reading], run: RosterImport
) -> list[SheetReport]:
    """Compare and write in one transaction; with any error nothing is written (see the reports)."""
    with no_collecting(), transaction.atomic():
        changes, reports = compare(actor, unit, readings)
        if not any(report.errors for report in reports):
            services.write_import(actor, run=run, changes=changes, counts=[report.counts() for report in reports])
    return reports


def preview_import(actor: Actor, run: RosterImport, overrides: dict | None = None) -> tuple[RosterImport, list[Reading], list[SheetReport]]:
    """Read an upload and write down what it would do."""
    mapping = run.mapping if overrides is None else overrides
    try:
        readings = read_file(paperwork.read(run.stored), run.file_name, mapping)
        _changes, reports = compare(actor, run.unit, readings)
    except Problem as problem:
        refused = [_of_file(problem.code, problem.message)]
        return services.note_preview(actor, run=run, mapping=mapping, counts=[], errors=refused), [], []
    row = services.note_preview(
        actor,
        run=run,
        mapping=mapping,
        counts=[report.counts() for report in reports],
        errors=masked(error for report in reports for error in report.errors),
        doubts=masked(doubt for report in reports for doubt in report.warnings),
    )
    return row, readings, reports


def apply_import(actor: Actor, run: RosterImport) -> None:
    """Write a queued import; what a job does. Leaves the import applied, or refused with its errors."""
    if run.state != RosterImport.State.APPLYING:
        return  # an earlier run of this job got through before it was cut off
    services.note_progress(run=run, done=5)
    try:
        readings = read_file(paperwork.read(run.stored), run.file_name, run.mapping)
        services.note_progress(run=run, done=45)
        reports = apply_file(actor, run.unit, readings, run)
    except Problem as problem:
        services.note_failure(actor, run=run, errors=[_of_file(problem.code, problem.message)])
        return
    except Exception:
        # A fault of ours: the page must not wait for ever, and the queue's own record keeps the trace.
        services.note_failure(actor, run=run, errors=[_of_file("failed", CATALOGUE["failed"].message)])
        raise
    if any(report.errors for report in reports):
        services.note_failure(actor, run=run, errors=masked(error for report in reports for error in report.errors))


def masked(errors: Iterable[CellError]) -> list[dict[str, Any]]:
    """Errors as they are kept, at most so many: where and what to do, with values that would tell a child masked."""
    return [
        {
            "sheet": error.sheet,
            "row": error.row,
            "column": error.column,
            "heading": error.heading,
            "value": _masked(error),
            "code": error.code,
            "message": error.message,
        }
        for error in islice(errors, _MOST_ERRORS)
    ]


def _of_file(code: str, message: str) -> dict[str, Any]:
    """An error of the file as a whole."""
    return {"sheet": "", "row": 0, "column": "", "heading": "", "value": "", "code": code, "message": message}


def _masked(error: CellError) -> str:
    digits = sum(character.isdigit() for character in error.value)
    if digits >= 15:
        return masking.mask_id(error.value)
    if digits >= 7:
        return masking.mask_phone(error.value)
    return masking.mask_name(error.value) if "姓名" in error.heading else error.value


def _nothing(_context: Context, _tally: Tally, _row: Row) -> str:
    return ""


def _report(tally: Tally) -> SheetReport:
    table = tally.table
    errors = sorted(tally.errors, key=lambda error: error.row)
    return SheetReport(
        table.sheet, table.kind, table.total, tally.new, tally.changed, tally.unchanged, errors, table.warnings, tally.outcomes
    )
