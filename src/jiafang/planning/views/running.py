"""Running the planner and what follows: progress, review, accept, give up, publish; moving by hand."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.lib.errors import Problem
from jiafang.planning import services
from jiafang.planning.selectors import reviewing, timetable
from jiafang.planning.states import RunState
from jiafang.planning.views.common import page
from jiafang.ui import toasts
from jiafang.ui.parts import Figure, Progress

BUSY = (RunState.QUEUED, RunState.RUNNING)


def progress_of(row: Any, run: Any) -> Progress:
    """A run as long work."""
    words = {RunState.QUEUED: _("排队中，马上开始"), RunState.RUNNING: _("正在排时间表")}
    label = words.get(run.state, run.get_state_display())
    if run.state == RunState.RUNNING and run.total and run.done >= run.total:
        label = _("已经排好，正在再改进，并核算离最好还差多少，可以随时停止")
    if run.state == RunState.RUNNING and run.stop_asked:
        label = _("正在停下，目前最好的安排会留着")
    return Progress(
        label, reverse("planning:progress", args=[row.pk, run.pk]),
        done=round(100 * run.done / run.total) if run.total else 0, total=100 if run.total else None,
        cancel_url=reverse("planning:cancel", args=[row.pk, run.pk]), finished=run.state not in BUSY,
        next_url=reverse("planning:run", args=[row.pk, run.pk]), next_label=_("看结果"), counts=_so_far(run),
    )  # fmt: skip


def _so_far(run: Any) -> tuple:
    """The best plan so far in figures: its cost, and how much better any plan could be at most, once that is known."""
    if run.state != RunState.RUNNING or run.cost is None:
        return ()
    gap = _gap(run)
    return (
        (_("目前最好的安排，综合代价"), f"{run.cost:,.0f}"),
        (_("离最好至多还差"), f"{gap:.1%}" if gap is not None else _("排好以后核算")),
    )


def _gap(run: Any) -> float | None:
    return max(0.0, (run.cost - run.bound) / run.cost) if run.bound and run.cost else None


@require_POST
def start(request: HttpRequest, pk: Any) -> HttpResponse:
    """Ask for a run; the windows are the usual ones while the school has set none."""
    row = timetable.school_campaign(request.actor, pk)
    services.prepare(request.actor, school_campaign=row)
    run = services.run(request.actor, school_campaign=row)
    return redirect("planning:run", row.pk, run.pk)


@require_GET
def run(request: HttpRequest, pk: Any, run: Any) -> HttpResponse:
    """A run: its progress, then what it brought and what it changes."""
    row = timetable.school_campaign(request.actor, pk)
    found = timetable.run(request.actor, row, run)
    context: dict[str, Any] = {"run": found, "work": progress_of(row, found) if found.state in BUSY else None}
    if found.plan is not None:
        figures = found.summary
        context |= {
            "review": reviewing.review(found),
            "kinds": reviewing.kinds(),
            "figures": _figures(found, figures),
            "s": figures,
        }
        context["weeks"] = _weeks(context["review"].weeks)
    return page(request, row, "run.html", context, crumb=_("排程结果"))


def _figures(run: Any, s: dict) -> list[Figure]:
    figures = [
        Figure(_("排上"), s["placed"], of=s["visits"], unit=_("次"), tone="good" if not s["unplaced"] else ""),
        Figure(_("没排上"), s["unplaced"], unit=_("次"), tone="late" if s["unplaced"] else "", href="#left"),
        Figure(_("外出"), s["outings"], unit=_("趟"), note=_("平均每趟 %.1f 户") % ((s["placed"] - s["online"]) / s["outings"]) if s["outings"] else ""),
        Figure(_("特殊群体"), s["special_placed"], of=s["special"], unit=_("次")),
    ]  # fmt: skip
    gap = _gap(run)
    if gap is not None:
        figures.append(Figure(_("离最好还差"), f"{gap:.1%}", note=_("至多，已经证明")))
    else:
        figures.append(Figure(_("历时"), s["weeks"], unit=_("周")))
    return figures


def _weeks(weeks: list[tuple]) -> dict | None:
    if not weeks:
        return None
    return {
        "kind": "bars", "title": _("每周排了多少"), "unit": _("次"), "name_label": _("周"),
        "names": [f"{monday.month}/{monday.day}" for monday, _o, _v in weeks],
        "series": [{"name": _("家访"), "values": [v for _m, _o, v in weeks]}],
    }  # fmt: skip


@require_GET
def progress(request: HttpRequest, pk: Any, run: Any) -> HttpResponse:
    """The progress partial; when it is over the whole page is asked for again."""
    row = timetable.school_campaign(request.actor, pk)
    found = timetable.run(request.actor, row, run)
    answer = render(request, "ui/progress.html", {"work": progress_of(row, found)})
    if found.state not in BUSY:
        answer["HX-Redirect"] = reverse("planning:run", args=[row.pk, found.pk])
    return answer


@require_POST
def cancel(request: HttpRequest, pk: Any, run: Any) -> HttpResponse:
    row = timetable.school_campaign(request.actor, pk)
    stopped = services.cancel(request.actor, run=timetable.run(request.actor, row, run))
    if stopped.state == RunState.RUNNING:
        toasts.tell(request, _("正在停下，已排好的部分会留着。"))
    return redirect("planning:run", row.pk, run)


@require_POST
def accept(request: HttpRequest, pk: Any, run: Any) -> HttpResponse:
    row = timetable.school_campaign(request.actor, pk)
    written = services.accept(request.actor, run=timetable.run(request.actor, row, run))
    toasts.tell(
        request, _("已采用：新排 %(new)d 次，改动 %(changed)d 次。") % {"new": written.new, "changed": written.changed}
    )
    return redirect("planning:overview", row.pk)


@require_POST
def discard(request: HttpRequest, pk: Any, run: Any) -> HttpResponse:
    row = timetable.school_campaign(request.actor, pk)
    services.discard(request.actor, run=timetable.run(request.actor, row, run))
    toasts.tell(request, _("没有采用，原来的安排不变。"))
    return redirect("planning:overview", row.pk)


@require_POST
def publish(request: HttpRequest, pk: Any) -> HttpResponse:
    row = timetable.school_campaign(request.actor, pk)
    count = services.publish(request.actor, school_campaign=row)
    toasts.tell(request, _("已公布 %d 次家访，老师现在可以看到。") % count)
    return redirect("planning:overview", row.pk)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: Any) -> HttpResponse:
    """GET asks what moving ``what`` (``outing:…`` or ``visit:…``) to ``slot`` would mean; POST moves it."""
    row = timetable.school_campaign(request.actor, pk)
    given = request.POST if "slot" in request.POST else request.GET
    kind, _colon, key = given.get("what", "").partition(":")
    slot = given.get("slot", "")
    what = _thing(request, row, kind, key)
    if request.method == "GET":
        answer = services.try_to_move(request.actor, school_campaign=row, what=what, slot=slot)
        return JsonResponse(_told(answer, moved=False))
    back = request.POST.get("next") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("planning:calendar", args=[row.pk])
    try:
        answer = services.move(request.actor, school_campaign=row, what=what, slot=slot)
    except Problem as refused:
        if refused.code not in ("conflict", "state", "invalid") or request.headers.get("Accept", "").startswith(
            "application/json"
        ):
            raise
        toasts.tell(request, refused.message, bad=True)  # the page stands as it was, with the reason on it
        return redirect(back)
    undo = f"{reverse('planning:move', args=[row.pk])}?{urlencode({'what': f'{kind}:{key}', 'slot': answer.was})}"
    told = _told(answer, moved=True) | {"undo": undo}
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(told)
    undoing = "slot" not in request.POST
    toasts.tell(request, _("已移回原来的时段。") if undoing else told["text"], undo="" if undoing else undo)
    return redirect(back)


def _thing(request: HttpRequest, row: Any, kind: str, key: str) -> Any:
    if kind == "outing":
        trip = timetable.outing(request.actor, row, key)
        return trip.outing
    if kind == "visit":
        return timetable.visit(request.actor, row, key)
    if kind == "talks":
        return timetable.talks(request.actor, row, key.split(","))
    raise Problem("not_found")


def _told(answer: services.Answer, *, moved: bool) -> dict[str, Any]:
    if not answer.allowed:
        text = _("不能移到这里：%s。") % "；".join(answer.breaks)
    else:
        if answer.minutes > 0:
            text = _("路上多走 %d 分钟") % answer.minutes
        elif answer.minutes < 0:
            text = _("路上少走 %d 分钟") % -answer.minutes
        else:
            text = _("路程不变")
        text = "，".join([text, *answer.effects])
        text = _("已移过去，%s。") % text if moved else _("可以移，%s。") % text
        if answer.team:
            text += _("改由%s老师去。") % answer.team
        if answer.again:
            text += _("有 %d 户已约好，要重新约。") % answer.again
    return {
        "allowed": answer.allowed, "text": text, "minutes": answer.minutes, "again": answer.again,
        "breaks": list(answer.breaks),
    }  # fmt: skip
