"""The page of today, search, the choice of looks and the health check."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from jiafang.web import finding
from jiafang.web.context import THEMES
from jiafang.web.today import today as gather


def today(request: HttpRequest) -> HttpResponse:
    page = gather(request.actor)
    return render(request, "web/today.html", {"today": page, "figures": page.figures[:5]})


def search(request: HttpRequest) -> HttpResponse:
    """A page, or for the palette only what was found."""
    words = request.GET.get("q", "").strip()[:60]
    template = "web/search_found.html" if request.htmx else "web/search.html"
    return render(request, template, {"words": words, "groups": finding.groups(request.actor, words)})


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Remember light or dark on this machine."""
    onward = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}):
        onward = "/"
    response = redirect(onward)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=365 * 86400, samesite="Lax", secure=request.is_secure())
    return response


def health(request: HttpRequest) -> JsonResponse:
    """For the supervisor: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
