"""A school's structure, its calendar and terms; for a bureau the schools it has."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.access import policy
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.ui import toasts
from jiafang.ui.forms import told
from jiafang.ui.lists import Choice, Column, Empty, ListPage, Search
from jiafang.ui.parts import Crumb, Figure
from jiafang.units import selectors, services
from jiafang.units.forms import DaysForm, PeriodForm, SchoolForm, TermForm
from jiafang.units.states import DayKind

LONGEST = 400
SCHOOLS = ListPage(
    columns=[
        Column("name", gettext_lazy("学校"), sort="name", phone="title"),
        Column("code", gettext_lazy("学校标识码"), phone="hide"),
        Column("stage", gettext_lazy("学段"), value=lambda s: s.get_stage_display(), sort="stage"),
        Column("cohort_count", gettext_lazy("年级"), kind="num", sort="cohort_count"),
        Column("staff_count", gettext_lazy("教职工"), kind="num", sort="staff_count"),
    ],
    filters=[
        Search(("name__contains", "code__contains")),
        Choice("stage", gettext_lazy("学段"), [("primary", gettext_lazy("小学")), ("junior", gettext_lazy("初中")), ("senior", gettext_lazy("高中"))]),
    ],
    order="name",
    row_href=lambda s: reverse("units:school_page", args=[s.pk]),
    empty=Empty("school", gettext_lazy("还没有学校"), gettext_lazy("导入学校和班级以后会出现在这里。")),
    size=50,
)  # fmt: skip


@require_GET
def school(request: HttpRequest) -> HttpResponse:
    """One's own school; with several, the list of them."""
    own = selectors.own_school(request.actor)
    bureaus = selectors.bureaus_of(request.actor)
    if own is not None and not bureaus:
        return redirect("units:school_page", own.pk)
    context = {"bureaus": bureaus, "crumbs": [Crumb(_("系统管理"))]}
    return SCHOOLS.answer(request, selectors.schools_overview(request.actor), context, template="units/schools.html")


def _crumbs(unit, *more: Crumb) -> list[Crumb]:
    home = reverse(
        "units:school_page" if unit.kind == "school" else "units:school",
        args=[unit.pk] if unit.kind == "school" else [],
    )
    return [Crumb(unit.label, home if more else ""), *more]


@require_GET
def school_page(request: HttpRequest, pk: int) -> HttpResponse:
    page = selectors.school_page(request.actor, pk)
    staff = reverse("units:staff", args=[pk])
    reads = selectors.may(request.actor, "staff.read", page.school)
    without = [k for c in page.cohorts for k in c.klasses if k.teacher is None]
    context = {
        "page": page, "school": page.school, "crumbs": _crumbs(page.school), "reads_staff": reads,
        "manages": selectors.may(request.actor, "unit.manage", page.school),
        "figures": [
            Figure(_("班级"), sum(len(c.klasses) for c in page.cohorts), unit=_("个")),
            Figure(_("没有班主任的班"), len(without), unit=_("个"), tone="now" if without else ""),
            Figure(_("教职工"), page.staff_count, unit=_("人"), href=staff if reads else ""),
            Figure(_("还没有账号"), page.without_account, unit=_("人"), href=f"{staff}?account=no" if reads else "",
                   tone="now" if page.without_account else ""),
        ],
    }  # fmt: skip
    return render(request, "units/school.html", context)


@require_http_methods(["GET", "POST"])
def edit_school(request: HttpRequest, pk: int) -> HttpResponse:
    found = selectors.school(request.actor, pk)
    policy.demand(request.actor, "unit.manage", path=found.path)
    form = SchoolForm(request.POST or None, initial={n: getattr(found, n) for n in SchoolForm.base_fields})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_unit(request.actor, unit=found, **form.cleaned_data)
            toasts.tell(request, _("已保存"))
            return redirect("units:school_page", pk)
        except Problem as problem:
            told(form, problem)
    context = {"form": form, "school": found, "crumbs": _crumbs(found, Crumb(_("修改")))}
    return render(request, "units/edit_school.html", context, status=422 if form.errors else 200)


def _month(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return clock.today().replace(day=1)


def _calendar(request: HttpRequest, unit, *, form=None, seed=None, status: int = 200) -> HttpResponse:
    first = _month(request)
    before, after = first - timedelta(days=1), (first + timedelta(days=32)).replace(day=1)
    term = selectors.term_on(unit)
    may_edit = selectors.may(request.actor, "calendar.edit", unit)
    context = {
        "unit": unit, "weeks": selectors.month(unit, first), "first": first, "before": before, "after": after,
        "today": clock.today(), "labels": {k.value: k.label for k in DayKind}, "term": term, "may_edit": may_edit,
        "form": form or DaysForm(initial={"kind": DayKind.HOLIDAY}),
        "seed": seed or PeriodForm(initial={"begins": term.begins, "ends": term.ends} if term else None, prefix="seed"),
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
        "crumbs": _crumbs(unit, Crumb(_("校历"))),
    }  # fmt: skip
    return render(request, "units/calendar.html", context, status=status)


@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A month of the calendar of a school or bureau; POST marks days."""
    unit = selectors.calendar_unit(request.actor, pk)
    if request.method == "GET":
        return _calendar(request, unit)
    policy.demand(request.actor, "calendar.edit", path=unit.path)
    form = DaysForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        ends = given["ends"] or given["begins"]
        count = (ends - given["begins"]).days + 1
        if not 1 <= count <= LONGEST:
            form.add_error("ends", _("结束日期不能早于开始日期，也不超过 %d 天。") % LONGEST)
        else:
            days = [
                (
                    given["begins"] + timedelta(days=n),
                    None if given["kind"] == "usual" else given["kind"],
                    given["note"],
                )
                for n in range(count)
            ]
            services.set_calendar_days(request.actor, unit=unit, days=days)
            toasts.tell(request, _("已标记 %d 天") % count)
            return redirect(f"{reverse('units:calendar', args=[pk])}?month={given['begins']:%Y-%m}")
    return _calendar(request, unit, form=form, status=422)


@require_POST
def seed_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in the published holidays and make-up workdays; what people marked stays."""
    unit = selectors.calendar_unit(request.actor, pk)
    policy.demand(request.actor, "calendar.edit", path=unit.path)
    form = PeriodForm(request.POST, prefix="seed")
    if form.is_valid():
        try:
            seeded = services.seed_calendar(request.actor, unit=unit, **form.cleaned_data)
            text = _("已标记 %d 天节假日和调休。") % seeded.added
            if seeded.unknown_years:
                text += _("%s年的放假安排还没有收录，请自己标。") % "、".join(map(str, seeded.unknown_years))
            toasts.tell(request, text)
            return redirect("units:calendar", pk)
        except Problem as problem:
            told(form, problem)
    return _calendar(request, unit, seed=form, status=422)


@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """The terms of a bureau."""
    bureau = selectors.bureau(request.actor, pk)
    may_edit = selectors.may(request.actor, "term.manage", bureau)
    form = TermForm(request.POST or None)
    if request.method == "POST":
        policy.demand(request.actor, "term.manage", path=bureau.path)
        if form.is_valid():
            try:
                services.add_term(request.actor, bureau=bureau, **form.cleaned_data)
                toasts.tell(request, _("学期已添加"))
                return redirect("units:terms", pk)
            except Problem as problem:
                told(form, problem)
    context = {"bureau": bureau, "terms": selectors.terms(bureau).reverse(), "form": form, "may_edit": may_edit,
               "crumbs": _crumbs(bureau, Crumb(_("学期")))}  # fmt: skip
    return render(request, "units/terms.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_term(request: HttpRequest, pk: int, term: int) -> HttpResponse:
    bureau = selectors.bureau(request.actor, pk)
    policy.demand(request.actor, "term.manage", path=bureau.path)
    found = selectors.term(bureau, term)
    form = PeriodForm(request.POST or None, initial={"begins": found.begins, "ends": found.ends})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_term(request.actor, term=found, **form.cleaned_data)
            toasts.tell(request, _("已保存"))
            return redirect("units:terms", pk)
        except Problem as problem:
            told(form, problem)
    context = {"bureau": bureau, "term": found, "form": form,
               "crumbs": _crumbs(bureau, Crumb(_("学期"), reverse("units:terms", args=[pk])), Crumb(str(found)))}  # fmt: skip
    return render(request, "units/edit_term.html", context, status=422 if form.errors else 200)
