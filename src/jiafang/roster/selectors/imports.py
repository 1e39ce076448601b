"""What the database holds of a school or district, as plain nodes an import is compared with; and the list of imports."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.fence import path_q, system_fence
from jiafang.access.roles import Role
from jiafang.lib.errors import not_found
from jiafang.roster.models import Care, Enrolment, Guardian, Household, RosterImport, Student
from jiafang.units.models import Appointment, BusyPeriod, Staff, Unit

_CHUNK = 500


@dataclass(slots=True)
class UnitNode:
    """A unit, known or about to be made (`fresh`)."""

    pk: int
    parent_id: int | None
    kind: str
    path: str
    code: str = ""
    name: str = ""
    stage: str = ""
    entered: int | None = None
    number: int | None = None
    grade_style: str = "number"
    primary_years: int = 6
    lat: float | None = None
    lon: float | None = None
    fresh: bool = False


@dataclass(slots=True)
class StudentNode:
    """A student's comparable facts; sealed ones by their blind index."""

    pk: Any
    school_id: int
    klass_id: int | None
    household_id: Any
    name: str
    sex: str
    born: date | None
    ethnic: str
    id_type: str
    id_index: str
    number_index: str
    aux_number: str
    class_number: str
    entered_on: date | None
    study: str
    left_on: date | None
    fresh: bool = False


@dataclass(slots=True)
class HouseNode:
    pk: Any
    school_id: int
    address_index: str
    lat: float | None
    lon: float | None
    confirmed: bool
    fresh: bool = False
    address: str = ""  # only of fresh ones


@dataclass(slots=True)
class GuardianNode:
    pk: Any
    position: int
    name: str
    relation: str
    phone_index: str
    is_guardian: bool


@dataclass(slots=True)
class CareNode:
    pk: Any
    source: str
    reason: Any  # sealed, or the text of one about to be made


@dataclass(slots=True)
class StaffNode:
    pk: Any
    home_id: int
    name: str
    number: str
    sex: str
    subject: str
    title: str
    party_member: bool
    phone_index: str


@dataclass(slots=True)
class PostNode:
    pk: Any
    staff_id: Any
    role: str
    subject: str


@dataclass(slots=True)
class Snapshot:
    """Everything under one school or bureau that a roster can touch, indexed for comparing. Students by blind index."""

    unit: UnitNode
    units: dict[int, UnitNode]
    next_unit: int
    klasses: dict[int, list[UnitNode]] = field(default_factory=lambda: defaultdict(list))  # by school
    staff: dict[Any, StaffNode] = field(default_factory=dict)
    posts: dict[int, list[PostNode]] = field(default_factory=lambda: defaultdict(list))  # open ones, by unit
    busy: dict[Any, dict[tuple, int]] = field(default_factory=lambda: defaultdict(dict))  # by staff: what → pk
    students: dict[Any, StudentNode] = field(default_factory=dict)
    by_number: dict[str, StudentNode] = field(default_factory=dict)
    by_id: dict[str, StudentNode] = field(default_factory=dict)
    by_name: dict[tuple, list[StudentNode]] = field(default_factory=lambda: defaultdict(list))  # (class, name)
    houses: dict[Any, HouseNode] = field(default_factory=dict)
    guardians: dict[Any, list[GuardianNode]] = field(default_factory=lambda: defaultdict(list))
    cares: dict[Any, dict[str, CareNode]] = field(default_factory=lambda: defaultdict(dict))  # open: token → care

    def schools(self) -> list[UnitNode]:
        return [node for node in self.units.values() if node.kind == Unit.Kind.SCHOOL]

    def school_above(self, node: UnitNode) -> UnitNode:
        """The school a class lies in."""
        while node.kind != Unit.Kind.SCHOOL:
            node = self.units[node.parent_id]
        return node

    def add_unit(self, node: UnitNode) -> None:
        self.units[node.pk] = node
        if node.kind == Unit.Kind.KLASS:
            self.klasses[self.school_above(node).pk].append(node)

    def add_student(self, node: StudentNode) -> None:
        self.students[node.pk] = node
        if node.number_index:
            self.by_number[node.number_index] = node
        if node.id_index:
            self.by_id[node.id_index] = node
        self.by_name[node.klass_id, node.name].append(node)


def snapshot(unit: Unit, kinds: Iterable[str]) -> Snapshot:
    """The state to compare tables of these kinds with. Reads past the fence: the caller has checked `roster.import`."""
    kinds = set(kinds)
    with system_fence("an import is compared with every row of its own school or district"):
        shot = _units(unit)
        if kinds & {"staff", "teaching", "classes", "busy"}:
            _people(shot, unit.path, "busy" in kinds)
        if kinds & {"students", "survey", "coordinates"}:
            _students(shot, unit.path)
        if "students" in kinds:
            _guardians(shot, unit.path)
        if kinds & {"students", "survey"}:
            _cares(shot, unit.path)
    return shot


def taken_elsewhere(unit: Unit, column: str, indexes: list[str]) -> set[str]:
    """Which blind indexes belong to students outside the unit: all that is told is that they do."""
    found: set[str] = set()
    with system_fence("a number is used once in the whole installation"):
        rows = Student.objects.exclude(path_q("school__path", (unit.path,)))
        for start in range(0, len(indexes), _CHUNK):
            chunk = indexes[start : start + _CHUNK]
            found.update(rows.filter(**{f"{column}__in": chunk}).values_list(column, flat=True))
    return found


def open_enrolments(students: Iterable[Any]) -> dict[Any, tuple[Any, int, date]]:
    """Student pk → (enrolment pk, class pk, begins) of the stay that is open."""
    students, found = list(students), {}
    with system_fence("enrolments of students an import moves"):
        for start in range(0, len(students), _CHUNK):
            rows = Enrolment.objects.filter(student__in=students[start : start + _CHUNK], ends__isnull=True)
            found.update({s: (pk, klass, begins) for s, pk, klass, begins in rows.values_list("student_id", "pk", "klass_id", "begins")})
    return found


def unit_by_code(code: str) -> Unit:
    """A school or bureau by its 学校标识码 (or a bureau by its name); else `not_found`."""
    rows = Unit.objects.filter(kind__in=(Unit.Kind.SCHOOL, Unit.Kind.BUREAU), closed_on__isnull=True)
    found = rows.filter(code=code).first() if code else None
    found = found or rows.filter(name=code, kind=Unit.Kind.BUREAU).first()
    if found is None:
        raise not_found()
    return found


def places(actor: Actor) -> QuerySet[Unit]:
    """Schools and bureaus the actor may import rosters for."""
    paths = tuple(post.path for post in actor.posts if policy.can(actor, "roster.import", path=post.path))
    rows = Unit.objects.filter(path_q("path", paths), kind__in=(Unit.Kind.SCHOOL, Unit.Kind.BUREAU))
    return rows.filter(closed_on__isnull=True).order_by("path")


def imports_of(actor: Actor) -> QuerySet[RosterImport]:
    """The imports of the units the actor may import for, newest first."""
    paths = tuple(post.path for post in actor.posts if policy.can(actor, "roster.import", path=post.path))
    return RosterImport.objects.filter(path_q("path", paths)).select_related("unit", "by")


def roster_import(actor: Actor, pk: Any) -> RosterImport:
    """One import the actor may see; else `not_found`."""
    found = imports_of(actor).select_related("stored").filter(pk=pk).first()
    if found is None:
        raise not_found()
    policy.demand(actor, "roster.import", path=found.path)
    return found


def _units(unit: Unit) -> Snapshot:
    last = Unit.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    columns = ("pk", "parent_id", "kind", "path", "code", "name", "stage", "entered", "number", "grade_style", "primary_years", "lat", "lon")
    rows = Unit.objects.filter(path_q("path", (unit.path,)), closed_on__isnull=True).order_by("path")
    nodes = sorted((UnitNode(*row) for row in rows.values_list(*columns)), key=lambda node: node.path.count("."))
    shot = Snapshot(nodes[0], {}, last + 1)
    for node in nodes:
        shot.add_unit(node)
    return shot


def _people(shot: Snapshot, path: str, with_busy: bool) -> None:
    columns = ("pk", "home_id", "name", "number", "sex", "subject", "title", "party_member", "phone_index")
    rows = Staff.objects.filter(path_q("home__path", (path,)), left_on__isnull=True).order_by("pk")
    shot.staff = {row[0]: StaffNode(*row) for row in rows.values_list(*columns)}
    posts = Appointment.objects.filter(path_q("unit__path", (path,)), ends__isnull=True, role__in=Role.values)
    for unit_id, *post in posts.values_list("unit_id", "pk", "staff_id", "role", "subject"):
        shot.posts[unit_id].append(PostNode(*post))
    if with_busy:
        rows = BusyPeriod.objects.filter(path_q("staff__home__path", (path,)))
        for pk, staff, *what in rows.values_list("pk", "staff_id", "weekday", "starts", "ends", "kind"):
            shot.busy[staff][tuple(what)] = pk


def _students(shot: Snapshot, path: str) -> None:
    columns = (
        "pk", "school_id", "klass_id", "household_id", "name", "sex", "born", "ethnic", "id_type", "id_index", "number_index",
        "aux_number", "class_number", "entered_on", "study", "left_on",
    )  # fmt: skip
    for row in Student.objects.filter(path_q("school__path", (path,))).order_by("pk").values_list(*columns):
        shot.add_student(StudentNode(*row))
    rows = Household.objects.filter(path_q("school__path", (path,)))
    for row in rows.values_list("pk", "school_id", "address_index", "lat", "lon", "confirmed"):
        shot.houses[row[0]] = HouseNode(*row)


def _guardians(shot: Snapshot, path: str) -> None:
    rows = Guardian.objects.filter(path_q("student__school__path", (path,))).order_by("position")
    for student, *row in rows.values_list("student_id", "pk", "position", "name", "relation", "phone_index", "is_guardian"):
        shot.guardians[student].append(GuardianNode(*row))


def _cares(shot: Snapshot, path: str) -> None:
    rows = Care.objects.filter(path_q("student__school__path", (path,)), ends__isnull=True)
    for care in rows.only("pk", "student_id", "token", "source", "reason"):
        shot.cares[care.student_id][care.token] = CareNode(care.pk, care.source, care.reason)
