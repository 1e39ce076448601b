"""Answers: what is kept, what is refused, their digest, and the way to another version."""

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiafang.lib.errors import Problem
from jiafang.paperwork.forms import (
    ANNEX_2,
    OPTIONAL_ROWS,
    Field,
    Option,
    VisitHeader,
    add_fields,
    answers_digest,
    change_field,
    chinese_time,
    clean_text,
    migrate_answers,
    remove_field,
    shown_value,
    validate_answers,
)

from .samples import ANSWERS, HEADER, drawn

WIDE = add_fields(
    ANNEX_2,
    [
        Field("mood", "情绪", "choice", options=(Option("calm", "平静"), Option("low", "低落"))),
        Field("topics", "话题", "multi_choice", options=(Option("study", "学习"), Option("phone", "手机"))),
        Field("minutes", "时长", "number", minimum=0, maximum=600),
        Field("next_visit", "下次家访", "date_time"),
        Field("contact", "联系人", "person", max_length=6),
    ],
)


def test_complete_answers_pass_and_come_back_in_the_form_s_order():
    answers = {key: ANSWERS[key] for key in reversed(ANSWERS)} | {"guardian": " 王奶奶　"}
    cleaned = validate_answers(ANNEX_2, answers, final=True)
    assert list(cleaned) == ["guardian", "preparation", "process", "demands"]
    assert cleaned["guardian"] == "王奶奶"


def test_a_draft_may_be_incomplete_and_the_submission_may_not():
    assert validate_answers(ANNEX_2, {"process": "谈了手机"}, final=False) == {"process": "谈了手机"}
    with pytest.raises(Problem) as fault:
        validate_answers(ANNEX_2, {"process": "谈了手机", "demands": " \n　"}, final=True)
    assert set(fault.value.fields) == {"preparation", "demands"}
    assert fault.value.fields["demands"] == ["“家长诉求”还没有填。"]


def test_a_draft_keeps_an_overlong_text_and_the_submission_names_the_limit():
    long = ANSWERS | {"demands": "长" * 5001}
    assert len(validate_answers(ANNEX_2, long, final=False)["demands"]) == 5001
    with pytest.raises(Problem) as fault:
        validate_answers(ANNEX_2, long, final=True)
    assert fault.value.fields == {"demands": ["“家长诉求”最多 5000 个字，现在有 5001 个字。"]}
    with pytest.raises(Problem):
        validate_answers(ANNEX_2, long | {"demands": "长" * 50_001}, final=False)


@pytest.mark.parametrize("key", ["school", "student", "visit_time", "reflection", "__class__", ""])
@pytest.mark.parametrize("final", [True, False])
def test_unknown_fields_and_those_of_the_visit_are_refused(key, final):
    with pytest.raises(Problem) as fault:
        validate_answers(ANNEX_2, ANSWERS | {key: "x"}, final=final)
    assert list(fault.value.fields) == [key]


def test_every_kind_is_kept_in_its_plain_form():
    answers = ANSWERS | {
        "mood": "low",
        "topics": ["phone", "study", "phone"],
        "minutes": " ４５ ",
        "next_visit": "2021-05-01T11:30:40+00:00",
        "contact": "王\n奶奶",
    }
    cleaned = validate_answers(WIDE, answers, final=True)
    assert cleaned["topics"] == ["study", "phone"]
    assert cleaned["minutes"] == 45
    assert cleaned["next_visit"] == "2021-05-01T19:30"
    assert cleaned["contact"] == "王 奶奶"
    assert validate_answers(WIDE, cleaned, final=True) == cleaned
    shown = {item.key: shown_value(item, cleaned, HEADER) for item in WIDE.fields}
    assert (shown["mood"], shown["topics"], shown["minutes"]) == ("低落", "学习、手机", "45")
    assert shown["next_visit"] == "2021年5月1日 19:30"


def test_zero_is_an_answer():
    assert validate_answers(WIDE, {"minutes": 0}, final=False) == {"minutes": 0}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("mood", "angry"),
        ("mood", ["low"]),
        ("topics", "study"),
        ("topics", ["study", {}]),
        ("minutes", "四十"),
        ("minutes", -1),
        ("minutes", 601),
        ("minutes", float("nan")),
        ("minutes", True),
        ("minutes", "9" * 400),
        ("next_visit", "明天"),
        ("next_visit", "0001-01-01T00:00+14:00"),
        ("next_visit", 5),
        ("contact", "一二三四五六七"),
        ("process", 7),
        ("process", {"a": 1}),
    ],
)
def test_answers_of_the_wrong_kind_are_refused(key, value):
    with pytest.raises(Problem) as fault:
        validate_answers(WIDE, ANSWERS | {key: value}, final=True)
    assert list(fault.value.fields) == [key]


@pytest.mark.parametrize("answers", [None, [], "x", 3])
def test_answers_that_are_no_object_are_refused(answers):
    with pytest.raises(Problem):
        validate_answers(ANNEX_2, answers, final=False)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@drawn
@given(st.dictionaries(st.sampled_from([item.key for item in WIDE.asked]), junk), st.booleans())
def test_any_input_is_cleaned_to_a_fixed_point_or_refused(answers, final):
    try:
        cleaned = validate_answers(WIDE, answers, final=final)
    except Problem as fault:
        assert fault.code == "invalid"
        assert set(fault.fields) <= {item.key for item in WIDE.fields}
    else:
        assert validate_answers(WIDE, cleaned, final=final) == cleaned
        assert len(answers_digest(cleaned)) == 64


def test_text_loses_what_can_deceive_or_break_a_file():
    assert clean_text(" 甲\x00\u202e乙\r\n丙\ufeff\ud800\x07 \n") == "甲乙\n丙"
    assert clean_text("e\u0301") == "é"
    assert clean_text("家　访\t两栏") == "家　访\t两栏"


def test_the_digest_stands_for_the_content_alone():
    assert answers_digest({"a": "1", "b": ["x"]}) == answers_digest({"b": ["x"], "a": "1", "c": "", "d": []})
    assert answers_digest({"a": "1"}) != answers_digest({"a": 1})
    assert answers_digest({"a": "1"}) != answers_digest({"b": "1"})
    # A phone computes the same one: sorted keys, no spaces, UTF-8.
    canonical = '{"a":1,"b":"访"}'.encode()
    assert answers_digest({"b": "访", "a": 1}) == hashlib.sha256(canonical).hexdigest()


def test_the_teacher_may_correct_who_was_met_and_nothing_else_of_the_visit():
    guardian, school = ANNEX_2.field("guardian"), ANNEX_2.field("school")
    assert shown_value(guardian, {}, HEADER) == "李建国"
    assert shown_value(guardian, {"guardian": "王奶奶"}, HEADER) == "王奶奶"
    assert shown_value(school, {"school": "别的学校"}, HEADER) == HEADER.school


def test_times_are_told_in_shanghai():
    assert chinese_time(datetime(2021, 4, 3, 11, 5, tzinfo=UTC)) == "2021年4月3日 19:05"
    assert chinese_time("2021-04-03T09:05") == "2021年4月3日 09:05"


def test_answers_follow_to_the_next_version_and_nothing_is_lost():
    old = add_fields(ANNEX_2, OPTIONAL_ROWS)
    answers = ANSWERS | {"reflection": "先听家长说。\n少讲道理。", "remarks": "无"}
    new = remove_field(change_field(old, "reflection", kind="text", lines=1), "remarks")
    moved, left = migrate_answers(old, new, answers)
    assert moved == ANSWERS | {"reflection": "先听家长说。 少讲道理。"}
    assert left == {"remarks": "无"}
    assert list(moved) == [item.key for item in new.asked if item.key in moved]


def test_a_choice_becomes_its_words_and_an_unfit_answer_is_left_over():
    as_text = change_field(WIDE, "mood", kind="text", options=())
    as_number = change_field(WIDE, "contact", kind="number", max_length=0)
    assert migrate_answers(WIDE, as_text, {"mood": "low"}) == ({"mood": "低落"}, {})
    assert migrate_answers(WIDE, as_number, {"contact": "王奶奶"}) == ({}, {"contact": "王奶奶"})
    assert migrate_answers(WIDE, WIDE, {"mood": "low"}) == ({"mood": "low"}, {})


def test_an_empty_header_prints_empty():
    assert all(shown_value(item, {}, VisitHeader()) == "" for item in WIDE.fields)
