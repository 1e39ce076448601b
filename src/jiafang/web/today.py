"""The page of today: what waits for this person now, gathered from every room's selectors; it keeps nothing itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.roles import BUREAU, LEADERS, Role
from jiafang.campaigns import selectors as campaigns
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.reports import charts
from jiafang.reports import selectors as reports
from jiafang.ui.parts import Figure
from jiafang.units import selectors as units
from jiafang.visits import selectors as visits
from jiafang.web.addresses import address

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
SHOWN = 6
GLANCE = ("coverage", "special_reached", "records_on_time", "participation")


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


def today(actor: Actor) -> Today:
    """What waits for ``actor`` on this day, by his or her posts."""
    page = Today(_where(actor))
    running = list(campaigns.current(actor)[:3])
    if actor.roles - BUREAU:
        _go_out(actor, page)
        _write(actor, page)
        _read_first(actor, running, page)
    if actor.roles & (LEADERS | {Role.GRADE_HEAD} | BUREAU):
        _watch(actor, page)
    _know(running, page)
    return page


def _where(actor: Actor) -> str:
    """“4月20日 星期一 · 七年级1班 班主任”."""
    day = clock.today()
    posts = [f"{units.unit(p.unit_id).label} {Role(p.role).label}" for p in actor.posts[:3]]
    return f"{day.month}月{day.day}日 {WEEKDAYS[day.weekday()]} · " + "、".join(posts)


def _clock(moment: datetime | None) -> str:
    return moment.astimezone(clock.TZ).strftime("%H:%M") if moment else ""


def _day(day: date) -> str:
    """今天, 明天, else 周三 or 4月20日."""
    away = (day - clock.today()).days
    if away in (0, 1):
        return (_("今天"), _("明天"))[away]
    return f"周{WEEKDAYS[day.weekday()][-1]}" if 0 < away < 7 else f"{day.month}月{day.day}日"


def family(visit) -> str:
    """The children of a visit, as the family is called."""
    return "、".join(part.student.name for part in visit.visit_students.all()) or _("另一班的家庭")


def _team(visit, actor: Actor) -> str:
    """Who goes along, without the reader."""
    people = [p for p in (visit.lead, visit.companion, visit.extra) if p and p.pk != actor.staff_id]
    return _("和%s") % "、".join(p.name for p in people) if people else ""


def _visit_line(visit, actor: Actor, *, with_day: bool) -> Line:
    at = visit.starts_at.astimezone(clock.TZ)
    facts = [_team(visit, actor), visit.get_mode_display()]
    return Line(
        family(visit),
        " · ".join(f for f in [f"{_day(at.date())}" if with_day else "", *facts] if f),
        _clock(visit.starts_at),
        address("visits:visit", visit.pk),
        visit,
    )


def _section(title: str, icon: str, lines: Iterable[Line], **more: Any) -> Section:
    lines = list(lines)
    return Section(title, icon, lines[:SHOWN], total=len(lines), **more)


def _go_out(actor: Actor, page: Today) -> None:
    """Tonight's families, then the rest of this week and the next."""
    monday = visits.monday_of(clock.today())
    tonight = visits.tonight(actor)
    days = visits.week(actor, monday) + visits.week(actor, monday + timedelta(days=7))
    ahead = [v for day in days if day.day > clock.today() for v in day.visits]
    week = address("visits:week")
    if not tonight and actor.roles & LEADERS:
        return
    page.main.append(
        _section(
            _("今天的家访"),
            "route",
            (_visit_line(v, actor, with_day=False) for v in tonight),
            href=week,
            more=_("我的一周"),
            empty=_("今天没有安排家访。") + (_("下一次在%s。") % _day(_date(ahead[0])) if ahead else ""),
        )
    )
    if ahead:
        page.main.append(
            _section(_("接下来"), "calendar-week", (_visit_line(v, actor, with_day=True) for v in ahead), href=week)
        )
    page.figures.append(
        Figure(
            _("今天"),
            len(tonight),
            _("户"),
            href=week,
            note=_("最早 %s") % _clock(tonight[0].starts_at) if tonight else "",
        )
    )
    page.figures.append(Figure(_("两周内"), len(ahead), _("户"), href=week))


def _date(visit) -> date:
    return visit.starts_at.astimezone(clock.TZ).date()


def _write(actor: Actor, page: Today) -> None:
    """Records to write, to confirm, and self-checks to make."""
    due = visits.records_due(actor)
    late = [d for d in due if d.late]
    if due:
        page.main.insert(
            0 if late else 1,
            _section(
                _("待填的记录"),
                "pencil",
                (
                    Line(
                        d.visit_student.student.name,
                        d.visit_student.klass.label,
                        href=address("visits:write", d.visit_student.pk),
                        chip="late" if d.late else "record_due",
                        note=hours_text(d),
                        late=d.late,
                    )
                    for d in due
                ),
                href=address("visits:list", query="state=held"),
            ),
        )
    soon = min((d.hours_left for d in due if d.hours_left is not None and not d.late), default=None)
    note = _("最早还有 %d 小时到期") % soon if soon is not None else ""
    page.figures.append(
        Figure(
            _("待填记录"),
            len(due),
            _("份"),
            note=note,
            tone="now" if due else "",
            href=address("visits:list", query="state=held"),
        )
    )
    if late:
        page.figures.append(
            Figure(_("已逾期"), len(late), _("份"), tone="late", href=address("visits:list", query="state=held"))
        )
    confirm = visits.to_confirm(actor)
    if confirm:
        page.side.append(
            _section(
                _("等您确认的记录"),
                "user-check",
                (
                    Line(
                        r.visit_student.student.name,
                        _("%s老师写的") % r.visit_student.visit.lead.name,
                        href=address("visits:record", r.pk),
                        chip="recorded",
                    )
                    for r in confirm
                ),
            )
        )
    checks = visits.without_check(actor)
    if checks:
        page.side.append(
            _section(
                _("守则自查"),
                "shield-check",
                (
                    Line(_("%s的外出") % _day(o.day), _("半分钟，几个勾"), href=address("visits:check_outing", o.pk))
                    for o in checks
                ),
            )
        )


def hours_text(due) -> str:
    """“还有 5 小时到期”, “过了 3 小时”, or nothing where there is no limit."""
    if due.hours_left is None:
        return ""
    if due.late:
        hours = due.hours_late
        return ngettext("过了 %d 小时", "过了 %d 小时", hours) % hours if hours else _("刚过期限")
    if due.hours_left < 48:
        return _("还有 %d 小时到期") % due.hours_left
    return _("还有 %d 天到期") % (due.hours_left // 24)


def _read_first(actor: Actor, running: list, page: Today) -> None:
    """Nobody goes out before having read the conduct code."""
    for campaign in running:
        if not campaigns.may_go_out(actor.staff_id, campaign):
            page.notices.append(
                Line(
                    _("出门前请先读《家访守则》，读完点一下“已阅知”。"),
                    campaign.title,
                    href=address("campaigns:conduct"),
                )
            )
            return


def _watch(actor: Actor, page: Today) -> None:
    """For those who run a school or a bureau: how it stands, and what is late with whom."""
    place = reports.first_place(actor)
    if place is None:
        return
    campaign, unit = place
    by_code = {f.indicator.code: f for f in reports.figures(actor, campaign, unit)}
    here = address("reports:unit", campaign.pk, unit.pk)
    glance = [
        Figure(
            f.indicator.name,
            f.text,
            note=f.parts_text,
            href=address("reports:rows", campaign.pk, unit.pk, code) if f.rows else here,
        )
        for code in GLANCE
        if (f := by_code.get(code))
    ]
    late = reports.late_count(actor, campaign, unit)
    late_page = address("reports:late", campaign.pk, unit.pk)
    glance.append(Figure(_("逾期未交的记录"), late, _("份"), tone="late" if late else "good", href=late_page))
    page.figures = [f for f in page.figures if f.tone] + glance
    page.charts = charts.of_unit(actor, reports.place(actor, campaign.pk, unit.pk))[:2]
    if policy.can(actor, "campaign.read_progress", path=unit.path) and actor.roles & BUREAU:
        _bureau(actor, campaign, unit, late_page, page)
    else:
        _school_plans(actor, page)
        rows = visits.late(actor)
        page.side.append(
            _section(
                _("逾期未交"),
                "alert-triangle",
                (
                    Line(
                        d.visit_student.student.name,
                        f"{d.visit_student.klass.label} · {d.with_whom.name}",
                        note=hours_text(d),
                        href=address("visits:visit", d.visit.pk),
                        late=True,
                    )
                    for d in rows
                ),
                href=late_page,
                empty=_("没有逾期的记录。"),
            )
        )


def _school_plans(actor: Actor, page: Today) -> None:
    """The school's own plans that wait for the reader: to write, approve, seal or hand in."""
    lines = []
    for part in campaigns.school_campaigns(actor).filter(campaign__state="open"):
        if not policy.can(actor, "plan.edit", path=part.school.path):
            continue
        try:
            view = campaigns.plan_of(actor, part)
        except Problem:  # nothing drafted yet
            continue
        if view.verbs:
            note = _("晚了 %d 天") % view.late_days if view.late_days else ""
            if view.due and not view.late_days:
                note = _("%d月%d日前报送") % (view.due.month, view.due.day)
            lines.append(
                Line(
                    _("一校一策"),
                    part.campaign.title,
                    href=address("campaigns:plan", part.pk),
                    chip=view.plan,
                    note=note,
                    late=bool(view.late_days),
                )
            )
    if lines:
        page.side.append(_section(_("学校方案"), "file-text", lines))


def _bureau(actor: Actor, campaign, unit, late_page: str, page: Today) -> None:
    """Plans to look at, and schools whose records are late."""
    waiting = [row for row in campaigns.plans(actor, campaign) if row.verbs or row.late_days]
    page.main.append(
        _section(
            _("学校方案"),
            "file-text",
            (
                Line(
                    row.plan.school_campaign.school.name,
                    _("截止 %d月%d日") % (row.due.month, row.due.day) if row.due else "",
                    href=address("campaigns:plan", row.plan.school_campaign_id),
                    chip=row.plan,
                    note=_("晚了 %d 天") % row.late_days if row.late_days else "",
                    late=bool(row.late_days),
                )
                for row in waiting
            ),
            empty=_("没有等着处理的方案。"),
        )
    )
    page.side.append(
        _section(
            _("逾期记录在哪些学校"),
            "alert-triangle",
            (
                Line(school.name, note=_("%d 份") % n, href=address("reports:late", campaign.pk, school.pk), late=True)
                for school, n in reports.late_by_school(actor, campaign, unit)
            ),
            href=late_page,
            empty=_("没有逾期的记录。"),
        )
    )


def _know(running: list, page: Today) -> None:
    """Campaigns that run now, with the days left."""
    lines = []
    for campaign in running:
        left = (campaign.ends - clock.today()).days if campaign.ends else None
        note = _("还有 %d 天") % left if left is not None and left >= 0 else ""
        lines.append(Line(campaign.title, href=address("campaigns:campaign", campaign.pk), note=note))
    if lines:
        page.side.append(_section(_("正在进行的活动"), "flag", lines, href=address("campaigns:list")))
