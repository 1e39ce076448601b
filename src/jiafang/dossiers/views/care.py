"""重点关爱台账, and noting or ending care in a child's file."""

from collections.abc import Iterable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.access import policy
from jiafang.access.reading import open_sealed
from jiafang.dossiers import documents, selectors
from jiafang.dossiers.forms import CareForm
from jiafang.dossiers.templatetags.dossiers import STATUSES
from jiafang.dossiers.views.common import attempt, form_page, student_crumbs
from jiafang.roster import selectors as roster
from jiafang.roster import services
from jiafang.ui.lists import Choice, Column, Empty, ListPage, Search
from jiafang.ui.parts import Crumb, Figure
from jiafang.ui.toasts import tell
from jiafang.units import selectors as units

LEDGER = ListPage(
    columns=[
        Column("klass", gettext_lazy("班级"), sort=lambda row: row.place),
        Column("name", gettext_lazy("姓名"), sort=lambda row: row.student.pinyin, phone="title"),
        Column("kinds", gettext_lazy("类别"), template="dossiers/cell_kinds.html"),
        Column("level", gettext_lazy("分级"), value=lambda row: row.level_label, sort=lambda row: row.level or "9"),
        Column("teacher", gettext_lazy("责任教师"), sort="teacher"),
        Column("done", gettext_lazy("本学期家访"), sort=lambda row: row.done, template="dossiers/cell_done.html"),
        Column("last", gettext_lazy("最近一次"), sort="last", template="dossiers/cell_last_at.html"),
        Column("next", gettext_lazy("下一次"), sort="next", template="dossiers/cell_next_at.html"),
        Column("status", gettext_lazy("情况"), value=lambda row: row.status, template="dossiers/cell_status.html",
               phone="side"),
    ],
    row_href=lambda row: reverse("dossiers:student", args=[row.pk]),
    empty=Empty("heart-handshake", gettext_lazy("台账里还没有学生"),
                gettext_lazy("学籍里的孤儿、留守等类别随名册导入；其他类别由老师在学生档案里登记。")),
    size=50,
)  # fmt: skip
LEVELS = (("1", gettext_lazy("一级")), ("2", gettext_lazy("二级")), ("3", gettext_lazy("三级")))


def _filters(found) -> list:
    """What this ledger can be narrowed by: nothing that all its rows share."""
    kinds = [(kind.value, kind.label) for kind in found.kinds]
    statuses = [(code, chip.label) for code, chip in STATUSES.items()]
    out = [
        Search(label=_("姓名、拼音、教师"), apply=lambda rows, words: [r for r in rows if _named(r, words)]),
        Choice("kind", _("类别"), kinds, apply=lambda rows, value: [r for r in rows if value in r.kinds]),
        Choice("status", _("情况"), statuses),
    ]
    if len(found.classes) > 1:
        out.append(Choice("klass", _("班级"), [(unit.pk, unit.label) for unit in found.classes], lookup="klass_id"))
    if found.levels:
        out.append(Choice("level", _("分级"), LEVELS))
    return out


def _named(row, words: str) -> bool:
    return words in row.name or words.lower() in row.student.pinyin or words in row.teacher


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger of the reader's class, grade or school."""
    actor = request.actor
    found = selectors.ledger(actor)
    page = replace(
        LEDGER,
        columns=[c for c in LEDGER.columns if found.levels or c.key != "level"],
        filters=_filters(found),
        export=_export if found.may_export else None,
    )
    if request.GET.get("export") and found.may_export:
        page.columns = [*page.columns, Column("row", "", export=lambda row: row)]
        return page.answer(request, found.rows)
    for unit in selectors.looked_at(actor):
        services.look_at_care(actor, unit=unit)
    context = {"ledger": found, "figures": _figures(found), "crumbs": [Crumb(_("重点关爱台账"))]}
    return page.answer(request, found.rows, context, template="dossiers/care.html")


def _export(request: HttpRequest, _headers: list[str], rows: Iterable[list]) -> HttpResponse:
    return documents.care_ledger(request.actor, [cells[-1] for cells in rows])


def _figures(found) -> list[Figure]:
    rows = found.rows
    if not rows:
        return []
    asked = [row for row in rows if row.needed]
    reached = sum(row.status == selectors.REACHED for row in rows)
    missing = sum(row.status == selectors.MISSING for row in rows)
    return [
        Figure(_("重点关爱"), len(rows), unit=_("人"), note=_("一名学生可能属于几类")),
        Figure(_("已达到次数"), reached, of=len(asked), unit=_("人"), href="?status=reached"),
        Figure(_("还要安排"), missing, unit=_("人"), href="?status=missing", tone="now" if missing else "good"),
        Figure(
            _("已安排、还没家访"),
            sum(r.status == selectors.PLANNED for r in rows),
            unit=_("人"),
            href="?status=planned",
        ),
    ]


@require_http_methods(("GET", "POST"))
def note(request: HttpRequest, pk) -> HttpResponse:
    """A kind of care begins, or with ``?kind=`` one in force gets another level, reason or teacher."""
    actor = request.actor
    student = roster.student(actor, pk)
    policy.demand(actor, "care.note", path=student.klass.path)
    in_force = {str(kind): row for kind, row in roster.care_by_student(actor, [student]).get(student.pk, ())}
    row = in_force.get(request.GET.get("kind", ""))
    form = CareForm(
        request.POST if request.method == "POST" else None,
        row=row,
        taken=set(in_force),
        levels=selectors.levels_at(student.school),
        staff=[(person.pk, person.name) for person in units.staff_of(student.school)],
        psychological=policy.can(actor, "care.read_psychological", path=student.klass.path),
    )
    if form.is_valid():
        care = attempt(form, lambda: services.note_care(actor, student=student, **form.facts()))
        if care is not None:
            undo = "" if row else reverse("dossiers:withdraw_care", args=[care.pk])
            tell(request, _("已更新。") if row else _("已登记。"), undo=undo)
            return redirect("dossiers:student", student.pk)
    title = _("更新关爱类别：%s") % row.kind.label if row else _("登记关爱类别")
    context = {
        "title": title,
        "where": f"{student.name} · {student.klass.label}",
        "text": "" if row else _("离异不等于单亲，单亲留守也不等于单亲家庭，请按实际情况选。"),
        "button": _("保存") if row else _("登记"),
        "return_href": reverse("dossiers:student", args=[student.pk]),
        "crumbs": student_crumbs(student, title),
    }
    return form_page(request, form, context)


@require_POST
def reason(request: HttpRequest, pk) -> HttpResponse:
    """Open the sealed reason of one care; psychological notes under their own verb."""
    care = roster.care(request.actor, pk)
    verb = roster.reason_verb(care.kind)
    student = care.student
    [text] = open_sealed(request.actor, verb, [care.reason], path=student.klass.path, target=care)
    facts = [(_("情况说明"), text)]
    template = "dossiers/opened.html" if request.htmx else "dossiers/opened_page.html"
    return render(request, template, {"facts": facts, "student": student, "crumbs": student_crumbs(student, _("查看"))})


@require_POST
def end(request: HttpRequest, pk) -> HttpResponse:
    care = services.end_care(request.actor, care=roster.care(request.actor, pk))
    tell(request, _("已结束这一类别，记录留在档案里。"), undo=reverse("dossiers:resume_care", args=[care.pk]))
    return redirect("dossiers:student", care.student_id)


@require_POST
def resume(request: HttpRequest, pk) -> HttpResponse:
    care = services.resume_care(request.actor, care=roster.care(request.actor, pk))
    tell(request, _("已恢复这一类别。"))
    return redirect("dossiers:student", care.student_id)


@require_POST
def withdraw(request: HttpRequest, pk) -> HttpResponse:
    """Undo of noting: it was a slip."""
    care = roster.care(request.actor, pk)
    services.withdraw_care(request.actor, care=care)
    tell(request, _("已撤回，档案里不留这一条。"))
    return redirect("dossiers:student", care.student_id)
