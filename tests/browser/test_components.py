"""Components at work: keys and choices in lists, undo, questions, autosave that loses nothing, charts under the policy."""

import pytest

from tests.browser import gallery
from tests.browser.axe import assert_accessible, assert_fits

pytestmark = pytest.mark.urls("tests.browser.gallery")


@pytest.fixture(autouse=True)
def fresh():
    gallery.SAVED.update(revision=1, answers={}, status=200)
    gallery.DONE.clear()


@pytest.fixture
def desk(open_page, sign_in):
    return sign_in(open_page(), "ban")


@pytest.mark.parametrize("dark", [False, True])
def test_every_component_is_accessible(open_page, sign_in, size, shot, dark):
    page = sign_in(open_page(size, dark=dark), "ban")
    page.goto("/gallery/")
    page.locator("chart-view canvas").first.wait_for()
    shot(page, f"gallery-{size}-{'dark' if dark else 'light'}")
    assert page.locator("chart-view:has(canvas)").count() == 6
    assert_accessible(page)
    if size == "phone":
        assert_fits(page)


def test_list_is_accessible_and_fits(page, sign_in, size, shot):
    sign_in(page, "ban").goto("/gallery/list/?state=held")
    shot(page, f"list-{size}")
    assert_accessible(page)
    if size == "phone":
        assert_fits(page)


def test_filter_changes_rows_and_address_without_a_reload(desk):
    desk.goto("/gallery/list/")
    desk.evaluate("window.stayed = true")
    desk.get_by_label("状态").select_option("held")
    desk.wait_for_url("**state=held*")
    desk.get_by_text("共 20 条").wait_for()
    desk.get_by_label("查找", exact=True).and_(desk.locator("#filter-q")).fill("李子涵")
    desk.get_by_text("共 4 条").wait_for()
    assert desk.evaluate("window.stayed")
    desk.get_by_role("link", name="清除筛选").click()
    desk.get_by_text("共 60 条").wait_for()


def test_keys_walk_the_rows_and_open_one(desk):
    desk.goto("/gallery/list/")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    assert desk.evaluate("document.activeElement.dataset.href") == "/gallery/?row=1"
    desk.keyboard.press("Escape")
    assert desk.evaluate("document.activeElement.tagName") == "BODY"
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/gallery/?row=0")


def test_chosen_rows_are_sent_after_a_question_and_can_be_taken_back(desk):
    desk.goto("/gallery/list/")
    bar = desk.locator(".bulk")
    assert not bar.is_visible()
    desk.locator("[name=ids]").nth(0).check()
    desk.locator("[name=ids]").nth(2).check()
    assert "选中 2 条" in bar.inner_text()
    bar.get_by_role("button", name="归档").click()
    desk.get_by_role("button", name="先不").click()
    assert gallery.DONE == []
    bar.get_by_role("button", name="归档").click()
    desk.get_by_role("button", name="确定").click()
    desk.locator("toast-note").get_by_text("已归档。").wait_for()
    assert gallery.DONE == [("archive", ["0", "2"])]
    desk.locator("toast-note").get_by_role("button", name="撤销").click()
    desk.wait_for_load_state()
    assert gallery.DONE[-1] == ("undo", [])


def test_a_filter_is_kept_under_a_name(desk):
    desk.goto("/gallery/list/?state=held")
    desk.get_by_text("常用筛选").click()
    desk.get_by_label("给现在的筛选起个名字").fill("待填的")
    desk.get_by_role("button", name="存下").click()
    desk.goto("/gallery/list/")
    desk.get_by_text("常用筛选").click()
    desk.get_by_role("link", name="待填的", exact=True).click()
    desk.get_by_text("共 20 条").wait_for()


def test_what_cannot_be_undone_wants_its_word(desk):
    desk.goto("/gallery/")
    desk.get_by_role("button", name="撤销导入").click()
    question = desk.locator("dialog.ask")
    assert question.get_by_role("button", name="撤销导入").is_disabled()
    assert_accessible(desk)
    question.get_by_role("textbox").fill("撤销导入")
    question.get_by_role("button", name="撤销导入").click()
    desk.wait_for_load_state()
    assert gallery.DONE == [("drop", [])]


def test_a_refusal_is_told_where_the_reader_is(desk):
    desk.goto("/gallery/")
    desk.get_by_role("button", name="改时间").click()
    desk.locator("toast-note").get_by_text("这次家访已经完成，不能再改时间。").wait_for()


def test_errors_stand_on_top_and_beside(desk):
    desk.goto("/gallery/")
    desk.evaluate("document.querySelector('autosave-form form').noValidate = true")
    desk.get_by_role("button", name="保存", exact=True).click()
    summary = desk.get_by_role("alert")
    assert summary.get_by_role("link", name="主题").is_visible()
    assert desk.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert_accessible(desk)


def test_autosave_saves_and_says_when(desk):
    desk.goto("/gallery/")
    desk.get_by_label("主题").fill("作息")
    desk.get_by_label("妈妈").check()
    desk.get_by_text("已保存").wait_for()
    assert gallery.SAVED["answers"]["theme"] == "作息"
    assert gallery.SAVED["answers"]["who"] == ["b"]
    assert gallery.SAVED["revision"] == 2


def test_autosave_offline_keeps_the_text_and_sends_it_later(desk):
    desk.goto("/gallery/")
    desk.context.set_offline(True)
    desk.get_by_label("主题").fill("断网时写的")
    desk.get_by_text("已存在这台设备上").wait_for()
    assert gallery.SAVED["answers"] == {}
    desk.context.set_offline(False)
    desk.get_by_text("已保存").wait_for()
    assert gallery.SAVED["answers"]["theme"] == "断网时写的"


def test_autosave_finds_again_what_was_left_unsaved(desk):
    gallery.SAVED["status"] = 503
    desk.goto("/gallery/")
    desk.get_by_label("主题").fill("断网时写的")
    desk.get_by_text("暂时没存上").wait_for()
    gallery.SAVED["status"] = 200
    desk.goto("/gallery/")
    desk.get_by_text("已保存").wait_for()
    assert desk.get_by_label("主题").input_value() == "断网时写的"
    assert gallery.SAVED["answers"]["theme"] == "断网时写的"
    assert desk.evaluate("Object.keys(localStorage).filter(k => k.startsWith('jiafang:draft'))") == []


def test_autosave_meets_another_hand_and_stops(desk):
    gallery.SAVED["status"] = 409
    desk.goto("/gallery/")
    desk.evaluate("addEventListener('conflict', e => { window.met = e.detail.message; })")
    desk.get_by_label("主题").fill("我写的")
    desk.get_by_text("柯仁老师刚改过这份内容。").wait_for()
    assert desk.evaluate("window.met") == "柯仁老师刚改过这份内容。"
    assert gallery.SAVED["answers"] == {}


def test_signing_out_leaves_no_draft_behind(desk):
    desk.goto("/gallery/")
    desk.context.set_offline(True)
    desk.get_by_label("主题").fill("公用电脑")
    desk.get_by_text("已存在这台设备上").wait_for()
    desk.context.set_offline(False)
    desk.goto("/")
    desk.locator(".top-user summary").click()
    desk.get_by_role("button", name="退出登录").click()
    desk.wait_for_url("**/accounts/login/**")
    assert desk.evaluate("Object.keys(localStorage).filter(k => k.startsWith('jiafang:draft'))") == []
