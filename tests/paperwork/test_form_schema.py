"""The form template: strict reading, its grid, and a school's own changes."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiafang.lib.errors import Problem
from jiafang.paperwork.forms import (
    ANNEX_2,
    FOLLOW_UP,
    OPTIONAL_ROWS,
    Field,
    FormSchema,
    Option,
    add_fields,
    change_field,
    grid_rows,
    own_form,
    parse_schema,
    remove_field,
    rename_form,
    reorder_fields,
    require_fields,
    schema_dict,
)

from .samples import drawn

ANNEX_LABELS = [
    "学校",
    "教师姓名",
    "班级",
    "学生姓名",
    "家长姓名",
    "同行教师",
    "家访时间",
    "家访形式",
    "家访准备",
    "家访过程",
    "家长诉求",
]


def test_annex_2_is_the_document_s_form():
    assert ANNEX_2.title == "“大家访”活动记录表"
    assert [item.label for item in ANNEX_2.fields] == ANNEX_LABELS
    assert [[(cell.field.label, cell.column, cell.span) for cell in row] for row in grid_rows(ANNEX_2)] == [
        [("教师姓名", 0, 2), ("班级", 2, 2), ("学生姓名", 4, 2)],
        [("家长姓名", 0, 2), ("同行教师", 2, 4)],
        [("家访时间", 0, 2), ("家访形式", 2, 4)],
        [("家访准备", 0, 6)],
        [("家访过程", 0, 6)],
        [("家长诉求", 0, 6)],
    ]


def test_only_what_the_visit_does_not_know_is_asked():
    assert [item.key for item in ANNEX_2.asked] == ["guardian", "preparation", "process", "demands"]


def test_schema_survives_json():
    for schema in (ANNEX_2, add_fields(ANNEX_2, OPTIONAL_ROWS)):
        assert parse_schema(json.loads(json.dumps(schema_dict(schema)))) == schema


def base(**changes):
    return schema_dict(ANNEX_2) | changes


def with_field(**changes):
    data = schema_dict(ANNEX_2)
    data["fields"].append({"key": "mood", "label": "情绪", "kind": "text"} | changes)
    return data


def test_a_further_field_is_accepted():
    assert parse_schema(with_field()).field("mood").label == "情绪"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (None, "schema"),
        ([], "schema"),
        (base(format=2), "format"),
        (base(colour="red"), "colour"),
        (base(title="  "), "title"),
        (base(title="甲" * 61), "title"),
        (base(version=True), "version"),
        (base(version=0), "version"),
        (base(key="Annex 2"), "key"),
        (base(fields=[]), "fields"),
        (base(fields={}), "fields"),
        (base(fields=[1]), "fields.0"),
        (with_field(kind="html"), "fields.11.kind"),
        (with_field(key="school"), "fields.11.key"),
        (with_field(label="学校"), "fields.11.label"),
        (with_field(label="两\n行"), "fields.11.label"),
        (with_field(onclick="x"), "fields.11.onclick"),
        (with_field(span=7), "fields.11.span"),
        (with_field(span="2"), "fields.11.span"),
        (with_field(required="yes"), "fields.11.required"),
        (with_field(max_length=20_001), "fields.11.max_length"),
        (with_field(minimum=1), "fields.11.minimum"),
        (with_field(kind="number", minimum=2, maximum=1), "fields.11.maximum"),
        (with_field(kind="number", minimum="1"), "fields.11.minimum"),
        (with_field(kind="number", max_length=5), "fields.11.max_length"),
        (with_field(kind="auto"), "fields.11.auto"),
        (with_field(kind="auto", auto="password"), "fields.11.auto"),
        (with_field(kind="auto", auto="school"), "fields.11.auto"),
        (with_field(auto="teacher"), "fields.11.auto"),
        (with_field(editable=True), "fields.11.editable"),
        (with_field(kind="choice"), "fields.11.options"),
        (with_field(kind="choice", options=[{"code": "a", "label": "甲"}]), "fields.11.options"),
        (with_field(kind="choice", options=[{"code": "a", "label": "甲"}] * 2), "fields.11.options"),
        (with_field(kind="choice", options=[{"code": "a"}, 3]), "fields.11.options.0"),
        (with_field(options=[{"code": "a", "label": "甲"}]), "fields.11.options"),
        (with_field(above=True, lines=3), "fields.11.lines"),
    ],
)
def test_a_faulty_schema_is_refused_with_the_place(data, place):
    with pytest.raises(Problem) as fault:
        parse_schema(data)
    assert fault.value.code == "invalid"
    assert place in fault.value.fields
    assert all(sentences and all(sentences) for sentences in fault.value.fields.values())


def test_all_faults_are_told_at_once():
    with pytest.raises(Problem) as fault:
        parse_schema(base(title="", key=""))
    assert {"title", "key"} <= set(fault.value.fields)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@drawn
@given(json_values, st.sampled_from(["title", "fields", "version", "key", "format"]))
def test_reading_any_json_gives_a_schema_or_a_problem(value, name):
    for data in (value, base(**{name: value})):
        try:
            assert isinstance(parse_schema(data), FormSchema)
        except Problem as fault:
            assert fault.code == "invalid"


@drawn
@given(json_values, st.sampled_from([*Field.__dataclass_fields__]))
def test_reading_any_field_gives_a_schema_or_a_problem(value, name):
    try:
        schema = parse_schema(with_field(**{name: value}))
    except Problem as fault:
        assert fault.code == "invalid"
    else:
        assert parse_schema(schema_dict(schema)) == schema


fields = st.builds(
    lambda kind, span, lines: (kind, span, lines),
    st.sampled_from(["text", "long_text", "number", "date_time", "person"]),
    st.integers(2, 6),
    st.integers(1, 12),
)


@drawn
@given(st.lists(fields, min_size=1, max_size=20))
def test_any_order_of_fields_closes_the_grid(given_fields):
    schema = FormSchema(
        "own", 1, "表", tuple(Field(f"f{i}", f"栏{i}", k, span=s, lines=n) for i, (k, s, n) in enumerate(given_fields))
    )
    rows = grid_rows(schema)
    assert [cell.field for row in rows for cell in row] == list(schema.fields)
    for row in rows:
        assert row[0].column == 0
        assert sum(cell.span for cell in row) == 6
        assert all(left.column + left.span == right.column for left, right in pairwise(row))
        assert len(row) == 1 or not any(cell.field.tall for cell in row)


def test_every_change_is_a_new_version():
    own = own_form(ANNEX_2, key="school_7", title="家访记录表")
    assert (own.version, own.key, own.title) == (1, "school_7", "家访记录表")
    wider = add_fields(own, OPTIONAL_ROWS)
    assert wider.version == 2
    assert [item.label for item in wider.fields[-3:]] == ["后续措施", "反思", "备注"]
    assert add_fields(own, [FOLLOW_UP], before="demands").fields[-2] == FOLLOW_UP
    assert remove_field(wider, "reflection").field("reflection") is None
    assert rename_form(wider, "表").version == 3
    assert change_field(wider, "remarks", label="其他").field("remarks").label == "其他"
    turned = reorder_fields(own, [item.key for item in reversed(own.fields)])
    assert turned.fields[0].key == "demands"


def test_what_the_campaign_requires_stays():
    assert remove_field(ANNEX_2, "companion").field("companion") is None
    with pytest.raises(Problem) as fault:
        remove_field(ANNEX_2, "companion", keep=("companion",))
    assert fault.value.code == "not_allowed"


@pytest.mark.parametrize(
    "edit",
    [
        lambda: add_fields(ANNEX_2, [replace(FOLLOW_UP, key="school")]),
        lambda: add_fields(ANNEX_2, [Field("pick", "选", "choice", options=(Option("a", "甲"),))]),
        lambda: change_field(ANNEX_2, "demands", span=9),
        lambda: reorder_fields(ANNEX_2, ["school"]),
        lambda: reorder_fields(ANNEX_2, ["school"] * 11),
        lambda: require_fields(ANNEX_2, ["reflection"]),
    ],
)
def test_an_edit_that_breaks_the_form_is_refused(edit):
    with pytest.raises(Problem) as fault:
        edit()
    assert fault.value.code == "invalid"


def test_an_unknown_field_is_not_found():
    with pytest.raises(Problem) as fault:
        remove_field(ANNEX_2, "mood")
    assert fault.value.code == "not_found"


def test_a_campaign_requires_fields_without_a_new_version():
    strict = require_fields(ANNEX_2, ["companion"])
    assert strict.version == ANNEX_2.version
    assert strict.field("companion").required
    assert not ANNEX_2.field("companion").required
