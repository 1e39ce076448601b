"""Pages of schools and people: who may open them and what acting through them does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiafang.access.models import AuditRow
from jiafang.access.roles import Role
from jiafang.lib import clock
from jiafang.units import selectors, services
from jiafang.units.models import Appointment, CalendarDay, Handover, Staff
from tests.cast import SYSTEM

LEADING = {"xiao", "zhong", "ju"}
INSIDE = {"xiao", "zhong", "nian", "ban", "ke", "xin"}


def at(name, *args):
    return reverse(f"units:{name}", args=args)


@pytest.mark.parametrize(
    ("name", "what", "allowed"),
    [
        ("school_page", "school", INSIDE | {"ju", "de"}),
        ("edit_school", "school", LEADING),
        ("staff", "school", LEADING | {"de", "xin"}),
        ("add_person", "school", LEADING),
        ("calendar", "school", INSIDE | {"ju", "de"}),
        ("calendar", "bureau", INSIDE | {"ju", "de", "wai", "waixiao"}),
        ("terms", "bureau", INSIDE | {"ju", "de", "wai", "waixiao"}),
        ("klass", "klass", {"xiao", "zhong", "nian", "ban", "ke", "xin", "ju", "de"}),
        ("hand_over", "klass", {"xiao", "zhong", "nian"}),
        ("person", "ke", LEADING | {"de", "xin", "ke"}),
        ("edit_person", "ke", LEADING),
        ("phone", "ke", LEADING),
        ("busy", "ke", LEADING | {"de", "xin", "ke"}),
    ],
)
def test_who_opens_which_page(cast, name, what, allowed):
    target = cast.staff["ke"] if what == "ke" else getattr(cast, what)
    url = at(name, target.pk)
    for who in ("ju", "de", "xiao", "zhong", "nian", "ban", "ke", "ke2", "xin", "wai", "waixiao", "yi"):
        expected = allowed
        if who == "ke2":  # a companion of another class of the school
            expected = {"ke2"} if name in ("school_page", "calendar", "terms") else set()
        assert cast.client(who).get(url).status_code == (200 if who in expected else 404), who
    assert cast.client("jiu").get(url).status_code == 302


def test_the_door_of_ones_own_school(cast):
    assert cast.client("zhong").get(at("school")).url == at("school_page", cast.school.pk)
    words = cast.client("ju").get(at("school")).content.decode()
    assert "鹿区一中" in words
    assert "外区一中" not in words
    assert "鹿区一中" not in cast.client("yi").get(at("school")).content.decode()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("edit_school", "school"), ("add_person", "school"), ("calendar", "school"), ("seed_calendar", "school"),
        ("terms", "bureau"), ("hand_over", "klass"), ("edit_person", "ke"), ("begin_post", "ke"), ("issue_account", "ke"),
        ("reissue_password", "ke"), ("leave", "ke"), ("busy", "ke"),
    ],
)  # fmt: skip
def test_strangers_act_on_nothing(cast, name, what):
    target = cast.staff["ke"] if what == "ke" else getattr(cast, what)
    sent = {"name": "坏", "new": cast.staff["ke"].pk, "username": "bad", "role": Role.GUIDE, "unit": cast.school.pk,
            "begins": clock.today(), "kind": "rest", "grade_style": "number", "year": 2050, "part": 1,
            "ends": clock.today() + timedelta(5)}  # fmt: skip
    before = (Appointment.objects.count(), Staff.objects.count(), CalendarDay.objects.count(), Handover.objects.count())
    for who in ("ban", "ban2", "ke2", "wai", "waixiao", "yi"):
        assert cast.client(who).post(at(name, target.pk), sent).status_code == 404, who
    assert before == (
        Appointment.objects.count(), Staff.objects.count(), CalendarDay.objects.count(), Handover.objects.count(),
    )  # fmt: skip


def test_the_staff_list_searches_filters_and_exports(cast):
    browser = cast.client("zhong")
    words = browser.get(at("staff", cast.school.pk), {"q": "柯仁"}).content.decode()
    assert "柯仁" in words
    assert "班和" not in words
    assert "七年级1班班主任" in browser.get(at("staff", cast.school.pk), {"role": "class_teacher"}).content.decode()
    none = browser.get(at("staff", cast.school.pk), {"account": "no"}).content.decode()
    assert "柯仁" not in none
    book = browser.get(at("staff", cast.school.pk), {"export": "1"})
    assert book.content.startswith(b"PK")
    assert AuditRow.objects.filter(verb="staff.read", detail__export=True).count() == 1


def test_list_pages_cost_the_same_however_long(cast):
    browser = cast.client("zhong")

    def cost(url):
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    pages = [at("staff", cast.school.pk), at("school_page", cast.school.pk), at("klass", cast.klass.pk)]
    before = [cost(url) for url in pages]
    for n in range(20):
        person = services.add_staff(SYSTEM, home=cast.school, name=f"加{n}", number=f"x{n}")
        services.appoint(SYSTEM, staff=person, unit=cast.klass, role=Role.SUBJECT_TEACHER)
    assert [cost(url) for url in pages] == before


def test_a_person_from_adding_to_leaving(cast):
    browser = cast.client("zhong")
    added = browser.post(at("add_person", cast.school.pk), {"name": "新来", "number": "n9", "phone": "13800001111"})
    person = Staff.objects.get(name="新来")
    assert added.url == at("person", person.pk)
    browser.post(at("begin_post", person.pk), {"role": Role.SUBJECT_TEACHER, "unit": cast.klass.pk, "subject": "美术"})
    page = browser.post(at("issue_account", person.pk), {"username": "n9"})
    person.refresh_from_db()
    password = page.context["password"]
    assert person.account.check_password(password)
    assert password in page.content.decode()
    assert password not in browser.get(at("person", person.pk)).content.decode()  # shown once
    again = browser.post(at("reissue_password", person.pk)).context["password"]
    assert again != password
    assert "13800001111" not in browser.get(at("person", person.pk)).content.decode()
    assert "13800001111" in browser.get(at("phone", person.pk)).content.decode()
    assert AuditRow.objects.filter(verb="staff.read_phone").count() == 1
    edited = browser.post(at("edit_person", person.pk), {"name": "新来了", "number": "n9"})
    assert edited.status_code == 302
    assert "13800001111" in browser.get(at("phone", person.pk)).content.decode()  # left empty: unchanged
    post = Appointment.objects.get(staff=person)
    assert cast.client("ban").post(at("end_post", post.pk)).status_code == 404
    assert browser.post(at("end_post", post.pk)).status_code == 302
    assert browser.post(at("leave", person.pk)).status_code == 302
    assert selectors.staff(person.pk).left_on == clock.today()


def test_wrong_words_come_back_with_the_form(cast):
    browser, ke = cast.client("zhong"), cast.staff["ke"].pk
    taken = browser.post(at("begin_post", ke), {"role": Role.CLASS_TEACHER, "unit": cast.klass.pk})
    assert taken.status_code == 422
    assert "班主任交接" in taken.content.decode()
    person = services.add_staff(SYSTEM, home=cast.school, name="新")
    assert "已被使用" in browser.post(at("issue_account", person.pk), {"username": "ban"}).content.decode()
    assert browser.post(at("issue_account", person.pk), {"username": "有空 格"}).status_code == 422
    above = {"role": Role.PRINCIPAL, "unit": cast.school.pk}
    assert browser.post(at("begin_post", ke), above).status_code == 422  # not on offer
    assert cast.client("xiao").post(at("begin_post", ke), above).status_code == 302


def test_a_handover_in_the_browser(cast):
    browser = cast.client("zhong")
    sent = {"new": cast.staff["ke"].pk, "note": "两个孩子在跟进"}
    assert browser.post(at("hand_over", cast.klass.pk), sent | {"new": ""}).status_code == 422
    assert browser.post(at("hand_over", cast.klass.pk), sent).status_code == 302
    row = Handover.objects.get()
    ke = cast.client("ke")
    words = ke.get(at("handover", row.pk)).content.decode()
    assert "两个孩子在跟进" in words
    assert {f["label"]: f["n"] for f in row.summary["figures"]} == {"学生": 2, "住校": 0, "登记了关爱类别": 0}
    assert "金丝雀" not in words  # counts, never names
    assert "接手这个班" in words
    for who in ("ban2", "wai", "yi"):
        assert cast.client(who).get(at("handover", row.pk)).status_code == 404
        assert cast.client(who).post(at("acknowledge_handover", row.pk)).status_code == 404
    assert "接手这个班" not in browser.get(at("handover", row.pk)).content.decode()
    assert ke.post(at("acknowledge_handover", row.pk)).status_code == 302
    row.refresh_from_db()
    assert row.acknowledged_at


def test_the_calendar_in_the_browser(cast):
    browser, day = cast.client("zhong"), clock.today() + timedelta(10)
    sent = {"begins": day, "ends": day + timedelta(2), "kind": "exam", "note": "期中考试"}
    answer = browser.post(at("calendar", cast.school.pk), sent)
    assert answer.status_code == 302
    assert "期中考试" in browser.get(answer.url).content.decode()
    assert CalendarDay.objects.filter(unit=cast.school, kind="exam").count() == 3
    assert browser.post(at("calendar", cast.school.pk), sent | {"ends": day - timedelta(1)}).status_code == 422
    browser.post(at("calendar", cast.school.pk), sent | {"kind": "usual"})
    assert not CalendarDay.objects.exists()
    seeded = browser.post(at("seed_calendar", cast.school.pk), {"seed-begins": "2026-09-20", "seed-ends": "2026-10-12"})
    assert seeded.status_code == 302
    words = browser.get(at("calendar", cast.school.pk), {"month": "2026-10"}).content.decode()
    assert "国庆节" in words
    assert "国庆节调休上班" in words
    assert browser.get(at("calendar", cast.school.pk), {"month": "nonsense"}).status_code == 200


def test_terms_in_the_browser(cast):
    ju, last = cast.client("ju"), cast.bureau.terms.get()
    sent = {"year": 2050, "part": 2, "begins": last.ends + timedelta(1), "ends": last.ends + timedelta(100)}
    assert ju.post(at("terms", cast.bureau.pk), sent).status_code == 302
    assert ju.post(at("terms", cast.bureau.pk), sent).status_code == 422
    fresh = cast.bureau.terms.get(year=2050)
    assert (
        ju.post(at("edit_term", cast.bureau.pk, fresh.pk), {"begins": sent["begins"], "ends": sent["ends"]}).status_code
        == 302
    )
    assert cast.client("zhong").get(at("edit_term", cast.bureau.pk, fresh.pk)).status_code == 404
    assert cast.client("yi").get(at("edit_term", cast.foreign_bureau.pk, fresh.pk)).status_code == 404


def test_busy_times_in_the_browser(cast):
    browser, url = cast.client("zhong"), at("busy", cast.staff["ke"].pk)
    sent = {"weekday": ["1", "3", "1"], "starts": ["08:00", "18:30", ""], "ends": ["08:45", "20:00", ""],
            "kind": ["lesson", "evening_study", "lesson"]}  # fmt: skip
    assert browser.post(url, sent).status_code == 302
    words = browser.get(url).content.decode()
    assert "18:30—20:00" in words
    assert "添加时段" not in cast.client("ke").get(url).content.decode()
    wrong = browser.post(url, sent | {"ends": ["08:45", "25:00", ""]})
    assert wrong.status_code == 422
    assert "第 2 行" in wrong.content.decode()
    assert len(selectors.busy_of([cast.staff["ke"]])[cast.staff["ke"].pk]) == 2
