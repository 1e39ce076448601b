"""A bureau creates, edits, opens and closes campaigns; nobody else does."""

from datetime import timedelta

import pytest

from jiafang.access.models import AuditRow
from jiafang.campaigns import selectors, services
from jiafang.campaigns.models import Campaign, SchoolCampaign, SchoolPlan
from jiafang.campaigns.states import CampaignState
from jiafang.lib import clock
from jiafang.lib.errors import Problem

OUTSIDERS = ["xiao", "zhong", "ban", "ke", "jiu", "wai", "yi"]


def refused(code, run, *args, **given):
    with pytest.raises(Problem) as seen:
        run(*args, **given)
    assert seen.value.code == code
    return seen.value


def test_c_comes_with_everything_its_document_says(cast, act):
    term = cast.bureau.terms.get()
    made = act("ju", services.create_from_template, bureau=cast.bureau, template="c", term=term)
    assert made.state == CampaignState.DRAFT
    assert term.begins <= made.begins < made.ends <= term.ends
    items = selectors.items_of(made)
    assert len(items["conduct"]) == 10
    assert len(items["content"]) == 5
    assert [d.title for d in selectors.deliverables_of(made)] == ["校级活动实施方案", "一份总结和案例"]
    assert all(term.begins <= d.due <= term.ends for d in selectors.deliverables_of(made))
    assert selectors.form_of(made).schema["title"] == "“大家访”活动记录表"
    assert len(selectors.categories_of(made)) == 6
    assert AuditRow.objects.filter(verb="campaign.create", target_id=str(made.pk)).count() == 1


def test_b_stays_open_where_its_document_is(cast, act):
    made = act("ju", services.create_from_template, bureau=cast.bureau, template="b")
    assert made.begins is None
    assert made.document_number == ""
    assert selectors.form_of(made) is None
    seen = refused("invalid", act, "ju", services.open_campaign, campaign=made, schools=[cast.school])
    assert set(seen.fields) == {"begins", "ends", "form"}
    made.refresh_from_db()
    assert made.state == CampaignState.DRAFT
    assert not SchoolCampaign.objects.exists()


def test_what_is_asked_is_taken(cast, act, dates):
    made = act(
        "ju", services.create_from_template, bureau=cast.bureau, template="b", title="我们的家访",
        document_number="鹿教〔2026〕1号", form="annex_2", deliverables=[("学校方案", clock.today())], **dates,
    )  # fmt: skip
    assert (made.title, made.document_number) == ("我们的家访", "鹿教〔2026〕1号")
    assert [(d.title, d.due) for d in selectors.deliverables_of(made)] == [("学校方案", clock.today())]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_only_the_bureau_creates(cast, act, who):
    if who == "jiu":
        assert cast.actor("jiu") is None
        return
    refused("denied", act, who, services.create_from_template, bureau=cast.bureau, template="c")
    assert not Campaign.objects.exists()


def test_from_an_earlier_campaign(cast, act, open_c):
    term = cast.bureau.terms.get()
    made = act("ju", services.create_from_campaign, bureau=cast.bureau, source=open_c, title="第二轮", term=term)
    assert made.pk != open_c.pk
    assert made.state == CampaignState.DRAFT
    assert [i.text for i in selectors.items_of(made)["conduct"]] == [
        i.text for i in selectors.items_of(open_c)["conduct"]
    ]
    assert [c.code for c in selectors.categories_of(made)] == [c.code for c in selectors.categories_of(open_c)]
    assert selectors.form_of(made).schema == selectors.form_of(open_c).schema
    assert not SchoolCampaign.objects.filter(campaign=made).exists()
    assert len(selectors.items_of(open_c)["conduct"]) == 10  # the source keeps its own rows


def test_a_foreign_campaign_is_no_source(cast, act, open_c):
    refused("not_found", act, "yi", services.create_from_campaign, bureau=cast.foreign_bureau, source=open_c)


def test_opening_makes_a_row_and_a_drafted_plan_for_each_school(cast, open_c):
    assert open_c.state == CampaignState.OPEN
    plans = SchoolPlan.objects.filter(school_campaign__campaign=open_c)
    assert {p.school_campaign.school for p in plans} == {cast.school, cast.other_school}
    assert "立德树人" in plans[0].sections["guiding"]
    assert plans[0].sections["safety"] == ""


def test_opening_wants_schools_of_the_bureau(cast, act, draft_b):
    refused("invalid", act, "ju", services.open_campaign, campaign=draft_b, schools=[])
    refused("invalid", act, "ju", services.open_campaign, campaign=draft_b, schools=[cast.foreign_school])
    refused("invalid", act, "ju", services.open_campaign, campaign=draft_b, schools=[cast.klass])
    assert not SchoolCampaign.objects.exists()


@pytest.mark.parametrize("who", ["xiao", "ban", "ke", "waixiao", "yi"])
def test_only_its_bureau_opens_edits_and_closes(cast, act, draft_b, who):
    refused("denied", act, who, services.open_campaign, campaign=draft_b, schools=[cast.school])
    refused("denied", act, who, services.edit_campaign, campaign=draft_b, title="别的")
    refused("denied", act, who, services.close_campaign, campaign=draft_b)
    refused("denied", act, who, services.set_items, campaign=draft_b, kind="task", lines=[])
    refused("denied", act, who, services.set_categories, campaign=draft_b, categories=[])
    refused("denied", act, who, services.set_deliverables, campaign=draft_b, deliverables=[])
    refused("denied", act, who, services.add_schools, campaign=draft_b, schools=[])


def test_opened_twice_or_edited_after_the_end_is_refused(cast, act, open_b):
    refused("state", act, "ju", services.open_campaign, campaign=open_b, schools=[cast.school])
    act("de", services.close_campaign, campaign=open_b)
    refused("state", act, "ju", services.edit_campaign, campaign=open_b, title="改名")
    refused("state", act, "ju", services.set_items, campaign=open_b, kind="task", lines=[services.Line("x")])
    refused("state", act, "ju", services.close_campaign, campaign=open_b)


def test_a_draft_moves_to_another_term_with_its_deliverables(cast, act):
    from jiafang.units import services as units

    made = act("ju", services.create_from_template, bureau=cast.bureau, template="c")
    assert made.begins.year == 2021
    later = cast.bureau.terms.get().ends + timedelta(30)
    act(
        "ju", units.add_term, bureau=cast.bureau, year=later.year, part=2, begins=later, ends=later + timedelta(120)
    )  # fmt: skip
    term = cast.bureau.terms.order_by("-begins").first()
    moved = act("ju", services.edit_campaign, campaign=made, term=term)
    assert term.begins <= moved.begins < moved.ends <= term.ends
    assert all(term.begins <= d.due <= term.ends for d in selectors.deliverables_of(moved))


def test_an_open_campaign_keeps_its_dates_and_modes(act, open_b):
    seen = refused("invalid", act, "ju", services.edit_campaign, campaign=open_b, modes=["online"])
    assert "categories" in seen.fields
    assert "begins" in refused("invalid", act, "ju", services.edit_campaign, campaign=open_b, begins=None).fields
    seen = refused("invalid", act, "ju", services.edit_campaign, campaign=open_b, ends=open_b.begins - timedelta(1))
    assert "ends" in seen.fields


def test_lines_categories_and_deliverables_are_replaced(act, draft_b):
    act("ju", services.set_items, campaign=draft_b, kind="task", lines=[services.Line("听孩子说"), services.Line(" ")])
    assert [(i.number, i.text) for i in selectors.items_of(draft_b)["task"]] == [(1, "听孩子说")]
    orphan = selectors.categories_of(draft_b)[0]
    act(
        "ju", services.set_categories, campaign=draft_b,
        categories=[{"code": "orphan", "name": "孤儿", "kinds": ["orphan"]}, {"name": "随迁", "kinds": ["migrant"]}],
    )  # fmt: skip
    now = selectors.categories_of(draft_b)
    assert [(c.name, c.min_visits, c.modes) for c in now] == [
        ("孤儿", 1, ("home",)), ("随迁", 0, ("home", "online")),
    ]  # fmt: skip
    assert now[0].pk == orphan.pk
    act("ju", services.set_deliverables, campaign=draft_b, deliverables=[("", "方案", clock.today()), ("", " ", None)])
    assert [d.title for d in selectors.deliverables_of(draft_b)] == ["方案"]


def test_a_category_needs_kinds_that_exist(act, draft_b):
    for bad in ({"name": "空", "kinds": []}, {"name": "怪", "kinds": ["nonsense"]}):
        refused("invalid", act, "ju", services.set_categories, campaign=draft_b, categories=[bad])
    bad = {"name": "另", "kinds": ["orphan"], "modes": ["other"]}
    refused("invalid", act, "ju", services.set_categories, campaign=draft_b, categories=[bad])
    assert len(selectors.categories_of(draft_b)) == 9


def test_who_reads_which_campaign(cast, draft_b, act):
    def titles(who):
        return set(selectors.campaigns(cast.actor(who)))

    assert titles("ju") == titles("de") == {draft_b}
    assert titles("xiao") == titles("yi") == set()
    act("ju", services.open_campaign, campaign=draft_b, schools=[cast.school])
    for who in ("xiao", "zhong", "nian", "ban", "ke", "xin"):
        assert titles(who) == {draft_b}
        assert selectors.current(cast.actor(who)).get() == draft_b
    for who in ("wai", "waixiao", "yi"):
        assert titles(who) == set()
        with pytest.raises(Problem) as seen:
            selectors.campaign(cast.actor(who), draft_b.pk)
        assert seen.value.code == "not_found"


def test_further_schools_join_an_open_campaign(cast, act, draft_b):
    act("ju", services.open_campaign, campaign=draft_b, schools=[cast.school])
    assert act("ju", services.add_schools, campaign=draft_b, schools=[cast.school, cast.other_school]) == 1
    assert SchoolPlan.objects.count() == 2


def test_lists_ask_the_same_number_of_questions_however_long(cast, act, open_b, django_assert_num_queries):
    actor = cast.actor("ju")
    with django_assert_num_queries(1):
        list(selectors.campaigns(actor))
    act("ju", services.create_from_campaign, bureau=cast.bureau, source=open_b)
    with django_assert_num_queries(1):
        assert len(list(selectors.campaigns(actor))) == 2
    with django_assert_num_queries(2):
        assert len(selectors.rules_of_schools(open_b)) == 2
