"""Sign-in, the page of today, search and problem pages on a desk and on a phone."""

import pytest

from tests.browser.axe import assert_accessible, assert_fits
from tests.cast import PASSWORD


def test_sign_in_by_form(page, live, size, shot):
    page.goto("/")
    assert "/accounts/login/" in page.url
    shot(page, f"login-{size}")
    assert_accessible(page)
    page.get_by_label("用户名").fill("ban")
    page.get_by_label("密码").fill("wrong-password")
    page.get_by_role("button", name="登录").click()
    assert page.get_by_role("alert").is_visible()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("heading", name="今日待办").wait_for()


@pytest.mark.parametrize("who", ["ban", "ke", "xiao", "xin", "ju"])
def test_today_of_each_role(page, live, sign_in, size, shot, who):
    sign_in(page, who).goto("/")
    shot(page, f"today-{who}-{size}")
    assert_accessible(page)
    if size == "phone":
        assert_fits(page)


def test_today_in_the_dark(open_page, sign_in, shot):
    page = sign_in(open_page("desktop", dark=True), "ban")
    page.goto("/")
    shot(page, "today-dark")
    assert_accessible(page)


def test_palette_finds_a_child_by_keys_alone(open_page, sign_in, cast):
    page = sign_in(open_page(), "ban")
    page.goto("/")
    page.keyboard.press("/")
    palette = page.get_by_role("dialog", name="查找")
    assert palette.is_visible()
    page.keyboard.type("金丝雀a")
    palette.get_by_text(cast.students["a"].name).wait_for()
    assert_accessible(page)
    page.keyboard.press("Escape")
    assert not palette.is_visible()


def test_palette_stays_within_the_fence(open_page, sign_in, cast):
    page = sign_in(open_page(), "ban")
    page.goto("/search/?q=金丝雀")
    found = page.locator("main").inner_text()
    assert cast.students["a"].name in found
    assert cast.students["c"].name not in found  # another class of the same school
    assert cast.students["w"].name not in found


def test_more_sheet_holds_every_place(open_page, sign_in):
    page = sign_in(open_page("phone"), "xiao")
    page.goto("/")
    page.get_by_role("button", name="更多").click()
    sheet = page.get_by_role("dialog", name="更多")
    assert sheet.get_by_role("link", name="统计").is_visible()
    assert_accessible(page)
    sheet.get_by_role("button", name="关闭").click()
    assert not sheet.is_visible()


def test_theme_is_remembered(open_page, sign_in):
    page = sign_in(open_page(), "ban")
    page.goto("/")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".top-user summary").click()
    page.locator(".top-user").get_by_role("button", name="深色").click()
    page.wait_for_load_state()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert (
        page.locator(".top-user").get_by_role("button", name="深色", include_hidden=True).get_attribute("aria-pressed")
    )


def test_problem_page(page, sign_in, size, shot):
    sign_in(page, "ban").goto("/nothing-here/")
    assert page.get_by_role("heading", name="没有找到").is_visible()
    shot(page, f"problem-{size}")
    assert_accessible(page)


def test_changing_the_password(page, sign_in, size, shot):
    sign_in(page, "ban").goto("/accounts/password/change/")
    shot(page, f"password-{size}")
    assert_accessible(page)


def test_today_reads_without_scripts(open_page, sign_in):
    page = sign_in(open_page(scripts=False), "ban")
    page.goto("/")
    assert page.get_by_role("heading", name="今日待办").is_visible()
