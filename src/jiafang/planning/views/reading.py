"""Looking at a timetable: overview, calendar, list, 任务图, one outing with its map, why a visit stands where it stands."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from jiafang.access import policy
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.planning import documents
from jiafang.planning.selectors import explaining, lanes, reviewing, timetable
from jiafang.planning.selectors.facts import open_slots
from jiafang.planning.selectors.slots import monday_of
from jiafang.planning.selectors.timetable import Trip
from jiafang.planning.selectors.wording import day_words
from jiafang.planning.states import RunState
from jiafang.planning.views.common import page
from jiafang.planning.views.running import progress_of
from jiafang.ui.lists import Choice, Column, DateRange, Empty, ListPage, Search
from jiafang.ui.parts import Figure
from jiafang.visits import selectors as visits_selectors
from jiafang.visits.states import VisitState

COLOURS = 6


@require_GET
def school(request: HttpRequest) -> HttpResponse:
    """The way in: the newest open campaign of the reader's school."""
    found = timetable.mine(request.actor)
    if not found:
        return render(request, "planning/none.html")
    return redirect("planning:overview", found[0].pk)


@require_GET
def overview(request: HttpRequest, pk: Any) -> HttpResponse:
    """How far the timetable is, what comes next, what to do now."""
    row = timetable.school_campaign(request.actor, pk)
    tally = timetable.tally(request.actor, row)
    leads = timetable.may(request.actor, "timetable.run", row)
    run = timetable.latest_run(row) if leads else None
    accepted = timetable.accepted_run(row) if leads else None
    today = clock.today()
    rows = list(timetable.visits(request.actor, row))
    trips = timetable.trips(rows)
    ahead = [t for t in trips if t.day >= today]
    figures = [
        Figure(_("排进时间表"), tally.all, unit=_("次"), href=reverse("planning:table", args=[row.pk])),
        Figure(_("家长已约好"), tally.appointed, of=tally.ahead + tally.planned, unit=_("次"),
               href=reverse("planning:table", args=[row.pk]) + "?state=appointed"),
        Figure(_("已访"), tally.done, of=tally.all, unit=_("次"), tone="good" if tally.done else ""),
        Figure(_("外出"), tally.outings, unit=_("趟"), href=reverse("planning:chart", args=[row.pk])),
    ]  # fmt: skip
    if leads and accepted is not None:
        left = len(reviewing.left_over(accepted))
        figures.append(
            Figure(
                _("没排上"),
                left,
                unit=_("次"),
                tone="late" if left else "",
                href=reverse("planning:left", args=[row.pk]),
            )
        )
    context = {
        "tally": tally, "run": run, "accepted": accepted, "figures": figures if tally.all or leads else None,
        "next_days": _by_day(ahead[:14]), "weeks": _weeks(trips), "steps": _steps(tally, run) if leads else [],
        "work": progress_of(row, run) if run is not None and run.state in (RunState.QUEUED, RunState.RUNNING) else None,
        "waiting": timetable.waiting(row) if leads and tally.all else 0,
        "others": [r for r in timetable.mine(request.actor) if r.pk != row.pk],
    }  # fmt: skip
    return page(request, row, "overview.html", context, here="overview")


def _by_day(trips: list[Trip]) -> list[tuple]:
    days: dict = {}
    for trip in trips:
        days.setdefault(trip.day, []).append(trip)
    return list(days.items())


def _weeks(trips: list[Trip]) -> dict | None:
    """Visits of each week: made and still to make."""
    weeks: dict = {}
    for trip in trips:
        made, ahead = weeks.setdefault(monday_of(trip.day), [0, 0])
        done = sum(v.state in timetable.DONE for v in trip.visits)
        weeks[monday_of(trip.day)] = [made + done, ahead + len(trip.visits) - done]
    if not weeks:
        return None
    mondays = sorted(weeks)
    return {
        "kind": "stack", "title": _("每周的家访"), "unit": _("次"), "name_label": _("周"),
        "names": [f"{monday.month}/{monday.day}" for monday in mondays],
        "series": [
            {"name": _("已访"), "values": [weeks[m][0] for m in mondays]},
            {"name": _("待访"), "values": [weeks[m][1] for m in mondays]},
        ],
    }  # fmt: skip


def _steps(tally: Any, run: Any) -> list[tuple[str, str, str]]:
    """(label, note, done|now|"") of the four steps a school takes."""
    ran = run is not None and run.state in (RunState.DONE, RunState.ACCEPTED)
    accepted = bool(tally.all)
    shown = accepted and not tally.planned
    marks = [True, ran or accepted, accepted, shown]
    if all(marks):
        return []
    now = marks.index(False)
    words = [
        (_("准备"), _("时段、照顾、家长意愿")), (_("排程"), _("系统排出时间表")),
        (_("采用"), _("看过以后采用")), (_("公布"), _("老师在自己的几周里看到")),
    ]  # fmt: skip
    return [
        (label, note, "done" if mark else "now" if n == now else "")
        for n, ((label, note), mark) in enumerate(zip(words, marks, strict=True))
    ]


@require_GET
def calendar(request: HttpRequest, pk: Any) -> HttpResponse:
    """Weeks and months; a trip is dragged to another slot and the rules answer at once."""
    row = timetable.school_campaign(request.actor, pk)
    wanted = _wanted(request)
    trips = timetable.trips(timetable.narrowed(timetable.visits(request.actor, row), **wanted))
    classes = timetable.classes(request.actor, row)
    colour = {klass.pk: n % COLOURS + 1 for n, klass in enumerate(classes)}
    events = [_event(request, row, trip, colour) for trip in trips]
    slots = [
        {"id": s.id, "start": f"{s.day}T{s.starts:%H:%M}:00", "end": f"{s.day}T{s.ends:%H:%M}:00", "words": day_words(s)}
        for s in open_slots(row)
    ]  # fmt: skip
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"events": events, "slots": slots})
    ahead = [trip for trip in trips if trip.day >= clock.today()]
    spec = {
        "events": events, "slots": slots, "move": reverse("planning:move", args=[row.pk]),
        "date": (ahead[0].day if ahead else clock.today()).isoformat(),
        "few": bool(wanted["klass"] or wanted["teacher"]) or len(classes) == 1,
        "words": {
            "today": _("今天"), "prev": _("往前"), "next": _("往后"),
            "days": _("每天"), "month": _("月"), "week": _("周"), "list": _("日程"), "none": _("这段时间没有家访"),
            "refused": _("不能移到这里"), "no_slot": _("那里不是学校的家访时段"),
        },
    }  # fmt: skip
    return page(
        request,
        row,
        "calendar.html",
        {"spec": spec, "wanted": wanted, **_choices(request, row, classes)},
        here="calendar",
    )


def _wanted(request: HttpRequest) -> dict[str, str]:
    return {key: request.GET.get(key, "") for key in ("klass", "grade", "teacher")}


def _choices(request: HttpRequest, row: Any, classes: list) -> dict[str, list]:
    grades = {klass.parent_id: klass.parent.label for klass in classes}
    return {
        "classes": [(str(klass.pk), klass.label) for klass in classes],
        "grades": [(str(key), label) for key, label in grades.items()] if len(grades) > 1 else [],
        "teachers": timetable.teachers(timetable.visits(request.actor, row)),
    }


def _event(request: HttpRequest, row: Any, trip: Trip, colour: dict[int, int]) -> dict:
    team = "·".join(p.name for p in (trip.lead, trip.companion) if p)
    return {
        "id": _moved(trip), "start": f"{trip.day}T{trip.leaves:%H:%M}:00",
        "end": f"{trip.day}T{trip.back:%H:%M}:00", "title": team, "editable": trip.movable,
        "classNames": [f"trip-{colour.get(trip.klass_id, 1)}", f"trip-{trip.state}", *(["trip-special"] if trip.special else [])],
        "extendedProps": {
            "klass": trip.klass, "homes": _("%d 户") % len(trip.visits) if not trip.online else _("线上 %d 户") % len(trip.visits),
            "families": trip.families, "slot": trip.slot,
            "href": reverse("planning:outing", args=[row.pk, trip.key]) if trip.outing
            else reverse("planning:visit", args=[row.pk, trip.visits[0].pk]),
        },
    }  # fmt: skip


def _moved(trip: Trip) -> str:
    """What is dragged: an outing, or all the online visits of one teacher's evening."""
    return f"outing:{trip.key}" if trip.outing else f"talks:{','.join(str(v.pk) for v in trip.visits)}"


_STATES = [
    (s.value, s.label)
    for s in (VisitState.PLANNED, VisitState.PUBLISHED, VisitState.APPOINTED, VisitState.HELD, VisitState.RECORDED,
              VisitState.CONFIRMED, VisitState.ARCHIVED)
]  # fmt: skip


def _list(request: HttpRequest, row: Any) -> ListPage:
    """The list with this school's classes and teachers to choose from."""

    def export(request: HttpRequest, headers: list[str], rows: Iterable[list]) -> HttpResponse:
        return attachment(*documents.timetable_file(request.actor, row, [line[0] for line in rows]))

    narrow = lambda key: lambda rows, value: timetable.narrowed(rows, **{key: value})  # noqa: E731
    choices = _choices(request, row, timetable.classes(request.actor, row))
    return ListPage(
        columns=[
            Column("family", gettext_lazy("学生"), value=timetable.family, phone="title", export=lambda v: v.pk),
            Column("klass", gettext_lazy("班级"), value=timetable.klass_names),
            Column("starts_at", gettext_lazy("时间"), sort="starts_at", template="planning/cell_time.html"),
            Column("team", gettext_lazy("老师"), sort="lead__pinyin"),
            Column("position", gettext_lazy("路线第几户"), kind="num", phone="hide",
                   value=lambda v: v.position if v.outing_id else ""),
            Column("mode", gettext_lazy("形式"), value=lambda v: v.get_mode_display(), sort="mode"),
            Column("round", gettext_lazy("第几次"), kind="num", sort="round", phone="hide"),
            Column("moment", gettext_lazy("状态"), template="planning/cell_state.html", sort="state", phone="side"),
        ],
        filters=[
            Search(apply=visits_selectors.named),
            *([Choice("grade", gettext_lazy("年级"), choices["grades"], apply=narrow("grade"))] if choices["grades"] else []),
            Choice("klass", gettext_lazy("班级"), choices["classes"], apply=narrow("klass")),
            Choice("teacher", gettext_lazy("老师"), choices["teachers"], apply=narrow("teacher")),
            Choice("state", gettext_lazy("状态"), _STATES),
            DateRange("day", gettext_lazy("日期"), lookup="starts_at", moments=True),
        ],
        order="starts_at",
        row_href=lambda v: reverse("planning:visit", args=[row.pk, v.pk]),
        export=export,
        empty=Empty("calendar-week", gettext_lazy("时间表还是空的"), gettext_lazy("学校排好并公布以后，家访会出现在这里。")),
    )  # fmt: skip


@require_GET
def table(request: HttpRequest, pk: Any) -> HttpResponse:
    """Every visit of the timetable as a list to filter, sort and export."""
    row = timetable.school_campaign(request.actor, pk)
    listing = _list(request, row)
    if not policy.can(request.actor, "timetable.export"):
        listing = replace(listing, export=None)
    rows = timetable.visits(request.actor, row)
    if listing.export and request.GET.get("export"):
        return listing.answer(request, rows)
    shown = listing.listing(request, rows)
    return page(request, row, "table.html", {"listing": shown, "empty": listing.empty}, here="table")


def attachment(name: str, body: bytes) -> HttpResponse:
    answer = HttpResponse(body, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _charts(request: HttpRequest, row: Any, by: str) -> lanes.Chart:
    trips = timetable.trips(timetable.narrowed(timetable.visits(request.actor, row), **_wanted(request)))
    order = {klass.pk: klass.label for klass in timetable.classes(request.actor, row)}
    if klass := request.GET.get("klass"):
        order = {pk: label for pk, label in order.items() if str(pk) == klass}
    return lanes.chart(trips, by=by, order=order)


@require_GET
def chart(request: HttpRequest, pk: Any) -> HttpResponse:
    """任务图: weeks × classes, or a lane for each teacher."""
    row = timetable.school_campaign(request.actor, pk)
    by = "teacher" if request.GET.get("by") == "teacher" else "klass"
    context = {"chart": _charts(request, row, by), "by": by, "wanted": _wanted(request)}
    return page(
        request,
        row,
        "chart.html",
        context | _choices(request, row, timetable.classes(request.actor, row)),
        here="chart",
    )


@require_GET
def paper(request: HttpRequest, pk: Any) -> HttpResponse:
    """时间表、任务图 for the wall: A4 landscape."""
    row = timetable.school_campaign(request.actor, pk)
    trips = timetable.trips(timetable.narrowed(timetable.visits(request.actor, row), **_wanted(request)))
    weeks: dict = {}
    for trip in trips:
        weeks.setdefault(monday_of(trip.day), []).append(trip)
    context = {
        "chart": _charts(request, row, "klass"),
        "weeks": [(monday, monday + timedelta(days=6), found) for monday, found in weeks.items()],
    }
    return page(request, row, "paper.html", context, crumb=_("打印"))


@require_GET
def outing(request: HttpRequest, pk: Any, outing: Any) -> HttpResponse:
    """One way: school, homes in order, back; with a map."""
    row = timetable.school_campaign(request.actor, pk)
    trip = timetable.outing(request.actor, row, outing)
    homes = timetable.homes_of(trip)
    context = {
        "trip": trip, "map": _map(row, trip, homes), "unknown": [v for v in trip.visits if v.pk not in homes],
        **_move_to(request, row, trip),
    }  # fmt: skip
    return page(request, row, "outing.html", context, crumb=f"{trip.day.month}月{trip.day.day}日 {trip.lead.name}")


def _move_to(request: HttpRequest, row: Any, trip: Trip) -> dict[str, Any]:
    """What the form that moves a trip needs; no slots when the reader may not."""
    slots = [s for s in open_slots(row) if s.id != trip.slot] if _may_move(request, trip) else []
    return {"what": _moved(trip), "slots": slots, "together": len(trip.visits)}


def _may_move(request: HttpRequest, trip: Trip) -> bool:
    paths = [child.klass.path for v in trip.visits for child in v.visit_students.all()]
    return trip.movable and any(policy.can(request.actor, "timetable.move", path=path) for path in paths)


def _map(row: Any, trip: Trip, homes: dict) -> dict | None:
    if not homes:
        return None
    points = [
        {"lat": homes[v.pk][0], "lon": homes[v.pk][1], "label": timetable.family(v), "mark": n, "tone": "accent" if v.origin == "special" else "",
         "text": f"{v.starts_at.astimezone(clock.TZ):%H:%M}", "href": reverse("planning:visit", args=[row.pk, v.pk])}
        for n, v in enumerate(trip.visits, 1)
        if v.pk in homes
    ]  # fmt: skip
    line = [[p["lat"], p["lon"]] for p in points]
    school = row.school
    if school.lat is not None:
        points.insert(
            0, {"lat": school.lat, "lon": school.lon, "label": school.label, "mark": _("校"), "tone": "school"}
        )
        line = [[school.lat, school.lon], *line, [school.lat, school.lon]]
    return {"title": _("路线"), "points": points, "ways": [{"line": line}], "tiles": settings.TILES}


@require_GET
def visit(request: HttpRequest, pk: Any, visit: Any) -> HttpResponse:
    """One visit on the timetable; why and other slots are asked for after the page stands."""
    row = timetable.school_campaign(request.actor, pk)
    found = timetable.visit(request.actor, row, visit)
    children = list(found.visit_students.all())
    context = {
        "visit": found, "family": timetable.family(found), "klass": timetable.klass_names(found),
        "may_wish": any(policy.can(request.actor, "timetable.wish", path=c.klass.path) for c in children),
        "student": children[0].student if children else None,
        "open": found.state != VisitState.PLANNED,
    }  # fmt: skip
    trip = timetable.trip_of(request.actor, row, found)
    if trip is not None and trip.online and len(trip.visits) > 1:
        context |= _move_to(request, row, trip)
    return page(request, row, "visit.html", context, crumb=timetable.family(found))


@require_GET
def why(request: HttpRequest, pk: Any, visit: Any) -> HttpResponse:
    """“为什么是这一天、这两位老师”, a part of a page."""
    row = timetable.school_campaign(request.actor, pk)
    found = timetable.visit(request.actor, row, visit)
    may_move = any(
        policy.can(request.actor, "timetable.move", path=child.klass.path) for child in found.visit_students.all()
    )
    context = {"row": row, "visit": found, "may_move": may_move}
    try:
        context["why"] = explaining.why(row, found)
    except Problem as problem:
        if problem.code != "state":
            raise
        context["note"] = problem.message  # nothing went wrong: there is nothing to weigh any more
    return render(request, "planning/why.html", context)


@require_GET
def left(request: HttpRequest, pk: Any) -> HttpResponse:
    """Families without a place: why, and what would help."""
    row = timetable.school_campaign(request.actor, pk)
    policy.demand(request.actor, "timetable.run", path=row.school.path)
    run = timetable.accepted_run(row)
    context = {
        "run": run,
        "left": reviewing.left_over(run) if run else [],
        "unmet": reviewing.review(run).unmet if run else [],
    }
    return page(request, row, "left.html", context, here="left")


@require_GET
def outlook(request: HttpRequest, pk: Any) -> HttpResponse:
    """如果……: other rules side by side, reckoned once the page stands."""
    row = timetable.school_campaign(request.actor, pk)
    policy.demand(request.actor, "timetable.run", path=row.school.path)
    if "rows" in request.GET:
        return render(request, "planning/outlook_rows.html", {"lines": explaining.outlooks(row)})
    return page(request, row, "outlook.html", {}, here="outlook")
