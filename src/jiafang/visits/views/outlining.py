"""The outline of one child's visit: drafted on first opening, then edited."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiafang.access import policy
from jiafang.lib.errors import Problem
from jiafang.ui import toasts
from jiafang.ui.parts import Crumb
from jiafang.visits import documents, selectors, services
from jiafang.visits.forms import sections_in
from jiafang.visits.views.acting import crumbs_to
from jiafang.visits.views.recording import body_of, revision_in


@require_http_methods(["GET", "POST", "PUT"])
def outline(request: HttpRequest, pk) -> HttpResponse:
    """GET shows (or drafts) it, POST saves and goes back, PUT saves as one types."""
    actor = request.actor
    child = selectors.visit_student(actor, pk)
    if request.method == "PUT":
        return _autosave(request, child)
    path, ties = selectors.path_of(child), selectors.relations(actor, child.visit)
    edits = policy.can(actor, "visit.prepare", path=path, relations=ties) and child.visit.state in (
        "published",
        "appointed",
        "held",
    )
    sections, revision = documents.outline_of(actor, child)
    if request.method == "POST":
        try:
            services.prepare(
                actor, visit_student=child, body=sections_in(request.POST), base_revision=revision_in(request.POST)
            )
        except Problem as problem:
            if problem.code != "stale":
                raise
            # Both stand on the page: what was typed in the fields, what was saved meanwhile beneath.
            return _page(request, child, sections_in(request.POST), revision, True, problem, sections)
        toasts.tell(request, _("提纲已保存。"))
        return redirect("visits:visit", child.visit_id)
    fresh = request.GET.get("draft") == "1" or (not sections and edits)
    if fresh and edits:
        sections = services.draft_outline(actor, visit_student=child)
    return _page(request, child, sections, revision, edits, drafted=fresh and edits)


def _page(request, child, sections, revision, edits, problem=None, theirs=(), *, drafted=False) -> HttpResponse:
    context = {
        "child": child, "visit": child.visit, "sections": sections, "revision": revision, "edits": edits,
        "drafted": drafted, "problem": problem, "theirs": theirs,
        "crumbs": crumbs_to(child.visit, Crumb(_("家访提纲"))),
    }  # fmt: skip
    return render(request, "visits/outline.html", context, status=409 if problem else 200)


def _autosave(request: HttpRequest, child) -> JsonResponse:
    """``{"revision", "answers": {"title": […], "text": […]}}`` as the autosave element sends it."""
    sent = body_of(request)
    answers = sent.get("answers") or {}

    def many(name: str) -> list:
        value = answers.get(name, [])
        return value if isinstance(value, list) else [value]

    body = [{"title": title, "text": text} for title, text in zip(many("title"), many("text"), strict=False)]
    row = services.prepare(request.actor, visit_student=child, body=body, base_revision=revision_in(sent, "revision"))
    return JsonResponse({"revision": row.revision, "next": reverse("visits:visit", args=[child.visit_id])})
