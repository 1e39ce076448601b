"""The import wizard: upload → mapping → preview → yes → done; and the history, with undo."""

import tempfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.access import policy
from jiafang.intake.template import write_template
from jiafang.roster import importers
from jiafang.roster.forms import SheetForm, UploadForm
from jiafang.roster.selectors import imports as selectors
from jiafang.roster.services import imports as services
from jiafang.ui import toasts
from jiafang.ui.lists import Column, Empty, ListPage, Search
from jiafang.ui.parts import Crumb, Figure, Progress

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

IMPORTS = ListPage(
    columns=[
        Column("file_name", gettext_lazy("文件"), sort="file_name", phone="title"),
        Column("unit", gettext_lazy("导入到"), value=lambda run: run.unit.label),
        Column("new", gettext_lazy("新增"), value=lambda run: total(run, "new"), kind="num"),
        Column("changed", gettext_lazy("变动"), value=lambda run: total(run, "changed"), kind="num"),
        Column("errors", gettext_lazy("有错"), value=lambda run: len(run.errors), kind="num"),
        Column("by", gettext_lazy("经办"), value=lambda run: run.by.name if run.by else _("系统")),
        Column("created_at", gettext_lazy("时间"), sort="created_at", template="roster/cell_time.html"),
        Column("state", gettext_lazy("状态"), value=lambda run: run, kind="chip", sort="state", phone="side"),
    ],
    filters=[Search(("file_name__contains",))],
    order="-created_at",
    row_href=lambda run: reverse("roster:import", args=[run.pk]),
)


def total(run, name: str) -> int:
    """The sum of one figure over the sheets of an import."""
    return sum(sheet[name] for sheet in run.counts.get("sheets", ()))


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    policy.demand(request.actor, "roster.import")
    empty = Empty(
        "file-import",
        _("还没有导入过名册"),
        _("学籍导出、教师花名册、任课安排表都可以直接上传。写入之前会先给您看哪些新增、哪些有变动、哪些有错。"),
        reverse("roster:upload"),
        _("导入名册"),
    )
    context = {"crumbs": [Crumb(_("学生与家长名册"))]}
    rows = selectors.imports_of(request.actor)
    return IMPORTS.answer(request, rows, context, template="roster/imports.html", empty=empty)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take files in; one leads to its preview, several to the list."""
    policy.demand(request.actor, "roster.import")
    form = UploadForm(
        request.POST or None, request.FILES or None, places=selectors.places(request.actor)
    )
    if request.method == "POST" and form.is_valid():
        kept = [
            importers.take_in(request.actor, unit=form.cleaned_data["unit"], name=file.name, body=file.read())
            for file in form.cleaned_data["files"]
        ]
        if len(kept) == 1:
            return redirect("roster:import", kept[0].pk)
        toasts.tell(request, _("已读取 %d 个文件，请逐个查看。") % len(kept))
        return redirect("roster:imports")
    context = {"form": form, "crumbs": _crumbs(Crumb(_("导入名册")))}
    return render(request, "roster/upload.html", context, status=400 if form.errors else 200)


@require_GET
def one(request: HttpRequest, pk) -> HttpResponse:
    """An import as it stands: preview, progress, result."""
    run = selectors.roster_import(request.actor, pk)
    figures = [
        Figure(_("新增"), total(run, "new"), unit=_("行"), tone="good" if total(run, "new") else ""),
        Figure(_("变动"), total(run, "changed"), unit=_("行")),
        Figure(_("不变"), total(run, "unchanged"), unit=_("行")),
        Figure(_("有错"), len(run.errors), unit=_("处"), tone="late" if run.errors else "", href="#errors" if run.errors else ""),
    ]
    context = {
        "run": run,
        "figures": figures if run.counts.get("sheets") else None,
        "work": _work(run),
        "waiting": run.state == "previewed" and run.stored_id is not None,
        "mendable": run.state in ("reading", "previewed", "refused") and run.stored_id is not None,
        "mappable": bool(run.counts.get("sheets")),
        "nothing_new": run.state == "previewed" and not total(run, "new") and not total(run, "changed"),
        "crumbs": _crumbs(Crumb(run.file_name)),
    }
    return render(request, "roster/import.html", context)


@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, pk) -> HttpResponse:
    """Say what each sheet and column is, where the guess was wrong."""
    run = selectors.roster_import(request.actor, pk)
    sheets = importers.sheets_of(request.actor, run)
    forms = [
        SheetForm(request.POST or None, prefix=f"s{n}", initial=sheet.chosen, columns=sheet.columns)
        for n, sheet in enumerate(sheets)
    ]
    if request.method == "POST" and all(form.is_valid() for form in forms):
        chosen = {sheet.name: form.overrides() for sheet, form in zip(sheets, forms, strict=True)}
        importers.preview_import(request.actor, run, chosen)
        if any(form.another for form in forms):
            toasts.tell(request, _("表的种类换好了，请再看看各列对不对。"))
            return redirect("roster:mapping", run.pk)
        return redirect("roster:import", run.pk)
    shown = [
        {"sheet": sheet, "form": form, "columns": [(c, form[c], sheet.samples[c]) for c in form.letters]}
        for sheet, form in zip(sheets, forms, strict=True)
    ]
    link = reverse("roster:import", args=[run.pk])
    context = {"run": run, "sheets": shown, "crumbs": _crumbs(Crumb(run.file_name, link), Crumb(_("对应各列")))}
    return render(request, "roster/mapping.html", context)


@require_GET
def rows(request: HttpRequest, pk) -> HttpResponse:
    """Which rows a figure of the preview stands for; a fragment."""
    run = selectors.roster_import(request.actor, pk)
    sheet, outcome = request.GET.get("sheet", ""), request.GET.get("outcome", "")
    found = importers.rows_of(request.actor, run, sheet, outcome)
    return render(request, "roster/rows.html", {"rows": found, "sheet": sheet, "most": importers.MOST_ROWS})


@require_POST
def apply(request: HttpRequest, pk) -> HttpResponse:
    run = services.queue_import(request.actor, run=selectors.roster_import(request.actor, pk))
    return redirect("roster:import", run.pk)


@require_GET
def progress(request: HttpRequest, pk) -> HttpResponse:
    """The bar, asked again every two seconds."""
    return render(request, "ui/progress.html", {"work": _work(selectors.roster_import(request.actor, pk))})


@require_POST
def undo(request: HttpRequest, pk) -> HttpResponse:
    run = services.undo_import(request.actor, run=selectors.roster_import(request.actor, pk))
    toasts.tell(request, _("已撤销这次导入，资料恢复到导入之前。"))
    return redirect("roster:import", run.pk)


@require_POST
def discard(request: HttpRequest, pk) -> HttpResponse:
    services.discard_import(request.actor, run=selectors.roster_import(request.actor, pk))
    toasts.tell(request, _("已放弃这份文件，没有写入任何内容。"))
    return redirect("roster:imports")


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The blank workbook."""
    policy.demand(request.actor, "roster.import")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.xlsx"
        write_template(file)
        body = file.read_bytes()
    answer = HttpResponse(body, content_type=_XLSX)
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''%E5%90%8D%E5%86%8C%E6%A8%A1%E6%9D%BF.xlsx"
    return answer


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [Crumb(_("学生与家长名册"), reverse("roster:imports")), *more]


def _work(run) -> Progress:
    page = reverse("roster:import", args=[run.pk])
    labels = {"applied": _("已写入"), "refused": _("没有写入"), "undone": _("已撤销")}
    return Progress(
        labels.get(run.state, _("正在写入名册，可以离开这一页，写完会留在这里")),
        reverse("roster:progress", args=[run.pk]),
        done=run.done,
        total=run.total or 100,
        finished=run.state != "applying",
        next_url=page,
        next_label=_("看结果"),
    )
