"""Pages of a school look right and work on a desk and on a phone: people, posts, handover, calendar."""

from jiafang.units import selectors
from tests.browser.axe import assert_accessible, assert_fits


def looked_at(page, shot, size, name):
    page.wait_for_load_state("networkidle")
    shot(page, f"units-{name}-{size}")
    assert_accessible(page)
    if size == "phone":
        assert_fits(page)


def test_pages_of_a_school(page, sign_in, cast, shot, size):
    sign_in(page, "zhong")
    for name, url in {
        "school": f"schools/{cast.school.pk}/",
        "edit": f"schools/{cast.school.pk}/edit/",
        "staff": f"schools/{cast.school.pk}/staff/",
        "add": f"schools/{cast.school.pk}/staff/add/",
        "person": f"people/{cast.staff['ke'].pk}/",
        "busy": f"people/{cast.staff['ke'].pk}/busy/",
        "calendar": f"{cast.school.pk}/calendar/",
        "terms": f"{cast.bureau.pk}/terms/",
        "klass": f"classes/{cast.klass.pk}/",
    }.items():
        page.goto(f"/units/{url}")
        looked_at(page, shot, size, name)


def test_a_class_is_handed_over(open_page, sign_in, cast, shot):
    leader, old = sign_in(open_page(), "zhong"), sign_in(open_page("phone"), "ban")
    old.goto(f"/units/classes/{cast.klass.pk}/")
    leader.goto(f"/units/classes/{cast.klass.pk}/")
    leader.get_by_role("link", name="更换班主任").click()
    looked_at(leader, shot, "desktop", "hand-over")
    leader.get_by_label("新班主任").select_option(label="柯仁")
    leader.get_by_label("交接说明").fill("周三晚上家长来接住校的孩子。")
    leader.get_by_role("button", name="交接").click()
    leader.locator("dialog.ask button[value=yes]").click()
    leader.get_by_text("等新班主任确认").wait_for()
    old.reload()
    assert "/accounts/login/" in old.url
    fresh = sign_in(open_page("phone"), "ke")
    fresh.goto(f"/units/handovers/{cast.klass.handovers.get().pk}/")
    looked_at(fresh, shot, "phone", "handover")
    fresh.get_by_role("button", name="我已看过，接手这个班").click()
    fresh.get_by_role("heading", name="七年级1班").wait_for()
    assert not selectors.handovers_waiting(cast.actor("ke")).exists()


def test_a_one_time_password_is_shown_once(page, sign_in, cast, shot, size):
    sign_in(page, "zhong").goto(f"/units/people/{cast.staff['ke'].pk}/")
    page.get_by_role("button", name="重发一次性密码").click()
    page.locator("dialog.ask button[value=yes]").click()
    password = page.locator(".password").inner_text()
    looked_at(page, shot, size, "password")
    page.get_by_role("link", name="已经记下").click()
    page.get_by_role("heading", name="柯仁").wait_for()
    assert password not in page.content()
