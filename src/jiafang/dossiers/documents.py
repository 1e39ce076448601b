"""Workbooks that leave the house: the class list and the 重点关爱台账; written down before the first byte leaves."""

import io
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.reading import open_sealed
from jiafang.dossiers.selectors import ChildRow, LedgerRow
from jiafang.lib import clock
from jiafang.paperwork.sheet import CARE_LEDGER, Column, write_ledger
from jiafang.roster.selectors import reason_verb
from jiafang.units import selectors as units
from jiafang.units.models import Unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _book(title: str, columns: Sequence[Column], rows: Iterable[dict], notes: Sequence[str] = ()) -> HttpResponse:
    out = io.BytesIO()
    write_ledger(out, title, columns, rows, notes)
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{title}.xlsx")
    return answer


def class_list(actor: Actor, klass: Unit, rows: Sequence[ChildRow]) -> HttpResponse:
    """The children of a class with their visits; kinds of care never leave on this list."""
    policy.demand(actor, "student.list", path=klass.path)
    with transaction.atomic():
        audit.record(actor, "student.list", path=klass.path, target=klass, detail={"n": len(rows)})
    columns = (
        Column("number", str(_("学号")), 8, "centre"),
        Column("name", str(_("姓名")), 12, "centre"),
        Column("sex", str(_("性别")), 6, "centre"),
        Column("study", str(_("就读方式")), 10, "centre"),
        Column("done", str(_("已家访（次）")), 12, "centre"),
        Column("last", str(_("最近一次")), 13, "date"),
        Column("next", str(_("下一次")), 16, "time"),
        Column("place", str(_("住处坐标")), 10, "centre"),
    )
    lines = (
        {
            "number": row.number,
            "name": row.name,
            "sex": row.sex,
            "study": row.student.get_study_display(),
            "done": row.standing.done,
            "last": row.standing.last,
            "next": row.standing.next,
            "place": _("缺") if row.no_place else _("有"),
        }
        for row in rows
    )
    day = clock.today().isoformat()
    return _book(f"{klass.label}学生名单{day}", columns, lines)


def care_ledger(actor: Actor, rows: Sequence[LedgerRow]) -> HttpResponse:
    """重点关爱台账 as the annex lays it out. A reason stands in it only where the actor may read it."""
    by_school: dict[int, list[LedgerRow]] = {}
    for row in rows:
        by_school.setdefault(row.student.school_id, []).append(row)
    situations: dict = {}
    for school_pk, mine in by_school.items():
        where = units.unit(school_pk, kind=Unit.Kind.SCHOOL)
        policy.demand(actor, "care.export_ledger", path=where.path)
        with transaction.atomic():
            audit.record(actor, "care.export_ledger", path=where.path, target=where, detail={"n": len(mine)})
        situations |= _situations(actor, where, mine)
    if not rows:
        policy.demand(actor, "care.export_ledger")
    lines = (
        {
            "klass": row.klass,
            "student": row.name,
            "kinds": "、".join(str(kind.label) for kind in row.kinds),
            "situation": situations.get(row.pk, ""),
            "teacher": row.teacher,
            "visited": row.last,
            "follow_up": _follow_up(row),
        }
        for row in rows
    )
    note = _("本表含未成年人敏感信息，仅供工作使用，用后妥善保管或销毁。")
    return _book(f"重点关爱台账{clock.today().isoformat()}", CARE_LEDGER, lines, [note])


def _situations(actor: Actor, where: Unit, rows: Sequence[LedgerRow]) -> dict:
    """``{student pk: reasons}``; one audit row for each verb that was used."""
    asked: dict[str, list] = {}
    for row in rows:
        for kind, care in row.cares:
            if care.reason:
                asked.setdefault(reason_verb(kind), []).append((row.pk, kind, care))
    out: dict = {}
    for verb, entries in asked.items():
        if not policy.can(actor, verb, path=where.path):
            continue
        texts = open_sealed(actor, verb, [care.reason for _pk, _kind, care in entries], path=where.path, target=where)
        for (pk, kind, _care), text in zip(entries, texts, strict=True):
            out.setdefault(pk, []).append(f"{kind.label}：{text}")
    return {pk: "\n".join(lines) for pk, lines in out.items()}


def _follow_up(row: LedgerRow) -> str:
    said = []
    if row.next:
        said.append(_("已安排 %s") % row.next.astimezone(clock.TZ).strftime("%m-%d %H:%M"))
    if row.rest:
        said.append(_("本学期还差 %d 次") % row.rest)
    return "；".join(said)
