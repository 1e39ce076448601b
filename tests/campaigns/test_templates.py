"""The shipped templates say what their documents say, character by character, and nothing else."""

from datetime import date

import pytest

from jiafang.campaigns import templates_shipped
from jiafang.campaigns.dates import Period, shifted
from jiafang.lib.errors import Problem
from jiafang.paperwork.forms import ANNEX_2
from tests.campaigns.published import BAOTOU, CHANGZHOU

B, C = templates_shipped.load("b"), templates_shipped.load("c")


def numbered(template, kind):
    return [f"{n}. {text}" for n, (text, _forbids) in enumerate(template.items[kind], 1)]


def test_c_scope_contents_and_conduct_are_the_printed_lines():
    assert C.campaign["scope_note"].split("\n") == [CHANGZHOU[n] for n in (23, 24, 25)]
    assert numbered(C, "content") == [CHANGZHOU[n] for n in (33, 34, 35, 36, 38)]
    assert numbered(C, "conduct") == [CHANGZHOU[n] for n in range(88, 98)]
    assert "反应学生优点" in C.items["conduct"][3][0]  # as printed
    assert [forbids for _text, forbids in C.items["conduct"]] == [False] * 5 + [True] * 5


def test_c_categories_are_those_of_line_25_in_order():
    assert CHANGZHOU[25].endswith("，".join(row["name"] for row in C.categories) + "。")
    assert [row["kinds"] for row in C.categories][3] == [
        "left_behind", "left_behind_one", "left_behind_both", "single_parent",
    ]  # fmt: skip
    assert all(not row.get("min_visits") for row in C.categories)


def test_c_head_and_deliverables():
    assert C.campaign["document_number"] == "常经社〔2021〕30号"
    assert "常教德〔2018〕35号" in C.campaign["basis"]
    assert (C.campaign["begins"], C.campaign["ends"]) == (date(2021, 3, 1), date(2021, 6, 30))
    assert C.campaign["modes"] == ["home"]
    assert C.campaign["pair"] == "encouraged"
    assert C.campaign["record_hours"] is None
    assert [(d["title"], d["due"]) for d in C.deliverables] == [
        ("校级活动实施方案", date(2021, 3, 31)), ("一份总结和案例", date(2021, 5, 10)),
    ]  # fmt: skip
    assert C.campaign["conduct_title"] == CHANGZHOU[86]
    assert C.form == "annex_2"
    assert ANNEX_2.title == CHANGZHOU[101]


def words(template):
    yield from (v for k, v in template.campaign.items() if isinstance(v, str) and k not in ("pair", "scope_note"))
    yield from template.campaign["mode_words"].values()
    yield from (text for rows in template.items.values() for text, _forbids in rows)
    yield from (row["name"] for row in template.categories)
    yield from (row["title"] for row in template.deliverables)


def test_every_word_of_c_is_printed_in_its_document():
    printed = "\n".join(["常经社〔2021〕30号", *CHANGZHOU.values()])
    assert [w for w in words(C) if w not in printed] == []


def test_every_word_of_b_is_printed_in_its_document():
    printed = "\n".join(BAOTOU)
    said = [w for w in words(B) if w not in ("实地家访（入户）",)]
    assert [w for w in said if w not in printed] == []
    assert "实地家访" in printed
    assert "入户" in printed


def test_b_leaves_open_what_its_document_leaves_open():
    for name in ("document_number", "basis", "parent_campaign"):
        assert B.campaign[name] == ""
    assert B.campaign["begins"] is B.campaign["ends"] is B.campaign["record_hours"] is None
    assert B.deliverables == []
    assert B.form == ""
    assert set(B.asks) == {"document_number", "begins", "ends", "deliverables", "form"}
    assert not B.campaign["annual_sheet"]


def test_b_rules():
    special = [row for row in B.categories if row.get("special", True)]
    assert [row["name"] for row in special] == ["孤儿", "单亲", "留守", "贫困", "学困", "心理异常"]
    assert all(row["modes"] == ["home"] and row["min_visits"] == 1 for row in special)
    assert [row["name"] for row in B.categories if row not in special] == ["流失倾向", "行为异常", "学业优秀"]
    assert [text for text, _f in B.items["task"]] == ["了解家庭情况", "反馈在校表现", "宣传教育政策"]
    assert B.items["conduct"] == [
        ("仪表整洁", False), ("尊重家长", False), ("禁止训导式沟通", True), ("严禁收礼吃请", True),
    ]  # fmt: skip
    assert B.campaign["pair"] == "required"
    assert B.campaign["modes"] == ["home", "online"]


def test_48_hours_is_only_a_schools_habit():
    offered = [s for s in B.suggestions if s.field == "record_hours"]
    assert [(s.target, s.value, s.source) for s in offered] == [("school", 48, "沼园路小学")]


def test_an_unknown_template_is_not_found():
    with pytest.raises(Problem) as seen:
        templates_shipped.load("../c")
    assert seen.value.code == "not_found"


@pytest.mark.parametrize(
    ("term", "begins", "due", "ends"),
    [
        ((date(2026, 3, 2), date(2026, 7, 10)), date(2026, 3, 2), date(2026, 3, 31), date(2026, 6, 30)),
        ((date(2026, 2, 24), date(2026, 7, 3)), date(2026, 3, 1), date(2026, 3, 31), date(2026, 6, 30)),
        ((date(2026, 9, 1), date(2027, 1, 22)), date(2026, 9, 1), date(2026, 9, 30), date(2026, 12, 31)),
        ((date(2025, 11, 10), date(2026, 1, 20)), date(2025, 11, 10), date(2025, 11, 30), date(2026, 1, 20)),
    ],
)
def test_dates_move_into_the_term(term, begins, due, ends):
    move = shifted(Period(date(2021, 3, 1), date(2021, 6, 30)), Period(*term))
    assert (move(date(2021, 3, 1)), move(date(2021, 3, 31)), move(date(2021, 6, 30))) == (begins, due, ends)


def test_without_a_term_nothing_moves():
    move = shifted(Period(date(2021, 3, 1), date(2021, 6, 30)), Period(None, None))
    assert move(date(2021, 5, 10)) == date(2021, 5, 10)
    assert move(None) is None
