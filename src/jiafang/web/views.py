"""The page of today and the health check."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def today(request: HttpRequest) -> HttpResponse:
    return render(request, "web/today.html")


def health(request: HttpRequest) -> JsonResponse:
    """For the supervisor: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
