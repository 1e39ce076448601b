"""Papers: one record, the class's book, the ledger; each audited before it leaves and refused to whom it is not for."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from jiafang.access.models import AuditRow
from tests.visits.conftest import FULL


def url(name, *args):
    return reverse(f"visits:{name}", args=args)


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_one_record_is_printed_and_written_down(road, kind, begins):
    record = road.submitted(road.held("a"))
    answer = road.cast.client("ban").get(url("record_file", record.pk, kind))
    assert answer.status_code == 200 and answer.content.startswith(begins)
    assert "filename*=UTF-8''%E5%AE%B6%E8%AE%BF" in answer["Content-Disposition"]
    assert AuditRow.objects.filter(verb="visit.print_record", target_id=str(record.pk)).count() == 1


@pytest.mark.parametrize(("who", "status"), [("ke", 404), ("ban2", 404), ("wai", 404), ("ju", 404), ("xin", 404)])
def test_who_may_not_print_does_not(road, who, status):
    record = road.submitted(road.held("a"))
    assert road.cast.client(who).get(url("record_file", record.pk, "pdf")).status_code == status
    assert not AuditRow.objects.filter(verb="visit.print_record").exists()


def test_a_draft_is_not_printed_for_others(road):
    record = road.send("ban", road.held("a")).record
    assert road.cast.client("xiao").get(url("record_file", record.pk, "pdf")).status_code == 409


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_classs_book(road, kind, begins):
    road.submitted(road.held("a"))
    road.visit("b", state="declined", reason="出差")
    answer = road.cast.client("ban").get(url("workbook", road.cast.klass.pk, kind))
    assert answer.status_code == 200 and answer.content.startswith(begins)
    assert AuditRow.objects.filter(verb="visit.print_workbook").count() == 1


@pytest.mark.parametrize("who", ["ke", "ban2", "nian", "xin", "wai", "ju"])
def test_the_book_is_the_class_teachers_and_the_leaders(road, who):
    road.submitted(road.held("a"))
    assert road.cast.client(who).get(url("workbook", road.cast.klass.pk, "pdf")).status_code == 404


def test_the_ledger_holds_what_the_list_shows(road):
    first, other = road.held("a"), road.visit("c", state="held", lead="ban2", companion="ke2")
    road.send("ban", first, FULL | {"demands": "想要晚点名", "guardian": "外婆"}, submit=True)
    road.send("ban2", other, FULL, submit=True)

    def rows(who, query=""):
        answer = road.cast.client(who).get(f"{url('list')}?export=1{query}")
        assert answer.status_code == 200, answer.content[:300]
        return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    head, *lines = rows("ban")[1:]
    assert head[:6] == ["序号", "日期", "班级", "学生", "家访教师", "同行"]
    assert [line[3] for line in lines] == ["金丝雀a名"]
    assert lines[0][7:10] == ["外婆", "谈了作息", "想要晚点名"]
    assert {line[3] for line in rows("xiao")[2:]} == {"金丝雀a名", "金丝雀c名"}
    assert [line[3] for line in rows("xiao", f"&klass={road.cast.klass2.pk}")[2:]] == ["金丝雀c名"]
    assert AuditRow.objects.filter(verb="visit.export_ledger").exists()


def test_a_companion_exports_no_ledger(road):
    road.submitted(road.held("a"))
    page = road.cast.client("ke").get(f"{url('list')}?export=1")
    assert page["Content-Type"].startswith("text/html")
    assert not AuditRow.objects.filter(verb="visit.export_ledger").exists()
