"""Answers every ``Problem`` as a page, a fragment or JSON, whichever was asked for."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from jiafang.lib.errors import Problem


def wants_json(request: HttpRequest) -> bool:
    return (
        request.headers.get("Accept", "").startswith("application/json") or request.content_type == "application/json"
    )


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The one way a problem leaves the server; ``denied`` reads like ``not_found``."""
    told = problem.answer()
    if wants_json(request):
        return JsonResponse(told, status=problem.status, json_dumps_params={"ensure_ascii": False})
    template = "web/problem_fragment.html" if getattr(request, "htmx", False) else "web/problem.html"
    return render(request, template, {"problem": told}, status=problem.status)


class problems:
    """Middleware: a view raises ``Problem``, the person reads a sentence."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer(request, exception) if isinstance(exception, Problem) else None
