"""一生一档: everything the file of one child shows to one reader."""

from dataclasses import dataclass
from typing import Any

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.dossiers.selectors.timeline import Year, timeline
from jiafang.dossiers.selectors.visited import Standing, parts_of, running, standing
from jiafang.lib.codes import ETHNIC_GROUP, RELATION, SEX
from jiafang.roster import selectors as roster
from jiafang.roster.models import Care, Guardian, Student, StudentFile
from jiafang.units import selectors as units
from jiafang.units.models import Staff, Unit

# What a button on the page asks of the policy.
BUTTONS = {
    "edit": "student.edit",
    "identity": "student.read_identity",
    "contact": "student.read_contact",
    "place": "household.read_place",
    "care": "care.read",
    "note": "care.note",
    "end": "care.end",
    "add_file": "student.add_file",
    "read_file": "student.read_file",
    "remove_file": "student.remove_file",
    "confirm": "household.confirm",
    "readers": "audit.read",
    "visit": "visit.add",
}


@dataclass(frozen=True, slots=True)
class Person:
    """A guardian with the relation in words."""

    row: Guardian
    relation: str


@dataclass(frozen=True, slots=True)
class CareLine:
    """A kind of care; ``may_read``: whether this reader may open the reason, if there is one."""

    kind: Any
    row: Care
    may_read: bool


@dataclass(frozen=True, slots=True)
class StudentPage:
    """The file. Sealed columns stay sealed; a tap opens them under their own verbs."""

    student: Student
    teacher: Staff | None
    sex: str
    ethnic: str
    people: list[Person]
    home: roster.Home | None
    care: list[CareLine]
    past_care: list[CareLine]
    papers: list[StudentFile]
    years: list[Year]
    standing: Standing
    levels: bool
    may: dict[str, bool]
    classes: list[Unit]


def buttons(actor: Actor, path: str) -> dict[str, bool]:
    """What the reader may do at the child's class."""
    return {name: policy.can(actor, verb, path=path) for name, verb in BUTTONS.items()}


def student_page(actor: Actor, student: Student) -> StudentPage:
    """The file of a student whom the actor has opened."""
    may = buttons(actor, student.klass.path)
    cares = roster.cares_of(actor, student) if may["care"] else []
    papers = roster.files_of(actor, student)
    stays = roster.stays_of(student)
    part = running(student.school) if student.school else None
    lines = [CareLine(kind, row, _may_read_reason(actor, student, kind, row)) for kind, row in cares]
    homes = roster.homes(actor, [student.household])
    parts = parts_of([student.pk]).get(student.pk, ())
    return StudentPage(
        student=student,
        teacher=units.class_teacher(student.klass),
        sex=SEX.label(student.sex),
        ethnic=ETHNIC_GROUP.label(student.ethnic),
        people=[
            Person(row, RELATION.label(row.relation)) for row in roster.guardians_of([student]).get(student.pk, ())
        ],
        home=homes[0] if len(homes[0].children) > 1 else None,
        care=[line for line in lines if line.row.ends is None],
        past_care=[line for line in lines if line.row.ends is not None],
        papers=papers,
        years=timeline(actor, student, stays, cares, papers),
        standing=standing(parts, part.campaign_id if part else None),
        levels=bool(part and part.levels),
        may=may,
        classes=classes_to_move_to(actor, student) if may["edit"] else [],
    )


def _may_read_reason(actor: Actor, student: Student, kind: Any, row: Care) -> bool:
    return bool(row.reason) and policy.can(actor, roster.reason_verb(kind), path=student.klass.path)


def classes_to_move_to(actor: Actor, student: Student) -> list[Unit]:
    """Other classes of the school that the actor may put the child into."""
    if student.school is None or student.left_on:
        return []
    rows = units.under(student.school.path, Unit.Kind.KLASS).exclude(pk=student.klass_id)
    return [row for row in rows if policy.can(actor, "student.edit", path=row.path)]


def levels_at(school: Unit | None) -> bool:
    """Whether the school sorts care into three levels."""
    part = running(school) if school else None
    return bool(part and part.levels)
