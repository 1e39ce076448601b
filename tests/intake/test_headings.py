"""Recognising tables: headings by meaning, in any order, under titles, in two rows; and the wizard's own mapping."""

import pytest

from jiafang.intake.headings import recognise
from jiafang.intake.kinds import detect, is_notes
from jiafang.intake.reader import Sheet

pytestmark = pytest.mark.pure

EXPORT = ["学校", "年级", "班级", "姓名", "性别", "出生日期", "民族", "身份证件类型", "身份证件号", "全国学籍号", "学籍辅号", "班内学号", "入学年月", "就读方式", "现住址", "联系电话", "是否留守儿童", "是否孤儿", "是否进城务工人员随迁子女", "是否需要申请资助", "残疾类型", "随班就读", "成员1姓名", "成员1关系", "成员1现住址", "成员1联系电话", "成员1是否监护人", "成员2姓名", "成员2关系", "成员2现住址", "成员2联系电话", "成员2是否监护人"]


def sheet(*rows, name="Sheet1", merged=()):
    return Sheet(name, [list(row) for row in rows], list(merged))


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (EXPORT, "students"),
        (EXPORT[::-1], "students"),
        (["班级", "姓名", "家长姓名", "家长电话"], "students"),
        (["班级", "姓名", "单亲/离异", "学困", "心理", "流失倾向", "行为异常", "学业优秀", "情况说明"], "survey"),
        (["班级", "姓名", "全国学籍号", "类别", "情况说明"], "survey"),
        (["姓名", "工号", "性别", "手机", "职务", "任教学科", "党员"], "staff"),
        (["教师姓名", "政治面貌"], "staff"),
        (["班级", "班主任", "语文", "数学", "英语"], "teaching"),
        (["班级", "语文老师", "数学老师"], "teaching"),
        (["学校名称", "学校标识码", "学段", "地址"], "schools"),
        (["学校", "学校标识码", "学段", "年级", "班级", "班主任"], "classes"),
        (["全国学籍号", "经度", "纬度"], "coordinates"),
        (["班级", "姓名", "经纬度"], "coordinates"),
        (["节次", "星期一", "星期二", "星期三", "星期四", "星期五"], "busy"),
        (["姓名", "星期", "开始时间", "结束时间", "事由"], "busy"),
    ],
)
def test_the_kind_shows_in_the_headings(headings, kind):
    mapping = detect(sheet(headings))
    assert mapping.kind == kind
    assert mapping.complete


def test_every_heading_of_the_export_is_known():
    mapping = detect(sheet(EXPORT))
    assert mapping.unknown == []
    assert len(mapping.columns) == len(EXPORT)


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("* 姓　名（必填）", "name"),
        ("身份证号码", "id_number"),
        ("学籍号", "student_number"),
        ("家庭住址", "address"),
        ("家庭成员1联系电话", "member1_phone"),
        ("成员二：姓名", "member2_name"),
        ("监护人电话", "member1_phone"),
        ("家长手机号码", "member1_phone"),
        ("与学生关系", "member1_relation"),
        ("是否住校", "study"),
    ],
)
def test_other_words_for_a_heading(heading, key):
    mapping = recognise(sheet(["班级", heading, "性别"]), "students")
    assert mapping.columns.get(key) == 1


def test_father_and_mother_say_the_relation():
    mapping = recognise(sheet(["班级", "姓名", "父亲姓名", "父亲电话", "母亲"]), "students")
    assert mapping.columns["member1_phone"] == 3
    assert mapping.columns["member2_name"] == 4
    assert mapping.implied == {"member1_relation": "51", "member2_relation": "52"}


def test_titles_are_skipped():
    mapping = detect(sheet(["某某学校七年级学生名册"], [], ["填表日期：2026-03-01"], ["班级", "姓名", "性别"], ["七年级1班", "张三", "男"]))
    assert mapping.first == 4


def test_two_rows_of_headings_with_merged_groups():
    rows = (["班级", "姓名", "成员1", "", "成员2", ""], ["", "", "姓名", "联系电话", "姓名", "联系电话"], ["七年级1班", "张三", "", "", "", ""])
    mapping = detect(sheet(*rows, merged=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 0, 5)]))
    assert mapping.first == 2
    assert mapping.columns == {"klass": 0, "name": 1, "member1_name": 2, "member1_phone": 3, "member2_name": 4, "member2_phone": 5}


def test_unknown_and_missing_are_told():
    mapping = recognise(sheet(["序号", "姓名", "性别", "血型"]), "students")
    assert [mapping.headings[column] for column in mapping.unknown] == ["序号", "血型"]
    assert mapping.missing_titles() == ["班级"]


def test_a_sheet_named_after_its_class_needs_no_class_column():
    mapping = detect(sheet(["姓名", "性别"], name="七年级3班学生名单"))
    assert (mapping.kind, mapping.constants, mapping.missing) == ("students", {"klass": "七年级3班"}, [])


def test_a_persons_mapping_wins():
    free = sheet(["甲", "乙", "丙", "备忘"], ["七年级1班", "张三", "男", "x"])
    assert detect(free) is None
    mapping = detect(free, {"kind": "students", "A": "klass", "B": "name", "C": "sex", "D": ""})
    assert (mapping.complete, mapping.first, mapping.unknown) == (True, 1, [])
    assert mapping.columns == {"klass": 0, "name": 1, "sex": 2}
    assert mapping.as_overrides() == {"kind": "students", "A": "klass", "B": "name", "C": "sex"}


def test_notes_are_no_table():
    assert is_notes(sheet(["怎样填写"], ["1. ……"]))
    assert is_notes(sheet(["a", "b"], name="填写说明"))
    assert not is_notes(sheet(["班级", "姓名"]))
