"""Pages of campaigns: who may open them, what acting through them does, and that they cost the same however long."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jiafang.campaigns import selectors, services
from jiafang.campaigns.models import Campaign, SchoolCampaign, SchoolPlan
from jiafang.lib import clock
from tests.campaigns.test_plan import PDF


def at(name, *args):
    return reverse(f"campaigns:{name}", args=args)


BUREAU_PAGES = ["campaign", "edit", "edit_categories", "edit_deliverables", "open", "plans", "campaign_deliverables", "record_form", "campaign_conduct", "create_like"]  # fmt: skip
SCHOOL_PAGES = ["school", "school_rules", "form", "acknowledgements", "plan"]


@pytest.mark.parametrize("name", BUREAU_PAGES)
def test_bureau_pages(cast, open_b, name):
    url = at(name, open_b.pk)
    assert cast.client("ju").get(url).status_code == 200
    assert cast.client("de").get(url).status_code == 200
    everyone = name in ("campaign", "campaign_deliverables", "campaign_conduct")
    for who in ("xiao", "ban", "ke"):
        assert cast.client(who).get(url).status_code == (200 if everyone else 404), who
    for who in ("yi", "jiu"):
        assert cast.client(who).get(url).status_code == (404 if who == "yi" else 302), who


@pytest.mark.parametrize("name", SCHOOL_PAGES)
def test_school_pages(cast, sc, name):
    url = at(name, sc.pk)
    for who in ("xiao", "zhong"):
        assert cast.client(who).get(url).status_code == 200, who
    assert cast.client("ban").get(url).status_code == (200 if name == "school" else 404)
    assert cast.client("ke").get(url).status_code == (200 if name == "school" else 404)
    for who in ("wai", "waixiao", "yi"):
        assert cast.client(who).get(url).status_code == 404, who
    assert cast.client("jiu").get(url).status_code == 302


@pytest.mark.parametrize("who", ["xiao", "ban", "ke", "yi"])
def test_who_finds_no_new_campaign_page(cast, who):
    expected = 200 if who == "yi" else 404
    assert cast.client(who).get(at("new")).status_code == expected
    assert cast.client(who).get(at("create", "c")).status_code == expected


def test_create_from_c_in_the_browser_and_open(cast):
    browser, term = cast.client("ju"), cast.bureau.terms.get()
    page = browser.get(at("create", "c"))
    assert "会带来什么" in page.content.decode()
    answer = browser.post(at("create", "c"), {"title": "“大家访”活动", "term": term.pk, "document_number": "鹿教1号"})
    made = Campaign.objects.get()
    assert answer.url == at("campaign", made.pk)
    assert "征求家长对学校工作、教育发展的意见和建议" in browser.get(answer.url).content.decode()
    assert cast.client("xiao").get(answer.url).status_code == 404  # a draft
    answer = browser.post(at("open", made.pk), {"schools": [cast.school.pk]})
    assert answer.url == at("plans", made.pk)
    assert SchoolCampaign.objects.get().school == cast.school
    assert cast.client("xiao").get(at("campaign", made.pk)).status_code == 200
    assert cast.client("waixiao").get(at("campaign", made.pk)).status_code == 404


def test_create_from_b_asks_what_is_open(cast):
    browser = cast.client("ju")
    words = browser.get(at("create", "b")).content.decode()
    assert "原文没有写" in words
    assert "48小时内填写《家访记录表》" in words
    day = clock.today()
    answer = browser.post(
        at("create", "b"),
        {"title": "千名教师访万家", "begins": day, "ends": day + timedelta(90), "form": "annex_2",
         "d_title": ["学校方案", ""], "d_due": [day, ""]},
    )  # fmt: skip
    made = Campaign.objects.get()
    assert answer.url == at("campaign", made.pk)
    assert [d.title for d in selectors.deliverables_of(made)] == ["学校方案"]
    wrong = browser.post(at("create", "b"), {"title": "", "begins": day})
    assert wrong.status_code == 422
    assert "有几处需要修改" in wrong.content.decode()


def test_an_unready_campaign_says_what_is_missing(cast, act):
    made = act("ju", services.create_from_template, bureau=cast.bureau, template="b")
    answer = cast.client("ju").post(at("open", made.pk), {"schools": [cast.school.pk]})
    assert answer.status_code == 422
    assert "请填写开始日期" in answer.content.decode()
    adopted = cast.client("ju").post(at("record_form", made.pk), {"adopt": "annex_2"})
    assert adopted.status_code == 302
    assert selectors.form_of(made).schema["title"] == "“大家访”活动记录表"


def test_edits_in_the_browser(cast, open_b):
    browser = cast.client("ju")
    assert "核心任务" in browser.get(at("edit_items", open_b.pk, "task")).content.decode()
    browser.post(at("edit_items", open_b.pk, "task"), {"text": ["听", "看", ""], "forbids": ["0", "0", "0"]})
    assert [i.text for i in selectors.items_of(open_b)["task"]] == ["听", "看"]
    assert browser.get(at("edit_items", open_b.pk, "nonsense")).status_code == 404
    page = {
        "title": "改了名", "begins": open_b.begins, "ends": open_b.ends, "modes": ["home", "online"], "pair": "required",
        "home_word": "入户", "record_hours": "72", "cover_all": "on",
    }  # fmt: skip
    assert browser.post(at("edit", open_b.pk), page).status_code == 302
    open_b.refresh_from_db()
    assert (open_b.title, open_b.record_hours, open_b.mode_words) == ("改了名", 72, {"home": "入户"})
    assert browser.post(at("edit", open_b.pk), page | {"modes": ["online"]}).status_code == 422
    browser.post(at("edit_deliverables", open_b.pk), {"code": [""], "title": ["总结"], "due": ["2026-06-01"]})
    assert [str(d.due) for d in selectors.deliverables_of(open_b)] == ["2026-06-01"]
    rows = {"row": ["0", "1"], "code-0": "orphan", "name-0": "孤儿", "kinds-0": ["orphan"], "modes-0": ["home"],
            "min_visits-0": "2", "special-0": "1", "name-1": "新", "special-1": "0"}  # fmt: skip
    assert browser.post(at("edit_categories", open_b.pk), rows).status_code == 422
    assert browser.post(at("edit_categories", open_b.pk), rows | {"kinds-1": ["migrant"]}).status_code == 302
    assert [(c.name, c.min_visits, c.special) for c in selectors.categories_of(open_b)] == [
        ("孤儿", 2, True), ("新", 0, False),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["xiao", "ban", "ke", "yi"])
def test_others_do_not_act_on_a_campaign(cast, open_b, who):
    browser = cast.client(who)
    for name in ("edit", "edit_categories", "edit_deliverables", "open", "close", "record_form"):
        assert browser.post(at(name, open_b.pk), {"title": "坏", "text": ["坏"]}).status_code == 404, name
    assert browser.post(at("edit_items", open_b.pk, "task"), {"text": ["坏"], "forbids": ["0"]}).status_code == 404
    open_b.refresh_from_db()
    assert open_b.state == "open"
    assert len(selectors.items_of(open_b)["task"]) == 3


@pytest.mark.parametrize("name", ["close", "acknowledge"])
def test_reading_never_acts(cast, open_b, name):
    assert cast.client("ju").get(at(name, open_b.pk)).status_code == 405


def test_school_rules_in_the_browser(cast, sc):
    browser = cast.client("zhong")
    page = {
        "record_hours": "48",
        "max_outings_per_week": "2",
        "visit_minutes": "30",
        "second_gap_days": "28",
        "levels": "on",
    }
    assert browser.post(at("school_rules", sc.pk), page).status_code == 302
    words = browser.get(at("school", sc.pk)).content.decode()
    assert "家访后 48 小时内填写" in words
    weak = browser.post(at("school_rules", sc.pk), page | {"pair": "free"})
    assert weak.status_code == 422
    assert "学校不能放宽" in weak.content.decode()
    assert cast.client("ban").post(at("school_rules", sc.pk), page).status_code == 404
    quota = {"staff": [cast.staff["xiao"].pk], "min_visits": ["3"]}
    assert browser.post(at("quotas", sc.pk), quota).status_code == 302
    assert selectors.quotas(sc).get().min_visits == 3
    assert cast.client("waixiao").post(at("quotas", sc.pk), quota).status_code == 404


def test_a_schools_own_form_in_the_browser(cast, sc):
    now = selectors.form_for(sc).schema["fields"]
    sent = {"title": "鹿区一中家访记录表", "key": [f["key"] for f in now] + [""], "label": [f["label"] for f in now] + ["天气"],
            "kind": [f["kind"] for f in now] + ["choice"], "required": ["1"] * len(now) + ["0"],
            "hint": [""] * (len(now) + 1), "options": [""] * len(now) + ["晴、雨"]}  # fmt: skip
    assert cast.client("zhong").post(at("form", sc.pk), sent).status_code == 302
    form = selectors.form_for(sc)
    assert (form.school, form.version, form.schema["fields"][-1]["label"]) == (cast.school, 1, "天气")
    assert [o["label"] for o in form.schema["fields"][-1]["options"]] == ["晴", "雨"]
    gone = next(n for n, f in enumerate(now) if f["key"] == "companion")
    short = {k: v[:gone] + v[gone + 1 :] if isinstance(v, list) else v for k, v in sent.items()}
    wrong = cast.client("zhong").post(at("form", sc.pk), short)
    assert wrong.status_code == 422
    assert "同行教师" in wrong.content.decode()
    assert cast.client("ban").post(at("form", sc.pk), sent).status_code == 404


def test_every_teacher_reads_the_code(cast, open_b):
    for who in ("ban", "ke", "xin"):
        browser = cast.client(who)
        assert browser.get(at("conduct")).url == at("campaign_conduct", open_b.pk)
        words = browser.get(at("campaign_conduct", open_b.pk)).content.decode()
        assert "严禁收礼吃请" in words
        assert "我已阅知" in words
        assert browser.post(at("acknowledge", open_b.pk)).status_code == 302
        assert "可以参加外出家访" in browser.get(at("campaign_conduct", open_b.pk)).content.decode()
        assert selectors.may_go_out(cast.staff[who], open_b)
    assert "我已阅知" not in cast.client("ju").get(at("campaign_conduct", open_b.pk)).content.decode()
    assert cast.client("ju").post(at("acknowledge", open_b.pk)).status_code == 404
    assert cast.client("yi").post(at("acknowledge", open_b.pk)).status_code == 404


def test_autosave_of_the_plan(cast, sc):
    browser = cast.client("zhong")

    def put(text, revision, who=browser):
        body = json.dumps({"revision": revision, "answers": {"text": text}})
        return who.put(
            at("plan_section", sc.pk, "goals"),
            body,
            content_type="application/json",
            headers={"accept": "application/json"},
        )

    assert put("目标一", 0).json() == {"revision": 1}
    conflict = put("目标二", 0)
    assert conflict.status_code == 409
    assert (conflict.json()["text"], conflict.json()["revision"]) == ("目标一", 1)
    assert put("x", 1, cast.client("ban")).status_code == 404
    assert put("x", 1, cast.client("waixiao")).status_code == 404
    bad = browser.put(at("plan_section", sc.pk, "goals"), "[]", content_type="application/json")
    assert bad.status_code == 400


def test_the_plan_walks_through_the_browser(cast, sc):
    zhong, xiao, de = cast.client("zhong"), cast.client("xiao"), cast.client("de")
    unfinished = xiao.post(at("plan_approve", sc.pk))
    assert unfinished.status_code == 422
    assert "还没有写" in unfinished.content.decode()
    plan = SchoolPlan.objects.get(school_campaign=sc)
    plan.sections = {code: f"本校{code}" for code, _h, _t in selectors.SECTIONS}
    plan.save()
    day = clock.today()
    sent = {"name": ["入户", ""], "owner": ["班主任", ""], "begins": [day, ""], "ends": [day + timedelta(9), ""]}
    assert zhong.post(at("plan_tasks", sc.pk), sent).status_code == 302
    assert zhong.post(at("plan_tasks", sc.pk), sent | {"ends": ["", ""]}).status_code == 422
    assert zhong.post(at("plan_approve", sc.pk)).status_code == 404
    assert xiao.post(at("plan_approve", sc.pk)).status_code == 302
    assert de.get(at("plan", sc.pk)).status_code == 404
    wrong = zhong.post(at("plan_seal", sc.pk), {"scan": SimpleUploadedFile("方案.pdf", b"MZ not a pdf")})
    assert wrong.status_code == 422
    assert zhong.post(at("plan_seal", sc.pk), {"scan": SimpleUploadedFile("方案.pdf", PDF)}).status_code == 302
    assert zhong.post(at("plan_submit", sc.pk)).status_code == 302
    assert de.get(at("plan", sc.pk)).status_code == 200
    scan = de.get(at("plan_stamped", sc.pk))
    assert scan.content == PDF
    assert "attachment" in scan["Content-Disposition"]
    assert de.post(at("plan_return", sc.pk), {"remark": ""}).status_code == 422
    assert xiao.post(at("plan_receive", sc.pk)).status_code == 404
    assert de.post(at("plan_receive", sc.pk)).status_code == 302
    assert de.post(at("plan_file", sc.pk)).status_code == 302
    plan.refresh_from_db()
    assert plan.state == "filed"
    assert de.post(at("plan_return", sc.pk), {"remark": "晚了"}).status_code == 409
    assert cast.client("ban").get(at("plan", sc.pk)).status_code == 200
    assert cast.client("ban").get(at("plan_version", sc.pk, 1)).status_code == 404
    assert zhong.get(at("plan_version", sc.pk, 1)).status_code == 200
    for name in ("plan_word", "plan_pdf", "plan_stamped"):
        assert cast.client("ban").get(at(name, sc.pk)).status_code == 200
        for who in ("wai", "waixiao", "yi"):
            assert cast.client(who).get(at(name, sc.pk)).status_code == 404


def test_list_pages_cost_the_same_however_long(cast, open_b, act, django_assert_max_num_queries):
    from jiafang.units import services as units
    from tests.cast import SYSTEM

    browser = cast.client("ju")

    def cost(url):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    pages = [at("list"), at("plans", open_b.pk), at("campaign", open_b.pk)]
    before = [cost(url) for url in pages]
    fresh = [
        units.add_unit(SYSTEM, parent=cast.bureau, kind="school", name=f"新校{n}", stage="junior") for n in range(8)
    ]
    act("ju", services.add_schools, campaign=open_b, schools=fresh)
    for _n in range(5):
        act("ju", services.create_from_campaign, bureau=cast.bureau, source=open_b)
    assert [cost(url) for url in pages] == before
