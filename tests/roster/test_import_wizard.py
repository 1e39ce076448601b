"""The wizard in the browser: upload, mapping, preview, yes, progress, undo; and who may not."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django_q.models import OrmQ

from jiafang.access.fence import system_fence
from jiafang.config.reactions import work
from jiafang.lib import clock
from jiafang.paperwork.models import StoredFile
from jiafang.roster.models import RosterImport, Student
from tests.cast import CANARY
from tests.intake.workbooks import xlsx
from tests.roster.sheets import student, students

pytestmark = pytest.mark.django_db


def count():
    with system_fence("count"):
        return Student.objects.exclude(name__contains=CANARY).count()


def send(client, unit, *files):
    named = [SimpleUploadedFile(name, body) for name, body in files]
    return client.post(reverse("roster:upload"), {"unit": unit.pk, "files": named})


def at(name, run):
    return reverse(f"roster:{name}", args=[run.pk])


def queued():
    """Do what the worker would: run the queued jobs."""
    for task in OrmQ.objects.all():
        work(*task.task["args"])
        task.delete()


def test_the_whole_way(cast):
    browser = cast.client("xiao")
    answer = send(browser, cast.school, ("学籍.xlsx", xlsx(students(student(1), student(2)))))
    run = RosterImport.objects.get()
    assert answer.url == at("import", run)
    page = browser.get(answer.url).content.decode()
    assert "还没有写入" in page
    assert (run.state, count()) == ("previewed", 0)
    assert "王小一1" in browser.get(at("rows", run), {"sheet": "学生", "outcome": "new"}).content.decode()

    browser.post(at("apply", run))
    run.refresh_from_db()
    assert (run.state, count()) == ("applying", 0)
    assert "every 2s" in browser.get(at("progress", run)).content.decode()
    queued()
    run.refresh_from_db()
    assert (run.state, run.stored, count()) == ("applied", None, 2)
    assert "看结果" in browser.get(at("progress", run)).content.decode()
    assert "撤销导入" in browser.get(at("import", run)).content.decode()
    assert not StoredFile.objects.exists()

    browser.post(at("undo", run))
    assert count() == 0
    assert "学籍.xlsx" in browser.get(reverse("roster:imports")).content.decode()


def test_a_job_run_twice_writes_once(cast):
    browser = cast.client("xiao")
    send(browser, cast.school, ("a.xlsx", xlsx(students(student(1)))))
    run = RosterImport.objects.get()
    browser.post(at("apply", run))
    [task] = OrmQ.objects.all()
    for _again in range(2):
        work(*task.task["args"])
    run.refresh_from_db()
    assert (run.state, count()) == ("applied", 1)


def test_a_fault_of_the_importer_ends_the_wait(cast, monkeypatch):
    browser = cast.client("xiao")
    send(browser, cast.school, ("a.xlsx", xlsx(students(student(1)))))
    run = RosterImport.objects.get()
    browser.post(at("apply", run))
    monkeypatch.setattr("jiafang.roster.importers.runs.compare", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        queued()
    run.refresh_from_db()
    assert (run.state, run.errors[0]["code"], count()) == ("refused", "failed", 0)


def test_an_upload_nobody_said_yes_to_is_not_kept_for_ever(cast):
    browser = cast.client("xiao")
    send(browser, cast.school, ("a.xlsx", xlsx(students(student(1)))))
    old = RosterImport.objects.get()
    RosterImport.objects.update(created_at=clock.now() - timedelta(days=8))
    send(browser, cast.school, ("b.xlsx", xlsx(students(student(1)))))
    old.refresh_from_db()
    assert old.stored is None
    assert StoredFile.objects.count() == 1
    assert browser.get(at("import", old)).status_code == 200
    assert browser.get(at("mapping", old)).status_code == 410


def test_errors_are_shown_with_values_masked_and_cannot_be_applied(cast):
    browser = cast.client("xiao")
    bad = student(1)
    bad[3] = bad[3][:-1] + ("0" if bad[3][-1] != "0" else "1")
    send(browser, cast.school, ("a.xlsx", xlsx(students(bad, student(2, 班级="七年级9班")))))
    run = RosterImport.objects.get()
    page = browser.get(at("import", run)).content.decode()
    assert "D2" in page
    assert "七年级9班" in page
    assert bad[3] not in page
    assert run.state == "refused"
    assert browser.post(at("apply", run)).status_code == 409
    browser.post(at("discard", run))
    assert not RosterImport.objects.exists()
    assert count() == 0


def test_a_free_layout_is_mapped_by_hand(cast):
    browser = cast.client("zhong")
    rows = [["甲", "乙", "丙"], ["七年级1班", "张三", "男"]]
    send(browser, cast.school, ("自由.xlsx", xlsx(rows)))
    run = RosterImport.objects.get()
    assert run.state == "refused"
    page = browser.get(at("mapping", run)).content.decode()
    assert "张三" in page
    browser.post(at("mapping", run), {"s0-kind": "students", "s0-A": "klass", "s0-B": "name", "s0-C": "sex"})
    run.refresh_from_db()
    assert (run.state, run.counts["sheets"][0]["new"]) == ("previewed", 1)
    browser.post(at("apply", run))
    queued()
    assert count() == 1


def test_a_sheet_may_be_left_out(cast):
    browser = cast.client("xiao")

    def more(book, sheet):
        other = book.add_worksheet("杂")
        other.write_row(0, 0, ["甲", "乙"])
        other.write_row(1, 0, ["一", "二"])

    send(browser, cast.school, ("a.xlsx", xlsx(students(student(1)), change=more)))
    run = RosterImport.objects.get()
    assert [error["code"] for error in run.errors] == ["unknown_table"]
    given = {f"s0-{letter}": key for letter, key in zip("ABCDEFGHIJK", ["klass", "name", "sex", "id_number", "student_number"], strict=False)}
    browser.post(at("mapping", run), {"s0-kind": "students", "s1-kind": "skip", **given})
    run.refresh_from_db()
    assert run.state == "previewed"


def test_another_kind_is_guessed_anew_and_a_subject_of_its_own_may_be_named(cast):
    browser = cast.client("xiao")
    send(browser, cast.school, ("a.xlsx", xlsx([["班级", "姓名", "机器人"], ["七年级1班", "", "班和"]])))
    run = RosterImport.objects.get()
    answer = browser.post(at("mapping", run), {"s0-kind": "teaching"})
    assert answer.url == at("mapping", run)
    page = browser.get(answer.url).content.decode()
    assert "subject:机器人" in page
    browser.post(at("mapping", run), {"s0-kind": "teaching", "s0-A": "klass", "s0-B": "", "s0-C": "subject:机器人"})
    run.refresh_from_db()
    assert (run.state, run.errors, run.counts["sheets"][0]["changed"]) == ("previewed", [], 1)


def test_doubts_are_shown_and_stop_nothing(cast):
    browser = cast.client("xiao")
    send(browser, cast.school, ("a.xlsx", xlsx(students(student(1, 性别="女"), student(2), student(3)))))
    run = RosterImport.objects.get()
    page = browser.get(at("import", run)).content.decode()
    assert "请留意" in page
    assert "第 17 位不一致" in page
    assert "2 名学生在系统里、不在这份名册里" in page
    assert run.state == "previewed"


def test_several_files_and_a_hostile_one(cast):
    browser = cast.client("ju")
    answer = send(browser, cast.school, ("a.xlsx", xlsx(students(student(1)))), ("b.xlsx", b"PK\x03\x04 nonsense"))
    assert answer.url == reverse("roster:imports")
    states = dict(RosterImport.objects.values_list("file_name", "state"))
    assert states == {"a.xlsx": "previewed", "b.xlsx": "refused"}
    page = browser.get(at("import", RosterImport.objects.get(file_name="b.xlsx"))).content.decode()
    assert "整个文件" in page


def test_a_file_without_news_needs_no_import(cast):
    browser = cast.client("xiao")
    for _again in range(2):
        send(browser, cast.school, ("a.xlsx", xlsx(students(student(1)))))
        run = RosterImport.objects.first()
        page = browser.get(at("import", run)).content.decode()
        if "不需要导入" not in page:
            browser.post(at("apply", run))
            queued()
    assert "确认导入" not in page
    assert count() == 1


def test_the_upload_form_tells_what_is_missing(cast):
    answer = cast.client("xiao").post(reverse("roster:upload"), {"unit": cast.school.pk})
    assert answer.status_code == 400
    assert not RosterImport.objects.exists()


def test_the_template_comes_down(cast):
    answer = cast.client("xiao").get(reverse("roster:template"))
    assert answer.content[:2] == b"PK"


@pytest.mark.parametrize("who", ["ban", "ke", "xin", "nian", "de", "waixiao", "yi"])
def test_others_find_nothing_here(cast, who):
    send(cast.client("xiao"), cast.school, ("a.xlsx", xlsx(students(student(1)))))
    run = RosterImport.objects.get()
    browser = cast.client(who)
    for name in ("import", "mapping", "rows", "progress"):
        assert browser.get(at(name, run)).status_code == 404
    for name in ("apply", "undo", "discard", "mapping"):
        assert browser.post(at(name, run)).status_code == 404
    assert send(browser, cast.school, ("b.xlsx", xlsx(students(student(2))))).status_code in (400, 404)
    assert RosterImport.objects.count() == 1
    if who not in ("waixiao", "yi"):
        assert browser.get(reverse("roster:imports")).status_code == 404


def test_the_list_asks_the_same_number_of_questions_for_many(cast, django_assert_max_num_queries):
    browser = cast.client("xiao")
    for n in range(12):
        RosterImport.objects.create(unit=cast.school, path=cast.school.path, file_name=f"{n}.xlsx")
    with django_assert_max_num_queries(12):
        browser.get(reverse("roster:imports"))
