"""Staff lists as Excel; every export is written down before its first byte leaves."""

import io
from collections.abc import Iterable

import xlsxwriter
from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.lib.errors import Problem
from jiafang.units.models import Unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def staff_book(actor: Actor, school: Unit, headers: list[str], rows: Iterable[list]) -> HttpResponse:
    """The staff list as shown, for those who read the school's staff."""
    policy.demand(actor, "staff.read", path=school.path)
    rows = list(rows)
    if len(rows) > 20_000:
        raise Problem("too_large")
    with transaction.atomic():
        audit.record(actor, "staff.read", path=school.path, target=school, detail={"n": len(rows), "export": True})
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(_("教职工"))
        head = book.add_format({"bold": True, "border": 1, "align": "center"})
        for column, text in enumerate(headers):
            sheet.write_string(0, column, text, head)
            sheet.set_column(column, column, 30 if column == len(headers) - 2 else 12)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                sheet.write_string(number, column, str(value if value is not None else ""))
        sheet.freeze_panes(1, 0)
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{school.name}教职工.xlsx")
    return answer
