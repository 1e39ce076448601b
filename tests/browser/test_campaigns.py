"""A bureau makes a campaign from each template and opens it; a school writes its plan, two at a time; a teacher reads the code."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from jiafang.access.fence import fenced
from jiafang.campaigns import services
from jiafang.campaigns.models import Campaign, SchoolCampaign
from jiafang.lib import clock
from tests.browser.axe import assert_accessible, assert_fits


def looked_at(page, shot, size, name):
    page.wait_for_load_state("networkidle")
    shot(page, f"campaign-{name}-{size}")
    assert_accessible(page)
    if size == "phone":
        assert_fits(page)


def opened(cast):
    """Template B's campaign, running in both schools."""
    ju, today = cast.actor("ju"), clock.today()
    with fenced(ju.reach):
        made = services.create_from_template(
            ju, bureau=cast.bureau, template="b", form="annex_2", begins=today, ends=today + timedelta(90),
            deliverables=[("学校方案", today)],
        )  # fmt: skip
        return services.open_campaign(ju, campaign=made, schools=[cast.school, cast.other_school])


def test_from_template_c_to_open(page, sign_in, cast, shot, size):
    sign_in(page, "ju").goto("/campaigns/")
    looked_at(page, shot, size, "empty")
    page.get_by_role("link", name="新建活动").first.click()
    looked_at(page, shot, size, "new")
    page.get_by_role("link", name=re.compile("大家访")).first.click()
    looked_at(page, shot, size, "create-c")
    page.get_by_role("button", name="建立草稿").click()
    page.get_by_text("征求家长对学校工作、教育发展的意见和建议").wait_for()
    looked_at(page, shot, size, "draft-c")
    page.get_by_role("link", name="选学校并开始").click()
    looked_at(page, shot, size, "open-c")
    page.get_by_role("button", name="开始活动").click()
    page.get_by_role("row", name=re.compile("鹿区二中")).first.wait_for()
    looked_at(page, shot, size, "plans-c")
    assert Campaign.objects.get().state == "open"


def test_template_b_asks_what_its_document_leaves_open(page, sign_in, cast, shot, size):
    sign_in(page, "ju").goto("/campaigns/new/b/")
    looked_at(page, shot, size, "create-b")
    page.get_by_label("材料", exact=True).first.fill("学校实施方案")
    page.get_by_role("button", name="再加一份").click()
    assert page.locator("[data-rows] [data-row]").count() == 2
    page.get_by_role("button", name="建立草稿").click()
    page.get_by_text("开始前还要补上").wait_for()
    looked_at(page, shot, size, "draft-b")
    page.get_by_role("link", name="去选").click()
    page.get_by_role("button", name="采用这份").click()
    page.get_by_role("link", name="修改", exact=True).first.click()
    looked_at(page, shot, size, "edit-b")
    page.get_by_label("开始日期").fill(clock.today().isoformat())
    page.get_by_label("结束日期").fill((clock.today() + timedelta(90)).isoformat())
    page.get_by_role("button", name="保存").click()
    page.get_by_text("核对无误后").wait_for()
    made = Campaign.objects.get()
    for part in ("edit/categories/", "edit/lines/conduct/", "edit/deliverables/", "form/", "deliverables/"):
        page.goto(f"/campaigns/{made.pk}/{part}")
        looked_at(page, shot, size, part.strip("/").replace("/", "-"))


def test_two_write_one_plan_and_nothing_is_lost(open_page, sign_in, cast, shot):
    made = opened(cast)
    row = SchoolCampaign.objects.get(campaign=made, school=cast.school)
    url = f"/campaigns/schools/{row.pk}/plan/"
    first, second = sign_in(open_page(), "zhong"), sign_in(open_page("phone"), "xiao")
    first.goto(url)
    second.goto(url)
    looked_at(first, shot, "desktop", "plan")
    looked_at(second, shot, "phone", "plan")
    first.get_by_label("安全保障").fill("就近安排")
    expect(first.locator("#safety .saved-note")).to_contain_text("已保存")
    second.get_by_label("安全保障").fill("两人同行")
    other = second.locator("#safety .plan-other")
    expect(other).to_contain_text("就近安排")
    looked_at(second, shot, "phone", "plan-conflict")
    other.get_by_role("button", name="用我写的").click()
    expect(second.locator("#safety .saved-note")).to_contain_text("已保存")
    row.plan.refresh_from_db()
    assert row.plan.sections["safety"] == "两人同行"


def test_school_pages(page, sign_in, cast, shot, size):
    made = opened(cast)
    row = SchoolCampaign.objects.get(campaign=made, school=cast.school)
    sign_in(page, "zhong")
    for part in ("", "rules/", "form/", "acknowledgements/"):
        page.goto(f"/campaigns/schools/{row.pk}/{part}")
        looked_at(page, shot, size, f"school-{part.strip('/') or 'home'}")


def test_a_teacher_reads_the_code(page, sign_in, cast, shot, size):
    opened(cast)
    sign_in(page, "ke").goto("/campaigns/conduct/")
    looked_at(page, shot, size, "conduct")
    page.get_by_role("button", name="我已阅知").click()
    page.get_by_text("可以参加外出家访。").wait_for()
    looked_at(page, shot, size, "conduct-read")
