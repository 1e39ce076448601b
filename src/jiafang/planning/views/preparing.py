"""Before a run: windows, weeks, relief, leaders, families' wishes, days nobody can go; and a teacher's calendar address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.access import policy
from jiafang.campaigns import selectors as campaigns
from jiafang.campaigns import services as campaign_services
from jiafang.lib.errors import Problem
from jiafang.planning import documents, forms, services
from jiafang.planning.selectors import feeds, preparing, timetable
from jiafang.planning.views.common import page
from jiafang.roster import selectors as roster
from jiafang.ui import toasts
from jiafang.units import selectors as units

HOME = "planning:prepare"


def _row(request: HttpRequest, pk: Any, verb: str) -> Any:
    row = timetable.school_campaign(request.actor, pk)
    policy.demand(request.actor, verb, path=row.school.path)
    return row


@require_GET
def prepare(request: HttpRequest, pk: Any) -> HttpResponse:
    """Everything the planner will be told, on one page."""
    row = _row(request, pk, "timetable.prepare")
    found = preparing.preparation(row)
    missing = timetable.without_place(row)
    return page(
        request, row, "prepare.html",
        {"p": found, "rules": campaigns.rules(row), "missing": missing[:30], "missing_count": missing.count(),
         "unled": preparing.unled(row), "lost_school": row.school.lat is None or row.school.lon is None},
        here="prepare",
    )  # fmt: skip


def _settings_form(row: Any, data: Any = None) -> forms.SettingsForm:
    rules, found = campaigns.rules(row), preparing.preparation(row).settings
    modes = [(mode, rules.mode_label(mode)) for mode in ("home", "online") if mode in rules.modes]
    return forms.SettingsForm(
        data, modes=modes or [("home", _("上门"))], categories=[(c.code, c.name) for c in rules.categories],
        weeks=forms.mondays(rules.visit_from, rules.visit_until),
        initial={name: getattr(found, name) for name in
                 ("ordinary_mode", "special_percent", "twice", "weeks_off", "everyone_goes", "boarders_at_weekends")},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _row(request, pk, "timetable.prepare")
    form = _settings_form(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _done(
            request,
            row,
            form,
            _("已保存。"),
            lambda: services.prepare(request.actor, school_campaign=row, **form.cleaned_data),
        )
    return _form(request, row, form, _("怎么排"))


def _done(request: HttpRequest, row: Any, form: forms.Plain, said: str, act: Any, title: str = "") -> HttpResponse:
    """Do the act and go back; what a service refuses is shown on the form."""
    try:
        act()
    except Problem as problem:
        if problem.code in ("denied", "not_found", "not_allowed"):
            raise
        form.refuse(problem)
        return _form(request, row, form, title or _("家访安排"))
    toasts.tell(request, said)
    return redirect(HOME, row.pk)


def _form(request: HttpRequest, row: Any, form: Any, title: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, "status": 422 if form.errors else 200}
    return page(request, row, "form.html", context | more, crumb=title)


@require_http_methods(["GET", "POST"])
def windows(request: HttpRequest, pk: Any) -> HttpResponse:
    """The week's windows, line by line; an emptied line is gone."""
    row = _row(request, pk, "timetable.prepare")
    current = [{"weekday": w.weekday, "starts": w.starts, "ends": w.ends} for w in preparing.preparation(row).windows]
    lines = forms.WindowForms(request.POST or None, initial=current)
    fault = ""
    if request.method == "POST" and lines.is_valid():
        try:
            services.set_windows(request.actor, school_campaign=row, windows=forms.windows_in(lines))
        except Problem as problem:
            if problem.code != "invalid":
                raise
            fault = problem.message
        else:
            toasts.tell(request, _("已保存每周时段。"))
            return redirect(HOME, row.pk)
    status = 422 if request.method == "POST" else 200
    return page(request, row, "windows.html", {"lines": lines, "fault": fault, "status": status}, crumb=_("每周时段"))


def _people(row: Any) -> list[tuple[str, str]]:
    return [(str(person.pk), person.name) for person in units.staff_of(row.school)]


@require_http_methods(["GET", "POST"])
def relief(request: HttpRequest, pk: Any) -> HttpResponse:
    row = _row(request, pk, "timetable.relief")
    form = forms.ReliefForm(request.POST or None, staff=_people(row), initial={"staff": request.GET.get("staff", "")})
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        person = units.staff(given.pop("staff"))
        act = lambda: services.set_relief(request.actor, school_campaign=row, staff=person, **given)  # noqa: E731
        return _done(request, row, form, _("已保存对%s老师的照顾。") % person.name, act, _("照顾有困难的老师"))
    return _form(request, row, form, _("照顾有困难的老师"))


@require_POST
def end_relief(request: HttpRequest, pk: Any, staff: Any) -> HttpResponse:
    row = _row(request, pk, "timetable.relief")
    services.set_relief(request.actor, school_campaign=row, staff=units.staff(staff), factor=None)
    toasts.tell(request, _("已取消。"))
    return redirect(HOME, row.pk)


@require_http_methods(["GET", "POST"])
def quota(request: HttpRequest, pk: Any) -> HttpResponse:
    """书记校长带头、中层示范: a number for each leader."""
    row = _row(request, pk, "campaign.set_school_rules")
    people = preparing.leaders(row)
    form = forms.QuotaForm(request.POST or None, staff=people, initial={"staff": request.GET.get("staff", "")})
    if request.method == "POST" and form.is_valid():
        person = units.staff(form.cleaned_data["staff"])
        number = form.cleaned_data["min_visits"]
        act = lambda: campaign_services.set_quota(request.actor, school_campaign=row, staff=person, min_visits=number)  # noqa: E731
        return _done(request, row, form, _("已保存。"), act, _("带头家访"))
    return _form(request, row, form, _("带头家访"))


@require_http_methods(["GET", "POST"])
def absence(request: HttpRequest, pk: Any) -> HttpResponse:
    """有变动: note who cannot go, and plan again with the least change."""
    row = _row(request, pk, "timetable.absence")
    starts = sorted({window.starts for window in preparing.preparation(row).windows})
    form = forms.AbsenceForm(request.POST or None, staff=_people(row), whys=preparing.WHYS, starts=starts)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["staff"] = units.staff(given["staff"]) if given["staff"] else None
        given["ends"] = given["ends"] or max(given["begins"], campaigns.rules(row).visit_until)
        try:
            if "replan" in request.POST:
                run = services.replan(request.actor, school_campaign=row, **given)
                return redirect("planning:run", row.pk, run.pk)
            services.report_absence(request.actor, school_campaign=row, **given)
        except Problem as problem:
            if problem.code in ("denied", "not_found", "not_allowed"):
                raise
            form.refuse(problem)
        else:
            toasts.tell(request, _("已记下，下次排程时会避开。"))
            return redirect(HOME, row.pk)
    return _form(request, row, form, _("有变动"), replan=True)


@require_POST
def end_absence(request: HttpRequest, pk: Any, absence: int) -> HttpResponse:
    row = _row(request, pk, "timetable.absence")
    services.remove_absence(request.actor, absence=preparing.absence(row, absence))
    toasts.tell(request, _("已取消。"))
    return redirect(HOME, row.pk)


@require_http_methods(["GET", "POST"])
def wish(request: HttpRequest, pk: Any, student: Any) -> HttpResponse:
    """家长意愿: which days, which way."""
    row = timetable.school_campaign(request.actor, pk)
    child = roster.student(request.actor, student)
    policy.demand(request.actor, "timetable.wish", path=child.klass.path)
    rules = campaigns.rules(row)
    found = preparing.wish(row, child.household)
    modes = [(mode, rules.mode_label(mode)) for mode in rules.modes]
    initial = {name: getattr(found, name) for name in ("weekdays", "hard", "mode", "not_before")} if found else {}
    form = forms.WishForm(request.POST or None, modes=modes, initial=initial)
    title = _("%s家的意愿") % child.name
    if request.method == "POST" and form.is_valid():
        try:
            services.set_wish(request.actor, campaign=row.campaign, household=child.household, **form.cleaned_data)
            if "replan" in request.POST:
                run = services.replan(request.actor, school_campaign=row)
                return redirect("planning:run", row.pk, run.pk)
        except Problem as problem:
            if problem.code in ("denied", "not_found", "not_allowed"):
                raise
            form.refuse(problem)
        else:
            toasts.tell(request, _("已记下，下次排程时会照顾到。"))
            return redirect("planning:overview", row.pk)
    return _form(request, row, form, title, replan=timetable.may(request.actor, "timetable.run", row))


@require_http_methods(["GET", "POST"])
def feed(request: HttpRequest) -> HttpResponse:
    """日历订阅: a private address for the phone's calendar, made anew or taken back by its owner."""
    policy.demand(request.actor, "timetable.feed")
    address = ""
    if request.method == "POST":
        if "revoke" in request.POST:
            services.revoke_feed(request.actor)
            toasts.tell(request, _("订阅地址已停用。"))
            return redirect("planning:feed")
        address = request.build_absolute_uri(reverse("planning:ics", args=[services.make_feed(request.actor)]))
    return render(request, "planning/feed.html", {"address": address, "feed": feeds.has_feed(request.actor.staff_id)})


@require_GET
def ics(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind an address; whoever holds it reads times, colleagues and counts, nothing of a child."""
    body = documents.calendar_file(services.digest_of(token))
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="jiafang.ics"'
    return answer
