"""重点关爱台账: children under care, what the rules ask for each, and what was done; as far as the reader may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.roles import Role
from jiafang.campaigns import selectors as campaigns
from jiafang.campaigns.selectors import Rules
from jiafang.dossiers.selectors.classes import number_key
from jiafang.dossiers.selectors.visited import Part, parts_of, running
from jiafang.lib.errors import Problem
from jiafang.lib.paths import outermost
from jiafang.roster import selectors as roster
from jiafang.roster.kinds import CareKind
from jiafang.roster.models import Care, Student
from jiafang.units import selectors as units
from jiafang.units.models import Appointment, Unit

REACHED, PLANNED, MISSING, NO_RULE = "reached", "planned", "missing", "no_rule"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A child under care. ``needed`` visits a term in ``modes`` (0: no rule asks for any), ``done`` such visits made.

    ``rest`` is what is still asked for; ``next`` the first one that lies ahead, whatever its mode.
    """

    student: Student
    cares: tuple[tuple[CareKind, Care], ...]
    teacher: str
    needed: int
    modes: tuple[str, ...]
    done: int
    ahead: int
    last: datetime | None
    next: datetime | None
    categories: tuple[str, ...]

    @property
    def pk(self) -> Any:
        return self.student.pk

    @property
    def name(self) -> str:
        return self.student.name

    @property
    def klass(self) -> str:
        return self.student.klass.label

    @property
    def klass_id(self) -> int:
        return self.student.klass_id

    @property
    def place(self) -> tuple:
        """Sorts by class, then by number."""
        unit = self.student.klass
        return (-(unit.entered or 0), unit.number or 0, unit.path, number_key(self.student.class_number))

    @property
    def kinds(self) -> tuple[CareKind, ...]:
        return tuple(kind for kind, _care in self.cares)

    @property
    def level(self) -> str:
        """The highest level: 一级 before 二级 before 三级."""
        return min((care.level for _kind, care in self.cares if care.level), default="")

    @property
    def level_label(self) -> str:
        return str(Care.Level(self.level).label) if self.level else ""

    @property
    def rest(self) -> int:
        return max(0, self.needed - self.done)

    @property
    def status(self) -> str:
        if not self.needed:
            return NO_RULE
        if not self.rest:
            return REACHED
        return PLANNED if self.ahead >= self.rest else MISSING


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rows with what the page needs to filter them by."""

    rows: list[LedgerRow]
    kinds: list[CareKind]
    classes: list[Unit]
    levels: bool
    may_export: bool
    title: str


def ledger(actor: Actor) -> Ledger:
    """Children under care where the actor may know of it; a fixed number of queries for each school."""
    paths = outermost({p.path for p in actor.posts if policy.can(actor, "care.read", path=p.path)})
    if not paths:
        raise Problem("denied")
    found = roster.cares_under(actor, paths)
    by_student: dict[Any, list[tuple[CareKind, Care]]] = {}
    for kind, care in found:
        by_student.setdefault(care.student_id, []).append((kind, care))
    parts = parts_of(by_student)
    rules = {school.pk: _rules(school) for school in units.schools_of(actor)}
    classes = [unit for path in paths for unit in units.under(path, Unit.Kind.KLASS)]
    posts = Appointment.objects.filter(units.in_force(), unit__in=classes, role=Role.CLASS_TEACHER)
    teachers = dict(posts.values_list("unit", "staff__name"))
    rows = [
        _row(tuple(cares), parts.get(pk, ()), rules.get(cares[0][1].student.school_id), teachers)
        for pk, cares in by_student.items()
    ]
    return Ledger(
        rows=sorted(rows, key=lambda row: row.place),
        kinds=sorted({kind for row in rows for kind in row.kinds}, key=list(CareKind).index),
        classes=[unit for unit in classes if any(row.klass_id == unit.pk for row in rows)],
        levels=any(rule and rule.levels for rule in rules.values()),
        may_export=all(policy.can(actor, "care.export_ledger", path=path) for path in paths),
        title="、".join(unit.label for unit in _tops(paths)),
    )


def _tops(paths: Sequence[str]) -> list[Unit]:
    return list(Unit.objects.filter(path__in=paths).order_by("path"))


def looked_at(actor: Actor) -> list[Unit]:
    """Units whose ledger the actor reads, each for one row in the audit."""
    return _tops(outermost({p.path for p in actor.posts if policy.can(actor, "care.read", path=p.path)}))


def _rules(school: Unit) -> Rules | None:
    part = running(school)
    return campaigns.rules(part) if part else None


def _row(cares: tuple, parts: Sequence[Part], rules: Rules | None, teachers: dict) -> LedgerRow:
    student = cares[0][1].student
    demand = rules.demand(kind for kind, _care in cares) if rules else None
    mine = [p for p in parts if rules is None or p.campaign == rules.campaign_id]
    good = [p for p in mine if p.done and (demand is None or p.mode in demand.modes)]
    ahead = [p for p in mine if p.ahead]
    named = next((care.responsible.name for _kind, care in cares if care.responsible), "")
    return LedgerRow(
        student=student,
        cares=cares,
        teacher=named or teachers.get(student.klass_id, ""),
        needed=demand.min_visits if demand else 0,
        modes=demand.modes if demand else (),
        done=len(good),
        ahead=len(ahead),
        last=good[-1].at if good else None,
        next=ahead[0].at if ahead else None,
        categories=tuple(category.name for category in demand.categories) if demand else (),
    )
