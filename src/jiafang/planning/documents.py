"""What leaves as a file: the timetable as a workbook, and the calendar behind a private address."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.campaigns.models import SchoolCampaign
from jiafang.lib import clock
from jiafang.paperwork.sheet import Column, write_ledger
from jiafang.planning.selectors import feeds, timetable

COLUMNS = (
    Column("serial", "序号", 6, "serial"),
    Column("klass", "班级", 13, "centre"),
    Column("children", "学生", 20),
    Column("day", "日期", 12, "date"),
    Column("time", "时间", 14, "centre"),
    Column("lead", "家访教师", 12, "centre"),
    Column("companion", "同行教师", 14, "centre"),
    Column("mode", "形式", 10, "centre"),
    Column("state", "状态", 10, "centre"),
)


@transaction.atomic
def timetable_file(actor: Actor, row: SchoolCampaign, keys: Sequence[Any]) -> tuple[str, bytes]:
    """家访时间表 of the visits shown, as Excel; written down before the first byte leaves."""
    rows = list(timetable.visits(actor, row).filter(pk__in=keys))
    paths = {child.klass.path for v in rows for child in v.visit_students.all()}
    for path in paths:
        policy.demand(actor, "timetable.export", path=path)
    audit.record(actor, "timetable.export", path=row.school.path, target=row, detail={"n": len(rows)})
    title = _("%s家访时间表") % row.school.label
    target = io.BytesIO()
    write_ledger(target, title, COLUMNS, [_line(v) for v in rows])
    return f"{title}.xlsx", target.getvalue()


def _line(visit: Any) -> dict[str, Any]:
    begins, ends = visit.starts_at.astimezone(clock.TZ), visit.ends_at.astimezone(clock.TZ)
    return {
        "klass": timetable.klass_names(visit), "children": timetable.family(visit), "day": begins.date(),
        "time": f"{begins:%H:%M}—{ends:%H:%M}", "lead": visit.lead.name if visit.lead else "",
        "companion": "、".join(p.name for p in (visit.companion, visit.extra) if p), "mode": visit.get_mode_display(),
        "state": visit.get_state_display(),
    }  # fmt: skip


def calendar_file(digest: str) -> str:
    """iCalendar (RFC 5545) of a teacher's outings: times, colleagues and counts; no child, no home."""
    me, events = feeds.events(digest)
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Jiafang//Timetable//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(_('%s的家访') % me.name)}", "X-WR-TIMEZONE:Asia/Shanghai", "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]  # fmt: skip
    stamp = _moment(clock.now())
    for event in events:
        words = _("线上家访") if event.online else _("家访外出")
        about = _("同行：%s") % "、".join(event.colleagues) if event.colleagues else ""
        lines += [
            "BEGIN:VEVENT", f"UID:{event.uid}@jiafang", f"DTSTAMP:{stamp}", f"DTSTART:{_moment(event.begins)}",
            f"DTEND:{_moment(event.ends)}", f"SUMMARY:{_text(_('%(what)s（%(n)d 户）') % {'what': words, 'n': event.homes})}",
            f"DESCRIPTION:{_text(about)}", f"LOCATION:{_text(event.school)}", "END:VEVENT",
        ]  # fmt: skip
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """At most 75 octets a line, never cutting a character."""
    parts, part, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > 74:
            parts.append(part)
            part, size = "", 0
        part, size = part + sign, size + width
    return "\r\n ".join([*parts, part])
