"""Dates as typed, school years, cohort names and class names."""

from datetime import date, datetime

import pytest

from jiafang.lib import dates
from jiafang.lib.classnames import ClassName, parse_class

SPRING = date(2026, 3, 1)


@pytest.mark.parametrize(
    "typed",
    ["2026-3-1", "2026/03/01", "2026.3.1", "2026年3月1日", "２０２６－３－１", 20260301, 20260301.0, "20260301", 46082, 46082.25, "46082", datetime(2026, 3, 1, 8), SPRING, "2026-03-01 00:00:00"],
)
def test_one_day_in_many_spellings(typed):
    assert dates.parse_date(typed) == SPRING


@pytest.mark.parametrize("typed", ["2026-2-30", "三月", "", None, True, 59, "26-3-1", 2026.5, "2026-13"])
def test_no_day(typed):
    assert dates.parse_date(typed) is None


def test_months_mean_their_first_day():
    assert dates.parse_date("2024年9月") == dates.parse_date("202409") == dates.parse_date("2024-09") == date(2024, 9, 1)


def test_school_year_turns_in_august():
    assert dates.school_year(date(2026, 7, 31)) == 2025
    assert dates.school_year(date(2026, 8, 1)) == 2026


def test_school_week_counts_from_the_monday_of_the_first_day():
    assert dates.school_week(date(2026, 3, 2), date(2026, 3, 4)) == 1
    assert dates.school_week(date(2026, 3, 9), date(2026, 3, 4)) == 2
    assert dates.school_week(date(2026, 3, 1), date(2026, 3, 4)) == 0


@pytest.mark.parametrize(
    ("stage", "entered", "style", "name"),
    [
        ("junior", 2025, "number", "七年级"),
        ("junior", 2025, "stage", "初一"),
        ("primary", 2020, "number", "六年级"),
        ("senior", 2023, "number", "高三"),
        ("junior", 2022, "number", "2022级"),
        ("junior", 2026, "stage", "2026级"),
    ],
)
def test_cohort_names(stage, entered, style, name):
    assert dates.grade_name(stage, entered, SPRING, style) == name


def test_five_year_primary_makes_sixth_grade_junior():
    assert dates.grade_name("junior", 2025, SPRING, "number", 5) == "六年级"
    assert parse_class("六年级1班", primary_years=5) == ClassName("junior", 1, None, 1)


def test_class_keeps_its_cohort_when_the_grade_rises():
    assert dates.class_name("junior", 2025, 3, SPRING) == "七年级3班"
    assert dates.class_name("junior", 2025, 3, date(2026, 9, 1)) == "八年级3班"
    assert parse_class("七年级3班").entered_on(SPRING) == parse_class("八年级3班").entered_on(date(2026, 9, 1)) == 2025


@pytest.mark.parametrize(
    "typed",
    ["七年级1班", "七(1)班", "七（１）班", "初一1班", "初一（1）班", "7.1", "701班", "0701", "七1班", "7年级1班", "初中七年级1班", "七 年 级 一 班", "七年级第1班", "7-1"],
)
def test_one_class_in_many_spellings(typed):
    assert parse_class(typed) == ClassName("junior", 1, None, 1)


@pytest.mark.parametrize(
    ("typed", "grade", "found"),
    [
        ("2024级1班", "", ClassName(None, None, 2024, 1)),
        ("初2024级(3)班", "", ClassName("junior", None, 2024, 3)),
        ("高一3班", "", ClassName("senior", 1, None, 3)),
        ("三年级二班", "", ClassName("primary", 3, None, 2)),
        ("六年级十二班", "", ClassName("primary", 6, None, 12)),
        ("1", "七年级", ClassName("junior", 1, None, 1)),
        ("02班", "初二", ClassName("junior", 2, None, 2)),
        ("1班", "2024级", ClassName(None, None, 2024, 1)),
        ("七(2)班", "七年级", ClassName("junior", 1, None, 2)),
        ("1班", "", ClassName(None, None, None, 1)),
        ("七年级", "", ClassName("junior", 1, None, None)),
        ("阳光班", "", None),
        ("初七1班", "", None),
        ("", "七年级", None),
        ("十三年级1班", "", None),
    ],
)
def test_class_names(typed, grade, found):
    assert parse_class(typed, grade) == found


def test_numbers_in_chinese():
    assert [dates.han_number(n) for n in (1, 10, 12, 20, 21)] == ["一", "十", "十二", "二十", "二十一"]
    assert [dates.from_han(dates.han_number(n)) for n in range(1, 100)] == list(range(1, 100))
    assert dates.from_han("百") is None
