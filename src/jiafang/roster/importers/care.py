"""Comparing kinds of care (from the export and from class teachers' surveys), and coordinates."""

from typing import Any

from django.utils.translation import gettext as _

from jiafang.access.vault import blind, texts, token
from jiafang.intake.records import CoordinateRow, StudentRow, SurveyRow
from jiafang.lib.ids import uuid7
from jiafang.roster.importers.context import Context, Tally
from jiafang.roster.kinds import CareKind
from jiafang.roster.models import Care, Household
from jiafang.roster.selectors.imports import CareNode, StudentNode

_CARE = ("id", "student_id", "token", "level", "reason", "source", "begins", "ends")
_LEFT_BEHIND = {
    "1": CareKind.LEFT_BEHIND_ONE,
    "2": CareKind.LEFT_BEHIND_BOTH,
    "yes": CareKind.LEFT_BEHIND,
}


def of_export(context: Context, node: StudentNode, row: StudentRow) -> bool:
    """Kinds the 学籍 export tells. A plain “no” ends only what an export began, never what a teacher noted."""
    said: dict[str, bool | None] = {
        CareKind.ORPHAN: row.orphan,
        CareKind.MIGRANT: row.migrant,
        CareKind.POVERTY: row.aid,
        CareKind.DISABILITY: True if row.inclusive else row.disability != "0" if row.disability else None,
    }
    if row.left_behind:
        said |= {kind: _LEFT_BEHIND.get(row.left_behind) == kind for kind in _LEFT_BEHIND.values()}
    touched = False
    for kind, answer in said.items():
        if answer or (answer is False and not node.fresh):
            touched |= _set(context, node, kind, answer, Care.Source.EXPORT, None)
    return touched


def survey(context: Context, tally: Tally, row: SurveyRow) -> str:
    """What a class teacher marks; the words of 情况说明 become the sealed reason of every kind marked in the row."""
    node = _student(context, tally, row)
    if node is None:
        return ""
    touched = False
    for kind in sorted(row.yes):
        touched |= _set(context, node, kind, True, Care.Source.SURVEY, row.note)
    for kind in sorted(row.no):
        touched |= _set(context, node, kind, False, Care.Source.SURVEY, None)
    return "changed" if touched else "unchanged"


def coordinate(context: Context, tally: Tally, row: CoordinateRow) -> str:
    """Where a household lives."""
    node = _student(context, tally, row)
    if node is None:
        return ""
    house = context.shot.houses[node.household_id]
    if (house.lat, house.lon) == (row.lat, row.lon):
        return "unchanged"
    house.lat, house.lon = row.lat, row.lon
    if not house.fresh:
        context.changes.set(Household, house.pk, lat=row.lat, lon=row.lon)
    return "changed"


def _set(context: Context, node: StudentNode, kind: str, answer: bool, source: str, reason: str | None) -> bool:
    mark = token(str(kind))
    open_ones = context.shot.cares[node.pk]
    care = open_ones.get(mark)
    if not answer:
        if care is None or care.source != source:
            return False
        context.changes.set(Care, care.pk, ends=context.today)
        del open_ones[mark]
        return True
    if care is None:
        care = CareNode(uuid7(), source, reason)
        open_ones[mark] = care
        context.changes.rows(Care, *_CARE).append(
            (care.pk, node.pk, mark, "", reason or None, str(source), context.today, None)
        )
        return True
    if reason and reason != _text(care.reason):
        context.changes.set(Care, care.pk, reason=reason)
        care.reason = reason
        return True
    return False


def _text(reason: Any) -> str:
    return reason if isinstance(reason, str) else texts([reason])[0]


def _student(context: Context, tally: Tally, row: SurveyRow | CoordinateRow) -> StudentNode | None:
    """The student a row speaks of: by number, else by class and name when there is one of that name."""
    for key, purpose, known in (
        ("student_number", "number", context.shot.by_number),
        ("id_number", "id", context.shot.by_id),
    ):
        value = getattr(row, key, "")
        if value:
            found = known.get(blind(purpose, value))
            if found:
                return found
            context.fail(tally, row, key, value, "unknown_student", _("没有这个号码的学生，请核对，或者先导入学生名册。"))
            return None
    school = context.school(tally, row)
    klass = school and context.klass(tally, row, school, row.klass)
    if klass is None:
        return None
    named = context.named(klass, row.name)
    if len(named) == 1:
        return named[0]
    if named:
        message = _("这个班有 %d 名同名学生，请加上学籍号一列。") % len(named)
        context.fail(tally, row, "name", row.name, "same_name", message)
    else:
        message = _("%s没有这名学生，请核对姓名，或者先导入学生名册。") % context.label(klass)
        context.fail(tally, row, "name", row.name, "unknown_student", message)
    return None
