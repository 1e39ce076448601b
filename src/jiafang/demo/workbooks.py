"""Writes the demo's facts as the Excel files a school would bring, headings as offices use them."""

from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from jiafang.demo.facts import Child, School
from jiafang.lib.codes import RELATION

SEX = {"1": "男", "2": "女"}
STAGES = {"primary": "小学", "junior": "初中", "senior": "高中"}
STUDENT_HEADINGS = (
    "学校", "年级", "班级", "姓名", "性别", "出生日期", "民族", "身份证件类型", "身份证件号", "全国学籍号", "班内学号", "入学年月", "就读方式",
    "现住址", "联系电话", "是否留守儿童", "是否孤儿", "是否进城务工人员随迁子女", "是否需要申请资助", "残疾类型", "成员1姓名", "成员1关系",
    "成员1现住址", "成员1联系电话", "成员1是否监护人", "成员2姓名", "成员2关系", "成员2联系电话", "成员2是否监护人", "经度", "纬度",
)  # fmt: skip
SURVEY_FLAGS = ("单亲", "学困", "心理", "流失倾向", "行为异常", "学业优秀")


def yes(value: bool) -> str:
    return "是" if value else "否"


def student_row(school: School, child: Child) -> list:
    klass = child.klass
    grade = klass.label.removesuffix(f"{klass.number}班")
    relation = {code: RELATION.label(code) for code in ("51", "52", "61")}
    return [
        school.name, grade, klass.label, child.name, SEX[child.sex], child.born.isoformat(), "汉族", "居民身份证",
        child.id_number, f"G{child.id_number}", child.class_number, f"{klass.entered}-09", child.study,
        child.address, child.phone, child.left_behind, yes(child.orphan), yes(child.migrant), yes(child.aid),
        child.disability, child.guardian[0], relation[child.guardian[1]], child.address, child.phone, "是",
        child.second[0], relation[child.second[1]], child.second[2], "是", child.lon, child.lat,
    ]  # fmt: skip


def write_school(school: School, file: Path) -> Path:
    """One workbook of a school: 学生, 摸排表, 教师花名册, 任课安排表."""
    book = xlsxwriter.Workbook(str(file), {"constant_memory": True, "strings_to_formulas": False})
    _sheet(book, "教师花名册", ("姓名", "工号", "性别", "手机", "职务", "任教学科", "党员"), (
        [t.name, t.number, t.sex, t.phone, t.title, t.subject, yes(t.party)] for t in school.teachers
    ), title=f"{school.name}教师花名册")  # fmt: skip
    subjects = sorted({s for k in school.classes for s in k.subjects})
    _sheet(book, "任课安排表", ("班级", "班主任", *subjects), (
        [k.label, k.head.name if k.head else "", *(k.subjects[s].name if s in k.subjects else "" for s in subjects)]
        for k in school.classes
    ))  # fmt: skip
    _sheet(book, "学生", STUDENT_HEADINGS, (student_row(school, c) for c in school.children), title="学生基本信息")
    surveyed = [c for c in school.children if c.survey]
    _sheet(book, "班主任摸排表", ("班级", "姓名", "全国学籍号", *SURVEY_FLAGS, "情况说明"), (
        [c.klass.label, c.name, f"G{c.id_number}", *(c.survey.get(f, "") for f in SURVEY_FLAGS), c.survey.get("情况说明", "")]
        for c in surveyed
    ))  # fmt: skip
    book.close()
    return file


def write_schools(schools: list[School], file: Path) -> Path:
    """The bureau's workbook: 学校, 学校与班级."""
    book = xlsxwriter.Workbook(str(file), {"constant_memory": True})
    _sheet(book, "学校", ("学校名称", "学校标识码", "学段", "年级叫法", "经度", "纬度"), (
        [s.name, s.code, "、".join(STAGES[x] for x in s.stages), "七年级", round(s.lon, 6), round(s.lat, 6)] for s in schools
    ))  # fmt: skip
    _sheet(book, "学校与班级", ("学校", "学校标识码", "学段", "入学年份", "班级"), (
        [s.name, s.code, STAGES[k.stage], k.entered, k.label] for s in schools for k in s.classes
    ))  # fmt: skip
    book.close()
    return file


def _sheet(book, name: str, headings: tuple[str, ...], rows: Iterable[list], title: str = "") -> None:
    sheet = book.add_worksheet(name)
    line = 0
    if title:
        sheet.write_string(0, 0, title)
        line = 1
    sheet.write_row(line, 0, headings)
    for number, row in enumerate(rows, start=line + 1):
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, int | float):
                sheet.write_number(number, column, value)
            else:
                sheet.write_string(number, column, value)
