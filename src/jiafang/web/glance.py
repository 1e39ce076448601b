"""The part of the page of today for those who look after others: how a school stands, what is late, the care ledger."""

from collections import Counter

from django.utils.translation import gettext as _

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.roles import BUREAU
from jiafang.campaigns import selectors as campaigns
from jiafang.dossiers import selectors as dossiers
from jiafang.lib.errors import Problem
from jiafang.reports import charts
from jiafang.reports import selectors as reports
from jiafang.ui.parts import Figure
from jiafang.visits import selectors as visits
from jiafang.web.addresses import address
from jiafang.web.waiting import Line, Today, hours_text, section

GLANCE = ("coverage", "special_reached", "records_on_time", "participation")


def care(actor: Actor, page: Today) -> None:
    """The special ledger in counts: how many children, and where a visit they are owed is not arranged yet."""
    rows = dossiers.ledger(actor).rows
    open_rows = [row for row in rows if row.rest > row.ahead]
    by_class = Counter(row.klass for row in open_rows)
    ledger = address("dossiers:care")
    page.figures = [
        Figure(_("重点关爱"), len(rows), _("人"), href=ledger),
        Figure(_("还没排家访"), len(open_rows), _("人"), tone="now" if open_rows else "good", href=ledger),
        *page.figures,
    ]
    page.main.insert(
        0,
        section(
            _("重点关爱台账"),
            "heart-handshake",
            (Line(klass, href=ledger, note=_("%d 人还没排家访") % n) for klass, n in by_class.items()),
            href=ledger,
            more=_("看台账"),
            empty=_("台账上的孩子都已安排或完成家访。") if rows else _("现在没有登记需要重点关爱的孩子。"),
        ),
    )


def watch(actor: Actor, page: Today) -> None:
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
    page.charts = charts.of_unit(actor, reports.place(actor, campaign.pk, unit.pk))[1::-1]
    if policy.can(actor, "campaign.read_progress", path=unit.path) and actor.roles & BUREAU:
        _bureau(actor, campaign, unit, late_page, page)
    else:
        _school_plans(actor, page)
        rows = visits.late(actor)
        page.side.append(
            section(
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
        page.side.append(section(_("学校方案"), "file-text", lines))


def _bureau(actor: Actor, campaign, unit, late_page: str, page: Today) -> None:
    """Plans to look at, and schools whose records are late."""
    waiting = [row for row in campaigns.plans(actor, campaign) if row.verbs or row.late_days]
    page.main.append(
        section(
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
        section(
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
