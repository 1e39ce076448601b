"""一校一策 goes its way step by step; each step by its person, none out of turn, nothing overwritten unseen."""

from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document

from jiafang.campaigns import documents, selectors, services
from jiafang.campaigns.models import PlanVersion, SchoolPlan
from jiafang.campaigns.states import PlanState
from jiafang.lib import clock
from jiafang.paperwork.services import read
from tests.campaigns.test_campaign import refused

PDF = b"%PDF-1.7 scan"


@pytest.fixture
def plan(sc):
    return SchoolPlan.objects.get(school_campaign=sc)


@pytest.fixture
def written(plan, act):
    """The plan with a word in every section and one task."""
    for code, _heading, _hint in selectors.SECTIONS:
        act("zhong", services.edit_plan, plan=plan, section=code, text=f"本校{code}", base=0)
    day = clock.today()
    task = {"name": "入户", "owner": "班主任", "begins": day, "ends": day + timedelta(30)}
    act("zhong", services.edit_tasks, plan=plan, tasks=[task])
    return plan


def step(act, plan, *names):
    """Walk the plan on by the named steps, each by its person."""
    for name in names:
        {
            "approve": lambda: act("xiao", services.approve_plan, plan=plan),
            "seal": lambda: act("zhong", services.seal_plan, plan=plan, name="方案.pdf", body=PDF),
            "submit": lambda: act("zhong", services.submit_plan, plan=plan),
            "receive": lambda: act("de", services.receive_plan, plan=plan),
            "return": lambda: act("de", services.return_plan, plan=plan, remark="请补充安全措施"),
            "file": lambda: act("ju", services.file_plan, plan=plan),
        }[name]()
    plan.refresh_from_db()
    return plan.state


def test_the_whole_way(written, act):
    assert step(act, written, "approve") == PlanState.APPROVED
    assert step(act, written, "seal") == PlanState.SEALED
    assert read(written.stamped) == PDF
    assert step(act, written, "submit") == PlanState.SUBMITTED
    assert step(act, written, "receive") == PlanState.RECEIVED
    assert step(act, written, "file") == PlanState.FILED
    assert [row.verb for row in selectors.history_of(written)] == [
        "plan.file", "plan.receive", "plan.submit", "plan.seal", "plan.approve",
    ]  # fmt: skip
    kept = PlanVersion.objects.get(plan=written)
    assert (kept.version, kept.stamped, kept.sections["goals"]) == (1, written.stamped, "本校goals")


def test_returned_mended_and_handed_in_again(written, act):
    assert step(act, written, "approve", "seal", "submit", "return") == PlanState.RETURNED
    assert written.remark == "请补充安全措施"
    first = written.first_submitted_at
    act("zhong", services.edit_plan, plan=written, section="safety", text="带班领导每晚值守", base=1)
    assert step(act, written, "approve", "seal", "submit", "receive", "file") == PlanState.FILED
    assert written.version == 2
    assert written.first_submitted_at == first
    assert written.submitted_at > first
    old, new = PlanVersion.objects.filter(plan=written).order_by("version")
    assert (old.sections["safety"], new.sections["safety"]) == ("本校safety", "带班领导每晚值守")


@pytest.mark.parametrize("early", ["seal", "submit", "receive", "return", "file"])
def test_no_step_out_of_turn(written, act, early):
    refused("state", step, act, written, early)


def test_a_filed_plan_changes_no_more(written, act):
    step(act, written, "approve", "seal", "submit", "receive", "file")
    refused("state", act, "zhong", services.edit_plan, plan=written, section="goals", text="改", base=1)
    refused("state", step, act, written, "return")


def test_an_edit_after_the_approval_takes_it_back(written, act):
    step(act, written, "approve")
    act("zhong", services.edit_plan, plan=written, section="goals", text="更高的目标", base=1)
    written.refresh_from_db()
    assert written.state == PlanState.DRAFT
    refused("state", step, act, written, "seal")


def test_an_unfinished_plan_is_not_approved(plan, act):
    seen = refused("invalid", act, "xiao", services.approve_plan, plan=plan)
    assert "safety" in seen.fields
    assert "attachments" not in seen.fields


def test_two_writers_do_not_overwrite_each_other(plan, act):
    assert act("zhong", services.edit_plan, plan=plan, section="goals", text="甲写的", base=0) == 1
    seen = refused("stale", act, "xiao", services.edit_plan, plan=plan, section="goals", text="乙写的", base=0)
    assert seen.extra == {"text": "甲写的", "revision": 1}
    assert (
        act("xiao", services.edit_plan, plan=plan, section="goals", text="甲写的", base=0) == 1
    )  # the same: no quarrel
    assert act("xiao", services.edit_plan, plan=plan, section="goals", text="合起来", base=1) == 2
    plan.refresh_from_db()
    assert plan.sections["goals"] == "合起来"


def test_a_section_that_is_none_and_too_long_a_text(plan, act):
    refused("not_found", act, "zhong", services.edit_plan, plan=plan, section="nonsense", text="x", base=0)
    refused("too_large", act, "zhong", services.edit_plan, plan=plan, section="goals", text="长" * 20001, base=0)


def test_tasks_need_names_and_days_in_order(plan, act):
    day = clock.today()
    for bad in (
        {"name": "", "begins": day, "ends": day},
        {"name": "x", "begins": day, "ends": day - timedelta(1)},
        {"name": "x", "begins": None, "ends": day},
    ):
        refused("invalid", act, "zhong", services.edit_tasks, plan=plan, tasks=[bad])


@pytest.mark.parametrize("body", [b"MZ\x90\x00", b"<html>", b"PK\x03\x04zip", b""])
def test_a_scan_is_told_by_its_bytes(written, act, body):
    step(act, written, "approve")
    refused("bad_type", act, "zhong", services.seal_plan, plan=written, name="方案.pdf", body=body)
    written.refresh_from_db()
    assert written.stamped is None


@pytest.mark.parametrize("who", ["ban", "ke", "nian", "wai", "waixiao", "ju", "yi"])
def test_only_the_schools_leaders_write(plan, act, who):
    refused("denied", act, who, services.edit_plan, plan=plan, section="goals", text="x", base=0)
    refused("denied", act, who, services.edit_tasks, plan=plan, tasks=[])
    refused("denied", act, who, services.seal_plan, plan=plan, name="a.pdf", body=PDF)
    refused("denied", act, who, services.submit_plan, plan=plan)


@pytest.mark.parametrize("who", ["zhong", "ban", "waixiao", "ju"])
def test_only_the_head_approves(written, act, who):
    refused("denied", act, who, services.approve_plan, plan=written)


@pytest.mark.parametrize("who", ["xiao", "zhong", "ban", "waixiao", "yi"])
def test_only_the_bureau_receives_returns_and_files(written, act, who):
    step(act, written, "approve", "seal", "submit")
    refused("denied", act, who, services.receive_plan, plan=written)
    refused("denied", act, who, services.return_plan, plan=written, remark="x")
    refused("denied", act, who, services.file_plan, plan=written)


def test_a_return_says_why(written, act):
    step(act, written, "approve", "seal", "submit")
    refused("invalid", act, "de", services.return_plan, plan=written, remark=" ")


def test_each_side_reads_its_own(written, sc, cast, act):
    assert selectors.plan_of(cast.actor("zhong"), sc).version is None
    refused("not_found", selectors.plan_of, cast.actor("ban"), sc)
    refused("not_found", selectors.plan_of, cast.actor("ju"), sc)
    step(act, written, "approve")
    assert selectors.plan_of(cast.actor("ban"), sc).version.version == 1
    refused("not_found", selectors.plan_of, cast.actor("ju"), sc)
    step(act, written, "seal", "submit", "return")
    act("zhong", services.edit_plan, plan=written, section="goals", text="暗中改", base=1)
    step(act, written, "approve")
    seen = selectors.plan_of(cast.actor("ju"), sc)
    assert {s.code: s.text for s in seen.sections}["goals"] == "本校goals"
    assert {s.code: s.text for s in selectors.plan_of(cast.actor("ke"), sc).sections}["goals"] == "暗中改"


def test_what_each_may_do_now(written, sc, cast, act):
    assert selectors.plan_of(cast.actor("zhong"), sc).verbs == {"plan.edit"}
    assert selectors.plan_of(cast.actor("xiao"), sc).verbs == {"plan.edit", "plan.approve"}
    step(act, written, "approve", "seal", "submit")
    assert selectors.plan_of(cast.actor("de"), sc).verbs == {"plan.receive", "plan.return"}
    assert selectors.plan_of(cast.actor("ban"), sc).verbs == set()


def test_the_bureaus_list_counts_late_ones(open_c, cast, act, django_assert_num_queries):
    due = clock.today() - timedelta(3)
    act("ju", services.set_deliverables, campaign=open_c, deliverables=[("plan", "校级活动实施方案", due)])
    actor = cast.actor("ju")
    with django_assert_num_queries(2):
        rows = selectors.plans(actor, open_c)
    assert [(r.plan.school_campaign.school.name, r.late_days) for r in rows] == [("鹿区一中", 3), ("鹿区二中", 3)]
    for who in ("zhong", "ban", "yi"):
        refused("denied", selectors.plans, cast.actor(who), open_c)


def test_word_and_pdf_carry_the_text(written, sc, cast, act):
    draft = selectors.plan_of(cast.actor("zhong"), sc)
    words = "\n".join(p.text for p in Document(BytesIO(documents.plan_word(draft))).paragraphs)
    assert "本校goals" in words
    assert "校内审定：" not in words
    step(act, written, "approve")
    words = "\n".join(
        p.text for p in Document(BytesIO(documents.plan_word(selectors.plan_of(cast.actor("ban"), sc)))).paragraphs
    )
    assert "校内审定：" in words
    assert documents.plan_pdf(draft).startswith(b"%PDF-")
