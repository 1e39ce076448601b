"""Staff of a school: the list, one person with posts and sign-in, and when a teacher cannot go out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.access import policy
from jiafang.access.reading import open_sealed
from jiafang.access.roles import Role
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.ui import toasts
from jiafang.ui.forms import told
from jiafang.ui.lists import Choice, Column, Empty, ListPage, Search
from jiafang.ui.parts import Crumb
from jiafang.units import selectors, services
from jiafang.units.documents import staff_book
from jiafang.units.forms import AccountForm, BusyForm, PostForm, StaffForm
from jiafang.units.states import BusyKind


def posts_in_words(person) -> str:
    """The posts of today, e.g. “七年级1班班主任、科任教师（数学）”."""
    out = []
    for post in person.posts_now:
        where = post.unit.label if post.unit.kind in ("klass", "cohort") else ""
        subject = f"（{post.subject}）" if post.subject and post.role == Role.SUBJECT_TEACHER else ""
        out.append(f"{where}{post.get_role_display()}{subject}")
    return "、".join(out)


STAFF_COLUMNS = [
    Column("name", gettext_lazy("姓名"), sort="pinyin", phone="title"),
    Column("number", gettext_lazy("工号"), sort="number", phone="hide"),
    Column("subject", gettext_lazy("学科"), sort="subject"),
    Column("posts", gettext_lazy("任职"), value=posts_in_words),
    Column("account", gettext_lazy("账号"), value=lambda p: p.account.username if p.account else "",
           template="units/cell_account.html", phone="side"),
]  # fmt: skip
STAFF = ListPage(
    columns=STAFF_COLUMNS,
    filters=[
        Search(("name__contains", "pinyin__contains", "number__contains")),
        Choice("role", gettext_lazy("职务"), Role.choices, apply=selectors.holding),
        Choice("account", gettext_lazy("账号"), [("no", gettext_lazy("还没有")), ("yes", gettext_lazy("有"))],
               apply=lambda rows, value: rows.filter(account__isnull=value == "no")),
    ],
    order="name",
    row_href=lambda p: reverse("units:person", args=[p.pk]),
    export=lambda request, headers, rows: staff_book(request.actor, request.school, headers, rows),
    empty=Empty("users", gettext_lazy("没有符合条件的老师"), gettext_lazy("换个条件，或从教师花名册导入。")),
    size=50,
)  # fmt: skip


def _crumbs(school, *more: Crumb) -> list[Crumb]:
    return [Crumb(school.label, reverse("units:school_page", args=[school.pk])), *more]


@require_GET
def staff(request: HttpRequest, pk: int) -> HttpResponse:
    school = request.school = selectors.school(request.actor, pk)
    rows = selectors.staff_list(request.actor, school)
    context = {"school": school, "crumbs": _crumbs(school, Crumb(_("教职工"))),
               "manages": selectors.may(request.actor, "staff.manage", school)}  # fmt: skip
    return STAFF.answer(request, rows, context, template="units/staff.html")


@require_http_methods(["GET", "POST"])
def add_person(request: HttpRequest, pk: int) -> HttpResponse:
    school = selectors.school(request.actor, pk)
    policy.demand(request.actor, "staff.manage", path=school.path)
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = services.add_staff(request.actor, home=school, **form.cleaned_data)
            toasts.tell(request, _("已添加。接着设任职、发账号。"))
            return redirect("units:person", person.pk)
        except Problem as problem:
            told(form, problem)
    context = {"form": form, "school": school, "crumbs": _crumbs(school, Crumb(_("添加老师")))}
    return render(request, "units/edit_person.html", context, status=422 if form.errors else 200)


def _person_page(request: HttpRequest, person, *, status: int = 200, **more) -> HttpResponse:
    school = selectors.school_of(person.home) or person.home
    at_bureau = school.kind == "bureau"
    manages = selectors.may(request.actor, "staff.manage", person.home)
    places = [(str(u.pk), u.label) for u in selectors.units_for_posts(school)] if manages else []
    context = {
        "person": person, "school": school, "posts": selectors.posts_of(person), "manages": manages, "today": clock.today(),
        "issues": selectors.may(request.actor, "account.issue", person.home),
        "reads_phone": selectors.may(request.actor, "staff.read_phone", person.home),
        "post_form": PostForm(units=places, roles=selectors.roles_to_give(request.actor, school), initial={"role": Role.SUBJECT_TEACHER}),
        "account_form": AccountForm(initial={"username": person.number}),
        "crumbs": [Crumb(person.name)] if at_bureau else _crumbs(
            school, Crumb(_("教职工"), reverse("units:staff", args=[school.pk])), Crumb(person.name)),
        "myself": person.pk == request.actor.staff_id,
    } | more  # fmt: skip
    return render(request, "units/person.html", context, status=status)


@require_GET
def person(request: HttpRequest, pk) -> HttpResponse:
    return _person_page(request, selectors.person(request.actor, pk))


@require_http_methods(["GET", "POST"])
def edit_person(request: HttpRequest, pk) -> HttpResponse:
    found = selectors.person(request.actor, pk)
    policy.demand(request.actor, "staff.manage", path=found.home.path)
    names = [n for n in StaffForm.base_fields if n != "phone"]
    form = StaffForm(request.POST or None, initial={n: getattr(found, n) for n in names})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.edit_staff(request.actor, staff=found, **given | {"phone": given["phone"] or None})
            toasts.tell(request, _("已保存"))
            return redirect("units:person", found.pk)
        except Problem as problem:
            told(form, problem)
    school = selectors.school_of(found.home) or found.home
    context = {"form": form, "person": found, "school": school,
               "crumbs": [Crumb(found.name, reverse("units:person", args=[found.pk])), Crumb(_("修改"))]}  # fmt: skip
    return render(request, "units/edit_person.html", context, status=422 if form.errors else 200)


@require_GET
def phone(request: HttpRequest, pk) -> HttpResponse:
    """The phone number, asked for on purpose: the reading is written down."""
    found = selectors.person(request.actor, pk)
    number = open_sealed(request.actor, "staff.read_phone", [found.phone], path=found.home.path, target=found)[0]
    return render(request, "units/phone.html", {"person": found, "number": number})


@require_POST
def begin_post(request: HttpRequest, pk) -> HttpResponse:
    found = selectors.person(request.actor, pk)
    school = selectors.school_of(found.home) or found.home
    units = {str(u.pk): u for u in selectors.units_for_posts(school)}
    places = [(key, u.label) for key, u in units.items()]
    form = PostForm(request.POST, units=places, roles=selectors.roles_to_give(request.actor, school))
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.appoint(request.actor, staff=found, **given | {"unit": units[given["unit"]]})
            toasts.tell(request, _("任职已设好"))
            return redirect("units:person", found.pk)
        except Problem as problem:
            told(form, problem)
    return _person_page(request, found, status=422, post_form=form)


@require_POST
def end_post(request: HttpRequest, pk) -> HttpResponse:
    found = selectors.appointment(pk)
    services.end_appointment(request.actor, appointment=found)
    toasts.tell(request, _("任职已结束，马上生效。"))
    return redirect("units:person", found.staff_id)


@require_POST
def issue_account(request: HttpRequest, pk) -> HttpResponse:
    """A sign-in; the one-time password stands on the answer and nowhere else."""
    found = selectors.person(request.actor, pk)
    form = AccountForm(request.POST)
    if form.is_valid():
        try:
            account, password = services.issue_account(
                request.actor, staff=found, username=form.cleaned_data["username"]
            )
            return render(
                request, "units/password.html", {"person": found, "username": account.username, "password": password}
            )
        except Problem as problem:
            told(form, problem)
    return _person_page(request, found, status=422, account_form=form)


@require_POST
def reissue_password(request: HttpRequest, pk) -> HttpResponse:
    found = selectors.person(request.actor, pk)
    password = services.reissue_password(request.actor, staff=found)
    return render(
        request, "units/password.html", {"person": found, "username": found.account.username, "password": password}
    )


@require_POST
def leave(request: HttpRequest, pk) -> HttpResponse:
    found = selectors.person(request.actor, pk)
    services.leave(request.actor, staff=found)
    toasts.tell(request, _("%s已离校，所有任职今天结束。") % found.name)
    school = selectors.school_of(found.home)
    return redirect("units:staff", school.pk) if school else redirect("units:school")


@require_http_methods(["GET", "POST"])
def busy(request: HttpRequest, pk) -> HttpResponse:
    """Weekly times in which a teacher cannot go out, as a grid and as rows to edit."""
    found = selectors.person(request.actor, pk)
    may_edit = selectors.may(request.actor, "timetable.edit", found.home)
    rows = [
        {"weekday": p.weekday, "starts": f"{p.starts:%H:%M}", "ends": f"{p.ends:%H:%M}", "kind": p.kind}
        for p in selectors.busy_of([found]).get(found.pk, [])
    ]
    faults: list[str] = []
    if request.method == "POST":
        policy.demand(request.actor, "timetable.edit", path=found.home.path)
        rows, periods, faults = _posted_periods(request)
        if not faults:
            try:
                services.set_busy(request.actor, staff=found, periods=periods)
                toasts.tell(request, _("占用时段已保存"))
                return redirect("units:busy", found.pk)
            except Problem as problem:
                if problem.code != "invalid":
                    raise
                faults = [problem.message]
    context = {
        "person": found, "rows": rows, "faults": faults, "may_edit": may_edit, "kinds": BusyKind.choices,
        "weekdays": [(1, _("周一")), (2, _("周二")), (3, _("周三")), (4, _("周四")), (5, _("周五")), (6, _("周六")), (7, _("周日"))],
        "grid": [[row | {"label": BusyKind(row["kind"]).label} for row in rows if row["weekday"] == day] for day in range(1, 8)]
        if not faults else [],
        "crumbs": [Crumb(found.name, reverse("units:person", args=[found.pk])), Crumb(_("占用时段"))],
    }  # fmt: skip
    return render(request, "units/busy.html", context, status=422 if faults else 200)


def _posted_periods(request: HttpRequest) -> tuple[list[dict], list, list[str]]:
    names = ("weekday", "starts", "ends", "kind")
    sent = [dict(zip(names, row, strict=True)) for row in zip(*(request.POST.getlist(n) for n in names), strict=False)]
    rows = [row for row in sent if row["starts"] or row["ends"]]
    periods, faults = [], []
    for number, row in enumerate(rows, 1):
        form = BusyForm(row)
        if form.is_valid():
            periods.append(services.Busy(**form.cleaned_data))
            row["weekday"] = form.cleaned_data["weekday"]
        else:
            faults.append(_("第 %d 行的星期、时间或事由没有填好。") % number)
    return rows, periods, faults
