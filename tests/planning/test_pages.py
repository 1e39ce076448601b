"""The pages as people meet them: who may open which, what stands on them, and that lists stay cheap."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiafang.access.fence import system_fence
from jiafang.planning import services
from jiafang.planning.models import PlanRun
from jiafang.visits.models import Outing, Visit
from tests.cast import CANARY
from tests.planning.conftest import MONDAY

READING = ("overview", "calendar", "table", "chart", "paper")
RUNNING = ("left", "outlook", "prepare", "settings", "windows", "relief", "quota", "absence")


def url(world, name, *more):
    return reverse(f"planning:{name}", args=[world.sc.pk, *more])


def visit_of(world, key):
    with system_fence("test"):
        return Visit.objects.get(visit_students__student=world.cast.students[key])


@pytest.mark.parametrize("name", READING)
def test_leaders_and_class_teachers_read(world, name):
    world.published()
    for who in ("xiao", "zhong", "nian", "ban", "xin"):
        assert world.cast.client(who).get(url(world, name)).status_code == 200, who


@pytest.mark.parametrize("name", (*READING, *RUNNING))
def test_bureaus_strangers_and_companions_do_not(world, name):
    world.published()
    for who in ("ju", "de", "ke", "waixiao", "wai", "yi"):
        assert world.cast.client(who).get(url(world, name)).status_code == 404, who


@pytest.mark.parametrize("name", RUNNING)
def test_preparing_and_running_is_the_leaders(world, name):
    assert world.cast.client("zhong").get(url(world, name)).status_code == 200
    assert world.cast.client("ban").get(url(world, name)).status_code == 404


def test_the_way_in_leads_to_the_schools_campaign(world):
    assert world.cast.client("xiao").get("/timetable/").headers["Location"] == url(world, "overview")
    assert world.cast.client("waixiao").get("/timetable/").status_code == 302
    assert world.cast.client("ke").get("/timetable/").status_code == 200  # nothing to see, said kindly


def test_a_class_teacher_sees_the_own_class_only(world):
    world.published()
    browser = world.cast.client("ban")
    for name in ("table", "chart", "paper", "overview"):
        page = browser.get(url(world, name)).content.decode()
        assert f"{CANARY}a名" in page and f"{CANARY}c名" not in page, name
    events = str(browser.get(url(world, "calendar"), headers={"Accept": "application/json"}).json())
    assert f"{CANARY}a名" in events and f"{CANARY}c名" not in events


def test_before_publishing_a_class_teacher_sees_nothing(world):
    world.planned()
    assert f"{CANARY}a名" not in world.cast.client("ban").get(url(world, "table")).content.decode()
    assert "待公布" in world.cast.client("xiao").get(url(world, "table")).content.decode()


def test_run_review_accept_publish_in_the_browser(world):
    browser = world.cast.client("xiao")
    answer = browser.post(url(world, "start"))
    run = PlanRun.objects.get()
    assert answer.headers["Location"] == url(world, "run", run.pk)
    assert "hx-get" in browser.get(url(world, "run", run.pk)).content.decode()
    services.work(run.pk)
    assert browser.get(url(world, "progress", run.pk)).headers["HX-Redirect"] == url(world, "run", run.pk)
    assert "采用" in browser.get(url(world, "run", run.pk)).content.decode()
    browser.post(url(world, "accept", run.pk))
    browser.post(url(world, "publish"))
    with system_fence("test"):
        assert set(Visit.objects.values_list("state", flat=True)) == {"published"}


def test_what_could_not_be_placed_says_why(world):
    for key in ("ke", "ban"):
        world.act(
            "xiao", services.report_absence, school_campaign=world.sc, staff=world.cast.staff[key],
            begins=MONDAY, ends=MONDAY + timedelta(60), why="ill",
        )  # fmt: skip
    world.planned()
    page = world.cast.client("xiao").get(url(world, "left")).content.decode()
    assert f"{CANARY}a名" in page and "没有空" in page


def test_online_is_no_help_for_a_family_that_must_be_visited_at_home(world):
    from jiafang.planning.selectors import reviewing

    for key in ("a", "c"):
        world.care(key, "orphan")
    for key in ("ke", "ke2"):
        world.act(
            "xiao", services.report_absence, school_campaign=world.sc, staff=world.cast.staff[key],
            begins=MONDAY, ends=MONDAY + timedelta(60), why="ill",
        )  # fmt: skip
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    helps = {left.family.names: left.helps for left in world.act("xiao", lambda _actor: reviewing.review(run).left)}
    assert any("线上" in text for text in helps[f"{CANARY}b名"])
    assert not any("线上" in text for text in helps[f"{CANARY}a名"])


def test_a_difference_is_shown_before_it_is_accepted(world):
    world.published()
    with system_fence("test"):
        lead = Visit.objects.select_related("lead").get(pk=visit_of(world, "c").pk).lead
    world.act(
        "xiao", services.report_absence, school_campaign=world.sc, staff=lead, begins=MONDAY,
        ends=MONDAY + timedelta(60), why="ill",
    )  # fmt: skip
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    page = world.cast.client("xiao").get(url(world, "run", run.pk)).content.decode()
    assert "和原来比" in page and f"{CANARY}c名" in page and f"{CANARY}a名" not in page


def test_why_and_where_else(world):
    world.published()
    visit = visit_of(world, "a")
    assert world.cast.client("ban").get(url(world, "visit", visit.pk)).status_code == 200
    page = world.cast.client("ban").get(url(world, "why", visit.pk)).content.decode()
    assert "班主任" in page and "换到这里" in page
    assert str(world.cast.staff["ban"].pk) not in page  # names, not ids
    for who in ("ban2", "ke", "ju"):
        assert world.cast.client(who).get(url(world, "why", visit.pk)).status_code == 404


def test_a_visit_already_made_says_that_nothing_is_left_to_weigh(world):
    world.published()
    visit = visit_of(world, "a")
    with system_fence("made"):
        Visit.objects.filter(pk=visit.pk).update(state="held", held_from=visit.starts_at, held_until=visit.ends_at)
    answer = world.cast.client("ban").get(url(world, "why", visit.pk))
    assert answer.status_code == 200 and "不由排程安排" in answer.content.decode()


def test_an_outing_shows_its_homes_in_order(world):
    world.published()
    with system_fence("test"):
        way = Outing.objects.get(visits=visit_of(world, "a").pk)
    page = world.cast.client("ban").get(url(world, "outing", way.pk)).content.decode()
    assert f"{CANARY}a名" in page and "map-view" in page
    assert world.cast.client("ban2").get(url(world, "outing", way.pk)).status_code == 404


def test_a_drag_is_answered_and_done(world):
    world.published()
    visit = visit_of(world, "a")
    browser = world.cast.client("ban")
    slots = browser.get(url(world, "calendar"), headers={"Accept": "application/json"}).json()["slots"]
    target = slots[-1]["id"]
    asked = {"what": f"visit:{visit.pk}", "slot": target}
    told = browser.get(url(world, "move"), asked, headers={"Accept": "application/json"}).json()
    assert told["allowed"] and visit_of(world, "a").slot == visit.slot
    done = browser.post(url(world, "move"), asked, headers={"Accept": "application/json"}).json()
    assert visit_of(world, "a").slot == target
    browser.post(done["undo"])
    assert visit_of(world, "a").slot == visit.slot
    assert world.cast.client("ban2").post(url(world, "move"), asked).status_code == 404


def test_the_list_goes_out_as_a_workbook_and_is_written_down(world):
    from jiafang.access.models import AuditRow

    world.published()
    answer = world.cast.client("ban").get(url(world, "table"), {"export": "1"})
    assert answer.status_code == 200 and answer.content[:2] == b"PK"
    assert AuditRow.objects.get(verb="timetable.export").detail == {"n": 2}


def test_a_family_wish_is_noted_by_its_class_teacher(world):
    browser = world.cast.client("ban")
    student = world.cast.students["a"]
    assert browser.get(url(world, "wish", student.pk)).status_code == 200
    browser.post(url(world, "wish", student.pk), {"weekdays": ["6"], "hard": "on"})
    assert set(world.visit_of("a")["possible"]) < set(world.visit_of("b")["possible"])
    assert world.cast.client("ban2").get(url(world, "wish", student.pk)).status_code == 404


@pytest.mark.parametrize("name", ("overview", "calendar", "table", "chart", "paper"))
def test_a_page_costs_the_same_for_three_children_and_for_fifteen(world, name):
    world.published()
    browser = world.cast.client("xiao")
    browser.get(url(world, name))
    with CaptureQueriesContext(connection) as few:
        browser.get(url(world, name))
    for n in range(12):
        with system_fence("test"):
            world.cast.add_student(f"x{n}", world.cast.klass, 20 + n)
    world.published()
    with CaptureQueriesContext(connection) as many:
        browser.get(url(world, name))
    assert len(many) <= len(few)
