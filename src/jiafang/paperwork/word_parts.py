"""Pieces of Word files: Chinese fonts, lines, grids, fields; knows no paper."""

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from .forms import clean_text

SONG, HEI, LATIN = "宋体", "黑体", "Times New Roman"
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = Cm(21), Cm(29.7), Cm(2.2)
TEXT_WIDTH = PAGE_WIDTH - 2 * MARGIN
TEXT_SIZE = 11.5


def new_document(title: str) -> Doc:
    """An A4 document whose every default font knows Chinese."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = document.core_properties.comments = ""
    document.core_properties.language = "zh-CN"
    normal = document.styles["Normal"]
    normal.font.size = Pt(TEXT_SIZE)
    name_fonts(normal.element.get_or_add_rPr(), SONG)
    normal.paragraph_format.space_after = Pt(0)
    page = document.sections[0]
    page.page_width, page.page_height = PAGE_WIDTH, PAGE_HEIGHT
    page.left_margin = page.right_margin = page.top_margin = MARGIN
    page.bottom_margin, page.footer_distance = Cm(2), Cm(1.1)
    return document


def name_fonts(properties, east_asian: str) -> None:
    """Name every font slot: one that is left out falls back to the theme's, which has no Chinese."""
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for slot, name in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", east_asian)):
        fonts.set(qn(f"w:{slot}"), name)


def write(paragraph: Paragraph, text: str, size: float = TEXT_SIZE, font: str = SONG, *, bold: bool = False) -> Run:
    """Append cleaned text to the paragraph."""
    run = paragraph.add_run(clean_text(text))
    run.font.size, run.bold = Pt(size), bold
    name_fonts(run._element.get_or_add_rPr(), font)
    return run


def add_line(
    document: Doc,
    text: str,
    size: float = TEXT_SIZE,
    font: str = SONG,
    *,
    align=LEFT,
    before: float = 0,
    after: float = 0,
    bold: bool = False,
) -> Paragraph:
    """Append a paragraph; `before` and `after` in points."""
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    write(paragraph, text, size, font, bold=bold)
    return paragraph


def indent_first_line(paragraph: Paragraph, characters: int = 2) -> None:
    """Indent the first line by whole characters, as Chinese paragraphs are."""
    properties = paragraph._element.get_or_add_pPr()
    indent = properties.get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(characters * 100))
    indent.set(qn("w:firstLine"), str(int(characters * TEXT_SIZE * 20)))


def add_grid(document: Doc, rows: int, widths: Sequence[int]) -> WordTable:
    """A bordered table of fixed column widths (EMU)."""
    table = document.add_table(rows, len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    # A fixed layout goes by the cells' own widths; merged cells add theirs up.
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    return table


def fill(cell: _Cell, text: str, size: float = TEXT_SIZE, font: str = SONG, *, align=CENTRE) -> None:
    """Write into an empty cell, centred by default."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    cell.paragraphs[0].alignment = align
    write(cell.paragraphs[0], text, size, font)


def finished(document: Doc) -> bytes:
    """The document's bytes."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def shade(cell: _Cell) -> None:
    """Fill an empty cell with grey."""
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "737373")):
        shade.set(qn(f"w:{name}"), value)
    cell._element.get_or_add_tcPr().append(shade)


def underline_cell(cell: _Cell) -> None:
    """Draw only the lower border of a cell."""
    borders, bottom = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    # The schema wants the borders before the vertical alignment.
    cell._element.get_or_add_tcPr().insert_element_before(borders, "w:shd", "w:noWrap", "w:tcMar", "w:vAlign")


def repeat_header(table: WordTable) -> None:
    """Repeat the first row on every page."""
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Mark a paragraph, so that a PAGEREF field finds its page."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    paragraph.runs[0]._element.addprevious(start)
    paragraph._element.append(end)


def add_field(paragraph: Paragraph, code: str, shown: str, size: float) -> None:
    """A Word field with the text shown until it is updated."""
    for kind, text in (("begin", ""), ("instr", code), ("separate", ""), ("shown", shown), ("end", "")):
        if kind == "shown":
            write(paragraph, text, size)
            continue
        run = write(paragraph, "", size)
        if kind == "instr":
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = code
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._element.append(part)


def page_footer(document: Doc, *, first_page: bool) -> None:
    """“第n页”; without the first page a cover stays bare and the page after it is page 1."""
    section = document.sections[0]
    if not first_page:
        section.different_first_page_header_footer = True
        numbering = OxmlElement("w:pgNumType")
        numbering.set(qn("w:start"), "0")
        section._sectPr.insert_element_before(numbering, "w:cols", "w:titlePg", "w:docGrid")
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = CENTRE
    write(paragraph, "第", 9)
    add_field(paragraph, "PAGE", "1", 9)
    write(paragraph, "页", 9)
