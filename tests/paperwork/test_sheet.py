"""Excel ledgers: the offices' columns, texts that stay texts, and a sheet that prints well."""

import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest

from jiafang.lib.errors import Problem
from jiafang.paperwork import sheet
from jiafang.paperwork.forms import ANNEX_2
from jiafang.paperwork.sheet import (
    CARE_LEDGER,
    DEMAND_LEDGER,
    RECTIFICATION_LEDGER,
    VISIT_LEDGER,
    Column,
    form_columns,
    form_row,
    write_ledger,
)

from .samples import ANSWERS, HEADER, HOSTILE


def written(title, columns, rows, notes=()):
    out = io.BytesIO()
    write_ledger(out, title, columns, rows, notes)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue())).active, out.getvalue()


@pytest.mark.parametrize(
    ("columns", "titles"),
    [
        (VISIT_LEDGER, "序号 日期 班级 学生 家访教师 同行 形式 受访家长 主题摘要 诉求 处理 备注"),
        (CARE_LEDGER, "序号 班级 姓名 类型 情况 责任教师 帮扶教师 措施 家访时间 跟进 成效"),
        (DEMAND_LEDGER, "序号 日期 来源 班级 家长 内容 类别 当场答复 转整改"),
        (RECTIFICATION_LEDGER, "序号 诉求号 问题 措施 责任部门 责任人 时限 进展 完成日期 反馈 评价 销号"),
    ],
)
def test_ledgers_have_the_columns_offices_use(columns, titles):
    table, _content = written("台账", columns, [{}])
    assert [cell.value for cell in table[2]] == titles.split()
    assert table["A3"].value == 1


def test_rows_come_out_as_they_went_in():
    rows = ({"date": date(2021, 4, day), "student": "李𬭎", "mode": "上门"} for day in (3, 4))
    table, _content = written("家访台账", VISIT_LEDGER, rows, ["学校：实验初中", "导出：2021年7月1日"])
    assert table["A1"].value == "家访台账"
    assert [table["A2"].value, table["A3"].value] == ["学校：实验初中", "导出：2021年7月1日"]
    assert [cell.value for cell in table[5]][:4] == [1, datetime(2021, 4, 3), None, "李𬭎"]
    assert table["A6"].value == 2
    assert table["B6"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-2", "@SUM(A1)", '=HYPERLINK("x")', "{=A1}", "https://a.b.cn", "0519", HOSTILE]
)
def test_text_stays_text(text):
    table, content = written(
        text, [Column("a", text), Column("n", "数", kind="number")], [{"a": text, "n": text}], [text]
    )
    for cell in (table["A1"], table["A2"], table["A3"], table["A4"], table["B4"]):
        assert cell.value == text
        assert cell.data_type == "s"
        assert cell.hyperlink is None
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_numbers_dates_and_times_keep_their_kind():
    columns = [Column("n", "数", kind="number"), Column("t", "时间", 16, "time"), Column("d", "日", 12, "date")]
    moment = datetime(2021, 4, 3, 11, 5, tzinfo=UTC)
    table, _content = written("表", columns, [{"n": 2.5, "t": moment, "d": moment}, {"n": 0, "d": "未定"}])
    assert table["A3"].value == 2.5
    assert table["B3"].value == datetime(2021, 4, 3, 19, 5)
    assert table["C3"].number_format == "yyyy-mm-dd"
    assert [cell.value for cell in table[4]] == [0, None, "未定"]


def test_it_prints_on_landscape_a4_with_repeated_headings():
    table, _content = written("家访台账", VISIT_LEDGER, [{}] * 3, ["注"])
    assert (table.page_setup.orientation, table.page_setup.paperSize) == ("landscape", 9)
    assert table.print_title_rows == "$3:$3"
    # One page wide (the format's default once fitting is on), as many pages long as it takes.
    assert table.sheet_properties.pageSetUpPr.fitToPage
    assert (table.page_setup.fitToWidth, table.page_setup.fitToHeight) == (None, 0)
    assert table.freeze_panes == "A4"
    assert table.auto_filter.ref == "A3:L6"
    assert "A1:L1" in [str(area) for area in table.merged_cells.ranges]


def test_control_characters_and_overlong_texts_do_no_harm():
    table, _content = written(
        "表", [Column("a", "甲")], [{"a": "甲\x00\x0b乙\ud800"}, {"a": "访" * 40_000}, {"a": "😀" * 20_000}]
    )
    assert table["A3"].value == "甲乙"
    for cell in (table["A4"], table["A5"]):
        assert cell.value.endswith("……（太长，全文见原件）")


@pytest.mark.parametrize("title", ["家访台账[2021/04]:*?\\", "'引号'", "😀" * 40, "History", "   ", "长" * 60])
def test_any_title_gives_a_sheet_excel_accepts(title):
    table, _content = written(title, VISIT_LEDGER, [])
    assert table.title
    assert len(table.title.encode("utf-16-le")) <= 62
    assert not set(table.title) & set("[]:*?/\\")
    assert table.title.lower() != "history"


def test_a_record_form_is_a_ledger_too():
    table, _content = written("记录汇总", form_columns(ANNEX_2), [form_row(ANNEX_2, ANSWERS, HEADER)])
    assert [cell.value for cell in table[2]] == ["序号", *(item.label for item in ANNEX_2.fields)]
    assert table["B3"].value == HEADER.school
    assert table["L3"].value == ANSWERS["demands"]


def test_a_file_on_disk_and_its_count(tmp_path):
    path = tmp_path / "台账.xlsx"
    assert write_ledger(path, "台账", VISIT_LEDGER, [{}] * 7) == 7
    assert openpyxl.load_workbook(path).active.max_row == 9


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(sheet, "MOST_ROWS", 3)
    assert write_ledger(io.BytesIO(), "台账", VISIT_LEDGER, [{}] * 3) == 3
    with pytest.raises(Problem) as fault:
        write_ledger(io.BytesIO(), "台账", VISIT_LEDGER, [{}] * 4)
    assert fault.value.code == "too_large"


def test_an_unknown_kind_of_column_is_refused():
    with pytest.raises(ValueError, match="formula"):
        Column("a", "甲", kind="formula")
