"""PDF papers: all answers are in the text, fonts are embedded subsets, and hostile text is only text."""

import io
import subprocess
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiafang.lib.errors import Problem
from jiafang.paperwork import typeset
from jiafang.paperwork.contents import (
    Letter,
    PlanSection,
    ReplySlip,
    SchoolPlan,
    Table,
    Task,
    WorkbookCover,
    WorkbookEntry,
    chart_grid,
    chinese_number,
)
from jiafang.paperwork.forms import ANNEX_2, OPTIONAL_ROWS, Field, VisitHeader, add_fields
from jiafang.paperwork.glyphs import missing_glyphs
from jiafang.paperwork.papers import (
    pieces,
    render_letters_pdf,
    render_plan_pdf,
    render_record_pdf,
    render_workbook_pdf,
)

from .samples import ANSWERS, HEADER, HOSTILE, few, pdf_text, squeezed

COVER = WorkbookCover(
    school=HEADER.school,
    klass=HEADER.klass,
    school_year="2020—2021学年",
    custodians=("王小明（至2021年4月20日）", "陈㛃（2021年4月21日起）"),
    campaign="“大家访”活动",
    printed_on=date(2021, 7, 1),
)


def page_count(content):
    return len(pypdf.PdfReader(io.BytesIO(content)).pages)


def test_a_record_prints_every_label_and_answer_on_one_page():
    content = render_record_pdf(ANNEX_2, ANSWERS, HEADER)
    text = pdf_text(content)
    assert page_count(content) == 1
    for item in ANNEX_2.fields:
        assert item.label in text
    for value in (*ANSWERS.values(), *(getattr(HEADER, item.key, "") for item in ANNEX_2.fields)):
        assert squeezed(value) in text


def test_an_empty_form_is_one_page_of_labels():
    content = render_record_pdf(add_fields(ANNEX_2, OPTIONAL_ROWS), {}, VisitHeader())
    assert page_count(content) == 1
    assert "后续措施" in pdf_text(content)


def test_only_the_two_chinese_fonts_are_embedded_and_cut_down():
    content = render_record_pdf(ANNEX_2, ANSWERS | {"process": "Latin ☐ 😀 ع"}, HEADER)
    fonts = {}
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font["/DescendantFonts"][0]
            fonts[font["/BaseFont"]] = descendant["/FontDescriptor"]["/FontFile3"]
    names = {name[1:] for name in fonts}
    assert {name.partition("+")[2].removesuffix("-Identity-H") for name in names} == {
        "NotoSansSC-Regular",
        "NotoSerifSC-Regular",
    }
    assert all(len(name.partition("+")[0]) == 6 for name in names)
    # The whole fonts are 8 and 11 MB.
    assert sum(len(file.get_data()) for file in fonts.values()) < 300_000


def test_the_same_record_gives_the_same_bytes():
    assert render_record_pdf(ANNEX_2, ANSWERS, HEADER) == render_record_pdf(ANNEX_2, ANSWERS, HEADER)
    changed = replace(HEADER, student="王五")
    assert render_record_pdf(ANNEX_2, ANSWERS, changed) != render_record_pdf(ANNEX_2, ANSWERS, HEADER)


def test_hostile_text_is_printed_as_text_everywhere():
    label = HOSTILE[:20]
    schema = replace(
        add_fields(ANNEX_2, [Field("mood", label, "text"), Field("line", "#eval(1)", "text", above=True)]),
        title=HOSTILE,
    )
    header = VisitHeader(*[HOSTILE] * 8)
    answers = {item.key: HOSTILE for item in schema.asked}
    text = pdf_text(render_record_pdf(schema, answers, header))
    assert text.count(squeezed(HOSTILE)) >= 10
    assert squeezed(label) in text


@few
@given(st.text(max_size=120))
def test_any_text_can_be_printed(text):
    assert render_record_pdf(ANNEX_2, {"process": text}, replace(HEADER, student=text)).startswith(b"%PDF")


def test_a_long_text_flows_over_pages_and_loses_nothing():
    lines = [f"第{number}次谈话：孩子说作业多，家长说手机管不住。" for number in range(1, 150)]
    content = render_record_pdf(ANNEX_2, ANSWERS | {"process": "\n".join(lines)}, HEADER)
    text = pdf_text(content)
    assert page_count(content) > 2
    assert all(line in text for line in lines)
    assert ANSWERS["demands"] in text
    assert f"第2页共{page_count(content)}页" in text


def test_an_overlong_word_is_cut_for_the_line_and_whole_in_the_text():
    address = "https://example.com/" + "a1b2c3" * 40
    assert "".join(pieces(f"见{address}。")) == f"见{address}。"
    assert max(len(piece) for piece in pieces(address)) <= 16
    assert address in pdf_text(render_record_pdf(ANNEX_2, ANSWERS | {"demands": address}, HEADER))


def test_rare_names_print_and_a_missing_character_is_told():
    assert missing_glyphs("𬭎㛃䶮李王龘 A1①□✓\n\u200d\ufe0f") == ""
    assert missing_glyphs("𠮷野😀𠮷") == "𠮷😀"
    assert "打印字库缺少" not in pdf_text(render_record_pdf(ANNEX_2, ANSWERS, HEADER))
    noted = pdf_text(render_record_pdf(ANNEX_2, ANSWERS, replace(HEADER, student="李𠮷")))
    assert "打印字库缺少1个字符（U+20BB7）" in noted


def book(count, **changes):
    entries = [
        WorkbookEntry(
            ANNEX_2,
            replace(HEADER, student=f"学生{number:02d}"),
            ANSWERS | {"demands": f"诉求{number:02d}。"},
        )
        for number in range(1, count + 1)
    ]
    entries.insert(1, WorkbookEntry(ANNEX_2, VisitHeader(student="孙某", visit_mode="未上门（家长在外）")))
    return render_workbook_pdf(replace(COVER, **changes), entries, remark="移交时逐页清点。")


def test_a_class_of_45_is_bound_with_cover_contents_and_page_numbers():
    content = book(45)
    reader = pypdf.PdfReader(io.BytesIO(content))
    pages = ["".join(page.extract_text().split()) for page in reader.pages]
    assert len(pages) == 1 + 2 + 45
    cover, contents = pages[0], pages[1] + pages[2]
    for part in ("家访工作记录本", "“大家访”活动", COVER.school, "2020—2021学年", *COVER.custodians, "2021年7月1日"):
        assert part in cover
    assert "保管人（班主任）" in cover
    assert "移交时逐页清点。" in contents
    assert "2孙某未上门（家长在外）—" in contents
    for number in range(1, 46):
        page = 2 + number
        place = number if number == 1 else number + 1
        assert f"{place}学生{number:02d}2021年4月3日19:05上门家访王小明{page}" in contents
        assert f"诉求{number:02d}。" in pages[page]
        assert f"第{page}页共47页" in pages[page]


def test_an_empty_book_has_cover_and_contents():
    assert page_count(render_workbook_pdf(COVER, [])) == 2


def test_a_child_that_fails_or_dawdles_is_a_problem_and_not_a_broken_paper():
    with pytest.raises(Problem) as fault:
        typeset.compile_pdf_in_child("no_such_layout", {})
    assert fault.value.code == "failed"
    with pytest.raises(Problem) as fault:
        typeset.compile_pdf_in_child("record", {}, seconds=0.001)
    assert fault.value.code == "busy"


def test_a_child_prints_what_this_process_prints():
    data = {"title": "", "letters": []}
    assert typeset.compile_pdf_in_child("letter", data) == typeset.compile_pdf("letter", data)


def test_the_child_needs_no_web_framework(tmp_path):
    code = "import sys, jiafang.paperwork.typeset; sys.exit('django' in sys.modules)"
    done = subprocess.run(
        [typeset.sys.executable, "-c", code],
        env={"PYTHONPATH": ":".join(typeset.sys.path)},
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0


PLAN = SchoolPlan(
    title="“大家访”活动实施方案",
    subtitle="（2020—2021学年第二学期）",
    school=HEADER.school,
    sections=(
        PlanSection("指导思想", "落实立德树人根本任务。\n加强联系。"),
        PlanSection(
            "步骤",
            table=Table(("阶段", "时间"), (("动员", "3月"), ("实施", HOSTILE))),
            tasks=(
                Task("制定方案", date(2021, 3, 1), date(2021, 3, 31), "校长"),
                Task("家访", date(2021, 4, 1), date(2021, 6, 10)),
            ),
        ),
    ),
    signed_on=date(2021, 3, 29),
    attachments=("时间表", "守则"),
    approvals=("校内审定：2021年3月26日 校务会",),
)


def test_a_plan_prints_numbered_sections_tables_chart_and_the_place_for_the_stamp():
    text = pdf_text(render_plan_pdf(PLAN))
    for part in ("一、指导思想", "二、步骤", "加强联系。", "动员3月", squeezed(HOSTILE), "制定方案", "附件：1.时间表",
                 "2.守则", "（盖章）", "2021年3月29日", "校内审定"):  # fmt: skip
        assert part in text
    assert "（盖章）" not in pdf_text(render_plan_pdf(replace(PLAN, stamp=False)))


def test_the_chart_is_as_fine_as_the_sheet_allows():
    def periods(first, last):
        return chart_grid((Task("甲", first, last), Task("乙", last, last)))

    weeks = periods(date(2021, 3, 3), date(2021, 3, 16))
    assert (weeks.periods, weeks.busy) == (("3/1", "3/8", "3/15"), ((True, True, True), (False, False, True)))
    halves = periods(date(2021, 3, 20), date(2021, 7, 2))
    assert halves.periods[:2] == ("3月下", "4月上")
    assert halves.periods[-1] == "7月上"
    months = periods(date(2021, 3, 1), date(2022, 2, 28))
    assert (months.periods[0], months.periods[10], len(months.periods)) == ("2021年3月", "2022年1月", 12)


def test_a_table_with_a_missing_text_and_a_task_that_runs_backwards_are_refused():
    with pytest.raises(ValueError, match="heading"):
        Table(("甲", "乙"), (("一",),))
    with pytest.raises(ValueError, match="ends before"):
        Task("甲", date(2021, 3, 2), date(2021, 3, 1))


def test_chinese_numbers():
    assert [chinese_number(value) for value in (1, 10, 11, 20, 21, 99)] == [
        "一",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]
    with pytest.raises(ValueError, match="100"):
        chinese_number(100)


def test_letters_begin_sheets_of_their_own_and_carry_the_slip():
    letter = Letter("致家长的一封信", "尊敬的家长：", "您好！\n老师会来家里聊聊。", HEADER.school, date(2021, 3, 20),
                    (("不用招待", "老师不收礼。" + HOSTILE),), ReplySlip("七年级（1）班", "李𬭎", "李建国"))  # fmt: skip
    content = render_letters_pdf([letter, replace(letter, slip=None)])
    first, second = ("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    for part in ("致家长的一封信", "老师会来家里聊聊。", squeezed(HOSTILE), "□已知晓", "□上门", "□线上", "□另选地点",
                 "方便的时间", "想和老师聊的话题", "家长签名", "李𬭎", "李建国"):  # fmt: skip
        assert part in first
    assert "□已知晓" not in second
