"""The list, the week, and late records."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from jiafang.access import policy
from jiafang.campaigns import selectors as campaigns
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.ui import toasts
from jiafang.ui.lists import Bulk, Choice, Column, DateRange, Empty, ListPage, Search
from jiafang.ui.parts import Crumb, Figure
from jiafang.units import selectors as units
from jiafang.visits import documents, selectors, services
from jiafang.visits.states import Moment, Origin, VisitState
from jiafang.visits.templatetags.visits import children, classes
from jiafang.visits.views.papers import attachment

_STATES = (
    Moment.TODAY, VisitState.PUBLISHED, VisitState.APPOINTED, Moment.PASSED, VisitState.HELD, Moment.LATE,
    VisitState.RECORDED, VisitState.CONFIRMED, VisitState.ARCHIVED, VisitState.DECLINED, VisitState.MISSED,
    VisitState.CANCELLED,
)  # fmt: skip


def _classes(request: HttpRequest) -> list[tuple]:
    return [(klass.pk, klass.label) for klass in units.classes_of(request.actor)]


def _teachers(request: HttpRequest) -> list[tuple]:
    school = units.schools_of(request.actor).first()
    return [(person.pk, person.name) for person in units.staff_of(school)] if school else []


def _campaigns(request: HttpRequest) -> list[tuple]:
    return [(row.pk, row.title) for row in campaigns.campaigns(request.actor)]


_WEEKS = [("0", gettext_lazy("本周")), ("1", gettext_lazy("下周")), ("-1", gettext_lazy("上周"))]


def _in_week(rows, weeks: str):
    return selectors.in_week(rows, clock.today() + timedelta(weeks=int(weeks)))


def _ledger(request: HttpRequest, headers: list[str], rows: Iterable[list]) -> HttpResponse:
    """家访台账 of what is shown; the first column exports the visit's key."""
    return attachment(*documents.ledger_file(request.actor, [row[0] for row in rows]))


VISITS = ListPage(
    columns=[
        Column("children", gettext_lazy("学生"), value=children, phone="title", export=lambda v: v.pk),
        Column("klass", gettext_lazy("班级"), value=classes),
        Column("starts_at", gettext_lazy("时间"), sort="starts_at", template="visits/cell_time.html"),
        Column("team", gettext_lazy("家访教师"), sort="lead__pinyin"),
        Column("mode", gettext_lazy("形式"), value=lambda v: v.get_mode_display(), sort="mode"),
        Column("origin", gettext_lazy("缘起"), value=lambda v: v.get_origin_display(), phone="hide"),
        Column("moment", gettext_lazy("状态"), kind="chip", sort="state", phone="side"),
    ],
    filters=[
        Search(apply=selectors.named),
        Choice("state", gettext_lazy("状态"), [(s.value, s.label) for s in _STATES], apply=selectors.in_state),
        Choice("klass", gettext_lazy("班级"), _classes, apply=lambda rows, pk: selectors.of_class(rows, int(pk))),
        Choice("teacher", gettext_lazy("教师"), _teachers, apply=lambda rows, pk: rows.filter(selectors.of_team(pk))),
        Choice("mode", gettext_lazy("形式"), selectors.MODES),
        Choice("origin", gettext_lazy("缘起"), Origin.choices),
        Choice("campaign", gettext_lazy("活动"), _campaigns),
        Choice("week", gettext_lazy("周"), _WEEKS, apply=_in_week),
        DateRange("day", gettext_lazy("日期"), lookup="starts_at", moments=True),
    ],
    order="starts_at",
    row_href=lambda v: reverse("visits:visit", args=[v.pk]),
    empty=Empty(
        "route", gettext_lazy("还没有家访"), gettext_lazy("学校发布家访安排后会出现在这里，也可以自己加一次。")
    ),
)


def _filters(request: HttpRequest) -> list:
    """Only what this reader can choose between: one campaign, or only one's own visits, is no choice."""
    alone = policy.can(request.actor, "visit.return_record") is False
    one = len(_campaigns(request)) < 2
    left_out = {key for key, no_choice in (("teacher", alone), ("campaign", one)) if no_choice}
    return [each for each in VISITS.filters if each.key not in left_out]


def _books(request: HttpRequest) -> list:
    """Classes whose bound book may be printed here: one's own few, else the one the list is narrowed to."""
    mine = [
        k for k in units.classes_of(request.actor) if policy.can(request.actor, "visit.print_workbook", path=k.path)
    ]
    return mine if len(mine) <= 3 else [klass for klass in mine if str(klass.pk) == request.GET.get("klass")]


@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """Every visit within the reader's reach."""
    actor = request.actor
    rows = selectors.visits_of(actor)
    counts = selectors.tally(rows)
    here = reverse("visits:list")
    page = replace(
        VISITS, filters=_filters(request), export=_ledger if policy.can(actor, "visit.export_ledger") else None
    )
    bulk = []
    if policy.can(actor, "visit.archive_record"):
        asks = _("把选中的家访归档？归档后内容不能再改。")
        bulk = [Bulk(_("归档"), reverse("visits:archive"), "archive", confirm=asks)]
    figures = [
        Figure(_("今日要去"), counts["today"], unit=_("户"), href=f"{here}?state=today"),
        Figure(_("已完成"), sum(counts[s] for s in ("held", "recorded", "confirmed", "archived")), of=counts["all"],
               unit=_("户"), href=here),
        Figure(_("待填记录"), counts["held"], unit=_("户"), href=f"{here}?state=held", tone="now" if counts["held"] else ""),
        Figure(_("记录已逾期"), counts["late"], unit=_("户"), href=reverse("visits:late"),
               tone="late" if counts["late"] else ""),
    ]  # fmt: skip
    context = {
        "figures": figures,
        "books": _books(request),
        "may_add": policy.can(actor, "visit.add"),
        "crumbs": [Crumb(_("家访"))],
    }
    return page.answer(request, rows, context, template="visits/list.html", bulk=bulk)


@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """“我的一周”: the reader's own visits, day by day."""
    try:
        day = date.fromisoformat(request.GET.get("monday", ""))
    except ValueError:
        day = clock.today()
    monday = selectors.monday_of(day)
    days = selectors.week(request.actor, monday)
    context = {
        "days": days,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "earlier": monday - timedelta(days=7),
        "later": monday + timedelta(days=7),
        "this_week": monday == selectors.monday_of(clock.today()),
        "count": sum(len(one.visits) for one in days),
        "may_add": policy.can(request.actor, "visit.add"),
        "crumbs": [Crumb(_("家访"), reverse("visits:list")), Crumb(_("我的一周"))],
    }
    return render(request, "visits/week.html", context)


LATE = ListPage(
    columns=[
        Column("student", gettext_lazy("学生"), value=lambda d: d.visit_student.student.name, phone="title"),
        Column("klass", gettext_lazy("班级"), value=lambda d: d.visit_student.klass.label,
               sort=lambda d: d.visit_student.klass.path),
        Column("teacher", gettext_lazy("在谁手里"), value=lambda d: d.with_whom.name if d.with_whom else "",
               sort=lambda d: d.with_whom.pinyin if d.with_whom else ""),
        Column("held", gettext_lazy("家访时间"), template="visits/cell_held.html", sort=lambda d: d.visit.held_from),
        Column("draft", gettext_lazy("进展"),
               value=lambda d: _("退回补充") if d.record and d.record.remark else _("有草稿") if d.record else _("还没写")),
        Column("hours", gettext_lazy("超过（小时）"), value=lambda d: d.hours_late, kind="num", phone="side",
               sort=lambda d: d.hours_late),
    ],
    filters=[
        Choice("klass", gettext_lazy("班级"), _classes,
               apply=lambda rows, pk: [d for d in rows if str(d.visit_student.klass_id) == pk]),
        Choice("teacher", gettext_lazy("教师"), _teachers,
               apply=lambda rows, pk: [d for d in rows if str(d.visit.lead_id) == pk]),
    ],
    order="-hours",
    row_href=lambda d: reverse("visits:visit", args=[d.visit.pk]),
    row_id="visit_student.pk",
    empty=Empty("circle-check", gettext_lazy("没有逾期的记录"), gettext_lazy("家访后没有按时交的记录会列在这里。")),
)  # fmt: skip


@require_GET
def late(request: HttpRequest) -> HttpResponse:
    """Late and missing records: with whom, and how many hours over."""
    rows = selectors.late(request.actor)
    context = {"crumbs": [Crumb(_("家访"), reverse("visits:list")), Crumb(_("逾期与未填记录"))], "n": len(rows)}
    return LATE.answer(request, rows, context, template="visits/late.html")


@require_POST
def archive(request: HttpRequest) -> HttpResponse:
    """File the chosen visits; those that are not ready stay and the first reason is said."""
    done, refused = 0, []
    for pk in request.POST.getlist("ids")[:500]:
        try:
            services.archive_record(request.actor, visit=selectors.visit(request.actor, UUID(pk)))
            done += 1
        except ValueError:
            raise Problem("not_found") from None
        except Problem as problem:
            refused.append(problem.answer()["message"])
    if done:
        toasts.tell(request, _("已归档 %d 次家访。") % done)
    if refused:
        toasts.tell(request, _("%(n)d 次没有归档：%(why)s") % {"n": len(refused), "why": refused[0]}, bad=True)
    return redirect("visits:list")
