"""Word papers: answers stand in labelled cells, in Chinese fonts, and the XML is one Word opens."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from jiafang.paperwork.contents import WorkbookCover, WorkbookEntry
from jiafang.paperwork.forms import ANNEX_2, OPTIONAL_ROWS, VisitHeader, add_fields, clean_text, shown_value
from jiafang.paperwork.word import render_plan_docx, render_record_docx, render_workbook_docx

from .samples import ANSWERS, HEADER, HOSTILE, few, read_docx_form
from .test_pdf import PLAN


def shown(schema, answers, header):
    return {item.key: shown_value(item, answers, header) for item in schema.fields}


def test_a_record_opened_again_gives_the_answers_back():
    schema = add_fields(ANNEX_2, OPTIONAL_ROWS)
    answers = ANSWERS | {"reflection": HOSTILE + "\n<w:t>&amp;{{ x }}{% y %}"}
    content = render_record_docx(schema, answers, HEADER)
    assert read_docx_form(schema, content) == shown(schema, answers, HEADER)


def test_an_empty_form_has_every_label_and_no_answer():
    found = read_docx_form(ANNEX_2, render_record_docx(ANNEX_2, {}, VisitHeader()))
    assert found == dict.fromkeys([item.key for item in ANNEX_2.fields], "")


@few
@given(st.text(max_size=200))
def test_any_text_can_be_written_and_read_back(text):
    found = read_docx_form(ANNEX_2, render_record_docx(ANNEX_2, {"process": text}, HEADER))
    lines = [line for line in clean_text(text).split("\n") if line.strip()]
    assert found["process"].split() == "\n".join(clean_text(line) for line in lines).split()


def test_it_looks_like_the_annex():
    document = Document(io.BytesIO(render_record_docx(ANNEX_2, ANSWERS, HEADER)))
    table = document.tables[0]
    assert document.paragraphs[0].text == "“大家访”活动记录表"
    assert document.paragraphs[1].text == f"学校：{HEADER.school}"
    spans = [[cell.grid_span for cell in row._tr.tc_lst] for row in table.rows]
    assert spans == [[1] * 6, [1, 1, 1, 3], [1, 1, 1, 3], [1, 5], [1, 5], [1, 5]]
    heights = [row.height.cm for row in table.rows]
    assert min(heights[3:]) > 4 > max(heights[:3])
    assert sum(heights) < 24.5
    assert table._tbl.tblPr.find(qn("w:tblLayout")).get(qn("w:type")) == "fixed"


def test_a_long_text_takes_room_from_the_others_and_then_flows_over():
    def heights(text):
        document = Document(io.BytesIO(render_record_docx(ANNEX_2, ANSWERS | {"preparation": text}, HEADER)))
        return [row.height.cm for row in document.tables[0].rows][3:]

    short, longer, endless = heights("短"), heights("访" * 500), heights("访" * 3000)
    assert longer[0] > short[0]
    assert abs(sum(longer) - sum(short)) < 0.1
    assert sum(endless) < 6


def test_every_run_names_a_chinese_font():
    content = render_workbook_docx(COVER, entries(2))
    root = Document(io.BytesIO(content)).element
    runs = [run for run in root.iter(qn("w:r")) if run.findall(qn("w:t"))]
    assert runs
    for run in runs:
        fonts = run.find(qn("w:rPr")).find(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")) in ("宋体", "黑体")
        assert not any("Theme" in name for name in fonts.attrib)


COVER = WorkbookCover(HEADER.school, HEADER.klass, "2020—2021学年", ("王小明", "陈㛃"), "“大家访”活动",
                      printed_on=date(2021, 7, 1))  # fmt: skip


def entries(count):
    written = [WorkbookEntry(ANNEX_2, replace(HEADER, student=f"学生{i}"), ANSWERS) for i in range(count)]
    return [*written, WorkbookEntry(ANNEX_2, VisitHeader(student="孙某", visit_mode="未上门（搬家）"))]


def test_the_book_has_cover_contents_and_a_page_for_each_record():
    content = render_workbook_docx(COVER, entries(3), remark="移交时逐页清点。")
    document = Document(io.BytesIO(content))
    cover, contents, *forms = document.tables
    assert [cell.text for cell in cover.columns[0].cells] == ["学校：", "班级：", "学年：", "保管人（班主任）："]
    assert cover.rows[3].cells[1].text == "王小明\n陈㛃"
    assert [row.cells[1].text for row in contents.rows] == ["学生姓名", "学生0", "学生1", "学生2", "孙某"]
    assert [row.cells[5].text for row in contents.rows] == ["页码", "2", "3", "4", "—"]
    assert len(forms) == 3
    titles = [item for item in document.paragraphs if item.text == ANNEX_2.title]
    assert all(item.paragraph_format.page_break_before for item in titles)
    # Every page field of the contents finds its bookmark.
    marks = {mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))}
    codes = [code.text.split()[1] for code in document.element.iter(qn("w:instrText"))]
    assert sorted(marks) == sorted(codes)


def test_the_plan_has_headings_a_table_a_chart_and_the_signature():
    document = Document(io.BytesIO(render_plan_docx(PLAN)))
    headings = [item.text for item in document.paragraphs if item.style.name == "Heading 1"]
    assert headings == ["一、指导思想", "二、步骤"]
    steps, chart = document.tables
    assert [cell.text for cell in steps.rows[2].cells] == ["实施", HOSTILE]
    grey = [[bool(cell._tc.findall(f".//{qn('w:shd')}")) for cell in row.cells] for row in chart.rows]
    assert grey[0] == [False] * len(grey[0])
    assert any(grey[1])
    texts = [item.text for item in document.paragraphs]
    assert texts[-4:] == [HEADER.school, "（盖章）", "2021年3月29日", "校内审定：2021年3月26日 校务会"]
    assert "附件：1. 时间表" in texts


ORDER = {
    "tcPr": ["tcW", "gridSpan", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "vAlign"],
    "pPr": ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "spacing", "ind", "jc"],
    "rPr": ["rFonts", "b", "bCs", "color", "sz", "szCs"],
    "sectPr": ["footerReference", "type", "pgSz", "pgMar", "pgNumType", "cols", "titlePg", "docGrid"],
}


def test_elements_stand_in_the_order_the_format_asks_for():
    for content in (render_workbook_docx(COVER, entries(2)), render_plan_docx(PLAN)):
        for parent, order in ORDER.items():
            for element in Document(io.BytesIO(content)).element.iter(qn(f"w:{parent}")):
                names = [child.tag.rpartition("}")[2] for child in element]
                assert names == sorted(names, key=order.index), parent


def test_a_file_names_no_tool_and_no_person():
    with zipfile.ZipFile(io.BytesIO(render_record_docx(ANNEX_2, ANSWERS, HEADER))) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert re.search(r"<dc:creator\s*/>|<dc:creator></dc:creator>", core)
    assert "python" not in core
