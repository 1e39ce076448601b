"""What stands on the page of today: a line, a section, the page; and how times are said there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from jiafang.lib import clock
from jiafang.ui.parts import Figure

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: when, what, with whom, how it stands, and the way to it."""

    title: str
    sub: str = ""
    time: str = ""
    href: str = ""
    chip: Any = None
    note: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one kind. ``total`` counts all of them, the page shows the first few and ``href`` the rest."""

    title: str
    icon: str
    lines: list[Line]
    href: str = ""
    total: int = 0
    more: str = ""
    empty: str = ""


@dataclass(slots=True)
class Today:
    """The page: figures on top, what to do in ``main``, what to know in ``side``, one notice at most."""

    where: str
    figures: list[Figure] = field(default_factory=list)
    main: list[Section] = field(default_factory=list)
    side: list[Section] = field(default_factory=list)
    notices: list[Line] = field(default_factory=list)
    charts: list[dict] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not any(section.lines for section in self.main + self.side)


def clock_text(moment: datetime | None) -> str:
    return moment.astimezone(clock.TZ).strftime("%H:%M") if moment else ""


def day_text(day: date) -> str:
    """今天, 明天, else 周三 or 4月20日."""
    away = (day - clock.today()).days
    if away in (0, 1):
        return (_("今天"), _("明天"))[away]
    return f"周{WEEKDAYS[day.weekday()][-1]}" if 0 < away < 7 else f"{day.month}月{day.day}日"


def section(title: str, icon: str, lines: Iterable[Line], **more: Any) -> Section:
    lines = list(lines)
    return Section(title, icon, lines[:SHOWN], total=len(lines), **more)


def hours_text(due) -> str:
    """“还有 5 小时到期”, “过了 3 小时”, or nothing where there is no limit."""
    if due.hours_left is None:
        return ""
    if due.late:
        hours = due.hours_late
        if hours >= 48:
            return _("过了 %d 天") % (hours // 24)
        return _("过了 %d 小时") % hours if hours else _("刚过期限")
    if due.hours_left < 48:
        return _("还有 %d 小时到期") % due.hours_left
    return _("还有 %d 天到期") % (due.hours_left // 24)
