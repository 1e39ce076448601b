"""Reading files: what schools send is read, what harms is refused, the server outlives both."""

import os
import resource

import pytest

from jiafang.intake.limits import MEGABYTE, Limits
from jiafang.intake.reader import Sheet, read_workbook
from jiafang.lib.errors import Problem
from tests.intake.workbooks import ROWS, repacked, with_cells, xlsx

pytestmark = pytest.mark.pure

FAR = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'


def read(data: bytes, name: str = "a.xlsx", **limits):
    return read_workbook(data, name=name, **({"limits": Limits(**limits)} if limits else {}))


def refusal(data: bytes, name: str = "a.xlsx", **limits) -> Problem:
    with pytest.raises(Problem) as refused:
        read(data, name, **limits)
    assert refused.value.message.endswith("。")
    return refused.value


def test_cells_keep_their_addresses():
    def apart(book, sheet):
        sheet.write("D6", "远处")

    [sheet] = read(xlsx([], change=apart))
    assert sheet.cell(5, 3) == "远处"
    assert sheet.address(5, 3) == "D6"
    assert sheet.address(0, 27) == "AB1"
    assert sheet.cell(99, 99) == ""


def test_numbers_dates_and_texts_arrive_plain():
    from datetime import datetime

    def more(book, sheet):
        sheet.write_row(0, 0, [12, 1.5, True, "０１"])
        sheet.write_datetime(0, 4, datetime(2026, 3, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number(0, 5, 150203201309070012)

    [sheet] = read(xlsx([], change=more))
    assert sheet.rows[0][:5] == [12, 1.5, True, "０１", "2026-03-01"]
    assert isinstance(sheet.rows[0][0], int)
    assert isinstance(sheet.rows[0][5], float), "a rounded ID number must be seen as such"


def test_merged_areas_and_hidden_sheets():
    def more(book, sheet):
        sheet.merge_range("A4:A6", "七年级1班")
        hidden = book.add_worksheet("藏")
        hidden.write("A1", "x")
        hidden.hide()

    workbook = read(xlsx(ROWS, change=more))
    assert [sheet.name for sheet in workbook] == ["学生"]
    assert workbook.sheets[0].merged == [(3, 0, 5, 0)]


def test_formulas_are_known_by_place():
    def more(book, sheet):
        sheet.write_formula("B3", "=1+1", None, 2)
        sheet.write_formula("C300", "=SUM(A1:A2)")

    assert read(xlsx(ROWS, change=more)).sheets[0].formulas == {(2, 1), (299, 2)}


def test_a_list_of_choices_is_no_formula():
    def more(book, sheet):
        sheet.data_validation("C2:C99", {"validate": "list", "source": "=$A$1:$A$9"})
        sheet.conditional_format("A1:A9", {"type": "formula", "criteria": "=$A1>5", "format": book.add_format()})

    assert read(xlsx(ROWS, change=more)).sheets[0].formulas == frozenset()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_any_usual_dress(encoding, delimiter):
    text = "\r\n".join(delimiter.join(row) for row in ROWS)
    [sheet] = read(text.encode(encoding), "a.csv")
    assert sheet.rows == ROWS


def test_csv_quotes():
    [sheet] = read('姓名,说明\n张三,"爱说,爱笑\n也爱跑"\n'.encode(), "a.csv")
    assert sheet.rows[1] == ["张三", "爱说,爱笑\n也爱跑"]
    assert refusal(b'a,"b\n' + b"x" * 40_000, "a.csv").code == "unreadable"


@pytest.mark.parametrize("cells", [FAR, FAR.replace(b'"', b"'"), b'<row r="1000000"><c r="A1000000"><v>1</v></c></row>', b'<row r="3"><c r="XFD3"><v>1</v></c></row>'])
def test_a_far_cell_is_refused_and_named(cells):
    problem = refusal(with_cells(xlsx(ROWS), cells))
    assert problem.code == "hostile"
    assert "1048576" in problem.message or "1000000" in problem.message or "XFD3" in problem.message


@pytest.mark.parametrize("cells", [FAR.replace(b" t=", b"  t ="), b'<row r = "1048576"><c r = "XFD1048576"><v>1</v></c></row>', b'<row r="1048576"><c><v>1</v></c></row>'])
def test_a_far_cell_in_disguise_is_refused_too(cells):
    assert refusal(with_cells(xlsx(ROWS), cells)).code in ("hostile", "too_large")


def test_empty_formatted_cells_far_away_do_not_matter():
    assert read(with_cells(xlsx(ROWS), b'<row r="1048576"><c r="A1048576" s="0"/></row>')).sheets[0].rows == ROWS


def in_part(ending: str, old: bytes, new: bytes):
    return lambda name, body: body.replace(old, new) if name.endswith(ending) else body


XXE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda b: with_cells(b, b'<row r="3">' + b'<c r="A3"><v>1</v></c>' * 1_000_000 + b"</row>"), "hostile"),
        (lambda b: repacked(b, xl__media__a_dot_bin=bytes(200 * MEGABYTE)), "hostile"),
        (lambda b: repacked(b, in_part("sheet1.xml", b"<worksheet", XXE + b"<worksheet")), "hostile"),
        (lambda b: repacked(b, in_part("workbook.xml", b"<workbook", XXE + b"<workbook")), "hostile"),
        (lambda b: repacked(b, in_part("sharedStrings.xml", b"<sst", b" " * (3 * MEGABYTE) + XXE + b"<sst")), "hostile"),
        (lambda b: repacked(b, lambda n, body: body.decode().encode("utf-16") if n.endswith("sheet1.xml") else body), "hostile"),
        (lambda b: repacked(b, xl__vbaProject_dot_bin=b"x"), "hostile"),
        (lambda b: repacked(b, xl__macrosheets__sheet1_dot_xml=b"<x/>"), "hostile"),
        (lambda b: repacked(b, **{"..__..__evil_dot_xml": b"x"}), "hostile"),
        (lambda b: repacked(b, **{f"a{n}": b"" for n in range(2500)}), "hostile"),
        (lambda b: with_cells(b, b"<row r=\"3\"><c r=\"A3\"><f>cmd|'/C calc'!A0</f><v>2</v></c></row>"), "hostile"),
        (lambda b: with_cells(b, b'<row r="3"><c r="A3"><f>WEBSERVICE("http://x")</f><v>2</v></c></row>'), "hostile"),
        (lambda b: b[: len(b) // 2], "unreadable"),
        (lambda b: b"", "unreadable"),
        (lambda b: os.urandom(3000), "unreadable"),
        (lambda b: b"<html><table><tr><td>1</td></tr></table></html>", "bad_type"),
        (lambda b: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "unreadable"),
        (lambda b: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(6000), "unreadable"),
    ],
)
def test_harmful_and_broken_files_are_refused(make, code):
    assert refusal(make(xlsx(ROWS))).code == code


def test_macro_workbooks_are_refused_by_name_too():
    assert "宏" in refusal(xlsx(ROWS), "a.xlsm").message


def test_an_encrypted_file_asks_to_take_the_password_off():
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert "密码" in refusal(data).message


def test_memory_and_time_end_the_child_and_not_the_server():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    many = xlsx([["x" * 200 + str(n * 100 + c) for c in range(100)] for n in range(400)])
    assert refusal(many, memory_bytes=34 * MEGABYTE).code in ("hostile", "too_large")
    assert refusal(many, seconds=0.01, seconds_per_unpacked_mb=0).code == "hostile"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    assert len(read(many).sheets[0].rows) == 400


def test_too_many_rows_or_bytes_say_what_to_do():
    assert refusal(xlsx([["a"]] * 20), rows=10).code == "too_large"
    assert "拆" in refusal(xlsx(ROWS), file_bytes=1000).message


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(Problem, match="打不开"):
        read_workbook(tmp_path / "none.xlsx")


def test_a_path_is_read_as_its_bytes(tmp_path):
    (tmp_path / "名册.xlsx").write_bytes(xlsx(ROWS))
    workbook = read_workbook(tmp_path / "名册.xlsx")
    assert (workbook.name, workbook.sheets) == ("名册.xlsx", [Sheet("学生", ROWS)])
