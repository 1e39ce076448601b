"""One visit and what is done to it before, on the way and after; adding one by hand."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.access import policy
from jiafang.campaigns import selectors as campaigns
from jiafang.lib.errors import Problem
from jiafang.roster import selectors as roster
from jiafang.ui import toasts
from jiafang.ui.parts import Crumb
from jiafang.units import selectors as units
from jiafang.visits import documents, selectors, services
from jiafang.visits.forms import AddForm, AppointForm, CheckForm, HoldForm, Plain, ReasonForm, SlotForm
from jiafang.visits.selectors import Thread
from jiafang.visits.templatetags.visits import children


def crumbs_to(visit, *more: Crumb) -> list[Crumb]:
    """The way down to a visit, and on."""
    top = [Crumb(_("家访"), reverse("visits:list"))]
    own = Crumb(children(visit), reverse("visits:visit", args=[visit.pk]) if more else "")
    return [*top, own, *more]


@require_GET
def visit(request: HttpRequest, pk) -> HttpResponse:
    """The visit's page: who, where, when, the one thing to do now, outline, record, history."""
    thread = selectors.thread(request.actor, pk)
    return render(request, "visits/visit.html", {"t": thread, "crumbs": crumbs_to(thread.visit)})


@require_POST
def contact(request: HttpRequest, pk) -> HttpResponse:
    """Address and phones, shown on demand and written down."""
    found = documents.contact(request.actor, selectors.visit(request.actor, pk))
    return render(request, "visits/contact.html", {"contact": found})


def reading_first(view: Callable) -> Callable:
    """Who has not read the conduct code is led to it, with the reason, instead of before a closed door."""

    @wraps(view)
    def led(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Problem as problem:
            if problem.extra.get("todo") != "conduct":
                raise
            toasts.tell(request, str(problem), bad=True)
            return redirect("campaigns:conduct")

    return led


def _form_page(
    request: HttpRequest, thread: Thread, form: Plain, title: str, act: Callable[[], object], said: str, **more
) -> HttpResponse:
    """Show the form, or do the act and go back to the visit."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Problem as problem:
            if problem.code in ("denied", "not_found", "not_allowed"):
                raise
            form.refuse(problem)
        else:
            toasts.tell(request, said, undo=more.get("undo", ""))
            return redirect(more.get("then") or reverse("visits:visit", args=[thread.visit.pk]))
    context = {"t": thread, "form": form, "title": title, "crumbs": crumbs_to(thread.visit, Crumb(title))}
    return render(request, "visits/act.html", context | more, status=422 if form.errors else 200)


def _posted(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _thread(request: HttpRequest, pk, verb: str) -> Thread:
    """The visit when this may be done to it now; else the plain reason."""
    thread = selectors.thread(request.actor, pk)
    _must_be_possible(thread, verb)
    return thread


def _must_be_possible(thread: Thread, verb: str) -> None:
    if verb not in thread.may:
        raise Problem("state", _("这次家访现在是“%s”，或者这一步不由您来做。") % thread.visit.moment.label)


@require_POST
def agreed(request: HttpRequest, pk) -> HttpResponse:
    """“电话已约好”: one tap."""
    services.appoint(request.actor, visit=selectors.visit(request.actor, pk))
    toasts.tell(request, _("已记下：电话已约好。"))
    return redirect("visits:visit", pk)


@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest, pk) -> HttpResponse:
    """Agreed by phone for another time, way or place."""
    thread = _thread(request, pk, "appoint")
    rules = selectors.rules_for(thread.visit)
    initial = AppointForm.initial_of(thread.visit.starts_at, thread.visit.ends_at) | {"mode": thread.visit.mode}
    modes = [(mode, rules.mode_label(mode)) for mode in rules.modes]
    form = AppointForm(_posted(request), initial=initial, modes=modes)

    def act():
        data = form.cleaned_data
        place = data["place"] if data["place"] else None
        services.appoint(request.actor, visit=thread.visit, mode=data["mode"], place=place, **form.times())

    return _form_page(
        request, thread, form, _("约好其他时间或方式"), act, _("已约好，并更新了时间。"), submit=_("约好了")
    )


@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, pk) -> HttpResponse:
    """未上门（原因）."""
    thread = _thread(request, pk, "decline")
    form = ReasonForm(_posted(request))
    return _form_page(
        request, thread, form, _("登记未上门"),
        lambda: services.decline(request.actor, visit=thread.visit, reason=form.cleaned_data["reason"]),
        _("已登记未上门。"), submit=_("登记"), undo=reverse("visits:reopen", args=[pk]),
    )  # fmt: skip


def _ending(request: HttpRequest, pk, verb: str, service: Callable, said: str) -> HttpResponse:
    thread = _thread(request, pk, verb)
    service(request.actor, visit=thread.visit, reason=request.POST.get("reason", ""))
    toasts.tell(request, said, undo=reverse("visits:reopen", args=[pk]))
    return redirect("visits:visit", pk)


@require_POST
def cancel(request: HttpRequest, pk) -> HttpResponse:
    return _ending(request, pk, "cancel", services.cancel, _("已取消这次家访。"))


@require_POST
def miss(request: HttpRequest, pk) -> HttpResponse:
    return _ending(request, pk, "miss", services.miss, _("已记为未成行。"))


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, pk) -> HttpResponse:
    """Taken up again, at the old time (a bare POST, the undo) or at a new one."""
    thread = _thread(request, pk, "reopen")
    if request.method == "POST" and "day" not in request.POST:
        services.reopen(request.actor, visit=thread.visit)
        toasts.tell(request, _("已恢复这次家访。"))
        return redirect("visits:visit", pk)
    form = SlotForm(_posted(request), initial=SlotForm.initial_of(thread.visit.starts_at, thread.visit.ends_at))
    return _form_page(
        request, thread, form, _("重新安排"),
        lambda: services.reopen(request.actor, visit=thread.visit, starts_at=form.times()["starts_at"]),
        _("已重新安排。"), submit=_("重新安排"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@reading_first
def hold(request: HttpRequest, pk) -> HttpResponse:
    """The visit was made: a bare POST takes the planned times, the form the real ones; then on to the record."""
    thread = selectors.thread(request.actor, pk)
    writing = next((part for part in thread.parts if part.may_write and part.unwritten), None)
    then = reverse("visits:write", args=[writing.child.pk]) if writing else reverse("visits:visit", args=[pk])
    if thread.visit.held_from is not None and writing:  # a second tap
        return redirect(then)
    _must_be_possible(thread, "hold")
    if request.method == "POST" and "day" not in request.POST:
        try:
            services.hold(request.actor, visit=thread.visit)
        except Problem as problem:
            if problem.code != "invalid":
                raise
            toasts.tell(request, str(problem), bad=True)
            return redirect("visits:hold", pk)
        toasts.tell(request, _("家访完成，辛苦了。趁记得清楚，把记录写下来。"))
        return redirect(then)
    form = HoldForm(_posted(request), initial=HoldForm.initial_of(thread.visit.starts_at, thread.visit.ends_at))

    def act():
        times = form.times()
        services.hold(request.actor, visit=thread.visit, held_from=times["starts_at"], held_until=times["ends_at"])

    said = _("家访完成，辛苦了。")
    return _form_page(request, thread, form, _("登记实际时间"), act, said, submit=_("家访已完成"), then=then)


@require_POST
@reading_first
def depart(request: HttpRequest, pk) -> HttpResponse:
    services.depart(request.actor, outing=selectors.outing(request.actor, pk))
    toasts.tell(request, _("已报“出发”，路上注意安全。"))
    return redirect(_back(request))


@require_POST
def return_safe(request: HttpRequest, pk) -> HttpResponse:
    services.return_safe(request.actor, outing=selectors.outing(request.actor, pk))
    toasts.tell(request, _("已报“平安返回”。"))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """To the visit the tap was made on, else to the week."""
    try:
        return reverse("visits:visit", args=[selectors.visit(request.actor, UUID(request.POST.get("visit", ""))).pk])
    except (Problem, ValueError):
        return reverse("visits:week")


@require_http_methods(["GET", "POST"])
def check_outing(request: HttpRequest, pk) -> HttpResponse:
    """The conduct self-check of an outing."""
    outing = selectors.outing(request.actor, pk)
    return _check(request, {"outing": outing}, outing.campaign, outing.day)


@require_http_methods(["GET", "POST"])
def check_visit(request: HttpRequest, pk) -> HttpResponse:
    """The conduct self-check of an online visit."""
    found = selectors.visit(request.actor, pk)
    return _check(request, {"visit": found}, found.campaign, found.held_from)


def _check(request: HttpRequest, of: dict, campaign, day) -> HttpResponse:
    items = list(campaigns.conduct_of(campaign))
    form = CheckForm(_posted(request), items=items)
    if request.method == "POST" and form.is_valid():
        try:
            services.check_conduct(request.actor, **of, answers=form.answers(), note=form.cleaned_data["note"])
        except Problem as problem:
            if problem.code in ("denied", "not_found", "not_allowed"):
                raise
            form.refuse(problem)
        else:
            toasts.tell(request, _("守则自查已记下。"))
            return redirect(_back(request))
    context = {
        "form": form, "day": day, "campaign": campaign, "visit": request.GET.get("visit", request.POST.get("visit", "")),
        "crumbs": [Crumb(_("家访"), reverse("visits:list")), Crumb(_("守则自查"))],
    }  # fmt: skip
    return render(request, "visits/check.html", context, status=422 if form.errors else 200)


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Whom to visit: a class's children, or a name."""
    actor = request.actor
    if not policy.can(actor, "visit.add"):
        raise Problem("not_allowed")
    words = request.GET.get("q", "").strip()
    mine = list(units.classes_of(actor))
    klass = next((k for k in mine if str(k.pk) == request.GET.get("klass", "")), mine[0] if len(mine) == 1 else None)
    rows = []
    if words:
        rows = list(roster.search(words)[:50])
    elif klass is not None:
        rows = list(roster.students_of(actor, klass).select_related("klass"))
    context = {
        "words": words, "classes": mine, "klass": klass, "students": rows,
        "crumbs": [Crumb(_("家访"), reverse("visits:list")), Crumb(_("加一次家访"))],
    }  # fmt: skip
    return render(request, "visits/choose.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, student) -> HttpResponse:
    """A visit to one child's household: special, follow-up, observation, or urgent the same evening."""
    actor = request.actor
    child = roster.student(actor, student)
    part = campaigns.current_at(child.school).first()
    if part is None:
        raise Problem("state", _("学校现在没有进行中的家访活动。"))
    rules = campaigns.rules(part)
    near = list(units.posts_at(child.klass))
    first = {post.staff_id: f"{post.staff.name}（{post.subject or post.get_role_display()}）" for post in near}
    people = [*first.items(), *((p.pk, p.name) for p in units.staff_of(child.school) if p.pk not in first)]
    modes = [(mode, rules.mode_label(mode)) for mode in rules.modes]
    initial = {
        "lead": actor.staff_id,
        "origin": request.GET.get("origin", "observation"),
        "theme": request.GET.get("theme"),
    }
    form = AddForm(_posted(request), initial=initial, modes=modes, people=people, two=rules.two_teachers)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_visit(actor, school_campaign=part, students=[child], **form.given())
        except Problem as problem:
            if problem.code in ("denied", "not_found", "not_allowed"):
                raise
            form.refuse(problem)
        else:
            toasts.tell(request, _("已加上这次家访。"), undo=reverse("visits:cancel", args=[made.pk]))
            return redirect("visits:visit", made.pk)
    context = {
        "form": form, "child": child, "part": part,
        "crumbs": [Crumb(_("家访"), reverse("visits:list")), Crumb(_("加一次家访"), reverse("visits:add")), Crumb(child.name)],
    }  # fmt: skip
    return render(request, "visits/add.html", context, status=422 if form.errors else 200)
