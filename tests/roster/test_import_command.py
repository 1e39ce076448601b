"""`jiafang import-roster` and `jiafang roster-template`: layout of --json, exit statuses, hostile files."""

import io
import json
import zipfile

import pytest
import xlsxwriter

from jiafang.access.fence import system_fence
from jiafang.roster import commands
from jiafang.roster.models import RosterImport, Student
from tests.cast import CANARY
from tests.roster.sheets import student, students

pytestmark = pytest.mark.django_db
SCHOOL = "2115000001"


def write(path, **sheets):
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return path


def run(capsys, *files, **options):
    status = commands.import_roster(list(files), school=options.pop("school", SCHOOL), as_json=True, **options)
    return status, json.loads(capsys.readouterr().out)


def count():
    with system_fence("count"):
        return Student.objects.exclude(name__contains=CANARY).count()


def test_json_is_laid_out_as_agreed(cast, tmp_path, capsys):
    file = write(tmp_path / "学籍.xlsx", 学生=students(student(1), student(2)))
    status, out = run(capsys, file)
    assert status == 0
    assert out == {
        "written": True,
        "files": [{"file": "学籍.xlsx", "sheet": "学生", "rows": 2, "new": 2, "changed": 0, "unchanged": 0, "errors": []}],
    }
    status, out = run(capsys, file)
    assert (status, out["files"][0]["unchanged"], out["files"][0]["changed"], count()) == (0, 2, 0, 2)


def test_dry_run_writes_nothing(cast, tmp_path, capsys):
    status, out = run(capsys, write(tmp_path / "a.xlsx", 学生=students(student(1))), dry_run=True)
    assert (status, out["written"], out["files"][0]["new"], count()) == (0, False, 1, 0)
    assert not RosterImport.objects.exists()


def test_each_file_is_whole_or_not_at_all(cast, tmp_path, capsys):
    good = write(tmp_path / "good.xlsx", 学生=students(student(1)))
    bad = write(tmp_path / "bad.xlsx", 学生=students(student(2), student(3, 班级="七年级9班")))
    status, out = run(capsys, bad, good)
    assert (status, count()) == (1, 1)
    assert [(f["file"], len(f["errors"])) for f in out["files"]] == [("bad.xlsx", 1), ("good.xlsx", 0)]
    [error] = out["files"][0]["errors"]
    assert set(error) == {"row", "column", "value", "code", "message"}
    assert (error["row"], error["column"], error["value"], error["code"]) == (3, "A", "七年级9班", "unknown_class")
    assert RosterImport.objects.count() == 1


def test_unknown_school_and_missing_file(cast, tmp_path, capsys):
    assert run(capsys, tmp_path / "none.xlsx")[0] == 1
    status, out = run(capsys, write(tmp_path / "a.xlsx", 学生=students(student(1))), school="2199999999")
    assert (status, out["files"][0]["errors"][0]["code"]) == (1, "unknown_school")


def far_cell(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name.endswith("sheet1.xml"):
                body = body.replace(b"</sheetData>", b'<row r="1000000"><c r="A1000000"><v>1</v></c></row></sheetData>')
            new.writestr(name, body)
    return out.getvalue()


def test_a_hostile_file_is_refused_and_says_so(cast, tmp_path, capsys):
    file = write(tmp_path / "a.xlsx", 学生=students(student(1)))
    file.write_bytes(far_cell(file.read_bytes()))
    status, out = run(capsys, file)
    assert (status, out["written"], out["files"][0]["errors"][0]["code"], count()) == (1, False, "hostile", 0)
    assert "A1000000" in out["files"][0]["errors"][0]["message"]


def test_formula_cells_are_refused_where_they_stand(cast, tmp_path, capsys):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("学生")
        for n, row in enumerate(students(student(1))):
            sheet.write_row(n, 0, row)
        sheet.write_formula("B2", '="王"&"小一"', None, "王小一")
    status, out = run(capsys, path)
    error = out["files"][0]["errors"][0]
    assert (status, error["code"], error["row"], error["column"], count()) == (1, "formula", 2, "B", 0)


def test_plain_output_is_for_people(cast, tmp_path, capsys):
    bad = write(tmp_path / "bad.xlsx", 学生=students(student(3, 班级="七年级9班")))
    assert commands.import_roster([bad], school=SCHOOL) == 1
    said = "".join(capsys.readouterr().out.split())
    assert "第2行A列“七年级9班”" in said
    assert "没有写入任何内容" in said


def test_template_is_written_and_an_impossible_place_told(tmp_path, capsys):
    assert commands.roster_template(tmp_path / "t.xlsx") == 0
    assert (tmp_path / "t.xlsx").stat().st_size > 5000
    assert commands.roster_template(tmp_path / "no" / "t.xlsx") == 1
