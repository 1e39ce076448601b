"""Papers as PDF: the record form, the class's bound workbook, the school plan and the letter to parents."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .contents import (
    Letter,
    PlanSection,
    SchoolPlan,
    WorkbookCover,
    WorkbookEntry,
    chart_grid,
    chinese_date,
    chinese_number,
    cover_lines,
)
from .forms import FormSchema, VisitHeader, clean_text, grid_rows, shown_value
from .glyphs import missing_glyphs
from .typeset import compile_pdf, compile_pdf_in_child

# A long run without a place to break (an address on the web, 40 dashes) would run over the edge of its cell.
_LONG_RUN = re.compile(r"[!-~\u00a1-\u024f\u2010-\u2027\u2030-\u205e]{16,}")
_PIECE = 8


def pieces(text: str) -> list[str]:
    """The cleaned text cut where a line may break inside an overlong run; joined, it is that text."""
    text = clean_text(text)
    result, start = [], 0
    for run in _LONG_RUN.finditer(text):
        cuts = range(run.start(), run.end(), _PIECE)
        result += [text[start : run.start()], *(text[at : min(at + _PIECE, run.end())] for at in cuts)]
        start = run.end()
    return [piece for piece in [*result, text[start:]] if piece]


def paragraphs(text: str) -> list[list[str]]:
    """The cleaned text's lines without blank ones, each in pieces."""
    return [pieces(line) for line in clean_text(text).split("\n") if line.strip(" \t\u3000")]


def record_data(schema: FormSchema, answers: Mapping[str, Any], header: VisitHeader) -> dict[str, Any]:
    """What `layouts/form.typ` sets: texts only, placed in the grid."""
    shown = {item.key: shown_value(item, answers, header) for item in schema.fields}
    absent = missing_glyphs("".join([schema.title, *shown.values(), *(item.label for item in schema.fields)]))
    return {
        "title": schema.title,
        "name": pieces("　".join(filter(None, (header.klass, header.student)))),
        "above": [{"label": item.label, "value": paragraphs(shown[item.key])} for item in schema.fields if item.above],
        "rows": [
            [
                {
                    "label": cell.field.label,
                    "value": paragraphs(shown[cell.field.key]),
                    "span": cell.span,
                    "tall": cell.field.tall,
                    "lines": cell.field.lines,
                }
                for cell in row
            ]
            for row in grid_rows(schema)
        ],
        "note": glyph_note(absent),
    }


def glyph_note(absent: str) -> str:
    """The line under a paper that tells which characters have to be written in by hand; empty when none."""
    if not absent:
        return ""
    codes = "、".join(f"U+{ord(sign):04X}" for sign in absent[:12])
    return f"注：打印字库缺少 {len(absent)} 个字符（{codes}{'等' if len(absent) > 12 else ''}），请在方框处手写补上。"


def render_record_pdf(schema: FormSchema, answers: Mapping[str, Any], header: VisitHeader) -> bytes:
    """One record form as PDF; an empty form when there are no answers."""
    return compile_pdf("record", record_data(schema, answers, header))


def render_workbook_pdf(
    cover: WorkbookCover, entries: Sequence[WorkbookEntry], *, remark: str = "", in_child: bool = True
) -> bytes:
    """The class's 家访工作记录本: cover, contents with page numbers, one form a page (long ones flow on).

    Set in a process of its own; see `compile_pdf_in_child` for its errors.
    """
    written = [entry for entry in entries if entry.answers is not None]
    places = {id(entry): index for index, entry in enumerate(written)}
    contents = [
        {
            "number": number,
            "student": pieces(entry.header.student),
            "time": pieces(entry.header.visit_time),
            "mode": pieces(entry.header.visit_mode),
            "teacher": pieces(entry.header.teacher),
            "form": places.get(id(entry)),
        }
        for number, entry in enumerate(entries, 1)
    ]
    data = {
        "title": f"{cover.school}{cover.klass}{cover.title}",
        "name": pieces(f"{cover.school}　{cover.klass}　{cover.title}"),
        "cover": {
            "title": cover.title,
            "campaign": pieces(cover.campaign),
            "lines": [
                {"label": label, "value": [pieces(text) for text in texts if text]}
                for label, texts in cover_lines(cover)
            ],
            "printed": pieces(chinese_date(cover.printed_on)),
        },
        "contents": contents,
        "remark": paragraphs(remark),
        "records": [record_data(entry.schema, entry.answers, entry.header) for entry in written],
    }
    return (compile_pdf_in_child if in_child else compile_pdf)("workbook", data)


def render_plan_pdf(plan: SchoolPlan) -> bytes:
    """一校一策 as PDF, with the place for the stamp."""
    texts = [plan.title, plan.subtitle, plan.school, *(f"{part.heading}{part.text}" for part in plan.sections)]
    return compile_pdf(
        "plan",
        {
            "title": plan.title,
            "heading": pieces(plan.title),
            "subtitle": pieces(plan.subtitle),
            "sections": [_section_data(number, section) for number, section in enumerate(plan.sections, 1)],
            "attachments": [pieces(name) for name in plan.attachments],
            "signed-by": pieces(plan.school),
            "signed-on": pieces(chinese_date(plan.signed_on)),
            "stamp": plan.stamp,
            "approvals": [pieces(line) for line in plan.approvals],
            "note": glyph_note(missing_glyphs(clean_text("".join(texts)))),
        },
    )


def _section_data(number: int, section: PlanSection) -> dict[str, Any]:
    table = section.table and {
        "header": [pieces(text) for text in section.table.header],
        "rows": [[pieces(text) for text in row] for row in section.table.rows],
    }
    chart = None
    if section.tasks:
        grid = chart_grid(section.tasks)
        chart = {
            "periods": grid.periods,
            "tasks": [
                {"name": pieces(task.name), "owner": pieces(task.owner), "busy": busy}
                for task, busy in zip(section.tasks, grid.busy, strict=True)
            ],
        }
    return {
        "number": chinese_number(number),
        "heading": pieces(section.heading),
        "text": paragraphs(section.text),
        "table": table,
        "chart": chart,
    }


def render_letters_pdf(letters: Sequence[Letter]) -> bytes:
    """Letters to parents with reply slips, each beginning a sheet of its own; more than 20 in their own process."""
    data = {"title": letters[0].title if letters else "", "letters": [_letter_data(letter) for letter in letters]}
    return (compile_pdf_in_child if len(letters) > 20 else compile_pdf)("letter", data)


def _letter_data(letter: Letter) -> dict[str, Any]:
    slip = letter.slip and {
        "klass": pieces(letter.slip.klass),
        "student": pieces(letter.slip.student),
        "guardian": pieces(letter.slip.guardian),
        "letter": pieces(letter.title),
        "ways": list(letter.slip.ways),
        "elsewhere": letter.slip.ways[-1:] == ("另选地点",),
    }
    names = (letter.slip.klass, letter.slip.student, letter.slip.guardian) if letter.slip else ()
    texts = [
        letter.title,
        letter.greeting,
        letter.text,
        letter.signed_by,
        *names,
        *("".join(part) for part in letter.parts),
    ]
    return {
        "title": pieces(letter.title),
        "greeting": pieces(letter.greeting),
        "text": paragraphs(letter.text),
        "parts": [{"heading": pieces(heading), "text": paragraphs(text)} for heading, text in letter.parts],
        "signed-by": pieces(letter.signed_by),
        "signed-on": pieces(chinese_date(letter.signed_on)),
        "slip": slip,
        "note": glyph_note(missing_glyphs(clean_text("".join(texts)))),
    }
