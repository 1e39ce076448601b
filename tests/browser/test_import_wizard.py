"""A principal brings a roster in: files, preview, yes, progress, undo; free layouts are mapped; pages fit and are accessible."""

from django_q.models import OrmQ

from jiafang.access.fence import system_fence
from jiafang.config.reactions import work
from jiafang.roster.models import Student
from tests.browser.axe import assert_accessible, assert_fits
from tests.cast import CANARY
from tests.intake.workbooks import xlsx
from tests.roster.sheets import student, students


def count():
    with system_fence("count"):
        return Student.objects.exclude(name__contains=CANARY).count()


def looked_at(page, shot, size, name):
    shot(page, f"import-{name}-{size}")
    assert_accessible(page)
    if size == "phone":
        assert_fits(page)


def upload(page, tmp_path, rows, name="学籍导出.xlsx"):
    file = tmp_path / name
    file.write_bytes(xlsx(rows))
    page.goto("/rosters/new/")
    page.get_by_label("名册文件").set_input_files(file)
    page.get_by_role("button", name="读取并预览").click()


def test_from_file_to_undo(page, sign_in, tmp_path, shot, size):
    sign_in(page, "xiao").goto("/rosters/")
    looked_at(page, shot, size, "empty")
    page.goto("/rosters/new/")
    looked_at(page, shot, size, "upload")
    upload(page, tmp_path, students(student(1), student(2), student(3)))
    page.get_by_text("还没有写入").wait_for()
    page.get_by_role("button", name="看新增").click()
    page.locator("#rows").get_by_text("王小一1").wait_for()
    looked_at(page, shot, size, "preview")
    page.get_by_role("button", name="确认导入").click()
    page.get_by_text("正在写入名册").wait_for()
    looked_at(page, shot, size, "progress")
    for task in OrmQ.objects.all():
        work(*task.task["args"])
    page.get_by_role("link", name="看结果").click()
    page.get_by_text("已经写入").wait_for()
    assert count() == 3
    looked_at(page, shot, size, "done")
    page.get_by_role("button", name="撤销导入").click()
    page.get_by_role("dialog").get_by_role("button").first.wait_for()
    looked_at(page, shot, size, "ask")


def test_errors_say_where_and_what_to_do(page, sign_in, tmp_path, shot, size):
    wrong = student(1)
    wrong[3] = wrong[3][:-1] + ("0" if wrong[3][-1] != "0" else "1")
    sign_in(page, "xiao")
    upload(page, tmp_path, students(wrong, student(2, 班级="七年级9班"), student(3, 姓名="")))
    page.get_by_text("有错的文件不会写入任何内容").wait_for()
    assert page.get_by_role("button", name="确认导入").count() == 0
    looked_at(page, shot, size, "errors")
    assert count() == 0


def test_a_free_layout_is_mapped(page, sign_in, tmp_path, shot, size):
    sign_in(page, "xiao")
    upload(page, tmp_path, [["甲", "乙", "丙"], ["七年级1班", "张三", "男"], ["七年级2班", "李四", "女"]], "自由格式.xlsx")
    page.get_by_role("link", name="对应各列").click()
    looked_at(page, shot, size, "mapping")
    page.get_by_label("甲").select_option("klass")
    page.get_by_label("乙").select_option("name")
    page.get_by_label("丙").select_option("sex")
    page.get_by_role("button", name="保存并重新预览").click()
    page.get_by_text("还没有写入").wait_for()
    page.get_by_role("button", name="确认导入").wait_for()
