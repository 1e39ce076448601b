"""The classes a person reads, one class as a list of children, and taking a class over."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from jiafang.dossiers import documents, selectors
from jiafang.dossiers.links import address
from jiafang.dossiers.views.common import class_crumbs
from jiafang.roster import services as roster
from jiafang.ui.lists import Choice, Column, Empty, ListPage, Search
from jiafang.ui.parts import Crumb, Figure
from jiafang.ui.toasts import tell
from jiafang.units import selectors as units
from jiafang.units import services as units_services

CLASSES = ListPage(
    columns=[
        Column("label", gettext_lazy("班级"), phone="title"),
        Column("teacher", gettext_lazy("班主任"), sort="teacher"),
        Column("students", gettext_lazy("学生（人）"), sort="students", kind="num"),
        Column("visited", gettext_lazy("已家访（人）"), sort="visited", kind="num"),
        Column("left", gettext_lazy("还没家访（人）"), sort="left", kind="num"),
        Column("without_place", gettext_lazy("没有坐标（人）"), sort="without_place", kind="num"),
    ],
    filters=[Search(("label", "teacher"))],
    row_href=lambda row: reverse("dossiers:klass", args=[row.pk]),
    empty=Empty(
        "users",
        gettext_lazy("还没有您的班级"),
        gettext_lazy("学校导入名册、安排班主任后，班级会出现在这里。"),
    ),
    size=50,
)


@require_GET
def classes(request: HttpRequest) -> HttpResponse:
    """All classes; somebody with a single one goes straight there."""
    rows = selectors.classes(request.actor)
    if len(rows) == 1:
        return redirect("dossiers:klass", rows[0].pk)
    students, visited = sum(r.students for r in rows), sum(r.visited for r in rows)
    figures = [
        Figure(_("班级"), len(rows), unit=_("个")),
        Figure(_("学生"), students, unit=_("人")),
        Figure(
            _("已家访"), visited, of=students, unit=_("人"), tone="good" if students and visited == students else ""
        ),
        Figure(_("住处没有坐标"), sum(r.without_place for r in rows), unit=_("人"), note=_("能家访，排路线时不计远近")),
    ]
    context = {"figures": figures if rows else [], "crumbs": [Crumb(_("班级"))]}
    return CLASSES.answer(request, rows, context, template="dossiers/classes.html")


CHILDREN = ListPage(
    columns=[
        Column("number", gettext_lazy("学号"), phone="hide"),
        Column("name", gettext_lazy("姓名"), sort=lambda row: row.student.pinyin, phone="title",
               template="dossiers/cell_name.html"),
        Column("sex", gettext_lazy("性别"), phone="hide"),
        Column("kinds", gettext_lazy("关爱"), template="dossiers/cell_kinds.html"),
        Column("done", gettext_lazy("已家访（次）"), value=lambda row: row.standing.done,
               sort=lambda row: row.standing.done, kind="num"),
        Column("last", gettext_lazy("最近一次"), sort=lambda row: row.standing.last, template="dossiers/cell_last.html"),
        Column("next", gettext_lazy("下一次"), sort=lambda row: row.standing.next, template="dossiers/cell_next.html"),
        Column("state", gettext_lazy("状态"), value=lambda row: row.standing.state, kind="chip", phone="side"),
        Column("place", gettext_lazy("提醒"), template="dossiers/cell_notes.html"),
    ],
    filters=[
        Search(label=gettext_lazy("姓名或拼音"), apply=lambda rows, words: [r for r in rows if r.found_by(words)]),
        Choice("visit", gettext_lazy("家访"),
               [("not", gettext_lazy("还没家访")), ("done", gettext_lazy("已家访")),
                ("ahead", gettext_lazy("已排时间")), ("none", gettext_lazy("还没排时间")),
                ("record", gettext_lazy("记录待填"))],
               apply=lambda rows, value: [r for r in rows if VISIT_TESTS[value](r)]),
        Choice("care", gettext_lazy("关爱"), [("yes", gettext_lazy("重点关爱"))],
               apply=lambda rows, _value: [r for r in rows if r.kinds]),
        Choice("study", gettext_lazy("就读"), [("day", gettext_lazy("走读")), ("boarding", gettext_lazy("住校"))],
               apply=lambda rows, value: [r for r in rows if r.boarding == (value == "boarding")]),
        Choice("place", gettext_lazy("坐标"), [("none", gettext_lazy("没有坐标"))],
               apply=lambda rows, _value: [r for r in rows if r.no_place]),
    ],
    row_href=lambda row: reverse("dossiers:student", args=[row.pk]),
    empty=Empty("users", gettext_lazy("班里还没有学生"), gettext_lazy("导入学生名册，或者逐个添加。")),
    size=100,
)  # fmt: skip

VISIT_TESTS = {
    "not": lambda row: not row.visited,
    "done": lambda row: row.visited,
    "ahead": lambda row: row.standing.ahead > 0,
    "none": lambda row: not row.visited and not row.standing.ahead,
    "record": lambda row: row.waiting,
}


@require_GET
def klass(request: HttpRequest, pk: int) -> HttpResponse:
    """The children of a class, what is to do with each, and homes to confirm."""
    actor = request.actor
    found = selectors.klass(actor, pk)
    page = selectors.klass_page(actor, found)
    if request.GET.get("export"):
        return _children_page(request, found, export=True).answer(request, page.rows)
    if any(row.kinds for row in page.rows):
        roster.look_at_care(actor, unit=found)
    waiting = [h for h in units.handovers_waiting(actor) if h.klass_id == found.pk]
    context = {
        "page": page,
        "klass": found,
        "figures": _figures(page),
        "crumbs": class_crumbs(page.school, found),
        "handovers": waiting,
        "summary": selectors.summary(page) if waiting else None,
        "workbook": address("visits:workbook", found.pk, "pdf") if page.may["workbook"] else "",
        "structure": address("units:klass", found.pk) if page.may["hand_over"] else "",
    }
    return _children_page(request, found).answer(request, page.rows, context, template="dossiers/klass.html")


def _children_page(request: HttpRequest, found, *, export: bool = False) -> ListPage:
    """The list of this class. For the workbook the rows themselves ride along; kinds of care stay at home."""
    columns = [*CHILDREN.columns, Column("row", "", export=lambda row: row)] if export else CHILDREN.columns
    return replace(CHILDREN, columns=columns, export=partial(_class_list, found))


def _class_list(found, request: HttpRequest, _headers: list[str], rows: Iterable[list]) -> HttpResponse:
    return documents.class_list(request.actor, found, [cells[-1] for cells in rows])


def _figures(page) -> list[Figure]:
    rows = page.rows
    waiting = sum(row.waiting for row in rows)
    left = sum(not row.visited for row in rows)
    nowhere = sum(row.no_place for row in rows)
    figures = [
        Figure(
            _("已家访"), len(rows) - left, of=len(rows), unit=_("人"), href="?visit=done", tone="" if left else "good"
        ),
        Figure(_("还没家访"), left, unit=_("人"), href="?visit=not"),
        Figure(_("记录待填"), waiting, unit=_("份"), href="?visit=record", tone="now" if waiting else ""),
        Figure(_("住处没有坐标"), nowhere, unit=_("人"), href="?place=none"),
    ]
    if page.homes:
        figures.append(Figure(_("同住待确认"), len(page.homes), unit=_("户"), href="#homes", tone="now"))
    return figures if rows else []


@require_POST
def acknowledge(request: HttpRequest, pk: int, handover) -> HttpResponse:
    """The new class teacher has read what is taken over."""
    found = selectors.klass(request.actor, pk)
    units_services.acknowledge_handover(request.actor, handover=units.handover(request.actor, handover))
    tell(request, _("已确认接手%s。") % found.label)
    return redirect("dossiers:klass", found.pk)
