"""The shell: navigation by role, today, search, looks and answers to problems, with a denial next to each."""

import pytest
from django.test import Client
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt

from jiafang.access.fence import fenced
from jiafang.config.urls import urlpatterns as product
from jiafang.lib.errors import Problem
from jiafang.web.navigation import MENUS, entries, menu


def troubled(request, code):
    raise Problem(code, "这份内容刚被别人改过。" if code == "stale" else "", {"day": ["请选一个课余时间"]})


urlpatterns = [path("trouble/<slug:code>/", csrf_exempt(troubled)), *product]


def labels(cast, who: str) -> list[str]:
    return [str(entry.label) for entry in entries(cast.actor(who))]


def test_each_role_has_its_places(cast):
    assert labels(cast, "ban")[:3] == ["今日待办", "家访", "我的班级"]
    assert labels(cast, "ke") == ["今日待办", "家访", "守则与培训"]
    assert "家访安排" in labels(cast, "xiao")
    assert "家访安排" not in labels(cast, "ke")
    assert "学校进度" in labels(cast, "ju")
    assert "我的班级" not in labels(cast, "ju")


def test_every_role_has_a_menu_that_begins_with_today(cast):
    from jiafang.access.roles import Role

    covered = set().union(*(roles for roles, _places in MENUS))
    assert covered == set(Role.values)
    assert {places[0].url for _roles, places in MENUS} == {"web:today"}


def test_menu_marks_where_the_reader_is(cast):
    places = menu(cast.actor("xiao"), reverse("reports:dashboard"))
    assert [p["href"] for p in places if p["current"]] == [reverse("reports:dashboard")]


@pytest.mark.parametrize("who", ["ju", "de", "xiao", "zhong", "nian", "ban", "ke", "xin"])
def test_today_opens_for_every_role(cast, who):
    answer = cast.client(who).get("/")
    assert answer.status_code == 200
    assert "今日待办" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_today_sends_a_stranger_to_sign_in(client, db):
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_pages_hold_nothing_the_policy_forbids(cast):
    answer = cast.client("ban").get("/")
    html = answer.content.decode()
    assert "style=" not in html
    assert " onclick=" not in html
    assert "'unsafe" not in answer["Content-Security-Policy"]


def test_search_finds_within_the_fence_only(cast):
    page = cast.client("ban").get("/search/", {"q": "金丝雀"}).content.decode()
    assert cast.students["a"].name in page
    assert cast.students["c"].name not in page
    assert cast.students["f"].name not in page


def test_search_by_initials_in_the_palette(cast):
    with fenced(cast.actor("ban").reach):
        cast.students["a"].name = "王雨欣"
        cast.students["a"].pinyin = "wangyuxin wyx"
        cast.students["a"].save()
    answer = cast.client("ban").get("/search/", {"q": "wyx"}, headers={"HX-Request": "true"})
    assert "王雨欣" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_who_reads_no_children_finds_none(cast):
    page = cast.client("ke").get("/search/", {"q": "金丝雀"}).content.decode()
    assert cast.students["a"].name not in page
    assert "没有找到" in page


def test_a_bureau_finds_its_schools_and_no_other(cast):
    page = cast.client("ju").get("/search/", {"q": "一中"}).content.decode()
    assert "鹿区一中" in page
    assert "外区一中" not in page


def test_theme_is_kept_and_leads_back(cast):
    browser = cast.client("ban")
    answer = browser.post("/accounts/look/", {"theme": "dark", "next": "/search/"})
    assert answer["Location"] == "/search/"
    assert 'ui/dark.css">' in browser.get("/").content.decode()


@pytest.mark.parametrize(("theme", "onward"), [("pink", "https://elsewhere.example/"), ("", "//elsewhere.example")])
def test_theme_takes_no_stranger_word_or_address(cast, theme, onward):
    answer = cast.client("ban").post("/accounts/look/", {"theme": theme, "next": onward})
    assert answer["Location"] == "/"
    assert "theme" not in answer.cookies


def test_looks_change_by_post_only(cast):
    assert cast.client("ban").get("/accounts/look/").status_code == 405


def test_language_can_be_chosen_once_there_is_another(cast, settings):
    assert "English" not in Client().get("/accounts/login/").content.decode()
    settings.LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
    assert "English" in Client().get("/accounts/login/").content.decode()
    browser = cast.client("ban")
    browser.post("/accounts/language/", {"language": "en", "next": "/"})
    assert '<html lang="en"' in browser.get("/").content.decode()


@pytest.mark.urls("tests.web.test_pages")
class TestProblems:
    def test_as_a_page(self, cast):
        answer = cast.client("ban").get("/trouble/stale/")
        assert answer.status_code == 409
        assert "这份内容刚被别人改过。" in answer.content.decode()
        assert "今日待办" in answer.content.decode()

    def test_as_a_fragment(self, cast):
        answer = cast.client("ban").get("/trouble/stale/", headers={"HX-Request": "true"})
        assert answer.status_code == 409
        assert 'role="alert"' in answer.content.decode()
        assert "<html" not in answer.content.decode()

    def test_as_json(self, cast):
        answer = cast.client("ban").get("/trouble/stale/", headers={"Accept": "application/json"})
        assert answer.json()["fields"] == {"day": ["请选一个课余时间"]}

    def test_denied_looks_like_missing(self, cast):
        denied, missing = (cast.client("ban").get(f"/trouble/{code}/") for code in ("denied", "not_found"))
        assert denied.status_code == missing.status_code == 404
        assert "无权" not in denied.content.decode()


def test_missing_page_is_told_in_plain_words(cast):
    answer = cast.client("ban").get("/nothing-here/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_a_page_left_open_too_long_says_so(cast):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.staff["ban"].account)
    answer = browser.post("/accounts/look/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "页面开得太久了" in answer.content.decode()


def test_sign_in_page_needs_no_database_of_people(client, db):
    page = client.get("/accounts/login/").content.decode()
    assert "老师，您好" in page
    assert "忘记密码" not in page


def test_no_self_registration(client, db):
    assert "账号由学校发放" in client.get("/accounts/signup/").content.decode()


def test_health(client, db):
    assert client.get("/healthz").json() == {"ok": True}


def test_counsellor_sees_the_ledger_in_counts_without_names(cast):
    page = cast.client("xin").get("/").content.decode()
    assert "重点关爱台账" in page
    assert cast.students["a"].name not in page
    assert "重点关爱台账" not in cast.client("ke").get("/").content.decode()
