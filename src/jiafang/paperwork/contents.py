"""What goes into a paper, as plain data: the bound workbook, the school plan and the letter to parents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from .forms import FormSchema, VisitHeader

_NUMERALS = "〇一二三四五六七八九十"


def chinese_number(value: int) -> str:
    """1 to 99 as Chinese numerals, for headings: 一, 十, 二十一."""
    if not 1 <= value <= 99:
        raise ValueError(value)
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens] + "十"
    return head + (_NUMERALS[ones] if ones else "")


def chinese_date(value: date | None) -> str:
    """A day as papers write it, “2026年3月9日”; an empty string for None."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


@dataclass(frozen=True, slots=True)
class WorkbookCover:
    """The cover of a class's book; `custodians` lists the class teachers who kept it, with dates after a handover."""

    school: str
    klass: str
    school_year: str
    custodians: tuple[str, ...]
    campaign: str = ""
    period: str = ""
    title: str = "家访工作记录本"
    printed_on: date | None = None


def cover_lines(cover: WorkbookCover) -> list[tuple[str, tuple[str, ...]]]:
    """The cover's labelled lines, shared by PDF and Word."""
    lines = [
        ("学校", (cover.school,)),
        ("班级", (cover.klass,)),
        ("学年", (cover.school_year,)),
        ("保管人（班主任）", cover.custodians or ("",)),
    ]
    return [*lines, ("起止时间", (cover.period,))] if cover.period else lines


@dataclass(frozen=True, slots=True)
class WorkbookEntry:
    """A line of the book's contents; without `answers` the pupil is listed (not yet visited, declined) but has no page."""

    schema: FormSchema
    header: VisitHeader
    answers: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts; every row has one text for each heading."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if not self.header or any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("every row of a table needs a text for each heading")


@dataclass(frozen=True, slots=True)
class Task:
    """A bar of the task chart: first and last day."""

    name: str
    start: date
    end: date
    owner: str = ""

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError("a task ends before it starts")


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A section of the plan; its number (一、二、…) is set by its place."""

    heading: str
    text: str = ""
    table: Table | None = None
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class SchoolPlan:
    """一校一策: `approvals` are finished lines such as “校内审定：2026年3月9日 校务会”; the stamp goes by the signature."""

    title: str
    school: str
    sections: tuple[PlanSection, ...]
    subtitle: str = ""
    signed_on: date | None = None
    attachments: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()
    stamp: bool = True


@dataclass(frozen=True, slots=True)
class ReplySlip:
    """回执; `ways` are the campaign's visit modes as offered to the family, “另选地点” last with a line to write on."""

    klass: str = ""
    student: str = ""
    guardian: str = ""
    ways: tuple[str, ...] = ("上门", "线上", "另选地点")


@dataclass(frozen=True, slots=True)
class Letter:
    """致家长的一封信; `parts` are (heading, text) pairs."""

    title: str
    greeting: str
    text: str
    signed_by: str
    signed_on: date | None = None
    parts: tuple[tuple[str, str], ...] = ()
    slip: ReplySlip | None = field(default_factory=ReplySlip)


@dataclass(frozen=True, slots=True)
class ChartGrid:
    """A task chart as a grid: the periods' headings, and for every task whether it is busy in each."""

    periods: tuple[str, ...]
    busy: tuple[tuple[bool, ...], ...]


def chart_grid(tasks: tuple[Task, ...]) -> ChartGrid:
    """The chart's columns: weeks up to 14, else half months up to 14, else months, so that it fits a sheet."""
    first, last = min(task.start for task in tasks), max(task.end for task in tasks)
    spans = next((spans for spans in (_weeks(first, last), _half_months(first, last)) if len(spans) <= 14), None)
    spans = spans or _months(first, last)
    busy = tuple(tuple(task.start <= end and task.end >= start for start, end, _name in spans) for task in tasks)
    return ChartGrid(tuple(name for _start, _end, name in spans), busy)


def _weeks(first: date, last: date) -> list[tuple[date, date, str]]:
    monday = first - timedelta(days=first.weekday())
    starts = [monday + timedelta(weeks=week) for week in range((last - monday).days // 7 + 1)]
    return [(start, start + timedelta(days=6), f"{start.month}/{start.day}") for start in starts]


def _months(first: date, last: date) -> list[tuple[date, date, str]]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    starts = [_month(first, offset) for offset in range(count + 1)]
    spans = []
    for start, after in pairwise(starts):
        # January carries the year, as does the first column.
        year = f"{start.year}年" if start.month == 1 or start == starts[0] else ""
        spans.append((start, after - timedelta(days=1), f"{year}{start.month}月"))
    return spans


def _month(first: date, offset: int) -> date:
    years, month = divmod(first.month - 1 + offset, 12)
    return date(first.year + years, month + 1, 1)


def _half_months(first: date, last: date) -> list[tuple[date, date, str]]:
    halves = []
    for start, end, _name in _months(first, last):
        halves.append((start, start.replace(day=15), f"{start.month}月上"))
        halves.append((start.replace(day=16), end, f"{start.month}月下"))
    return [half for half in halves if half[1] >= first and half[0] <= last]
