"""Schools, classes, teachers, who teaches what, surveys, coordinates and timetables; alone and in one workbook."""

import pytest

from jiafang.access.fence import system_fence
from jiafang.access.roles import Role
from jiafang.access.vault import texts
from jiafang.roster.kinds import CareKind, kind_of
from jiafang.roster.models import Care, Student
from jiafang.units.models import Appointment, BusyPeriod, Handover, Staff, Unit
from tests.roster.sheets import book, bring_in, codes, figures, student, students, try_in, year

pytestmark = pytest.mark.django_db

STAFF = ["姓名", "工号", "性别", "手机", "职务", "任教学科", "党员"]


@pytest.fixture(autouse=True)
def _all_rows():
    with system_fence("look at what was written"):
        yield


def posts(unit, role):
    return sorted(Appointment.objects.filter(unit=unit, role=role, ends__isnull=True).values_list("staff__name", flat=True))


def test_one_workbook_brings_a_whole_district_in(cast):
    entered = year()
    everything = book(
        学校=[["学校", "学校标识码", "学段", "经度", "纬度", "坐标系"], ["沼园路学校", "3115000009", "小学、初中", "109.86", "40.61", "GCJ-02"]],
        班级=[["学校", "学校标识码", "学段", "入学年份", "班级", "班主任"], ["沼园路学校", "3115000009", "初中", entered, "1班", "赵敏"]],
        教师=[["学校", *STAFF], ["沼园路学校", "赵敏", "Z1", "女", "13900001111", "七年级组长", "数学", "是"], ["沼园路学校", "钱明", "Z2", "男", "", "校长、书记", "", "否"]],
        任课=[["学校", "班级", "班主任", "语文", "数学"], ["沼园路学校", "七年级1班", "赵敏", "钱明", "赵敏"]],
        学生=[["学校", *students()[0]], ["沼园路学校", *student(1, 班级="初一(1)班")]],
        摸排=[["学校", "班级", "姓名", "离异", "心理", "情况说明"], ["沼园路学校", "七年级1班", "王小一1", "是", "√", "父母分居"]],
        坐标=[["学校", "班级", "姓名", "经度", "纬度"], ["沼园路学校", "7.1班", "王小一1", "109.85", "40.62"]],
    )
    _run, reports = bring_in(cast.actor("ju"), cast.bureau, everything)
    assert codes(reports) == []
    assert figures(reports) == [(1, 0, 0), (1, 0, 0), (2, 0, 0), (0, 1, 0), (1, 0, 0), (0, 1, 0), (0, 1, 0)]
    school = Unit.objects.get(code="3115000009")
    assert school.parent == cast.bureau
    assert school.lat == pytest.approx(40.6089, abs=0.001)
    assert sorted(Unit.objects.filter(parent=school).values_list("name", flat=True)) == ["初中部", "小学部"]
    klass = Unit.objects.get(kind="klass", path__startswith=school.path)
    assert (klass.label, klass.entered, klass.parent.kind) == ("七年级1班", entered, "cohort")
    assert klass.path == f"{klass.parent.path}{klass.pk}."
    assert posts(klass, Role.CLASS_TEACHER) == ["赵敏"]
    assert posts(klass.parent, Role.GRADE_HEAD) == ["赵敏"]
    assert posts(klass, Role.SUBJECT_TEACHER) == ["赵敏", "钱明"]
    assert posts(school, Role.PRINCIPAL) == posts(school, Role.SECRETARY) == ["钱明"]
    assert texts([Staff.objects.get(number="Z1").phone]) == ["13900001111"]
    child = Student.objects.get(klass=klass)
    assert (child.household.lat, child.household.lon) == (40.62, 109.85)
    reasons = {kind_of(c.token): texts([c.reason])[0] for c in Care.objects.filter(student=child)}
    assert reasons == {CareKind.DIVORCED: "父母分居", CareKind.PSYCHOLOGICAL: "父母分居"}
    again = try_in(cast.actor("ju"), cast.bureau, everything)
    assert not again[0]
    assert figures(again[1]) == [(0, 0, 1), (0, 0, 1), (0, 0, 2), (0, 0, 1), (0, 0, 1), (0, 0, 1), (0, 0, 1)]


def test_a_school_cannot_make_another_school(cast):
    rows = [["学校", "学校标识码"], ["新学校", "2115000099"]]
    assert codes(try_in(cast.actor("xiao"), cast.school, book(学校=rows))[1]) == ["unknown_school"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["阳光班", "", ""], "unclear_class"),
        (["1班", "", ""], "unclear_class"),
        (["七年级1班", "", "赵无"], "unknown_teacher"),
        (["七年级1班", "二零二四", ""], "bad_year"),
    ],
)
def test_unclear_classes_are_asked_about(cast, row, code):
    rows = [["班级", "入学年份", "班主任"], row]
    assert codes(try_in(cast.actor("xiao"), cast.school, book(班级=rows))[1]) == [code]


def test_class_names_follow_the_school_with_five_years_of_primary(cast):
    cast.school.primary_years = 5
    cast.school.save()
    Unit.objects.filter(kind="klass", path__startswith=cast.school.path).update(primary_years=5)
    _run, reports = bring_in(cast.actor("xiao"), cast.school, book(学生=students(student(1, 班级="六年级1班"))))
    assert codes(reports) == []


def test_two_teachers_of_one_name_are_told_by_number_or_asked_about(cast):
    actor = cast.actor("xiao")
    rows = [STAFF, ["张伟", "T1", "男", "", "", "语文", ""], ["张伟", "T2", "男", "", "", "数学", ""]]
    assert figures(bring_in(actor, cast.school, book(教师=rows))[1]) == [(2, 0, 0)]
    matrix = [["班级", "语文", "数学"], ["七年级1班", "张伟", "班和"]]
    [report] = try_in(actor, cast.school, book(任课=matrix))[1]
    assert [(e.code, e.row, e.column) for e in report.errors] == [("same_name_teacher", 2, "B")]
    assert "T1、T2" in report.errors[0].message
    matrix[1][1] = "张伟（T2）"
    bring_in(actor, cast.school, book(任课=matrix))
    assert posts(cast.klass, Role.SUBJECT_TEACHER) == ["张伟", "班和"]
    assert Appointment.objects.get(unit=cast.klass, subject="语文").staff.number == "T2"


def test_a_grade_head_heads_the_grade_the_title_names(cast):
    rows = [STAFF, ["赵一", "", "", "", "七年级主任", "", ""], ["钱二", "", "", "", "年级组长", "", ""]]
    bring_in(cast.actor("xiao"), cast.school, book(教师=rows))
    assert posts(cast.klass.parent, Role.GRADE_HEAD) == ["年岩", "赵一"]
    assert "赵一" not in posts(cast.school, Role.MIDDLE_LEADER)
    assert not Appointment.objects.filter(staff__name="钱二").exists()


def test_a_class_that_may_be_two_is_asked_about(cast):
    rows = [["学段", "班级"], ["小学", "2020级1班"], ["初中", "2020级1班"]]
    bring_in(cast.actor("xiao"), cast.school, book(班级=rows))
    reports = try_in(cast.actor("xiao"), cast.school, book(学生=students(student(1, 班级="2020级1班"))))[1]
    assert codes(reports) == ["ambiguous_class"]


def test_a_bureaus_own_people_name_the_bureau(cast):
    head = ["学校", *STAFF]
    assert codes(try_in(cast.actor("ju"), cast.bureau, book(教师=[STAFF, ["张伟", "", "", "", "", "", ""]]))[1]) == ["missing_school"]
    bring_in(cast.actor("ju"), cast.bureau, book(教师=[head, ["鹿区教育局", "张伟", "", "", "", "校长", "", ""]]))
    assert Staff.objects.get(name="张伟").home == cast.bureau
    assert not Appointment.objects.filter(staff__name="张伟").exists()


def test_same_name_without_numbers_in_the_list_is_refused(cast):
    rows = [STAFF, ["张伟", "", "", "", "", "", ""], ["张伟", "", "", "", "", "", ""]]
    assert codes(try_in(cast.actor("xiao"), cast.school, book(教师=rows))[1]) == ["same_name"]


def test_a_new_class_teacher_takes_over_and_the_old_one_loses_the_class(cast):
    matrix = [["班级", "班主任", "数学"], ["七年级1班", "班蓝", ""]]
    _run, reports = bring_in(cast.actor("xiao"), cast.school, book(任课=matrix))
    assert figures(reports) == [(0, 1, 0)]
    assert posts(cast.klass, Role.CLASS_TEACHER) == ["班蓝"]
    assert cast.actor("ban") is None
    assert Handover.objects.get(klass=cast.klass).new == cast.staff["ban2"]
    assert posts(cast.klass, Role.SUBJECT_TEACHER) == ["柯仁"]


def test_a_subject_has_the_teachers_the_table_names(cast):
    matrix = [["班级", "数学"], ["七年级1班", "柯礼"]]
    bring_in(cast.actor("xiao"), cast.school, book(任课=matrix))
    assert posts(cast.klass, Role.SUBJECT_TEACHER) == ["柯礼"]
    assert posts(cast.klass2, Role.SUBJECT_TEACHER) == ["柯礼"]


def test_deputies_are_no_heads(cast):
    rows = [STAFF, ["赵一", "", "", "", "副校长", "", ""], ["钱二", "", "", "", "团委书记", "", ""], ["孙三", "", "", "", "专职心理教师", "", ""]]
    bring_in(cast.actor("xiao"), cast.school, book(教师=rows))
    assert posts(cast.school, Role.PRINCIPAL) == ["肖校"]
    assert posts(cast.school, Role.SECRETARY) == []
    assert posts(cast.school, Role.MIDDLE_LEADER) == ["赵一", "钟层", "钱二"]
    assert "孙三" in posts(cast.school, Role.COUNSELLOR)


SURVEY = ["班级", "姓名", "单亲/离异", "学困", "心理", "情况说明"]


def test_survey_marks_end_only_what_a_survey_began(cast):
    actor = cast.actor("xiao")
    bring_in(actor, cast.school, book(学生=students(student(1))))
    bring_in(actor, cast.school, book(摸排=[SURVEY, ["七年级1班", "王小一1", "单亲", "是", "", "随母亲生活"]]))
    child = Student.objects.get(name="王小一1")
    held = {kind_of(c.token) for c in Care.objects.filter(student=child, ends__isnull=True)}
    assert held == {CareKind.SINGLE_PARENT, CareKind.LEARNING}
    bring_in(actor, cast.school, book(摸排=[SURVEY, ["七年级1班", "王小一1", "", "否", "", ""]]))
    held = {kind_of(c.token) for c in Care.objects.filter(student=child, ends__isnull=True)}
    assert held == {CareKind.SINGLE_PARENT}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["七年级1班", "没有人", "单亲", "", "", ""], "unknown_student"),
        (["七年级1班", "王小一1", "是", "", "", ""], "single_or_divorced"),
        (["七年级7班", "王小一1", "单亲", "", "", ""], "unknown_class"),
    ],
)
def test_survey_faults(cast, row, code):
    bring_in(cast.actor("xiao"), cast.school, book(学生=students(student(1))))
    assert codes(try_in(cast.actor("xiao"), cast.school, book(摸排=[SURVEY, row]))[1]) == [code]


def test_students_without_coordinates_get_them_by_number(cast):
    actor = cast.actor("xiao")
    bring_in(actor, cast.school, book(学生=students(student(1))))
    number = student(1)[4]
    place = book(坐标=[["全国学籍号", "经度(GCJ-02)", "纬度(GCJ-02)"], [number, "109.86", "40.61"]])
    bring_in(actor, cast.school, place)
    home = Student.objects.get(name="王小一1").household
    assert (home.lat, home.lon) == (pytest.approx(40.6089, abs=0.0015), pytest.approx(109.8547, abs=0.002))
    assert figures(try_in(actor, cast.school, place)[1]) == [(0, 0, 1)]


@pytest.mark.parametrize(("lon", "lat", "code"), [("209.86", "40.61", "bad_place"), ("东经", "40.61", "bad_place")])
def test_impossible_places(cast, lon, lat, code):
    bring_in(cast.actor("xiao"), cast.school, book(学生=students(student(1))))
    rows = [["班级", "姓名", "经度", "纬度"], ["七年级1班", "王小一1", lon, lat]]
    assert codes(try_in(cast.actor("xiao"), cast.school, book(坐标=rows))[1]) == [code]


def test_timetables_replace_a_teachers_periods_of_that_kind(cast):
    actor = cast.actor("xiao")
    duty = [["值班安排"], ["时间", "星期一", "星期二"], ["晚 18:00-20:00", "班和、柯仁", "班和"]]
    assert figures(bring_in(actor, cast.school, book(值班表=duty))[1]) == [(3, 0, 0)]
    assert set(BusyPeriod.objects.filter(staff=cast.staff["ban"]).values_list("weekday", "kind")) == {(1, "duty"), (2, "duty")}
    assert not try_in(actor, cast.school, book(值班表=duty))[0]
    duty[2][1] = "柯仁"
    bring_in(actor, cast.school, book(值班表=duty))
    assert list(BusyPeriod.objects.filter(staff=cast.staff["ban"]).values_list("weekday", flat=True)) == [2]


def test_a_period_without_times_is_asked_about(cast):
    grid = [["节次", "星期一", "星期二"], ["第八节", "班和", ""]]
    assert codes(try_in(cast.actor("xiao"), cast.school, book(课后服务=grid))[1]) == ["no_times"]
