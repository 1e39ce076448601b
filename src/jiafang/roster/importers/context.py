"""What every part of a comparison shares: the snapshot, the changes so far, who is meant by a name, and the tallies."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from jiafang.intake.records import BusyRow, CellError, ClassText, Row, Table, TeacherName
from jiafang.lib import clock, text
from jiafang.lib.classnames import parse_class
from jiafang.lib.dates import class_name
from jiafang.roster.selectors.imports import Snapshot, StaffNode, StudentNode, UnitNode
from jiafang.roster.services.imports import Changes
from jiafang.units.models import Unit

_UNKNOWN, _AMBIGUOUS = "unknown", "ambiguous"


@dataclass(slots=True)
class Tally:
    """What becomes of one sheet's rows."""

    table: Table
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[CellError] = field(default_factory=list)
    outcomes: list[tuple[int, str, str]] = field(default_factory=list)  # (row, outcome, whom or what it is about)

    def move(self, outcome: str, other: str) -> None:
        """A row counted under one outcome turns out to be another ("" is in error)."""
        setattr(self, outcome, getattr(self, outcome) - 1)
        if other:
            setattr(self, other, getattr(self, other) + 1)


class Context:
    """One file being compared with one school or district."""

    def __init__(self, shot: Snapshot, unit: Unit) -> None:
        self.shot = shot
        self.unit = unit
        self.changes = Changes()
        self.today = clock.today()
        self.tallies: list[Tally] = []
        self.heads: list[tuple[Tally, Row, UnitNode, UnitNode, str]] = []  # class teachers named beside new classes
        self.next_unit = shot.next_unit
        self._schools_by_name = {node.name: node for node in shot.schools()}
        self._schools_by_code = {node.code: node for node in shot.schools() if node.code}
        self._classes: dict[tuple, UnitNode | str] = {}
        self.staff_by_number: dict[tuple[int, str], StaffNode] = {}
        self.staff_by_name: dict[tuple[int, str], list[StaffNode]] = defaultdict(list)
        for node in shot.staff.values():
            self.know_staff(node)

    # -- outcomes ------------------------------------------------------------------------------------------------

    def run(self, table: Table, one: Callable[["Context", Tally, Row], str]) -> None:
        """Compare every row; `one` answers "new", "changed", "unchanged", or "" after noting an error."""
        tally = Tally(table, errors=list(table.errors))
        self.tallies.append(tally)
        tally.outcomes = [(row.row, one(self, tally, row), _label(row)) for row in table.rows]
        outcomes = Counter(outcome for _row, outcome, _label in tally.outcomes)
        tally.new, tally.changed, tally.unchanged = outcomes["new"], outcomes["changed"], outcomes["unchanged"]

    def fail(self, tally: Tally, row: Row, key: str, value: str, code: str, message: str) -> str:
        """Note an error of a row; the outcome is none."""
        tally.errors.append(tally.table.error(row.row, key, value, code, message))
        return ""

    # -- who is meant --------------------------------------------------------------------------------------------

    def know_school(self, node: UnitNode) -> None:
        self.shot.add_unit(node)
        self._schools_by_name[node.name] = node
        self._schools_by_code[node.code] = node

    def know_staff(self, node: StaffNode) -> None:
        self.shot.staff[node.pk] = node
        school = self._school_at(node.home_id)
        if node.number:
            self.staff_by_number[school, node.number.upper()] = node
        self.staff_by_name[school, node.name].append(node)

    def new_unit(self, parent: UnitNode, kind: str, **facts: Any) -> UnitNode:
        """A unit about to be made, with the pk and path it will have."""
        pk, self.next_unit = self.next_unit, self.next_unit + 1
        return UnitNode(pk, parent.pk, kind, f"{parent.path}{pk}.", fresh=True, **facts)

    def school(self, tally: Tally, row: Row, code: str = "") -> UnitNode | None:
        """The school a row speaks of: its code or name, else the school the import is for. Notes an error when none."""
        own = self.shot.unit if self.shot.unit.kind == Unit.Kind.SCHOOL else None
        found = self._schools_by_code.get(code) if code else None
        if found is None and row.school:
            found = self._schools_by_name.get(row.school) or self._schools_by_code.get(text.code(row.school))
            if found is None:
                near = [node for name, node in self._schools_by_name.items() if name.endswith(row.school) or row.school.endswith(name)]
                found = near[0] if len(near) == 1 else None
            if found is None:
                said = _("没有找到学校“%s”，请先导入学校，或者核对名称。") % row.school
                if own:
                    names = {"school": row.school, "own": own.name}
                    said = _("这一行的学校是“%(school)s”，不是%(own)s。请核对，或者删去这一行。") % names
                self.fail(tally, row, "school", row.school, "unknown_school", said)
                return None
        found = found or own
        if found is None and not any(error.code == "missing_school" for error in tally.errors):
            # Once a sheet: it is the column that is missing, not a cell in every row.
            message = _("这份名册要导入到全区，请加上“学校”一列并逐行填写。")
            self.fail(tally, row, "school", "", "missing_school", message)
        return found

    def klass(self, tally: Tally, row: Row, school: UnitNode, written: ClassText) -> UnitNode | None:
        """The class a row speaks of; notes an error when there is none or more than one."""
        key = (school.pk, written.text, written.grade_text)
        found = self._classes.get(key)
        if found is None:
            found = self._find_class(school, written)
            self._classes[key] = found
        if isinstance(found, str):
            code = "ambiguous_class" if found == _AMBIGUOUS else "unknown_class"
            self.fail(tally, row, "klass", str(written), code, self._no_class(school, written, found))
            return None
        return found

    def forget_classes(self) -> None:
        """After new classes are known, names not found before may be."""
        self._classes.clear()

    def _find_class(self, school: UnitNode, written: ClassText) -> UnitNode | str:
        known = self.shot.klasses[school.pk]
        named = [node for node in known if node.name and node.name == text.half(written.text)]
        if len(named) == 1:
            return named[0]
        parsed = parse_class(written.text, written.grade_text, school.primary_years)
        if parsed and parsed.number:
            entered = parsed.entered_on(self.today)
            stage = parsed.stage
            fitting = [
                node
                for node in known
                if node.number == parsed.number
                and (entered is None or node.entered == entered)
                and (stage is None or node.stage == stage)
            ]
            if len(fitting) == 1 and (entered is not None or len(known) == 1):
                return fitting[0]
            if len(fitting) > 1:
                return _AMBIGUOUS
        return _UNKNOWN

    def _no_class(self, school: UnitNode, written: ClassText, fault: str) -> str:
        known = self.shot.klasses[school.pk]
        if fault == _AMBIGUOUS:
            return _("不止一个班可能是“%(said)s”，请写明年级，如 %(like)s。") % {"said": written, "like": self.label(known[0])}
        if not known:
            return _("没有“%s”这个班：这所学校还没有班级，请先导入“学校与班级”表。") % written
        some = "、".join(self.label(node) for node in known[:6]) + ("……" if len(known) > 6 else "")
        said = {"said": written, "some": some}
        return _("没有“%(said)s”这个班。已有的班有：%(some)s。请核对，或者先导入“学校与班级”表。") % said

    def label(self, node: UnitNode) -> str:
        """What a class is called today."""
        if node.name or node.number is None:
            return node.name
        return class_name(node.stage, node.entered, node.number, self.today, node.grade_style, node.primary_years)

    def teacher(self, tally: Tally, row: Row, key: str, school: UnitNode, said: TeacherName) -> StaffNode | None:
        """The teacher a cell names. Two of one name are never guessed between."""
        value = f"{said.name}({said.number})" if said.number else said.name
        if said.number:
            found = self.staff_by_number.get((school.pk, said.number))
            if found and found.name == said.name:
                return found
            names = {"number": said.number, "name": said.name}
            message = _("教师花名册里没有工号为 %(number)s 的%(name)s，请核对。") % names
            self.fail(tally, row, key, value, "unknown_teacher", message)
            return None
        named = self.staff_by_name.get((school.pk, said.name), [])
        if len(named) == 1:
            return named[0]
        if named:
            names = {
                "n": len(named),
                "name": said.name,
                "numbers": "、".join(node.number or _("无工号") for node in named),
                "like": f"{said.name}({named[0].number or _('工号')})",
            }
            message = _("有 %(n)d 位%(name)s（工号 %(numbers)s），请写成 %(like)s。") % names
            self.fail(tally, row, key, value, "same_name_teacher", message)
        else:
            message = _("教师花名册里没有%s，请先导入教师花名册，或者核对姓名。") % said.name
            self.fail(tally, row, key, value, "unknown_teacher", message)
        return None

    def named(self, klass: UnitNode, name: str) -> list[StudentNode]:
        """Students of a name who are in a class now."""
        return [node for node in self.shot.by_name.get((klass.pk, name), []) if node.left_on is None]

    def _school_at(self, unit: int) -> int:
        node = self.shot.units.get(unit)
        while node and node.kind not in (Unit.Kind.SCHOOL, Unit.Kind.BUREAU):
            node = self.shot.units.get(node.parent_id)
        return node.pk if node else unit


def _label(row: Row) -> str:
    """Whom or what a row is about, for a preview."""
    if isinstance(row, BusyRow):
        return row.teacher.name
    parts = (getattr(row, name, None) for name in ("school", "klass", "name"))
    return " ".join(str(part) for part in parts if part)
