"""One student at a time: moving in, correcting, moving class, leaving and coming back. Homes stand in ``households``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.fence import system_fence
from jiafang.access.vault import blind
from jiafang.lib import clock, names
from jiafang.lib.errors import Problem
from jiafang.roster.models import Enrolment, Guardian, Household, Student
from jiafang.units import selectors as units
from jiafang.units.models import Unit


@dataclass(frozen=True, slots=True)
class GuardianFacts:
    """``pk`` is a guardian already on file; its phone may be ``None``: leave as it is."""

    name: str
    relation: str = ""  # GB/T 4761
    phone: str | None = ""
    is_guardian: bool = True
    pk: Any = None


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """What a roster says of a child; codes as in ``lib.codes``, WGS-84 degrees. ``None`` in a sealed column: leave it."""

    name: str
    sex: str = "0"
    born: date | None = None
    ethnic: str = ""
    id_type: str = ""
    id_number: str | None = ""
    student_number: str | None = ""
    aux_number: str = ""
    class_number: str = ""
    entered_on: date | None = None
    study: str = Student.Study.DAY
    address: str | None = ""
    lat: float | None = None
    lon: float | None = None
    guardians: Sequence[GuardianFacts] = field(default_factory=tuple)


PLAIN = ("name", "sex", "born", "ethnic", "id_type", "aux_number", "class_number", "entered_on", "study")


def fill(student: Student, facts: StudentFacts) -> None:
    """Put the facts on the row, sealed columns and their blind indexes included."""
    for column in PLAIN:
        setattr(student, column, getattr(facts, column))
    student.pinyin = " ".join(names.pinyin(facts.name))
    if facts.id_number is not None:
        student.id_number = facts.id_number or None
        student.id_index = blind("id", facts.id_number) if facts.id_number else ""
    if facts.student_number is not None:
        student.student_number = facts.student_number or None
        student.number_index = blind("number", facts.student_number) if facts.student_number else ""


def fill_home(home: Household, facts: StudentFacts) -> Household:
    """Put address and coordinates on a home."""
    if facts.address is not None:
        home.address = facts.address or None
        home.address_index = blind("address", facts.address) if facts.address else ""
    home.lat, home.lon = facts.lat, facts.lon
    return home


def fill_guardian(row: Guardian, person: GuardianFacts, position: int) -> Guardian:
    """Put what is known of a guardian on the row."""
    row.position, row.name, row.relation, row.is_guardian = position, person.name, person.relation, person.is_guardian
    if person.phone is not None:
        row.phone = person.phone or None
        row.phone_index = blind("phone", person.phone) if person.phone else ""
    return row


@transaction.atomic
def add_student(
    actor: Actor,
    *,
    klass: Unit,
    facts: StudentFacts,
    household: Household | None = None,
    begins: date | None = None,
) -> Student:
    """A child joins a class, into a household of its own unless one is given.

    A number that exists anywhere is refused without saying where.
    """
    policy.demand(actor, "student.edit", path=klass.path)
    school = units.school_of(klass)
    if klass.kind != Unit.Kind.KLASS or klass.closed_on:
        raise Problem("invalid", _("请选择一个班级。"), {"klass": [_("请从列表里选择。")]})
    home = household or fill_home(Household(school=school), facts)
    if household is None:
        home.save(force_insert=True)
    elif household.school_id != school.pk:
        raise Problem("denied")
    student = Student(school=school, klass=klass, household=home)
    fill(student, facts)
    try:
        with transaction.atomic():
            student.save(force_insert=True)
    except IntegrityError as taken:
        raise Problem("conflict", _("学籍号或身份证件号已经登记过，请核对。")) from taken
    for position, person in enumerate(facts.guardians, start=1):
        fill_guardian(Guardian(student=student), person, position).save(force_insert=True)
    Enrolment.objects.create(student=student, klass=klass, begins=begins or clock.today())
    audit.record(actor, "student.edit", path=klass.path, target=student, detail={"add": True})
    return student


def locked(student: Student) -> Student:
    """The row, locked; through the fence, so a foreign pk is not found."""
    found = Student.objects.select_for_update(of=("self",)).select_related("klass").filter(pk=student.pk).first()
    if found is None or found.klass is None:
        raise Problem("not_found")
    return found


@transaction.atomic
def edit_student(actor: Actor, *, student: Student, facts: StudentFacts) -> Student:
    """Correct the facts of a child; guardians not among the facts go. The home changes for siblings too."""
    row = locked(student)
    policy.demand(actor, "student.edit", path=row.klass.path)
    fill(row, facts)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:
        raise Problem("conflict", _("学籍号或身份证件号已经登记过，请核对。")) from taken
    _set_guardians(row, facts.guardians)
    home = Household.objects.select_for_update(of=("self",)).get(pk=row.household_id)
    fill_home(home, facts).save()
    audit.record(actor, "student.edit", path=row.klass.path, target=row)
    return row


def _set_guardians(student: Student, people: Sequence[GuardianFacts]) -> None:
    rows = Guardian.objects.filter(student=student)
    rows.exclude(pk__in=[person.pk for person in people if person.pk]).delete()
    # Out of the way first: a position is taken only once, also halfway through.
    rows.update(position=F("position") + 100)
    known = {str(row.pk): row for row in rows}
    for position, person in enumerate(people, start=1):
        if person.pk and str(person.pk) not in known:
            raise Problem("stale")
        row = known.get(str(person.pk)) or Guardian(student=student)
        fill_guardian(row, person, position).save()


@transaction.atomic
def move_student(actor: Actor, *, student: Student, klass: Unit, on: date | None = None, reason: str = "") -> Student:
    """To another class of the school: one enrolment ends, the next begins the same day, and the file moves along.

    Moved back on the same day, the enrolments stand as before; the audit keeps both moves.
    """
    row = locked(student)
    policy.demand(actor, "student.edit", path=row.klass.path)
    policy.demand(actor, "student.edit", path=klass.path)
    on = on or clock.today()
    old = row.klass
    if klass.kind != Unit.Kind.KLASS or klass.closed_on or units.school_of(klass).pk != row.school_id:
        raise Problem("invalid", _("请选择本校的一个班级。"), {"klass": [_("请从列表里选择。")]})
    if klass.pk == old.pk:
        raise Problem("invalid", _("%s已经在这个班。") % row.name, {"klass": [_("请选择另一个班。")]})
    if row.left_on is not None:
        raise Problem("state", _("%s已经离校，请先恢复就读。") % row.name)
    with system_fence("the new enrolment may lie outside the old class's reach"):
        _change_class(row, klass, on, reason)
        row.klass = klass
        row.save(update_fields=["klass"])
        audit.record(actor, "student.edit", path=klass.path, target=row, detail={"from": old.pk, "to": klass.pk})
    return row


def _change_class(student: Student, klass: Unit, on: date, reason: str) -> None:
    now = Enrolment.objects.filter(student=student, ends__isnull=True).first()
    if now is not None and on < now.begins:
        said = _("转班日期不能早于%s。") % now.begins
        raise Problem("invalid", said, {"on": [said]})
    if now is not None and now.begins == on:
        now.delete()
        before = Enrolment.objects.filter(student=student, klass=klass, ends=on).first()
        if before is not None:
            before.ends, before.reason = None, ""
            before.save(update_fields=["ends", "reason"])
            return
    elif now is not None:
        now.ends = on
        now.save(update_fields=["ends"])
    Enrolment.objects.create(student=student, klass=klass, begins=on, reason=reason)


@transaction.atomic
def leave(actor: Actor, *, student: Student, on: date | None = None, reason: str = "") -> Student:
    """Leaves the school; the file stays with the last class."""
    row = locked(student)
    policy.demand(actor, "student.edit", path=row.klass.path)
    if row.left_on is not None:
        raise Problem("state", _("%s已经离校。") % row.name)
    row.left_on = on or clock.today()
    stay = Enrolment.objects.filter(student=row, ends__isnull=True).first()
    if stay is not None and row.left_on < stay.begins:
        said = _("离校日期不能早于%s。") % stay.begins
        raise Problem("invalid", said, {"on": [said]})
    row.save(update_fields=["left_on"])
    Enrolment.objects.filter(student=row, ends__isnull=True).update(ends=row.left_on, reason=reason)
    audit.record(actor, "student.edit", path=row.klass.path, target=row, detail={"leave": True})
    return row


@transaction.atomic
def come_back(actor: Actor, *, student: Student) -> Student:
    """Did not leave after all: the last enrolment goes on as if nothing had happened."""
    row = locked(student)
    policy.demand(actor, "student.edit", path=row.klass.path)
    if row.left_on is None:
        raise Problem("state", _("%s没有离校。") % row.name)
    last = Enrolment.objects.filter(student=row, klass=row.klass, ends=row.left_on).order_by("-begins").first()
    if last is not None:
        last.ends, last.reason = None, ""
        last.save(update_fields=["ends", "reason"])
    else:
        Enrolment.objects.create(student=row, klass=row.klass, begins=clock.today())
    row.left_on = None
    row.save(update_fields=["left_on"])
    audit.record(actor, "student.edit", path=row.klass.path, target=row, detail={"leave": False})
    return row
