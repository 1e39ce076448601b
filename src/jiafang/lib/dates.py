"""Dates as schools write them, school years, school weeks, and what a cohort is called on a given day."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from .text import half

_EPOCH = date(1899, 12, 30)  # day 0 of Excel's 1900 system, its phantom 29 February 1900 included
_SERIALS = range(10_959, 73_051)  # 1930 … 2099: below it a number is rather a year than a day
_SPLIT = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*[日号]?)?\s*月?(?:[T\s].*)?$"
)
_DIGITS = "零一二三四五六七八九"
TURN_MONTH = 8  # rosters of the new school year are made in August


def parse_date(value: object) -> date | None:
    """The day meant by a cell: a date, "2026-3-1", "2026年3月1日", 20260301, "202603", a serial; else None.

    A month alone ("2024年9月", "202409") means its first day.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        whole = int(value)
        if whole in _SERIALS:
            return _EPOCH + timedelta(days=whole)
        return _of_digits(str(whole)) if whole == value else None
    if not isinstance(value, str):
        return None
    text = half(value)
    if text.isascii() and text.isdigit():
        if len(text) == 5 and int(text) in _SERIALS:
            return _EPOCH + timedelta(days=int(text))
        return _of_digits(text)
    match = _SPLIT.match(text)
    return _day(match[1], match[2], match[3] or "1") if match else None


def _of_digits(text: str) -> date | None:
    if len(text) == 8:
        return _day(text[:4], text[4:6], text[6:])
    return _day(text[:4], text[4:], "1") if len(text) == 6 else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def school_year(on: date) -> int:
    """The year in which the school year of this day began: 2026-03-01 → 2025. It turns on 1 August."""
    return on.year if on.month >= TURN_MONTH else on.year - 1


def school_week(on: date, term_begins: date) -> int:
    """Week of term counted from 1, weeks running Monday to Sunday; 0 or less before the term."""
    first = term_begins - timedelta(days=term_begins.weekday())
    return (on - first).days // 7 + 1


def han_number(number: int) -> str:
    """1 … 99 in Chinese: 7 → "七", 12 → "十二"."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def from_han(text: str) -> int | None:
    """"七" → 7, "十二" → 12, "二十" → 20, "7" → 7; None for anything else."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    tens, mark, ones = text.partition("十")
    if not mark:
        return _DIGITS.index(text) if len(text) == 1 and text in _DIGITS else None
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS) or len(tens) > 1 or len(ones) > 1:
        return None
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)


def years_of(stage: str, primary_years: int = 6) -> int:
    """How many years a stage lasts; with five years of primary school junior lasts four (五四制)."""
    return {"primary": primary_years, "junior": 9 - primary_years, "senior": 3}[stage]


def grade_in_stage(entered_year: int, on: date) -> int:
    """1 for the year of entry. Below 1 before entering."""
    return school_year(on) - entered_year + 1


def entered_year(grade: int, on: date) -> int:
    """The entry year of those who are in `grade` (counted within the stage) on this day."""
    return school_year(on) - grade + 1


def grade_name(stage: str, entered: int, on: date, style: str = "number", primary_years: int = 6) -> str:
    """What the cohort is called on this day. style "number": 七年级, "stage": 初一; senior is 高一 in both.

    Before entry and after leaving it is the cohort's own name, 2024级.
    """
    grade = grade_in_stage(entered, on)
    if not 1 <= grade <= years_of(stage, primary_years):
        return f"{entered}级"
    if stage == "senior":
        return f"高{han_number(grade)}"
    if stage == "junior":
        return f"初{han_number(grade)}" if style == "stage" else f"{han_number(grade + primary_years)}年级"
    return f"{han_number(grade)}年级"


def class_name(
    stage: str, entered: int, number: int, on: date, style: str = "number", primary_years: int = 6
) -> str:
    """七年级1班, 初一1班, 2024级1班."""
    return f"{grade_name(stage, entered, on, style, primary_years)}{number}班"
