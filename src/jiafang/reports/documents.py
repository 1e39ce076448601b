"""Workbooks of the figures as bureaus expect them; every export is written down before its first byte leaves."""

import io

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.paperwork.sheet import Column, write_ledger
from jiafang.reports.indicators import Indicator

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _answer(actor: Actor, place, title: str, columns: list[Column], rows: list[dict], verb: str) -> HttpResponse:
    policy.demand(actor, verb, path=place.unit.path)
    with transaction.atomic():
        audit.record(actor, verb, path=place.unit.path, target=place.campaign, detail={"sheet": title, "n": len(rows)})
    out = io.BytesIO()
    write_ledger(out, title=title, columns=columns, rows=rows)
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{title}.xlsx")
    return answer


def figures_book(actor: Actor, place, rows, total) -> HttpResponse:
    """All indicators, one line a school or class, the sum last; hidden figures as printed, never as numbers."""
    shown = [f.indicator for f in total]
    inside = set(rows[0].figures) if rows else set()
    columns = [Column("unit", str(_("单位")), 22)]
    for i in shown:
        columns.append(Column(i.code, f"{i.name}（{'%' if i.denominator else i.unit}）", 16, "centre"))
        if i.denominator:
            columns.append(Column(f"{i.code}-parts", str(_("分子/分母")), 16, "centre"))
    lines = []
    for name, figures in [
        *((r.unit.label, [r.figures[i.code] for i in shown if i.code in inside]) for r in rows),
        (_("合计"), total),
    ]:
        line = {"unit": name}
        for figure in figures:
            line[figure.indicator.code] = figure.text
            line[f"{figure.indicator.code}-parts"] = figure.parts_text
        lines.append(line)
    day = timezone.localdate().isoformat()
    return _answer(actor, place, f"{place.unit.label}家访情况汇总{day}", columns, lines, "figures.export")


def category_book(actor: Actor, place, cells) -> HttpResponse:
    columns = [
        Column("name", str(_("类别")), 24),
        Column("students", str(_("学生（人）")), 14, "centre"),
        Column("reached", str(_("达标（人）")), 14, "centre"),
        Column("visits", str(_("家访（生次）")), 14, "centre"),
    ]
    rows = [{"name": c.name, "students": c.students, "reached": c.reached, "visits": c.visits} for c in cells]
    return _answer(actor, place, f"{place.unit.label}特殊群体家访情况", columns, rows, "figures.export")


def ledger_answer(actor: Actor, place, indicator: Indicator, found) -> HttpResponse:
    """The rows behind a figure, as the reader sees them."""
    columns = [
        Column("inside", str(_("是否计入")), 10, "centre"),
        Column("klass", str(_("班级")), 14),
        Column("who", str(_("姓名")), 12),
        Column("when", str(_("时间")), 18),
        Column("mode", str(_("形式")), 12),
        Column("staff", str(_("老师")), 18),
        Column("state", str(_("状态")), 12),
        Column("note", str(_("说明")), 16),
    ]
    rows = [
        {
            "inside": _("是") if r.inside else _("否"),
            "klass": r.klass,
            "who": r.who,
            "when": timezone.localtime(r.when).strftime("%Y-%m-%d %H:%M") if r.when else "",
            "mode": r.mode,
            "staff": r.staff,
            "state": r.state,
            "note": r.note,
        }
        for r in found
    ]
    return _answer(actor, place, f"{place.unit.label}{indicator.name}明细", columns, rows, _export_verb(actor, place))


def _export_verb(actor: Actor, place) -> str:
    named = policy.can(actor, "figures.open_rows", path=place.unit.path)
    return "figures.open_rows" if named else "figures.open_masked_rows"
