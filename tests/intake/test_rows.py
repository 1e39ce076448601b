"""From sheets to typed rows: what schools type is understood, what is wrong is told cell by cell."""

from datetime import date, time

import pytest

from jiafang.intake.reader import Sheet, Workbook, read_workbook
from jiafang.intake.records import TeacherName
from jiafang.intake.tables import read_tables
from jiafang.intake.template import write_template
from jiafang.lib.classnames import ClassName
from jiafang.lib.numbers import check_digit

pytestmark = pytest.mark.pure

ID = "15020320130907001" + check_digit("15020320130907001")


def table(*rows, name="表", merged=(), formulas=()):
    [reading] = read_tables(Workbook("a.xlsx", [Sheet(name, [list(r) for r in rows], list(merged), frozenset(formulas))]))
    return reading.table


def test_a_messy_row_is_understood():
    found = table(
        ["班 级", "姓名*", "性别", "出生日期", "民族", "身份证件类型", "身份证号", "学籍号", "入学年月", "是否住校", "留守", "残疾", "监护人", "监护人电话"],
        ["七（１）班", " 张　三 ", "１", 41524, "汉", "身份证", f" {ID[:6]} {ID[6:]}", f"g{ID}".lower(), "2025年9月", "是", "单亲留守", "无", "张大", "138 0013 8000/13900139000"],
    )
    assert found.errors == []
    [row] = found.rows
    assert row.klass.parsed == ClassName("junior", 1, None, 1)
    assert (row.name, row.sex, row.born, row.ethnic, row.id_type) == ("张三", "1", date(2013, 9, 7), "01", "1")
    assert (row.id_number, row.student_number, row.entered_on) == (ID, f"G{ID}", date(2025, 9, 1))
    assert (row.study, row.left_behind, row.disability) == ("2", "1", "0")
    assert (row.members[0].name, row.members[0].phone) == ("张大", "13800138000")


def test_birth_and_sex_follow_from_the_id_number_and_a_difference_is_a_doubt():
    found = table(["班级", "姓名", "性别", "出生日期", "身份证件号"], ["1班", "张三", "", "", ID], ["1班", "李四", "女", "2013-01-01", ""])
    assert (found.rows[0].born, found.rows[0].sex) == (date(2013, 9, 7), "1")
    found = table(["班级", "姓名", "性别", "出生日期", "身份证件号"], ["1班", "张三", "女", "2013-01-01", ID])
    assert (found.errors, [w.code for w in found.warnings]) == ([], ["birth_differs", "sex_differs"])


def test_a_passport_is_no_id_card():
    found = table(["班级", "姓名", "身份证件类型", "身份证件号"], ["1班", "张三", "护照", "E1234567"])
    assert (found.errors, found.rows[0].id_number) == ([], "E1234567")
    assert [e.code for e in table(["班级", "姓名", "身份证件号"], ["1班", "张三", "E1234567"]).errors] == ["id_length"]


@pytest.mark.parametrize("value", [150203201309070012.0, "1.50203E+17"])
def test_a_rounded_number_tells_how_to_mend_it(value):
    [error] = table(["班级", "姓名", "身份证件号"], ["1班", "张三", value]).errors
    assert (error.row, error.column, error.code) == (2, "C", "number_rounded")
    assert "文本" in error.message


def test_a_formula_is_not_trusted_where_it_matters_only():
    rows = (["序号", "班级", "姓名", "性别"], [1, "1班", "张三", "男"])
    assert table(*rows, formulas=[(1, 0)]).errors == []
    [error] = table(*rows, formulas=[(1, 2)]).errors
    assert (error.column, error.code, error.value) == ("C", "formula", "张三")


def test_digits_kept_as_text_by_a_csv_export_are_read():
    assert table(["班级", "姓名", "联系电话"], ["1班", "张三", '="13800138000"']).rows[0].phone == "13800138000"


def test_excel_error_values_are_told():
    assert [e.code for e in table(["班级", "姓名", "性别"], ["1班", "#REF!", "男"]).errors] == ["excel_error"]


def test_merged_classes_are_filled_down_and_merged_names_are_not():
    found = table(["班级", "姓名", "性别"], ["1班", "张三", "男"], ["", "李四", "女"], ["", "", ""], merged=[(1, 0, 3, 0)])
    assert [(row.klass.text, row.name) for row in found.rows] == [("1班", "张三"), ("1班", "李四")]
    found = table(["班级", "姓名", "性别"], ["1班", "张三", "男"], ["1班", "", "女"], merged=[(1, 1, 2, 1)])
    assert [error.code for error in found.errors] == ["missing"]


def test_footers_and_repeated_headings_are_no_students():
    found = table(["班级", "姓名", "性别"], ["1班", "张三", "男"], ["班级", "姓名", "性别"], ["1班", "李四", "女"], ["合计", "", ""], ["填表人：王", "", ""])
    assert (len(found.rows), found.total, found.errors) == (2, 2, [])


def test_the_same_child_and_the_same_number_across_sheets():
    head = ["班级", "姓名", "学籍号"]
    workbook = Workbook("a", [Sheet("一", [head, ["7.1", "张三", f"G{ID}"]]), Sheet("二", [head, ["7.1", "张三", f"G{ID}"], ["7.2", "李四", f"G{ID}"]])])
    first, second = read_tables(workbook)
    assert (len(first.table.rows), first.table.errors) == (1, [])
    assert [e.code for e in second.table.errors] == ["same_child_twice", "duplicate_student_number"]
    assert "工作表“一”第 2 行" in second.table.errors[0].message


def test_unknown_tables_and_missing_columns_are_one_error_each():
    assert [e.code for e in table(["甲", "乙"], ["1", "2"]).errors] == ["unknown_table"]
    [error] = table(["姓名", "性别", "出生日期"], ["张三", "男", ""]).errors
    assert (error.code, error.row) == ("missing_column", 1)
    assert "班级" in error.message


def test_survey_words():
    found = table(
        ["班级", "姓名", "单亲/离异", "学困", "心理", "类别", "情况说明"],
        ["1班", "张三", "离异", "√", "", "流失倾向、行为异常", "在读"],
        ["1班", "李四", "否", "否", "偶有失眠", "", ""],
        ["1班", "王五", "是", "", "", "外星", ""],
    )
    assert found.rows[0].yes == {"divorced", "learning", "dropout_risk", "behaviour"}
    assert (found.rows[1].yes, found.rows[1].no) == ({"psychological"}, {"single_parent", "divorced", "learning"})
    assert [e.code for e in found.errors] == ["single_or_divorced", "unknown_category"]


def test_teaching_cells_name_teachers():
    found = table(["班级", "班主任", "语文", "政治", "外语"], ["七年级1班", "张伟(t012)", "李丽、王芳", "无", "赵敏【A-3】"])
    [row] = found.rows
    assert row.class_teacher == TeacherName("张伟", "T012")
    assert row.subjects == (("语文", TeacherName("李丽")), ("语文", TeacherName("王芳")), ("英语", TeacherName("赵敏", "A-3")))


def test_busy_grids_and_lists():
    grid = table(["课后服务安排"], ["时段", "周一", "周三"], ["16:30—18:00", "张伟、李丽", ""], ["18:00-20:00 晚自习", "", "张伟(T1)"])
    assert [(r.teacher.name, r.weekday, r.starts, r.kind) for r in grid.rows] == [
        ("张伟", 1, time(16, 30), "after_school"),
        ("李丽", 1, time(16, 30), "after_school"),
        ("张伟", 3, time(18, 0), "evening_study"),
    ]
    listed = table(["姓名", "星期", "开始", "结束", "事由"], ["张伟", "五", "8:00", "8:40", "上课"], ["李丽", "周八", "9:00", "8:00", ""])
    assert [(r.weekday, r.ends, r.kind) for r in listed.rows] == [(5, time(8, 40), "lesson")]
    assert [e.code for e in listed.errors] == ["bad_weekday", "no_times"]


def test_coordinates_in_both_systems_and_swapped():
    found = table(
        ["班级", "姓名", "经度", "纬度", "坐标系"],
        ["1班", "张三", "109.86", "40.61", ""],
        ["1班", "李四", 40.61, 109.86, ""],
        ["1班", "王五", 109.86, 40.61, "高德"],
        ["1班", "赵六", 109.86, 40.61, "百度"],
        ["1班", "钱七", 10, 10, ""],
    )
    assert [(r.lat, r.lon) for r in found.rows[:2]] == [(40.61, 109.86)] * 2
    assert 0.0005 < 40.61 - found.rows[2].lat < 0.003
    assert [e.code for e in found.errors] == ["bad_system", "bad_place"]


def test_the_template_reads_back(tmp_path):
    import openpyxl

    path = tmp_path / "名册.xlsx"
    write_template(path)
    blank = read_tables(read_workbook(path))
    kinds = {reading.table.kind for reading in blank}
    assert kinds == {"schools", "classes", "staff", "teaching", "students", "survey", "coordinates", "busy"}
    assert all(reading.mapping.unknown == [] and reading.table.errors == [] and reading.table.total == 0 for reading in blank)
    book = openpyxl.load_workbook(path)
    sheet = book["学生名册"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.column_dimensions[sheet.cell(1, heads["身份证件号"]).column_letter].width > 18
    for heading, value in {"班级": "七年级1班", "姓名": "张三", "性别": "男", "身份证件号": ID, "成员1关系": "父亲", "成员1姓名": "张大"}.items():
        sheet.cell(2, heads[heading]).value = value
    book.save(path)
    [students] = [r.table for r in read_tables(read_workbook(path)) if r.table.kind == "students"]
    assert (students.errors, students.rows[0].id_number, students.rows[0].members[0].relation) == ([], ID, "51")
