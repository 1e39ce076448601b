"""Rules of a school are the campaign's made stricter, and never weaker; conduct is read before going out."""

from datetime import timedelta
from decimal import Decimal

import pytest

from jiafang.access.models import AuditRow
from jiafang.campaigns import selectors, services
from jiafang.campaigns.models import ConductAcknowledgement, LeaderQuota
from jiafang.lib import clock
from jiafang.paperwork.forms import ANNEX_2, FOLLOW_UP, add_fields, remove_field, schema_dict
from tests.campaigns.test_campaign import refused


def rules(sc):
    sc.refresh_from_db()
    return selectors.rules(sc)


def test_rules_are_the_campaigns_where_the_school_says_nothing(sc):
    r = selectors.rules(sc)
    assert r.modes == ("home", "online")
    assert r.two_teachers
    assert r.record_hours is None
    assert (r.begins, r.ends) == (r.visit_from, r.visit_until)
    assert r.min_visits == 1
    assert r.mode_label("home") == "实地家访（入户）"
    assert r.mode_label("other") == "另选地点"
    assert r.demand(["orphan"]).modes == ("home",)
    assert r.demand([]).modes == ("home", "online")
    assert r.demand(["excellent"]).modes == ("home", "online")
    assert [c.name for c in r.demand(["left_behind_one", "learning"]).categories] == ["留守", "学困"]
    assert r.demand(["divorced"]).categories == ()  # 离异 is not 单亲


def test_a_school_adds_stricter_rules(sc, act):
    act(
        "zhong", services.set_school_rules, school_campaign=sc, record_hours=48, levels=True, approval=True,
        full_round_each_term=True, hours_home=Decimal("1.5"), hours_companion=Decimal("0.5"),
    )  # fmt: skip
    r = rules(sc)
    assert (r.record_hours, r.levels, r.approval, r.full_round_each_term) == (48, True, True, True)
    assert r.class_hours("home") == Decimal("1.5")
    assert r.class_hours("online") is None
    assert r.class_hours("home", companion=True) == Decimal("0.5")


def test_a_school_cannot_be_weaker(sc, act):
    act("ju", services.edit_campaign, campaign=sc.campaign, record_hours=48)
    seen = refused("invalid", act, "xiao", services.set_school_rules, school_campaign=sc, record_hours=72)
    assert "48" in seen.fields["record_hours"][0]
    seen = refused("invalid", act, "xiao", services.set_school_rules, school_campaign=sc, pair="encouraged")
    assert "pair" in seen.fields
    day = sc.campaign.ends + timedelta(1)
    assert "visit_until" in refused(
        "invalid", act, "xiao", services.set_school_rules, school_campaign=sc, visit_until=day
    ).fields  # fmt: skip
    act("xiao", services.set_school_rules, school_campaign=sc, record_hours=24)
    assert rules(sc).record_hours == 24


def test_a_campaign_that_tightens_later_still_wins(sc, act):
    act("xiao", services.set_school_rules, school_campaign=sc, record_hours=48)
    act("ju", services.edit_campaign, campaign=sc.campaign, record_hours=12)
    sc.campaign.refresh_from_db()
    assert rules(sc).record_hours == 12


@pytest.mark.parametrize("who", ["ban", "ke", "nian", "wai", "waixiao", "ju", "yi"])
def test_only_the_school_sets_its_rules(sc, cast, act, who):
    refused("denied", act, who, services.set_school_rules, school_campaign=sc, record_hours=24)
    refused("denied", act, who, services.set_quota, school_campaign=sc, staff=cast.staff["xiao"], min_visits=3)
    assert rules(sc).record_hours is None


def test_rules_cost_one_query(sc, django_assert_num_queries):
    with django_assert_num_queries(1):
        selectors.rules(sc)


def test_category_tokens_are_stored_tokens_not_names(sc):
    tokens = selectors.category_tokens(sc.campaign)
    assert set(tokens) == {"orphan", "single_parent", "left_behind", "poverty", "learning", "psychological"}
    assert len(tokens["left_behind"]) == 3
    assert "orphan" not in tokens["orphan"]
    assert "excellent" in selectors.category_tokens(sc.campaign, special=None)


def test_quota_of_a_leader(sc, cast, act):
    act("xiao", services.set_quota, school_campaign=sc, staff=cast.staff["xiao"], min_visits=3)
    act("xiao", services.set_quota, school_campaign=sc, staff=cast.staff["xiao"], min_visits=4)
    assert [(q.staff.name, q.min_visits) for q in selectors.quotas(sc)] == [("肖校", 4)]
    refused("invalid", act, "xiao", services.set_quota, school_campaign=sc, staff=cast.staff["ke"], min_visits=1)
    refused("invalid", act, "xiao", services.set_quota, school_campaign=sc, staff=cast.staff["waixiao"], min_visits=1)
    act("xiao", services.set_quota, school_campaign=sc, staff=cast.staff["xiao"], min_visits=0)
    assert not LeaderQuota.objects.exists()


def test_a_school_designs_its_own_form(sc, cast, act):
    assert selectors.form_for(sc).school_id is None
    own = schema_dict(add_fields(ANNEX_2, [FOLLOW_UP]))
    form = act("zhong", services.design_form, campaign=sc.campaign, school=cast.school, schema=own)
    assert (form.version, selectors.form_for(sc)) == (1, form)
    again = act("zhong", services.design_form, campaign=sc.campaign, school=cast.school, schema=own)
    assert again.version == 2
    assert selectors.form_of(sc.campaign).school_id is None


def test_a_schools_form_keeps_what_the_system_fills_in(sc, cast, act):
    free = schema_dict(remove_field(ANNEX_2, "demands"))  # 也可根据学校工作自行整合设计
    act("zhong", services.design_form, campaign=sc.campaign, school=cast.school, schema=free)
    for key in ("companion", "visit_mode"):
        bad = schema_dict(remove_field(ANNEX_2, key))
        refused("invalid", act, "zhong", services.design_form, campaign=sc.campaign, school=cast.school, schema=bad)
    refused("invalid", act, "zhong", services.design_form, campaign=sc.campaign, school=cast.school, schema={"x": 1})


@pytest.mark.parametrize("who", ["ban", "ke", "wai", "waixiao", "yi"])
def test_others_do_not_design_it(sc, cast, act, who):
    own = schema_dict(ANNEX_2)
    refused("denied", act, who, services.design_form, campaign=sc.campaign, school=cast.school, schema=own)
    refused("denied", act, who, services.design_form, campaign=sc.campaign, schema=own)


def test_conduct_is_read_once(sc, cast, act):
    ban = cast.staff["ban"]
    assert not selectors.may_go_out(ban, sc.campaign)
    first = act("ban", services.acknowledge_conduct, campaign=sc.campaign)
    again = act("ban", services.acknowledge_conduct, campaign=sc.campaign)
    assert first.pk == again.pk
    assert first.at == again.at
    assert first.path == cast.school.path
    assert selectors.may_go_out(ban, sc.campaign)
    assert AuditRow.objects.filter(verb="conduct.acknowledge").count() == 1
    ke = cast.staff["ke"]
    assert selectors.not_yet_read([ban.pk, ke.pk, None], sc.campaign) == {ke.pk}


def test_a_changed_code_is_read_again(sc, cast, act):
    act("ban", services.acknowledge_conduct, campaign=sc.campaign)
    lines = [services.Line("仪表整洁"), services.Line("严禁收礼吃请", True)]
    act("ju", services.set_items, campaign=sc.campaign, kind="conduct", lines=lines)
    sc.campaign.refresh_from_db()
    assert not selectors.may_go_out(cast.staff["ban"], sc.campaign)
    act("ban", services.acknowledge_conduct, campaign=sc.campaign)
    assert selectors.may_go_out(cast.staff["ban"], sc.campaign)
    assert ConductAcknowledgement.objects.count() == 1


def test_a_campaign_without_a_code_keeps_nobody_at_home(sc, cast, act):
    act("ju", services.set_items, campaign=sc.campaign, kind="conduct", lines=[])
    sc.campaign.refresh_from_db()
    assert selectors.may_go_out(cast.staff["ke"], sc.campaign)


@pytest.mark.parametrize("who", ["ju", "yi"])
def test_a_bureau_has_nothing_to_acknowledge(sc, act, who):
    refused("denied", act, who, services.acknowledge_conduct, campaign=sc.campaign)


def test_a_school_outside_the_campaign_neither(cast, act, draft_b):
    refused("denied", act, "ban", services.acknowledge_conduct, campaign=draft_b)
    act("ju", services.open_campaign, campaign=draft_b, schools=[cast.school])
    refused("denied", act, "wai", services.acknowledge_conduct, campaign=draft_b)


def test_who_has_read_and_who_has_not(sc, cast, act, django_assert_num_queries):
    act("ban", services.acknowledge_conduct, campaign=sc.campaign)
    in_grade = {r.staff.name for r in selectors.acknowledgements(cast.actor("nian"), sc)}
    assert in_grade == {"年岩", "班和", "班蓝", "柯仁", "柯礼"}
    actor = cast.actor("zhong")
    with django_assert_num_queries(3):
        rows = selectors.acknowledgements(actor, sc)
    assert [r.staff.name for r in rows if r.at] == ["班和"]
    assert rows[0].tier == "heads"
    assert {r.staff.name for r in rows if not r.at} == {"肖校", "钟层", "年岩", "班蓝", "柯仁", "柯礼", "辛理"}
    assert selectors.read_counts(sc.campaign) == {cast.school.path: 1}
    for who in ("ban", "wai", "waixiao", "yi"):
        refused("denied", selectors.acknowledgements, cast.actor(who), sc)


def test_a_closed_campaign_changes_no_more(sc, act):
    act("ju", services.close_campaign, campaign=sc.campaign)
    refused("state", act, "xiao", services.set_school_rules, school_campaign=sc, record_hours=24)
    assert clock.today() <= sc.campaign.ends
