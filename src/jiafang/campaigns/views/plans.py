"""一校一策: written by the school with autosave, walked through its steps, printed, handed in."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.access import policy
from jiafang.campaigns import documents, selectors, services
from jiafang.campaigns.forms import RemarkForm, SealForm, day_of, rows_of
from jiafang.campaigns.views.common import school_crumbs
from jiafang.campaigns.views.school import plan_steps
from jiafang.lib.errors import Problem
from jiafang.paperwork.services import MAX_BYTES, read
from jiafang.ui import toasts
from jiafang.ui.forms import told
from jiafang.ui.parts import Crumb

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORDS = {
    "plan.approve": "校内审定", "plan.seal": "上传盖章扫描件", "plan.submit": "报送教育局", "plan.receive": "教育局接收",
    "plan.return": "教育局退回", "plan.file": "备案",
}  # fmt: skip


def _view(request: HttpRequest, pk):
    row = selectors.school_campaign(request.actor, pk)
    return row, selectors.plan_of(request.actor, row)


def _page(request: HttpRequest, row, view, *, status: int = 200, **more) -> HttpResponse:
    writer = policy.can(request.actor, "plan.edit", path=row.school.path)
    chart = None
    if view.tasks:
        chart = {
            "kind": "gantt", "title": _("任务图"), "name_label": _("任务"),
            "names": [f"{t['name']}（{t['owner']}）" if t["owner"] else t["name"] for t in view.tasks],
            "series": [{"name": _("开始"), "values": [t["begins"] for t in view.tasks]},
                       {"name": _("结束"), "values": [t["ends"] for t in view.tasks]}],
        }  # fmt: skip
    context = {
        "row": row, "view": view, "plan": view.plan, "steps": plan_steps(view), "chart": chart, "writer": writer,
        "editing": "plan.edit" in view.verbs and request.GET.get("print") is None,
        "stamped": view.version.stamped if view.version else view.plan.stamped,
        "history": [(h, WORDS.get(h.verb, h.verb)) for h in selectors.history_of(view.plan)],
        "versions": selectors.versions_of(request.actor, view.plan) if writer else [],
        "crumbs": school_crumbs(row, Crumb(_("实施方案"))), "seal": SealForm(), "remark": RemarkForm(), "problem": None,
    } | more  # fmt: skip
    return render(request, "campaigns/plan.html", context, status=status)


@require_GET
def plan(request: HttpRequest, pk) -> HttpResponse:
    return _page(request, *_view(request, pk))


@require_http_methods(["PUT"])
def section(request: HttpRequest, pk, code: str) -> HttpResponse:
    """Autosave of one section: ``{"revision", "answers": {"text"}}`` in, ``{"revision"}`` out."""
    row = selectors.school_campaign(request.actor, pk)
    try:
        sent = json.loads(request.body)
        base, text = int(sent["revision"]), str(sent["answers"]["text"])
    except (ValueError, KeyError, TypeError):
        raise Problem("invalid") from None
    revision = services.edit_plan(request.actor, plan=row.plan, section=code, text=text, base=base)
    return JsonResponse({"revision": revision})


@require_POST
def tasks(request: HttpRequest, pk) -> HttpResponse:
    """The bars of the task chart, sent as a whole."""
    row, view = _view(request, pk)
    rows = [r for r in rows_of(request.POST, "name", "owner", "begins", "ends") if any(v.strip() for v in r.values())]
    given = [r | {"begins": day_of(r["begins"]), "ends": day_of(r["ends"])} for r in rows]
    try:
        services.edit_tasks(request.actor, plan=view.plan, tasks=given)
    except Problem as problem:
        if problem.code != "invalid":
            raise
        return _page(request, row, view, status=422, problem=problem, faults=_faults(problem), task_rows=rows)
    toasts.tell(request, _("任务图已保存"))
    return redirect("campaigns:plan", row.pk)


def _faults(problem: Problem) -> list[str]:
    return [text for texts in problem.fields.values() for text in texts]


@require_POST
def approve(request: HttpRequest, pk) -> HttpResponse:
    row, view = _view(request, pk)
    try:
        services.approve_plan(request.actor, plan=view.plan)
    except Problem as problem:
        if problem.code != "invalid":
            raise
        return _page(request, row, view, status=422, problem=problem, faults=_faults(problem))
    toasts.tell(request, _("方案已审定。请打印盖章，把扫描件传上来。"))
    return redirect("campaigns:plan", row.pk)


@require_POST
def seal(request: HttpRequest, pk) -> HttpResponse:
    row, view = _view(request, pk)
    form = SealForm(request.POST, request.FILES)
    if form.is_valid():
        scan = form.cleaned_data["scan"]
        if scan.size > MAX_BYTES:
            form.add_error("scan", _("文件超过 %d MB，请压缩后再上传。") % (MAX_BYTES // 2**20))
        else:
            try:
                services.seal_plan(request.actor, plan=view.plan, name=scan.name, body=scan.read())
                toasts.tell(request, _("扫描件已保存，可以报送了。"))
                return redirect("campaigns:plan", row.pk)
            except Problem as problem:
                told(form, problem)
    return _page(request, row, view, status=422, seal=form)


@require_POST
def submit(request: HttpRequest, pk) -> HttpResponse:
    return _step(request, pk, services.submit_plan, _("方案已报送教育局。"))


@require_POST
def receive(request: HttpRequest, pk) -> HttpResponse:
    return _step(request, pk, services.receive_plan, _("已接收。"))


@require_POST
def file(request: HttpRequest, pk) -> HttpResponse:
    return _step(request, pk, services.file_plan, _("已备案。"))


def _step(request: HttpRequest, pk, service, said: str) -> HttpResponse:
    row = selectors.school_campaign(request.actor, pk)
    service(request.actor, plan=row.plan)
    toasts.tell(request, said)
    return redirect("campaigns:plan", row.pk)


@require_POST
def send_back(request: HttpRequest, pk) -> HttpResponse:
    row, view = _view(request, pk)
    form = RemarkForm(request.POST)
    if form.is_valid():
        services.return_plan(request.actor, plan=view.plan, remark=form.cleaned_data["remark"])
        toasts.tell(request, _("已退回学校修改。"))
        return redirect("campaigns:plan", row.pk)
    return _page(request, row, view, status=422, remark=form)


def _download(body: bytes, kind: str, name: str, *, inline: bool = False) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(not inline, name)
    return answer


@require_GET
def word(request: HttpRequest, pk) -> HttpResponse:
    row, view = _view(request, pk)
    return _download(documents.plan_word(view), DOCX, f"{row.school.name}实施方案.docx")


@require_GET
def pdf(request: HttpRequest, pk) -> HttpResponse:
    row, view = _view(request, pk)
    return _download(documents.plan_pdf(view), "application/pdf", f"{row.school.name}实施方案.pdf", inline=True)


@require_GET
def stamped(request: HttpRequest, pk) -> HttpResponse:
    """The scan of the stamped paper, of the version this reader sees."""
    _row, view = _view(request, pk)
    found = view.version.stamped if view.version else view.plan.stamped
    if found is None:
        raise Problem("not_found")
    return _download(read(found), found.content_type, found.name)


@require_GET
def version(request: HttpRequest, pk, number: int) -> HttpResponse:
    """An approved version as it was."""
    row, view = _view(request, pk)
    found = selectors.versions_of(request.actor, view.plan).filter(version=number).first()
    if found is None:
        raise Problem("not_found")
    shown = [(heading, found.sections.get(code, "")) for code, heading, _hint in selectors.SECTIONS]
    context = {"row": row, "version": found, "sections": shown, "tasks": found.tasks,
               "crumbs": school_crumbs(row, Crumb(_("第 %d 版") % number))}  # fmt: skip
    return render(request, "campaigns/version.html", context)
