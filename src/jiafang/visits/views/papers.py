"""Papers that leave the system: one record, the class's bound book. Audited before the first byte."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from jiafang.campaigns import selectors as campaigns
from jiafang.lib.errors import Problem
from jiafang.units import selectors as units
from jiafang.visits import documents

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def attachment(name: str, body: bytes) -> HttpResponse:
    """A file to keep, under its Chinese name."""
    answer = HttpResponse(body, content_type=TYPES[name.rpartition(".")[2]])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


@require_GET
def record_file(request: HttpRequest, pk, kind: str) -> HttpResponse:
    return attachment(*documents.record_file(request.actor, pk, kind))


@require_GET
def workbook(request: HttpRequest, klass: int, kind: str) -> HttpResponse:
    """The class's book of the campaign asked for, else of the newest one that runs."""
    unit = units.unit(klass, kind="klass")
    parts = campaigns.school_campaigns(request.actor).filter(school=units.school_of(unit))
    asked = request.GET.get("campaign")
    part = next((p for p in parts.order_by("-campaign__opened_at") if not asked or str(p.campaign_id) == asked), None)
    if part is None:
        raise Problem("not_found")
    return attachment(*documents.workbook_file(request.actor, unit, part, kind))
