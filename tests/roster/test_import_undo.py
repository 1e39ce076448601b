"""Undoing an import: all of it, or a reason why not."""

import pytest

from jiafang.access.fence import system_fence
from jiafang.access.models import AuditRow
from jiafang.access.roles import Role
from jiafang.access.vault import texts
from jiafang.lib.errors import Problem
from jiafang.roster import services
from jiafang.roster.models import Care, Enrolment, Guardian, Household, Student
from jiafang.roster.services.imports import undo_import
from jiafang.units.models import Appointment, Staff, Unit
from tests.roster.sheets import book, bring_in, student, students

pytestmark = pytest.mark.django_db
MODELS = (Unit, Staff, Appointment, Household, Student, Enrolment, Guardian, Care)


@pytest.fixture(autouse=True)
def _all_rows():
    with system_fence("look at what was written"):
        yield


def everything():
    return {model: list(model._base_manager.order_by("pk").values()) for model in MODELS}


def test_undo_puts_everything_back(cast):
    actor = cast.actor("xiao")
    bring_in(actor, cast.school, book(学生=students(student(1, 是否孤儿="是"), student(2))))
    before = everything()
    changed = book(
        教师=[["姓名", "工号", "职务"], ["新来", "N1", "德育主任"]],
        班级=[["学段", "班级"], ["初中", "八年级5班"]],
        任课=[["班级", "班主任"], ["七年级1班", "新来"]],
        学生=students(
            student(1, 班级="七年级2班", 现住址="新光路3号", 成员1联系电话="13911112222", 是否孤儿="否"),
            student(2, 是否留守儿童="1"),
            student(3, 成员1联系电话="13800000002"),
        ),
    )
    run, reports = bring_in(actor, cast.school, changed)
    assert [r.errors for r in reports] == [[], [], [], []]
    assert everything() != before
    undo_import(actor, run=run)
    assert everything() == before
    run.refresh_from_db()
    assert (run.state, run.undo) == ("undone", None)
    assert AuditRow.objects.filter(verb="roster.undo").count() == 1


def test_undo_is_refused_once_somebody_changed_a_row(cast):
    actor = cast.actor("xiao")
    bring_in(actor, cast.school, book(学生=students(student(1))))
    run, _reports = bring_in(actor, cast.school, book(学生=students(student(1, 姓名="王改名"))))
    Student.objects.filter(name="王改名").update(name="王又改")
    with pytest.raises(Problem, match="改过"):
        undo_import(actor, run=run)
    assert Student.objects.filter(name="王又改").exists()


def test_undo_is_refused_once_something_hangs_on_a_new_student(cast):
    actor = cast.actor("xiao")
    run, _reports = bring_in(actor, cast.school, book(学生=students(student(1))))
    services.note_care(actor, student=Student.objects.get(name="王小一1"), kind="learning")
    with pytest.raises(Problem, match="不能再撤销"):
        undo_import(actor, run=run)
    assert Student.objects.filter(name="王小一1").exists()


def test_undo_is_refused_once_a_sibling_came_in_by_another_file(cast):
    actor = cast.actor("xiao")
    run, _reports = bring_in(actor, cast.school, book(学生=students(student(1))))
    bring_in(actor, cast.school, book(学生=students(student(2, 成员1联系电话="13800000001"))))
    with pytest.raises(Problem, match="不能再撤销"):
        undo_import(actor, run=run)


def test_undo_is_refused_once_a_new_teacher_has_an_account(cast):
    actor = cast.actor("xiao")
    run, _reports = bring_in(actor, cast.school, book(教师=[["姓名", "工号", "职务"], ["新来", "N1", "心理教师"]]))
    Appointment.objects.create(staff=Staff.objects.get(number="N1"), unit=cast.klass, role=Role.SUBJECT_TEACHER, begins="2026-01-01")
    with pytest.raises(Problem, match="不能再撤销"):
        undo_import(actor, run=run)


def test_nobody_undoes_twice_or_without_the_right(cast):
    actor = cast.actor("xiao")
    run, _reports = bring_in(actor, cast.school, book(学生=students(student(1))))
    for who in ("ban", "waixiao", "ke"):
        with pytest.raises(Problem) as refused:
            undo_import(cast.actor(who), run=run)
        assert refused.value.status == 404
    undo_import(actor, run=run)
    with pytest.raises(Problem) as refused:
        undo_import(actor, run=run)
    assert refused.value.code == "state"


def test_undo_is_sealed_at_rest(cast):
    run, _reports = bring_in(cast.actor("xiao"), cast.school, book(学生=students(student(1))))
    bring_in(cast.actor("xiao"), cast.school, book(学生=students(student(1, 姓名="王改名"))))
    run, _reports = bring_in(cast.actor("xiao"), cast.school, book(学生=students(student(1, 姓名="王三改"))))
    raw = bytes(run.undo.blob)
    assert "王改名".encode() not in raw
    assert "王改名" in texts([run.undo])[0] or "\\u738b" in texts([run.undo])[0]
