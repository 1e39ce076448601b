"""Pages of the figures: a unit's dashboard, the table side by side, categories, late records, rows behind a figure."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from jiafang.lib.errors import Problem
from jiafang.reports import charts, selectors, services
from jiafang.reports.documents import category_book, figures_book, ledger_answer
from jiafang.reports.forms import ReleaseForm
from jiafang.reports.indicators import BY_CODE, INDICATORS
from jiafang.ui.lists import Choice, Column, Empty, ListPage, Search
from jiafang.ui.parts import Crumb
from jiafang.ui.parts import Figure as Strip

STRIP = ("coverage", "pupil_visits", "special_reached", "records_on_time", "participation")


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The newest campaign of the reader's own place."""
    place = selectors.first_place(request.actor)
    if place is None:
        return render(request, "reports/none.html", {"crumbs": [Crumb(_("统计"))]})
    campaign, unit = place
    return redirect("reports:unit", campaign.pk, unit.pk)


@require_safe
def school(request: HttpRequest, unit: int) -> HttpResponse:
    """The newest campaign of one unit the reader may ask about."""
    campaign = selectors.newest_campaign(request.actor, unit)
    return redirect("reports:unit", campaign.pk, unit)


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """Every indicator with its rule, as the figures use it."""
    crumbs = [Crumb(_("统计"), reverse("reports:dashboard")), Crumb(_("指标说明"))]
    return render(request, "reports/definitions.html", {"indicators": INDICATORS, "crumbs": crumbs})


@require_safe
def unit_figures(request: HttpRequest, campaign, unit: int) -> HttpResponse:
    place = selectors.place(request.actor, campaign, unit)
    figures = selectors.figures(request.actor, place.campaign, place.unit)
    by_code = {f.indicator.code: f for f in figures}
    context = {
        "place": place,
        "crumbs": _crumbs(place),
        "strip": [_strip(place, by_code[c]) for c in STRIP if c in by_code] + [_late_strip(request, place)],
        "groups": _groups(place, figures),
        "charts": charts.of_unit(request.actor, place),
        "rows": selectors.side_by_side(request.actor, place.campaign, place.unit, selectors.COLUMNS),
        "columns": [BY_CODE[c] for c in selectors.COLUMNS],
        "releases": [(BY_CODE[r.indicator].name, r) for r in selectors.releases(place)],
    }
    return render(request, "reports/unit.html", context)


@require_safe
def table(request: HttpRequest, campaign, unit: int) -> HttpResponse:
    """All indicators side by side, as a workbook."""
    place = selectors.place(request.actor, campaign, unit)
    rows = selectors.side_by_side(request.actor, place.campaign, place.unit)
    total = selectors.figures(request.actor, place.campaign, place.unit)
    return figures_book(request.actor, place, rows, total)


@require_safe
def categories(request: HttpRequest, campaign, unit: int) -> HttpResponse:
    place = selectors.place(request.actor, campaign, unit)
    cells = selectors.category_figures(request.actor, place.campaign, place.unit)
    if request.GET.get("export"):
        return category_book(request.actor, place, cells)
    context = {"place": place, "cells": cells, "crumbs": _crumbs(place, _("特殊群体与重点随访"))}
    return render(request, "reports/categories.html", context)


def _percent(code: str):
    """Sort by a figure's share; hidden ones stand last."""
    return lambda row: row.figures[code].percent


def _cell(code: str, **more) -> Column:
    return Column(
        code, BY_CODE[code].name, value=lambda row: row.figures[code].text, sort=_percent(code), kind="num", **more
    )


SCHOOLS = ListPage(
    columns=[
        Column("unit.label", gettext_lazy("学校"), sort=lambda row: row.unit.label, phone="title"),
        _cell("coverage", phone="side"),
        _cell("special_reached"),
        _cell("records_complete"),
        _cell("records_on_time"),
        _cell("participation"),
        _cell("acknowledged"),
        Column("late", gettext_lazy("逾期记录（份）"), sort="late", kind="num"),
    ],
    filters=[
        Search("unit.label", label=gettext_lazy("学校名称")),
        Choice("late", gettext_lazy("逾期记录"), [("1", gettext_lazy("有逾期")), ("0", gettext_lazy("没有逾期"))],
               apply=lambda rows, value: [r for r in rows if bool(r.late) == (value == "1")]),
    ],
    order="unit.label",
    row_href=lambda row: row.href,
    row_id="unit.pk",
    empty=Empty("school", gettext_lazy("还没有学校参加活动"), gettext_lazy("开启活动后，这里并列显示各校的进度。")),
    size=50,
)  # fmt: skip


@require_safe
def schools(request: HttpRequest) -> HttpResponse:
    """A bureau's schools in its newest campaign, to sort and filter; never ranked by itself."""
    place = selectors.bureau_place(request.actor)
    rows = selectors.progress(request.actor, place) if place else []
    context = {"place": place, "crumbs": [Crumb(_("学校进度"))]}
    return SCHOOLS.answer(request, rows, context, template="reports/schools.html")


ROWS = ListPage(
    columns=[
        Column("klass", gettext_lazy("班级"), sort="klass", phone="side"),
        Column("who", gettext_lazy("姓名"), sort="who", phone="title", template="reports/who_cell.html"),
        Column("when", gettext_lazy("时间"), sort="when", template="reports/when_cell.html"),
        Column("mode", gettext_lazy("形式"), sort="mode"),
        Column("staff", gettext_lazy("老师"), sort="staff"),
        Column("state", gettext_lazy("状态")),
        Column("note", gettext_lazy("说明")),
    ],
    filters=[
        Search(("who", "staff", "klass")),
        Choice("in", gettext_lazy("是否计入"), [("1", gettext_lazy("已计入")), ("0", gettext_lazy("未计入"))],
               apply=lambda rows, value: [r for r in rows if r.inside == (value == "1")]),
    ],
    row_id="visit",
    empty=Empty("list", gettext_lazy("没有对应的明细"), gettext_lazy("换一个筛选条件看看。")),
    size=50,
)  # fmt: skip


@require_safe
def rows(request: HttpRequest, campaign, unit: int, code: str) -> HttpResponse:
    """The rows behind one figure; ``?in=0`` shows those still missing."""
    place = selectors.place(request.actor, campaign, unit)
    found = selectors.evidence(request.actor, place.campaign, place.unit, code)
    indicator = BY_CODE[code]
    if request.GET.get("export"):
        return ledger_answer(request.actor, place, indicator, found)
    listing = ROWS.listing(request, found)
    context = {
        "place": place,
        "indicator": indicator,
        "listing": listing,
        "empty": ROWS.empty,
        "inside": sum(r.inside for r in found),
        "total": len(found),
        "crumbs": _crumbs(place, indicator.name),
    }
    return render(request, "reports/rows.html", context)


LATE = ListPage(
    columns=[
        Column("klass", gettext_lazy("班级"), sort="klass", phone="side"),
        Column("who", gettext_lazy("学生"), sort="who", phone="title", template="reports/who_cell.html"),
        Column("when", gettext_lazy("家访时间"), sort="when", template="reports/when_cell.html"),
        Column("staff", gettext_lazy("主访老师"), sort="staff"),
        Column("note", gettext_lazy("已超过"), sort="hours", kind="num"),
    ],
    filters=[Search(("who", "staff", "klass"))],
    empty=Empty("circle-check", gettext_lazy("没有逾期的记录"), gettext_lazy("所有到期的家访都已填好记录表。")),
    size=50,
)


@require_safe
def late(request: HttpRequest, campaign, unit: int) -> HttpResponse:
    """Records past their time and still missing."""
    place = selectors.place(request.actor, campaign, unit)
    context = {"place": place, "crumbs": _crumbs(place, _("逾期未填的记录"))}
    if place.above_school:
        context["schools"] = selectors.late_by_school(request.actor, place.campaign, place.unit)
        return render(request, "reports/late_schools.html", context)
    found = selectors.late_rows(request.actor, place.campaign, place.unit)
    return LATE.answer(request, found, context, template="reports/late.html")


def release(request: HttpRequest, campaign, unit: int, code: str) -> HttpResponse:
    """Ask for, then record, the decision to publish one small total."""
    place = selectors.place(request.actor, campaign, unit)
    indicator = BY_CODE.get(code)
    if indicator is None:
        raise Problem("not_found")
    selectors.may_release(request.actor, place)
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.release(request.actor, campaign=place.campaign, unit=place.unit, indicator=code, **form.cleaned_data)
        return redirect("reports:unit", place.campaign.pk, place.unit.pk)
    context = {"place": place, "indicator": indicator, "form": form, "crumbs": _crumbs(place, _("公布小数"))}
    return render(request, "reports/release.html", context, status=422 if form.errors else 200)


def _crumbs(place, last: object = "") -> list[Crumb]:
    out = [Crumb(_("统计"), reverse("reports:dashboard"))]
    for unit in place.way:
        here = unit.pk == place.unit.pk and not last
        out.append(Crumb(unit.label, "" if here else reverse("reports:unit", args=[place.campaign.pk, unit.pk])))
    return [*out, Crumb(last)] if last else out


def _href(place, figure) -> str:
    if not figure.rows:
        return ""
    if place.above_school:
        return f"#side-{figure.indicator.code}"
    return reverse("reports:rows", args=[place.campaign.pk, place.unit.pk, figure.indicator.code])


def _strip(place, figure) -> Strip:
    tone = "good" if figure.percent == 100 else ""
    return Strip(
        figure.indicator.name,
        figure.text,
        "" if figure.indicator.denominator else figure.indicator.unit,
        href=_href(place, figure),
        note=figure.parts_text and f"{figure.parts_text} {figure.indicator.unit}",
        tone=tone,
    )


def _late_strip(request: HttpRequest, place) -> Strip:
    n = selectors.late_count(request.actor, place.campaign, place.unit)
    href = reverse("reports:late", args=[place.campaign.pk, place.unit.pk])
    return Strip(_("逾期未填的记录"), n, _("份"), href=href, tone="late" if n else "good")


def _groups(place, figures) -> list[tuple[object, list, str]]:
    """The figures in the order of a briefing, with the way to a closer look where there is one."""
    closer = {_("特殊群体"): reverse("reports:categories", args=[place.campaign.pk, place.unit.pk])}
    order = (
        (_("覆盖"), ("coverage", "files", "pupil_visits", "household_visits")),
        (_("形式"), ("first_online", "first_on_site", "online", "on_site")),
        (_("特殊群体"), ("special_reached", "special_visits", "special_second")),
        (_("记录"), ("records_complete", "records_on_time", "records_confirmed")),
        (_("队伍与守则"), ("participation", "acknowledged", "checks_complete", "conduct")),
    )
    by_code = {f.indicator.code: f for f in figures}
    groups = []
    for title, codes in order:
        mine = [(by_code[c], _href(place, by_code[c])) for c in codes if c in by_code]
        if mine:
            groups.append((title, mine, closer.get(title, "")))
    return groups
