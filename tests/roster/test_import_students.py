"""Students from the export: new, unchanged, changed, and every hurt a roster may hold."""

import pytest

from jiafang.access.fence import fenced, system_fence
from jiafang.access.vault import texts
from jiafang.lib.errors import Problem
from jiafang.roster.kinds import CareKind, kind_of
from jiafang.roster.models import Care, Enrolment, Guardian, Household, Student
from tests.cast import CANARY
from tests.roster.sheets import book, bring_in, codes, figures, id_number, student, students, try_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _all_rows():
    with system_fence("look at what was written"):
        yield


def made() -> list[Student]:
    return list(Student.objects.exclude(name__contains=CANARY).order_by("name"))


def test_new_students_come_in_whole(cast):
    actor = cast.actor("xiao")
    row = student(1, 姓名="单雨欣", 是否留守儿童="双亲留守", 是否孤儿="是")
    run, reports = bring_in(actor, cast.school, book(学生=students(row)))
    assert codes(reports) == []
    assert figures(reports) == [(1, 0, 0)]
    assert run.state == "applied"
    [child] = made()
    assert (child.klass, child.school, child.pinyin) == (cast.klass, cast.school, "shanyuxin syx")
    assert (child.sex, str(child.born)) == ("1", "2013-09-07")
    assert texts([child.id_number, child.student_number]) == [id_number(1), "G" + id_number(1)]
    assert texts([child.household.address]) == ["沼园路1号院"]
    [guardian] = Guardian.objects.filter(student=child)
    assert (guardian.name, guardian.relation, texts([guardian.phone])) == ("王大1", "51", ["13800000001"])
    assert Enrolment.objects.get(student=child).klass == cast.klass
    kinds = {kind_of(care.token) for care in Care.objects.filter(student=child)}
    assert kinds == {CareKind.LEFT_BEHIND_BOTH, CareKind.ORPHAN}


def test_a_second_run_changes_nothing(cast):
    actor = cast.actor("xiao")
    rows = [student(n, 现住址="沼园路9号院", 是否留守儿童="1") for n in (1, 2)] + [student(3, 成员1联系电话="")]
    bring_in(actor, cast.school, book(学生=students(*rows)))
    before = list(Student.objects.order_by("pk").values()), Care.objects.count(), Enrolment.objects.count()
    changes, reports = try_in(actor, cast.school, book(学生=students(*rows)))
    assert figures(reports) == [(0, 0, 3)]
    assert not changes
    bring_in(actor, cast.school, book(学生=students(*rows)))
    assert (list(Student.objects.order_by("pk").values()), Care.objects.count(), Enrolment.objects.count()) == before


def test_what_differs_is_changed_and_empty_cells_change_nothing(cast):
    actor = cast.actor("xiao")
    bring_in(actor, cast.school, book(学生=students(student(1), student(2))))
    moved = student(1, 班级="七年级2班", 成员1联系电话="13911112222", 现住址="新光路3号")
    silent = student(2, 现住址="", 成员1姓名="", 成员1关系="", 成员1联系电话="", 性别="", 是否孤儿="")
    _run, reports = bring_in(actor, cast.school, book(学生=students(moved, silent)))
    assert figures(reports) == [(0, 1, 1)]
    first, second = made()
    assert first.klass == cast.klass2
    assert texts([first.household.address, first.guardians.get().phone]) == ["新光路3号", "13911112222"]
    assert [e.klass for e in Enrolment.objects.filter(student=first).order_by("pk")] == [cast.klass, cast.klass2]
    assert Enrolment.objects.filter(student=first, ends__isnull=True).get().klass == cast.klass2
    assert texts([second.household.address]) == ["沼园路2号院"]
    assert second.guardians.get().name == "王大2"


def test_id_number_may_change_while_the_student_number_stays(cast):
    actor = cast.actor("xiao")
    bring_in(actor, cast.school, book(学生=students(student(1))))
    _run, reports = bring_in(actor, cast.school, book(学生=students(student(1, 身份证件号=id_number(77)))))
    assert figures(reports) == [(0, 1, 0)]
    [child] = made()
    assert texts([child.id_number, child.student_number]) == [id_number(77), "G" + id_number(1)]


def wrong(number: str) -> str:
    return number[:-1] + ("0" if number[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("rows", "code", "column"),
    [
        ([student(1, 身份证件号=1.5020320130907e17)], "number_rounded", "D"),
        ([student(1, 身份证件号="1.50203E+17")], "number_rounded", "D"),
        ([student(1, 身份证件号=wrong(id_number(1)))], "id_check", "D"),
        ([student(1, 全国学籍号=wrong("G" + id_number(1)))], "student_number_check", "E"),
        ([student(1), student(2, 全国学籍号="G" + id_number(1))], "duplicate_student_number", "E"),
        ([student(1), student(1)], "same_child_twice", "E"),
        ([student(1, 身份证件号="", 全国学籍号="", 姓名="李同"), student(2, 身份证件号="", 全国学籍号="", 姓名="李同")], "same_name", "B"),
        ([student(1, 班级="七年级9班")], "unknown_class", "A"),
        ([student(1, 班级="阳光班")], "unknown_class", "A"),
        ([student(1, 班级="2026-07-01")], "class_is_date", "A"),
        ([student(1, 姓名="")], "missing", "B"),
        ([student(1, 性别="公")], "unknown_code", "C"),
        ([student(1, 是否孤儿="也许")], "not_yes_no", "H"),
        ([student(1, 成员1联系电话="12345")], "phone_form", "K"),
        ([student(1, 现住址="=HYPERLINK(1)")], "formula", "F"),
    ],
)
def test_a_fault_names_its_cell_and_nothing_is_written(cast, rows, code, column):
    actor = cast.actor("xiao")
    good = student(50)
    run, reports = bring_in(actor, cast.school, book(学生=students(good, *rows)))
    [error] = reports[0].errors
    assert (error.sheet, error.code, error.column) == ("学生", code, column)
    assert error.row == len(rows) + 2
    assert error.message.endswith("。")
    assert made() == []
    assert run.state == "reading"


def test_two_children_of_one_name_are_told_by_their_numbers(cast):
    actor = cast.actor("xiao")
    both = students(student(1, 姓名="李同"), student(2, 姓名="李同"))
    _run, reports = bring_in(actor, cast.school, book(学生=both))
    assert figures(reports) == [(2, 0, 0)]
    assert figures(try_in(actor, cast.school, book(学生=both))[1]) == [(0, 0, 2)]
    unclear = student(1, 姓名="李同", 身份证件号="", 全国学籍号="")
    assert codes(try_in(actor, cast.school, book(学生=students(unclear)))[1]) == ["same_name"]


def test_a_student_without_number_is_found_by_class_and_name_and_may_get_one(cast):
    actor = cast.actor("xiao")
    bring_in(actor, cast.school, book(学生=students(student(1, 身份证件号="", 全国学籍号=""))))
    _run, reports = bring_in(actor, cast.school, book(学生=students(student(1))))
    assert figures(reports) == [(0, 1, 0)]
    assert len(made()) == 1


def test_siblings_by_phone_or_address_share_a_home_to_be_confirmed(cast):
    actor = cast.actor("xiao")
    rows = [
        student(1),
        student(2, 班级="七年级2班", 成员1联系电话="13800000001"),
        student(3, 现住址="沼园路1号院"),
        student(4),
    ]
    bring_in(actor, cast.school, book(学生=students(*rows)))
    homes = [child.household for child in made()]
    assert homes[0] == homes[1] == homes[2] != homes[3]
    assert (homes[0].confirmed, homes[3].confirmed) == (False, True)
    assert Household.objects.filter(students__in=made()).distinct().count() == 2


def test_a_later_sibling_joins_the_known_home(cast):
    actor = cast.actor("xiao")
    bring_in(actor, cast.school, book(学生=students(student(1))))
    bring_in(actor, cast.school, book(学生=students(student(1), student(2, 成员1联系电话="13800000001"))))
    first, second = made()
    assert first.household == second.household
    assert first.household.confirmed is False


def test_a_phone_many_share_makes_no_family(cast):
    actor = cast.actor("xiao")
    bring_in(actor, cast.school, book(学生=students(*[student(n, 成员1联系电话="13800000001") for n in range(1, 9)])))
    assert len({child.household_id for child in made()}) == 8


def test_a_number_of_another_school_says_nothing_about_where(cast):
    bring_in(cast.actor("waixiao"), cast.other_school, book(学生=students(student(1))))
    _run, reports = bring_in(cast.actor("xiao"), cast.school, book(学生=students(student(1))))
    [error] = reports[0].errors
    assert error.code == "number_elsewhere"
    assert "鹿区二中" not in error.message
    assert [child.school for child in made()] == [cast.other_school]


def test_a_bureau_moves_a_student_between_its_schools(cast):
    bring_in(cast.actor("waixiao"), cast.other_school, book(学生=students(student(1))))
    head = ["学校", *students()[0]]
    rows = [head, ["鹿区一中", *student(1)]]
    _run, reports = bring_in(cast.actor("ju"), cast.bureau, book(学生=rows))
    assert (codes(reports), figures(reports)) == ([], [(0, 1, 0)])
    assert [child.school for child in made()] == [cast.school]


def test_a_bureau_import_needs_the_school_column(cast):
    reports = try_in(cast.actor("ju"), cast.bureau, book(学生=students(student(1), student(2))))[1]
    assert codes(reports) == ["missing_school"]
    assert figures(reports) == [(0, 0, 0)]


def test_no_from_the_export_ends_only_what_the_export_began(cast):
    actor = cast.actor("xiao")
    bring_in(actor, cast.school, book(学生=students(student(1, 是否孤儿="是"))))
    assert figures(bring_in(actor, cast.school, book(学生=students(student(1, 是否孤儿="否"))))[1]) == [(0, 1, 0)]
    assert Care.objects.get(student__in=made()).ends is not None
    bring_in(actor, cast.school, book(学生=students(student(1, 是否孤儿="是"))))
    Care.objects.filter(student__in=made(), ends__isnull=True).update(source=Care.Source.TEACHER)
    assert figures(try_in(actor, cast.school, book(学生=students(student(1, 是否孤儿="否"))))[1]) == [(0, 0, 1)]


@pytest.mark.parametrize("who", ["ban", "ke", "xin", "nian", "de", "waixiao", "yi"])
def test_those_without_the_right_cannot_import(cast, who):
    with fenced(cast.actor(who).reach), pytest.raises(Problem) as refused:
        try_in(cast.actor(who), cast.school, book(学生=students(student(1))))
    assert refused.value.status == 404
    assert made() == []


@pytest.mark.parametrize("who", ["xiao", "zhong", "ju"])
def test_those_with_the_right_can(cast, who):
    with fenced(cast.actor(who).reach):
        assert codes(bring_in(cast.actor(who), cast.school, book(学生=students(student(1))))[1]) == []
    assert len(made()) == 1
