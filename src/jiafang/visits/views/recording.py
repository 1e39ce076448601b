"""The record: its form on desktop and phone, saving by a client-made id, confirming, returning, settling two texts."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.access import policy
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.lib.ids import uuid7
from jiafang.paperwork.forms import parse_schema
from jiafang.ui import toasts
from jiafang.ui.parts import Crumb
from jiafang.visits import documents, selectors, services
from jiafang.visits.forms import RecordForm, RemarkForm, answers_in
from jiafang.visits.services import Saved, Sent
from jiafang.visits.views.acting import crumbs_to, reading_first


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a request; ``invalid`` for anything else."""
    try:
        sent = json.loads(request.body, parse_constant=lambda word: None)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise Problem("invalid", _("记录的内容读不出来。"))
    return sent


def revision_in(sent: Any, name: str = "base_revision") -> int:
    try:
        return max(0, int(sent.get(name) or 0))
    except (TypeError, ValueError):
        raise Problem("invalid", _("版本号读不出来，请刷新页面。")) from None


def _uuid(value: Any, name: str) -> UUID | None:
    if value in (None, ""):
        return None
    try:
        return UUID(str(value))
    except ValueError:
        raise Problem("invalid", fields={name: [_("编号不对。")]}) from None


def _moment(value: Any) -> datetime | None:
    try:
        found = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    return clock.aware(found) if found else None


def _sent(record_id: UUID, sent: dict[str, Any]) -> Sent:
    """One save as the protocol writes it, see docs/records.md."""
    child = _uuid(sent.get("visit_student"), "visit_student")
    answers = sent.get("answers")
    if child is None or not isinstance(answers, dict):
        raise Problem("invalid", _("记录的内容读不出来。"), {"answers": [_("缺少内容。")]})
    digest = sent.get("digest") or ""
    return Sent(
        record_id=record_id, visit_student_id=child, answers=answers, base_revision=revision_in(sent),
        digest=digest if isinstance(digest, str) else "?", client_time=_moment(sent.get("client_time")),
        submit=sent.get("submit") is True, form_id=_uuid(sent.get("form"), "form"),
    )  # fmt: skip


def _answer(saved: Saved) -> JsonResponse:
    told: dict[str, Any] = {"outcome": saved.outcome, "message": saved.message, "fields": saved.faults}
    told["clock_off"] = saved.clock_off
    if saved.record is not None:
        told |= {
            "record": str(saved.record.pk), "revision": saved.record.revision, "digest": saved.record.digest,
            "state": saved.record.state,
        }  # fmt: skip
    if saved.conflict is not None:
        told |= {"conflict": str(saved.conflict.pk), "settle": reverse("visits:settle", args=[saved.conflict.pk])}
    return JsonResponse(told, status=saved.status, json_dumps_params={"ensure_ascii": False})


@require_http_methods(["GET", "PUT"])
def record(request: HttpRequest, pk) -> HttpResponse:
    """PUT saves (201 new, 200 the same or applied, 409 kept beside); GET reads what was handed in."""
    if request.method == "PUT":
        return _answer(services.save_draft(request.actor, sent=_sent(pk, body_of(request))))
    sheet = documents.sheet(request.actor, pk)
    return render(request, "visits/record.html", _reading(request, sheet))


def _reading(request: HttpRequest, sheet: documents.Sheet, **more) -> dict:
    thread = selectors.thread(request.actor, sheet.child.visit_id)
    part = next(part for part in thread.parts if part.child.pk == sheet.child.pk)
    title = _("家访记录")
    return {"sheet": sheet, "t": thread, "part": part, "crumbs": crumbs_to(thread.visit, Crumb(title))} | more


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk) -> HttpResponse:
    """The record form of a child: what is known stands there, the rest is asked; it saves itself, “提交” hands it in."""
    actor = request.actor
    child = selectors.visit_student(actor, pk)
    path, ties = selectors.path_of(child), selectors.relations(actor, child.visit)
    policy.demand(actor, "visit.save_draft", path=path, relations=ties)
    if not selectors.open_for_writing(child):
        record_pk = getattr(getattr(child, "record", None), "pk", None)
        return redirect("visits:record", record_pk) if record_pk else redirect("visits:visit", child.visit_id)
    sheet, form_id = documents.sheet_to_write(actor, child)
    record_id = sheet.record.pk if sheet.record else _uuid(request.POST.get("record"), "record") or uuid7()
    if request.method == "POST":
        submits = request.POST.get("act") != "save"
        sent = Sent(
            record_id=_uuid(request.POST.get("record"), "record") or record_id, visit_student_id=child.pk,
            answers=answers_in(sheet.schema, request.POST), base_revision=revision_in(request.POST),
            submit=submits, form_id=_uuid(request.POST.get("form"), "form"),
        )  # fmt: skip
        try:
            saved = services.save_draft(actor, sent=sent)
        except Problem as problem:
            if problem.code != "invalid":
                raise
            return _writing(
                request, child, sheet, record_id, sent.answers, problem.fields, revision_in(request.POST), form_id
            )
        if saved.outcome == services.INCOMPLETE:
            revision = saved.record.revision
            return _writing(request, child, sheet, record_id, sent.answers, saved.faults, revision, form_id)
        if saved.conflict is not None:
            toasts.tell(request, saved.message, bad=True)
            return redirect("visits:settle", saved.conflict.pk)
        if saved.status == 409:
            raise Problem("stale", saved.message)
        toasts.tell(request, _("记录已提交。") if submits else _("草稿已保存。"))
        return redirect("visits:visit", child.visit_id)
    revision = sheet.record.revision if sheet.record else 0
    return _writing(request, child, sheet, record_id, sheet.answers, {}, revision, form_id)


def _writing(request, child, sheet, record_id, answers, faults, revision, form_id) -> HttpResponse:
    handed_in = sheet.record is not None and sheet.record.state == "submitted"
    context = {
        "child": child, "visit": child.visit, "sheet": sheet, "record_id": record_id, "revision": revision,
        "form": RecordForm(sheet.schema, answers, faults, sheet.header), "form_id": form_id, "handed_in": handed_in,
        "faults": faults, "blank": sheet.record is None,
        "known": [(item, text) for item, text in sheet.lines if not item.asked],
        "crumbs": crumbs_to(child.visit, Crumb(_("家访记录"))),
    }  # fmt: skip
    return render(request, "visits/write.html", context, status=422 if faults else 200)


@require_GET
def versions(request: HttpRequest, pk) -> HttpResponse:
    """Every writing of a record, newest first: nothing that was saved is gone."""
    sheet, kept = documents.versions_of(request.actor, pk)
    crumbs = crumbs_to(sheet.child.visit, Crumb(_("历次内容")))
    return render(request, "visits/versions.html", {"sheet": sheet, "kept": kept, "crumbs": crumbs})


@require_http_methods(["GET", "POST"])
@reading_first
def confirm(request: HttpRequest, pk) -> HttpResponse:
    """The companion reads the record and says: so it was."""
    sheet = documents.sheet(request.actor, pk)
    if request.method == "POST":
        services.confirm_record(request.actor, record=sheet.record)
        toasts.tell(request, _("已确认这份记录，谢谢。"))
        return redirect("visits:visit", sheet.child.visit_id)
    return render(request, "visits/record.html", _reading(request, sheet, confirming=True))


@require_POST
def send_back(request: HttpRequest, pk) -> HttpResponse:
    """The school returns a record for completion."""
    sheet = documents.sheet(request.actor, pk)
    form = RemarkForm(request.POST)
    if form.is_valid():
        services.return_record(request.actor, record=sheet.record, remark=form.cleaned_data["remark"])
        toasts.tell(request, _("已退回，老师会看到您的意见。"))
        return redirect("visits:visit", sheet.child.visit_id)
    return render(request, "visits/record.html", _reading(request, sheet, remark_form=form), status=422)


@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, pk) -> HttpResponse:
    """Two texts of one record side by side; a person says what stands."""
    actor = request.actor
    both = documents.two_texts(actor, pk)
    sheet = both.sheet
    visit_pk = sheet.child.visit_id
    if both.version.settled_at is not None:
        return redirect("visits:visit", visit_pk)
    faults: dict = {}
    answers = {**both.other, **sheet.answers}
    if request.method == "POST":
        keeps = request.POST.get("act") == "keep"
        answers = answers_in(parse_schema(sheet.record.form.schema), request.POST)
        try:
            services.settle_conflict(
                actor, version=both.version, answers=None if keeps else answers, base_revision=revision_in(request.POST)
            )
        except Problem as problem:
            if problem.code != "invalid":
                raise
            faults = problem.fields
        else:
            toasts.tell(request, _("已选定，两份内容都保留在历史里。"))
            return redirect("visits:visit", visit_pk)
    context = {
        "both": both, "sheet": sheet, "form": RecordForm(sheet.schema, answers, faults, sheet.header), "visit": sheet.child.visit,
        "crumbs": crumbs_to(sheet.child.visit, Crumb(_("核对两份内容"))),
    }  # fmt: skip
    return render(request, "visits/settle.html", context, status=422 if faults else 200)
