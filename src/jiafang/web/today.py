"""The page of today: what waits for this person now, gathered from every room's selectors; it keeps nothing itself."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from jiafang.access.actors import Actor
from jiafang.access.roles import BUREAU, LEADERS, Role
from jiafang.campaigns import selectors as campaigns
from jiafang.lib import clock
from jiafang.ui.parts import Figure
from jiafang.units import selectors as units
from jiafang.visits import selectors as visits
from jiafang.web.addresses import address
from jiafang.web.glance import care, watch
from jiafang.web.waiting import WEEKDAYS, Line, Today, clock_text, day_text, hours_text, section


def today(actor: Actor) -> Today:
    """What waits for ``actor`` on this day, by his or her posts."""
    page = Today(_where(actor))
    running = list(campaigns.current(actor)[:3])
    if actor.roles - BUREAU:
        _go_out(actor, page)
        _write(actor, page)
        _read_first(actor, running, page)
    if Role.COUNSELLOR in actor.roles:
        care(actor, page)
    if actor.roles & (LEADERS | {Role.GRADE_HEAD} | BUREAU):
        watch(actor, page)
    _know(running, page)
    return page


def _where(actor: Actor) -> str:
    """“4月20日 星期一 · 七年级1班 班主任”."""
    day = clock.today()
    posts = [f"{units.unit(p.unit_id).label} {Role(p.role).label}" for p in actor.posts[:3]]
    return f"{day.month}月{day.day}日 {WEEKDAYS[day.weekday()]} · " + "、".join(posts)


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
        " · ".join(f for f in [f"{day_text(at.date())}" if with_day else "", *facts] if f),
        clock_text(visit.starts_at),
        address("visits:visit", visit.pk),
        visit,
    )


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
        section(
            _("今天的家访"),
            "route",
            (_visit_line(v, actor, with_day=False) for v in tonight),
            href=week,
            more=_("我的一周"),
            empty=_("今天没有安排家访。") + (_("下一次在%s。") % day_text(_date(ahead[0])) if ahead else ""),
        )
    )
    if ahead:
        page.main.append(
            section(_("接下来"), "calendar-week", (_visit_line(v, actor, with_day=True) for v in ahead), href=week)
        )
    page.figures.append(
        Figure(
            _("今天"),
            len(tonight),
            _("户"),
            href=week,
            note=_("最早 %s") % clock_text(tonight[0].starts_at) if tonight else "",
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
            section(
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
            section(
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
            section(
                _("守则自查"),
                "shield-check",
                (
                    Line(
                        _("%s的外出") % day_text(o.day), _("半分钟，几个勾"), href=address("visits:check_outing", o.pk)
                    )
                    for o in checks
                ),
            )
        )


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


def _know(running: list, page: Today) -> None:
    """Campaigns that run now, with the days left."""
    lines = []
    for campaign in running:
        left = (campaign.ends - clock.today()).days if campaign.ends else None
        note = _("还有 %d 天") % left if left is not None and left >= 0 else ""
        lines.append(Line(campaign.title, href=address("campaigns:campaign", campaign.pk), note=note))
    if lines:
        page.side.append(section(_("正在进行的活动"), "flag", lines, href=address("campaigns:list")))
