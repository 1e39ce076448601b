"""What the pages of the import wizard ask of the importer beyond reading and writing."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from jiafang.access.actors import Actor
from jiafang.intake.cells import written
from jiafang.intake.guard import column_name
from jiafang.intake.headings import KIND
from jiafang.intake.kinds import detect, is_notes
from jiafang.intake.reader import Sheet, read_workbook
from jiafang.intake.tables import SKIP
from jiafang.lib.errors import Problem
from jiafang.paperwork import services as paperwork
from jiafang.roster.importers.runs import compare, preview_import, read_file
from jiafang.roster.models import RosterImport
from jiafang.roster.services import imports as services
from jiafang.units.models import Unit

MOST_ROWS = 100
_SAMPLES = 3
_WIDEST = 80


@dataclass(frozen=True, slots=True)
class SheetGuess:
    """A sheet as the mapping page shows it: heading and first values by column letter, and what was chosen so far."""

    name: str
    columns: dict[str, str]
    samples: dict[str, list[str]]
    chosen: dict[str, str]


@dataclass(frozen=True, slots=True)
class RowLabel:
    """A row of the preview: its number in Excel, and whom or what it is about."""

    row: int
    label: str


def take_in(actor: Actor, *, unit: Unit, name: str, body: bytes) -> RosterImport:
    """Keep an upload and read it at once."""
    run = services.keep_upload(actor, unit=unit, name=name, body=body)
    return preview_import(actor, run)[0]


def sheets_of(actor: Actor, run: RosterImport) -> list[SheetGuess]:
    """The sheets of an upload with the guess, or the person's earlier choice, for every column."""
    return [_guess(sheet, run.mapping.get(sheet.name)) for sheet in read_workbook(_body(run), name=run.file_name)]


def rows_of(actor: Actor, run: RosterImport, sheet: str, outcome: str) -> list[RowLabel]:
    """The first rows of a sheet that are "new" or "changed". Read again from the upload: no names are kept for it."""
    readings = read_file(_body(run), run.file_name, run.mapping)
    _changes, reports = compare(actor, run.unit, readings)
    found = [line for report in reports if report.sheet == sheet for line in report.outcomes if line[1] == outcome]
    return [RowLabel(number, label) for number, _outcome, label in found[:MOST_ROWS]]


def _body(run: RosterImport) -> bytes:
    if run.stored is None:
        raise Problem("gone", _("上传的文件已经从服务器删除，请重新上传。"))
    return paperwork.read(run.stored)


def _guess(sheet: Sheet, chosen: dict[str, str] | None) -> SheetGuess:
    mapping = detect(sheet, chosen if chosen and chosen.get(KIND) != SKIP else None)
    first = mapping.first if mapping else 1
    width = min(_WIDEST, max((len(row) for row in sheet.rows[: first + _SAMPLES]), default=0))
    headings = {n: mapping.headings.get(n, "") if mapping else written(sheet.cell(0, n)) for n in range(width)}
    samples = {
        column_name(n): [text for row in range(first, first + _SAMPLES) if (text := written(sheet.cell(row, n)))]
        for n in range(width)
    }
    columns = {column_name(n): headings[n] for n in range(width) if headings[n] or samples[column_name(n)]}
    if chosen:
        return SheetGuess(sheet.name, columns, samples, dict(chosen))
    if mapping:
        return SheetGuess(sheet.name, columns, samples, mapping.as_overrides())
    return SheetGuess(sheet.name, columns, samples, {KIND: SKIP if is_notes(sheet) else "students"})
