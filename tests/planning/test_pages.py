"""The pages as people meet them: who may open which, what stands on them, and that lists stay cheap."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from jiafang.access.fence import system_fence
from jiafang.access.roles import Role
from jiafang.campaigns import selectors as campaigns
from jiafang.lib import clock
from jiafang.planning import services
from jiafang.planning.models import PlanRun, PlanSettings
from jiafang.planning.selectors import reviewing
from jiafang.roster import services as roster
from jiafang.roster.models import Student
from jiafang.units.models import Appointment, Unit
from jiafang.visits.models import Outing, Visit
from tests.cast import CANARY, SYSTEM
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


def test_a_second_visit_without_a_place_stays_listed_after_accepting(world):
    world.care("a", "orphan")
    code = next(c.code for c in world.sc.campaign.categories.all() if "orphan" in c.kinds)
    PlanSettings.objects.update_or_create(school_campaign=world.sc, defaults={"twice": [code]})
    world.rules(second_gap_days=60)  # longer than the campaign
    run = world.planned()
    assert [item["reasons"][0]["code"] for item in run.plan["unplaced"]] == ["too_soon_after"]
    browser = world.cast.client("xiao")
    page = browser.get(url(world, "left")).content.decode()
    assert f"{CANARY}a名" in page and "须间隔 60 天" in page and "只隔" in page
    # Once somebody has arranged it by hand it is no longer waiting.
    with system_fence("test"):
        old = visit_of(world, "a")
        new = Visit.objects.create(
            campaign=old.campaign, school=old.school, household=old.household, mode="home", origin="follow_up", round=2
        )
        new.visit_students.create(student=world.cast.students["a"], klass=world.cast.klass)
        Visit.objects.filter(pk=new.pk).update(created_at=run.finished_at + timedelta(minutes=1))
    assert f"{CANARY}a名" not in browser.get(url(world, "left")).content.decode()


def test_what_is_missing_is_said_before_the_run(world):
    browser = world.cast.client("xiao")
    page = browser.get(url(world, "prepare")).content.decode()
    assert "还没有班主任的班" not in page and "学校自己还没有坐标" not in page
    with system_fence("test"):
        Appointment.objects.filter(role=Role.CLASS_TEACHER, unit=world.cast.klass).delete()
        Unit.objects.filter(pk=world.cast.school.pk).update(lat=None, lon=None)
    page = browser.get(url(world, "prepare")).content.decode()
    assert "还没有班主任的班" in page and world.cast.klass.label in page and "学校自己还没有坐标" in page
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    assert run.state == "done" and len(run.plan["outings"]) + len(run.plan["unplaced"]) >= 2


def test_a_school_without_children_is_told_so(world):
    with system_fence("test"):
        Student.objects.update(left_on=MONDAY)
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    assert run.state == "failed"
    assert "没有要安排的家访" in world.cast.client("xiao").get(url(world, "run", run.pk)).content.decode()


def test_nobody_to_lead_is_a_reason_and_not_a_silence(world):
    with system_fence("test"):
        Appointment.objects.filter(role__in=(Role.CLASS_TEACHER, Role.SUBJECT_TEACHER)).delete()
    run = world.planned()
    assert {item["reasons"][0]["code"] for item in run.plan["unplaced"]} == {"no_lead"} and len(
        run.plan["unplaced"]
    ) == 3
    page = world.cast.client("xiao").get(url(world, "left")).content.decode()
    assert page.count("没有可带队的教师") == 3 and "逐样试过" in page


def test_reasons_are_read_in_the_readers_language(world):
    with system_fence("test"):
        Appointment.objects.filter(role__in=(Role.CLASS_TEACHER, Role.SUBJECT_TEACHER)).delete()
    run = world.planned()
    for language, text in (("en", "Nobody is named to lead it"), ("zh-hans", "没有可带队的教师")):
        with translation.override(language):
            left = world.act("xiao", lambda _actor: reviewing.left_over(run))
        assert {item.reasons for item in left} == {(text,)}


def test_online_is_no_help_for_a_family_that_must_be_visited_at_home(world):
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


def test_every_bar_of_the_chart_opens(world):
    """Online visits are on no outing: their bar leads to the visit."""
    PlanSettings.objects.update_or_create(school_campaign=world.sc, defaults={"ordinary_mode": "online"})
    world.care("c", "orphan")  # must be visited at home
    world.published()
    browser = world.cast.client("xiao")
    found = set(
        re.findall(
            r'href="(/timetable/[^"]+/(outings|visits)/[^"]+)"', browser.get(url(world, "chart")).content.decode()
        )
    )
    assert {kind for _href, kind in found} == {"outings", "visits"}
    assert all(browser.get(href).status_code == 200 for href, _kind in found)


def test_online_visits_of_one_evening_are_dragged_together(world):
    PlanSettings.objects.update_or_create(school_campaign=world.sc, defaults={"ordinary_mode": "online"})
    world.published()
    browser = world.cast.client("xiao")
    told = browser.get(url(world, "calendar"), headers={"Accept": "application/json"}).json()
    event = next(e for e in told["events"] if e["id"].startswith("talks:") and "," in e["id"])
    keys = event["id"].removeprefix("talks:").split(",")
    page = browser.get(url(world, "visit", keys[0])).content.decode()
    assert event["id"] in page and f"{len(keys)} 次线上家访一起换" in page  # the way without a mouse
    was = event["extendedProps"]["slot"]
    asked = {"what": event["id"], "slot": told["slots"][-1]["id"]}
    assert browser.get(url(world, "move"), asked, headers={"Accept": "application/json"}).json()["allowed"]
    done = browser.post(url(world, "move"), asked, headers={"Accept": "application/json"}).json()
    with system_fence("test"):
        rows = Visit.objects.filter(pk__in=keys)
        assert set(rows.values_list("slot", flat=True)) == {asked["slot"]}
        browser.post(done["undo"])
        assert set(rows.values_list("slot", flat=True)) == {was}
    for odd in ("talks:", "talks:x", f"talks:{keys[0]},{keys[0]}", "talks:01a200c2-2e94-717f-81cf-6cc61c2b279f"):
        assert browser.get(url(world, "move"), asked | {"what": odd}).status_code == 404
    assert world.cast.client("ban2").post(url(world, "move"), asked).status_code == 404


def test_a_move_refused_leaves_the_page_with_its_reason(world):
    world.published()
    visit = visit_of(world, "a")
    world.act(
        "ban", services.set_wish, campaign=world.sc.campaign, household=visit.household, weekdays=[6, 7], hard=True
    )
    browser = world.cast.client("ban")
    slots = browser.get(url(world, "calendar"), headers={"Accept": "application/json"}).json()["slots"]
    weekday = next(
        s["id"] for s in slots if date.fromisoformat(s["start"][:10]).isoweekday() < 6 and s["id"] != visit.slot
    )
    here = url(world, "visit", visit.pk)
    asked = {"what": f"visit:{visit.pk}", "slot": weekday, "next": here}
    answer = browser.post(url(world, "move"), asked)
    assert answer.headers["Location"] == here
    assert "家长在该时段不方便" in browser.get(here).content.decode()
    refused = browser.post(url(world, "move"), asked, headers={"Accept": "application/json"})
    assert refused.status_code == 409 and "不方便" in refused.json()["message"]
    assert visit_of(world, "a").slot == visit.slot


def test_what_a_family_wishes_is_noted_and_planned_for_at_once(world):
    world.published()
    browser, student = world.cast.client("xiao"), world.cast.students["a"]
    slot = visit_of(world, "a").slot
    other = 6 if visit_of(world, "a").starts_at.isoweekday() != 6 else 7
    assert "记下并重排" in browser.get(url(world, "wish", student.pk)).content.decode()
    assert "记下并重排" not in world.cast.client("ban").get(url(world, "wish", student.pk)).content.decode()
    answer = browser.post(url(world, "wish", student.pk), {"weekdays": [str(other)], "hard": "on", "replan": "1"})
    run = PlanRun.objects.get(state="queued")
    assert answer.headers["Location"] == url(world, "run", run.pk)
    services.work(run.pk)
    page = browser.get(url(world, "run", run.pk)).content.decode()
    assert "改到别的时段" in page and f"{CANARY}a名" in page and visit_of(world, "a").slot == slot
    browser.post(url(world, "accept", run.pk))
    assert visit_of(world, "a").slot != slot


def test_a_lost_evening_is_noted_by_its_slot_and_planned_for_at_once(world):
    world.published()
    browser, visit = world.cast.client("xiao"), visit_of(world, "a")
    begins = visit.starts_at.astimezone(clock.TZ)
    start = next(
        w.starts
        for w in world.sc.windows.all()
        if w.weekday == begins.isoweekday() and w.starts <= begins.time() < w.ends
    )
    form = {"staff": "", "begins": begins.date(), "ends": begins.date(), "why": "weather", "replan": "1"}
    assert browser.post(url(world, "absence"), form | {"starts": "03:00"}).status_code == 422  # no such slot
    assert not PlanRun.objects.filter(state="queued").exists()
    browser.post(url(world, "absence"), form | {"starts": f"{start:%H:%M}"})
    run = PlanRun.objects.get(state="queued")
    services.work(run.pk)
    assert f"{CANARY}a名" in browser.get(url(world, "run", run.pk)).content.decode()
    browser.post(url(world, "accept", run.pk))
    assert visit_of(world, "a").slot != visit.slot


def test_a_teacher_ill_with_no_end_in_sight_stays_out_to_the_end(world):
    world.published()
    person = world.cast.staff["ke"]
    form = {"staff": str(person.pk), "begins": MONDAY + timedelta(1), "ends": "", "why": "ill"}
    world.cast.client("xiao").post(url(world, "absence"), form)
    assert world.sc.absences.get().ends == campaigns.rules(world.sc).visit_until


def test_children_who_come_and_go_are_seen_before_the_plan_is_taken_over(world):
    world.published()
    browser, gone = world.cast.client("xiao"), visit_of(world, "a")
    assert "名学生不在时间表里" not in browser.get(url(world, "overview")).content.decode()
    with system_fence("test"):
        new = world.cast.add_student("x", world.cast.klass, 40)
        roster.leave(SYSTEM, student=world.cast.students["a"])
    assert "还有 1 名学生不在时间表里" in browser.get(url(world, "overview")).content.decode()
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    page = browser.get(url(world, "run", run.pk)).content.decode()
    assert "新排上" in page and f"{CANARY}x名" in page
    assert "学生已不在本校" in page and f"{CANARY}a名" in page
    with system_fence("test"):
        assert Visit.objects.get(pk=gone.pk).state == "published"  # nothing happens before it is accepted
    browser.post(url(world, "accept", run.pk))
    with system_fence("test"):
        kept = Visit.objects.get(pk=gone.pk)
        assert (kept.state, kept.outing_id, kept.reason) == ("cancelled", None, "学生已经不在本校")
        assert Visit.objects.get(visit_students__student=new).starts_at
    assert "不在时间表里" not in browser.get(url(world, "overview")).content.decode()


def test_other_rules_stand_side_by_side(world):
    browser = world.cast.client("xiao")
    rows = browser.get(url(world, "outlook"), {"rows": "1"}).content.decode()
    assert rows.count("<tr>") == 4 and "3 / 3" in rows and "不用周末" in rows
    with system_fence("everybody has left"):
        Student.objects.update(left_on=MONDAY)
    assert "没什么可比的" in browser.get(url(world, "outlook"), {"rows": "1"}).content.decode()


def test_progress_tells_cost_and_gap(world):
    run = world.act("xiao", services.run, school_campaign=world.sc)
    PlanRun.objects.filter(pk=run.pk).update(state="running", done=3, total=10, cost=200.0)
    browser = world.cast.client("xiao")
    page = browser.get(url(world, "progress", run.pk)).content.decode()
    assert "30 / 100" in page and "200" in page and "排好以后核算" in page
    PlanRun.objects.filter(pk=run.pk).update(bound=190.0, stop_asked=True)
    page = browser.get(url(world, "progress", run.pk)).content.decode()
    assert "5.0%" in page and "正在停下" in page


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
