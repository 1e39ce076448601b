"""Comparing tables of schools and classes with the unit tree."""

from django.utils.translation import gettext as _

from jiafang.intake.records import ClassRow, SchoolRow
from jiafang.lib.classnames import parse_class
from jiafang.roster.importers.context import Context, Tally
from jiafang.roster.importers.staff import set_class_teacher
from jiafang.roster.selectors.imports import UnitNode
from jiafang.units.models import Unit

_COLUMNS = (
    "id", "parent_id", "kind", "path", "code", "name", "stage", "entered", "number", "grade_style", "primary_years", "lat", "lon",
)  # fmt: skip
_DIVISIONS = {"primary": "小学部", "junior": "初中部", "senior": "高中部"}


def school(context: Context, tally: Tally, row: SchoolRow) -> str:
    """A school by its code; new ones only where the import is for a bureau."""
    found = next((node for node in context.shot.schools() if node.code == row.school_code), None)
    if found is None:
        return _new_school(context, tally, row)
    facts = {"name": row.school}
    if row.lat is not None:
        facts |= {"lat": row.lat, "lon": row.lon}
    if row.primary_years:
        facts["primary_years"] = row.primary_years
    if row.grade_style:
        facts["grade_style"] = row.grade_style
    changed = {name: value for name, value in facts.items() if getattr(found, name) != value}
    if not changed:
        return "unchanged"
    for name, value in changed.items():
        setattr(found, name, value)
    if not found.fresh:
        context.changes.set(Unit, found.pk, **changed)
    return "changed"


def _new_school(context: Context, tally: Tally, row: SchoolRow) -> str:
    bureau = context.shot.unit
    if bureau.kind != Unit.Kind.BUREAU:
        message = _("这一行的学校不是%s。新学校请由教育局导入。") % bureau.name
        return context.fail(tally, row, "school_code", row.school_code, "unknown_school", message)
    if any(node.name == row.school for node in context.shot.schools()):
        message = _("已经有一所叫“%s”的学校，但标识码不同，请核对。") % row.school
        return context.fail(tally, row, "school_code", row.school_code, "other_school_code", message)
    node = context.new_unit(
        bureau,
        Unit.Kind.SCHOOL,
        code=row.school_code,
        name=row.school,
        stage=row.stages[0] if len(row.stages) == 1 else "",
        grade_style=row.grade_style or bureau.grade_style,
        primary_years=row.primary_years or bureau.primary_years,
        lat=row.lat,
        lon=row.lon,
    )
    context.know_school(node)
    _write(context, node)
    if len(row.stages) > 1:
        for stage in row.stages:
            _write(context, _child(context, node, Unit.Kind.DIVISION, stage=stage, name=_DIVISIONS[stage]))
    return "new"


def klass(context: Context, tally: Tally, row: ClassRow) -> str:
    """A class by school, stage, year of entry and number; its cohort is made when it is the first."""
    home = context.school(tally, row, row.school_code)
    if home is None:
        return ""
    parsed = parse_class(row.klass.text, row.klass.grade_text, home.primary_years)
    entered = row.entered or (parsed.entered_on(context.today) if parsed else None)
    stage = row.stage or (parsed.stage if parsed else None) or home.stage
    number = parsed.number if parsed else None
    if entered is None:
        message = _("看不出这个班是哪一届，请写成 七年级1班 或 2024级1班，或者加上“入学年份”一列。")
        return context.fail(tally, row, "klass", str(row.klass), "unclear_class", message)
    if not stage:
        message = _("看不出这个班的学段，请加上“学段”一列。")
        return context.fail(tally, row, "klass", str(row.klass), "unclear_stage", message)
    name = "" if number else row.klass.text
    node = next(
        (
            known
            for known in context.shot.klasses[home.pk]
            if (known.stage, known.entered, known.number) == (stage, entered, number) and (number or known.name == name)
        ),
        None,
    )
    outcome = "unchanged"
    if node is None:
        node = _child(
            context, _cohort(context, home, stage, entered), Unit.Kind.KLASS, stage=stage, entered=entered, number=number, name=name
        )
        _write(context, node)
        context.forget_classes()
        outcome = "new"
    if row.class_teacher:
        context.heads.append((tally, row, home, node, outcome))
    return outcome


def settle_class_teachers(context: Context) -> None:
    """Class teachers named beside the classes, once the teachers of the same file are known."""
    for tally, row, home, node, outcome in context.heads:
        teacher = context.teacher(tally, row, "class_teacher", home, row.class_teacher)
        if teacher is None:
            tally.move(outcome, "")
        elif set_class_teacher(context, node, teacher) and outcome == "unchanged":
            tally.move(outcome, "changed")


def _cohort(context: Context, home: UnitNode, stage: str, entered: int) -> UnitNode:
    units = context.shot.units.values()
    parent = next(
        (node for node in units if node.kind == Unit.Kind.DIVISION and node.parent_id == home.pk and node.stage == stage), home
    )
    for node in units:
        if node.kind == Unit.Kind.COHORT and (node.parent_id, node.stage, node.entered) == (parent.pk, stage, entered):
            return node
    node = _child(context, parent, Unit.Kind.COHORT, stage=stage, entered=entered)
    _write(context, node)
    return node


def _child(context: Context, parent: UnitNode, kind: str, **facts: object) -> UnitNode:
    node = context.new_unit(parent, kind, grade_style=parent.grade_style, primary_years=parent.primary_years, **facts)
    context.shot.add_unit(node)
    return node


def _write(context: Context, node: UnitNode) -> None:
    context.changes.rows(Unit, *_COLUMNS).append(
        (
            node.pk, node.parent_id, node.kind, node.path, node.code, node.name, node.stage, node.entered, node.number,
            node.grade_style, node.primary_years, node.lat, node.lon,
        )
    )
