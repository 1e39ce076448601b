"""The road in the browser: plan and publish, the visit, its record, the companion's yes, the paper, the bureau's figure."""

import io
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from jiafang.access.fence import system_fence
from jiafang.campaigns import services as campaigns
from jiafang.campaigns.models import ConductAcknowledgement
from jiafang.lib import clock
from jiafang.planning import services as planning
from jiafang.planning.models import PlanRun
from jiafang.visits.models import Record, Visit, VisitStudent
from tests.browser.axe import assert_accessible, assert_fits
from tests.cast import CANARY, SYSTEM


@pytest.fixture
def campaign(live, cast):
    """B's campaign, three weeks in, everybody has read the code."""
    today = clock.today()
    with system_fence("a campaign under way"):
        made = campaigns.create_from_template(
            SYSTEM, bureau=cast.bureau, template="b", begins=today - timedelta(21), ends=today + timedelta(60),
            form="annex_2",
        )  # fmt: skip
        campaigns.open_campaign(SYSTEM, campaign=made, schools=[cast.school, cast.other_school])
        campaigns.set_school_rules(SYSTEM, school_campaign=made.schools.get(school=cast.school), record_hours=48)
        for key in ("ban", "ke"):
            ConductAcknowledgement.objects.create(campaign=made, staff=cast.staff[key], path=cast.school.path)
    return made


def published(campaign, cast):
    """One visit of child a that should have taken place an hour ago, online free, two teachers."""
    child, then = cast.students["a"], clock.now() - timedelta(hours=1)
    with system_fence("a visit an hour ago"):
        visit = Visit.objects.create(
            campaign=campaign, school=cast.school, household=child.household, mode="home", state="appointed",
            lead=cast.staff["ban"], companion=cast.staff["ke"], starts_at=then, ends_at=then + timedelta(minutes=30),
            published_at=then, appointed_at=then,
        )  # fmt: skip
        VisitStudent.objects.create(visit=visit, student=child, klass=child.klass)
    return visit


def looked_at(page, shot, size, name):
    page.wait_for_load_state("networkidle")
    shot(page, f"road-{name}-{size}")
    assert_accessible(page)
    if size == "phone":
        assert_fits(page)


def test_a_visit_from_the_sofa_to_the_bureau(open_page, sign_in, cast, campaign, shot, size):
    visit = published(campaign, cast)
    page = sign_in(open_page(size), "ban")
    page.goto(f"/visits/{visit.pk}/")
    looked_at(page, shot, size, "visit")
    page.get_by_role("link", name=re.compile("^家访提纲|准备提纲")).first.click()
    looked_at(page, shot, size, "outline")
    page.goto(f"/visits/{visit.pk}/hold/")
    looked_at(page, shot, size, "hold")
    page.locator("main form").get_by_role("button").first.click()
    page.goto(f"/visits/{visit.pk}/")
    page.get_by_role("link", name=re.compile("填写记录|家访记录")).first.click()
    looked_at(page, shot, size, "write")
    page.get_by_label("家访准备").fill("看了近期作业，准备介绍进步。")
    page.get_by_label("家访过程").fill("家长谈了在家作息，我们商量了睡前不看手机。")
    expect(page.locator(".saved-note").first).to_contain_text("已保存", timeout=15_000)
    page.get_by_label("家长诉求").fill("希望多提问孩子。")
    page.get_by_role("button", name="提交记录").click()
    page.wait_for_url(lambda url: "/record/" not in url)
    with system_fence("look"):
        record = Record.objects.get(visit_student__visit=visit)
        assert record.state == "submitted" and record.due_at > clock.now()

    other = sign_in(open_page(size), "ke")
    other.goto("/")
    looked_at(other, shot, size, "companion-today")
    other.goto(f"/visits/records/{record.pk}/confirm/")
    looked_at(other, shot, size, "confirm")
    expect(other.get_by_text("睡前不看手机")).to_be_visible()
    other.get_by_role("button", name=re.compile("确认")).first.click()
    other.wait_for_load_state("networkidle")
    with system_fence("look"):
        assert Record.objects.get(pk=record.pk).state == "confirmed"
        assert Visit.objects.get(pk=visit.pk).state == "confirmed"

    paper = page.context.request.get(f"/visits/records/{record.pk}/file.pdf")
    assert paper.status == 200
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(paper.body())).pages)
    assert "睡前不看手机" in text and f"{CANARY}a名" in text.replace("\n", "")

    bureau = sign_in(open_page(size), "de")
    bureau.goto("/figures/")
    looked_at(bureau, shot, size, "dashboard")
    bureau.get_by_role("link", name="鹿区一中").last.click()
    bureau.wait_for_load_state("networkidle")
    looked_at(bureau, shot, size, "school-figures")
    bureau.locator(".report-lines").get_by_role("link", name=re.compile("33")).first.click()
    looked_at(bureau, shot, size, "rows")
    assert CANARY not in bureau.content()


def test_a_school_plans_and_publishes_its_weeks(open_page, sign_in, cast, campaign, shot, size):
    page = sign_in(open_page(size), "zhong")
    page.goto("/timetable/")
    looked_at(page, shot, size, "timetable-empty")
    address = page.url
    page.goto(address + "prepare/")
    looked_at(page, shot, size, "prepare")
    with system_fence("windows of the school"):
        planning.prepare(SYSTEM, school_campaign=campaign.schools.get(school=cast.school))
    page.goto(address)
    page.get_by_role("button", name="排时间表").click()
    page.wait_for_load_state("networkidle")
    with system_fence("the worker's part"):
        run = PlanRun.objects.get()
        assert planning.work(run.pk).state == "done"
    page.goto(f"{address}runs/{run.pk}/")
    looked_at(page, shot, size, "run")
    page.get_by_role("button", name="采用", exact=True).click()
    page.wait_for_load_state("networkidle")
    page.goto(address)
    page.get_by_role("button", name=re.compile("^公布")).click()
    page.locator("dialog[open]").get_by_role("button").last.click()
    page.wait_for_load_state("networkidle")
    for name in ("", "calendar/", "list/", "chart/", "print/"):
        page.goto(address + name)
        looked_at(page, shot, size, f"timetable-{name.strip('/') or 'overview'}")
    with system_fence("look"):
        assert set(Visit.objects.values_list("state", flat=True)) == {"published"}
        assert Visit.objects.count() == 3

    teacher = sign_in(open_page(size), "ban")
    teacher.goto("/visits/")
    expect(teacher.get_by_text(f"{CANARY}a名").first).to_be_visible()
    looked_at(teacher, shot, size, "teacher-visits")
