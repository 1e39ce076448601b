"""Papers as Word files: the record form, the class's bound workbook and the school plan, laid out like their PDFs.

Answers stand in labelled table cells, not in content controls, which office programs drop on the way.
"""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from docx.document import Document as Doc
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from .contents import (
    PlanSection,
    SchoolPlan,
    Table,
    Task,
    WorkbookCover,
    WorkbookEntry,
    chart_grid,
    chinese_date,
    chinese_number,
    cover_lines,
)
from .forms import FormSchema, VisitHeader, clean_text, grid_rows, shown_value
from .word_parts import (
    CENTRE,
    HEI,
    RIGHT,
    TEXT_SIZE,
    TEXT_WIDTH,
    add_field,
    add_grid,
    add_line,
    bookmark,
    fill,
    finished,
    indent_first_line,
    name_fonts,
    new_document,
    page_footer,
    repeat_header,
    shade,
    underline_cell,
    write,
)

LABEL_WIDTH = Cm(2.15)
VALUE_WIDTH = Emu((TEXT_WIDTH - 3 * LABEL_WIDTH) // 3)
GRID = (LABEL_WIDTH, VALUE_WIDTH) * 3
TALL_ROOM = Cm(20.4)  # what title, line and three single rows leave of a page
LINE_HEIGHT = Pt(20)


def _fill_tall(cell: _Cell, text: str) -> None:
    lines = [line for line in clean_text(text).split("\n") if line.strip()] or [""]
    for index, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.line_spacing = LINE_HEIGHT
        indent_first_line(paragraph)
        write(paragraph, line)


def _add_form(document: Doc, schema: FormSchema, answers: Mapping[str, Any], header: VisitHeader) -> Paragraph:
    """Append one form and return its title's paragraph."""
    title = add_line(document, schema.title, 18, HEI, align=CENTRE, before=4, after=10, bold=True)
    shown = {item.key: shown_value(item, answers, header) for item in schema.fields}
    for item in schema.fields:
        if item.above:
            paragraph = add_line(document, f"{item.label}：", 12, HEI, after=6)
            write(paragraph, shown[item.key], 12)
    rows = grid_rows(schema)
    table = add_grid(document, len(rows), GRID)
    heights = iter(_tall_heights(schema, shown))
    for word_row, row in zip(table.rows, rows, strict=True):
        tall = row[0].field.tall
        word_row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
        word_row.height = next(heights) if tall else Cm(0.95)
        cells = word_row.cells
        for place in row:
            fill(cells[place.column], place.field.label, font=HEI)
            value = cells[place.column + 1].merge(cells[place.column + place.span - 1])
            if tall:
                _fill_tall(value, shown[place.field.key])
            else:
                fill(value, shown[place.field.key].replace("\n", " "))
    return title


def _tall_heights(schema: FormSchema, shown: Mapping[str, str]) -> list[int]:
    """Least heights (EMU) of the tall rows: shares of the page's room; where a text needs more, the others give."""
    tall = [item for item in schema.fields if item.tall and not item.above]
    singles = sum(1 for row in grid_rows(schema) if not row[0].field.tall)
    room = TALL_ROOM - (singles - 3) * Cm(0.95)
    per_line = (TEXT_WIDTH - LABEL_WIDTH) / Pt(TEXT_SIZE) - 1
    needs = [_text_lines(shown[item.key], per_line) * LINE_HEIGHT + Pt(6) for item in tall]
    if sum(needs) > room:
        return [2 * LINE_HEIGHT for _item in tall]
    heights = dict(enumerate(needs))
    open_rows = set(heights)
    while open_rows:
        unit = room / sum(tall[index].lines for index in open_rows)
        over = {index for index in open_rows if needs[index] > unit * tall[index].lines}
        if not over:
            heights |= {index: int(unit * tall[index].lines) for index in open_rows}
            break
        room -= sum(needs[index] for index in over)
        open_rows -= over
    return list(heights.values())


def _text_lines(text: str, per_line: float) -> int:
    """How many lines the text takes, where a Chinese character counts 1 and a Latin one a half."""
    widths = (
        2 + sum(1 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in line) for line in text.split("\n")
    )
    return sum(math.ceil(width / per_line) for width in widths)


def render_record_docx(schema: FormSchema, answers: Mapping[str, Any], header: VisitHeader) -> bytes:
    """One record form as a Word file; an empty form when there are no answers."""
    document = new_document(schema.title)
    _add_form(document, schema, answers, header)
    return finished(document)


def render_workbook_docx(cover: WorkbookCover, entries: Sequence[WorkbookEntry], *, remark: str = "") -> bytes:
    """The class's 家访工作记录本 as a Word file: cover, contents (page numbers are fields), one form a page."""
    document = new_document(f"{cover.school}{cover.klass}{cover.title}")
    _add_cover(document, cover)
    add_line(document, "目　录", 20, HEI, align=CENTRE, after=10, bold=True).paragraph_format.page_break_before = True
    contents = add_grid(document, 1, [Cm(width) for width in (1.2, 3, 4.6, 3.2, 3.2, 1.4)])
    for cell, text in zip(
        contents.rows[0].cells, ("序号", "学生姓名", "家访时间", "家访形式", "家访教师", "页码"), strict=True
    ):
        fill(cell, text, 10.5, HEI)
    repeat_header(contents)
    # Word counts the pages itself when the fields are updated; until then the first guess is one page a form.
    page = 1 + math.ceil(len(entries) / 32)
    bookmarks = []
    for number, entry in enumerate(entries, 1):
        cells = contents.add_row().cells
        head = entry.header
        for cell, text in zip(
            cells, (str(number), head.student, head.visit_time, head.visit_mode, head.teacher), strict=False
        ):
            fill(cell, text, 10.5)
        if entry.answers is None:
            fill(cells[5], "—", 10.5)
            continue
        bookmarks.append(f"form_{number}")
        fill(cells[5], "", 10.5)
        add_field(cells[5].paragraphs[0], f"PAGEREF form_{number} \\h", str(page + len(bookmarks) - 1), 10.5)
    for line in clean_text(remark).split("\n"):
        add_line(document, line, 10.5, before=6)
    written = [entry for entry in entries if entry.answers is not None]
    for index, (entry, name) in enumerate(zip(written, bookmarks, strict=True), 1):
        title = _add_form(document, entry.schema, entry.answers, entry.header)
        title.paragraph_format.page_break_before = True
        bookmark(title, name, index)
    page_footer(document, first_page=False)
    return finished(document)


def _add_cover(document: Doc, cover: WorkbookCover) -> None:
    add_line(document, cover.campaign, 16, HEI, align=CENTRE, before=110, after=34)
    add_line(document, cover.title, 34, HEI, align=CENTRE, after=110, bold=True)
    lines = cover_lines(cover)
    table = add_grid(document, len(lines), (Cm(5.2), Cm(9)))
    table.style = "Normal Table"
    for row, (label, texts) in zip(table.rows, lines, strict=True):
        row.height_rule, row.height = WD_ROW_HEIGHT_RULE.AT_LEAST, Cm(1.15)
        fill(row.cells[0], f"{label}：", 14, HEI, align=RIGHT)
        fill(row.cells[1], "\n".join(texts), 14)
        for cell in row.cells:
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
        underline_cell(row.cells[1])
    add_line(document, chinese_date(cover.printed_on), 14, align=CENTRE, before=120)


def render_plan_docx(plan: SchoolPlan) -> bytes:
    """一校一策 as a Word file with real headings, for the school to edit further."""
    document = new_document(plan.title)
    _heading_style(document)
    add_line(document, plan.title, 18, HEI, align=CENTRE, before=10, after=4, bold=True)
    if plan.subtitle:
        add_line(document, plan.subtitle, 12, align=CENTRE, after=10)
    for number, section in enumerate(plan.sections, 1):
        _add_section(document, number, section)
    for number, name in enumerate(plan.attachments, 1):
        line = add_line(document, f"{'附件：' if number == 1 else ''}{number}. {clean_text(name)}", 12, before=4)
        line.paragraph_format.left_indent = Pt(0 if number == 1 else 36)
    signature = [plan.school, *(["（盖章）"] if plan.stamp else []), chinese_date(plan.signed_on)]
    for index, text in enumerate(filter(None, signature)):
        add_line(document, text, 12, align=RIGHT, before=36 if index == 0 else 4)
    for index, text in enumerate(plan.approvals):
        add_line(document, text, 10.5, before=24 if index == 0 else 2)
    page_footer(document, first_page=True)
    return finished(document)


def _heading_style(document: Doc) -> None:
    style = document.styles["Heading 1"]
    style.font.size, style.font.bold, style.font.color.rgb = Pt(12), False, RGBColor(0, 0, 0)
    name_fonts(style.element.get_or_add_rPr(), HEI)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(12), Pt(6)


def _add_section(document: Doc, number: int, section: PlanSection) -> None:
    heading = document.add_heading(level=1)
    indent_first_line(heading)
    write(heading, f"{chinese_number(number)}、{section.heading}", 12, HEI)
    for text in clean_text(section.text).split("\n"):
        if text.strip():
            paragraph = add_line(document, text, 12)
            paragraph.paragraph_format.line_spacing = Pt(24)
            indent_first_line(paragraph)
    if section.table:
        _add_table(document, section.table)
    if section.tasks:
        _add_chart(document, section.tasks)


def _add_table(document: Doc, content: Table) -> None:
    width = TEXT_WIDTH // len(content.header)
    table = add_grid(document, 1, [width] * len(content.header))
    for cell, text in zip(table.rows[0].cells, content.header, strict=True):
        fill(cell, text, 10.5, HEI)
    repeat_header(table)
    for row in content.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            fill(cell, text, 10.5)
    add_line(document, "", 6)


def _add_chart(document: Doc, tasks: tuple[Task, ...]) -> None:
    chart = chart_grid(tasks)
    period = min(Cm(1), Cm(9.3) // len(chart.periods))
    name = TEXT_WIDTH - Cm(2.3) - period * len(chart.periods)
    table = add_grid(document, 1, [name, Cm(2.3), *[period] * len(chart.periods)])
    for index, (cell, text) in enumerate(zip(table.rows[0].cells, ("任务", "责任人", *chart.periods), strict=True)):
        fill(cell, text, 9 if index < 2 else 7.5, HEI)
    repeat_header(table)
    for task, busy in zip(tasks, chart.busy, strict=True):
        cells = table.add_row().cells
        fill(cells[0], task.name, 9)
        fill(cells[1], task.owner, 9)
        for cell, on in zip(cells[2:], busy, strict=True):
            if on:
                shade(cell)
    add_line(document, "", 6)
