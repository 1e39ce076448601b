"""The outline: drafted from the file as far as the reader may know it, then the teacher's own."""

import json
from datetime import date

import pytest

from jiafang.access.fence import system_fence
from jiafang.access.vault import texts
from jiafang.lib.errors import Problem
from jiafang.roster.kinds import CareKind
from jiafang.roster.services import note_care
from jiafang.visits import outlines
from jiafang.visits.services import draft_outline, prepare
from tests.cast import SYSTEM
from tests.visits.conftest import FULL

BODY = [{"title": "学习", "text": "问作业"}]


def whole(sections):
    return "\n".join(f"{s['title']} {s['text']}" for s in sections)


def test_the_draft_stands_around_the_campaigns_tasks(road):
    draft = road.act("ban", draft_outline, visit_student=road.child(road.visit("a", theme="作息")))
    titles = [section["title"] for section in draft]
    assert titles == ["本次主题", "了解家庭情况", "反馈在校表现", "宣传教育政策", "想多了解的", "听听家长的话"]
    assert "柯仁老师（数学）" in whole(draft)


def test_the_last_visit_and_what_was_asked_for_come_back(road):
    earlier = road.held("a")
    road.send("ban", earlier, FULL | {"demands": "想知道社团怎么报名"}, submit=True)
    draft = road.act("ban", draft_outline, visit_student=road.child(road.visit("a", hours=5)))
    assert "2026年4月15日上门家访，家长提出：想知道社团怎么报名" in whole(draft)


def test_no_kind_of_care_is_ever_named(road):
    facts = outlines.Facts(student="小明", klass="七年级1班", tasks=["了解家庭情况"], kinds=list(CareKind.values))
    said = whole(outlines.draft(facts))
    for kind in CareKind:
        assert str(kind.label) not in said
    assert all(kind in outlines.PROMPTS for kind in CareKind.values)


def test_who_may_not_know_is_not_hinted_at_either(road):
    with system_fence("test"):
        for kind in ("psychological", "learning"):
            note_care(SYSTEM, student=road.cast.students["a"], kind=kind, reason="x")
    child = road.child(road.visit("a", lead="ke", companion="ban", hours=5))
    assert outlines.PROMPTS["psychological"] in whole(road.act("ban", draft_outline, visit_student=child))
    assert outlines.PROMPTS["psychological"] not in whole(road.act("ke", draft_outline, visit_student=child))


def test_long_lines_of_a_document_become_short_headings():
    facts = outlines.Facts(
        student="小明", klass="七年级1班", before=[outlines.Before(date(2026, 3, 2), "上门家访", "无")],
        contents=["全面了解学生家庭情况、成长环境、在家思想动态、学习表现和生活习惯等；"],
    )  # fmt: skip
    draft = outlines.draft(facts)
    assert draft[0] == {"title": "上次家访", "text": "2026年3月2日上门家访"}
    assert draft[1]["title"] == "全面了解学生家庭情况"


def test_the_teacher_edits_and_two_editors_notice(road):
    child = road.child(road.visit("a", hours=5))
    first = road.act("ban", prepare, visit_student=child, body=BODY)
    assert first.revision == 1
    second = road.act("ban", prepare, visit_student=child, body=[*BODY, {"title": "", "text": ""}], base_revision=1)
    with system_fence("look"):
        assert (second.revision, json.loads(texts([second.body])[0])) == (2, BODY)
    with pytest.raises(Problem) as refused:
        road.act("ban", prepare, visit_student=child, body=BODY, base_revision=1)
    assert refused.value.code == "stale"


@pytest.mark.parametrize("body", ["x", [1], [{"title": 1, "text": ""}], [{"title": "题" * 41, "text": ""}], [{}] * 21])
def test_senseless_content_is_refused(road, body):
    with pytest.raises(Problem) as refused:
        road.act("ban", prepare, visit_student=road.child(road.visit("a", hours=5)), body=body)
    assert refused.value.code == "invalid"


def test_nothing_is_prepared_any_more_once_written(road):
    with pytest.raises(Problem) as refused:
        road.act("ban", prepare, visit_student=road.child(road.visit("a", state="recorded")), body=BODY)
    assert refused.value.code == "state"


@pytest.mark.parametrize("verb", [prepare, draft_outline])
@pytest.mark.parametrize(("who", "code"), [("ke", "not_allowed"), ("xiao", "not_allowed"), ("wai", "not_found")])
def test_others_do_not_prepare(road, verb, who, code):
    child = road.child(road.visit("a", hours=5))
    with pytest.raises(Problem) as refused:
        road.act(who, verb, visit_student=child, **({"body": BODY} if verb is prepare else {}))
    assert refused.value.code == code
