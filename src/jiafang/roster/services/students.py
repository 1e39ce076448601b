"""One student at a time: moving in, correcting, moving class, leaving; and who lives with whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
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
    name: str
    relation: str = ""  # GB/T 4761
    phone: str = ""
    is_guardian: bool = True


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """What a roster says of a child; codes as in ``lib.codes``, WGS-84 degrees."""

    name: str
    sex: str = "0"
    born: date | None = None
    ethnic: str = ""
    id_type: str = ""
    id_number: str = ""
    student_number: str = ""
    aux_number: str = ""
    class_number: str = ""
    entered_on: date | None = None
    study: str = Student.Study.DAY
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    guardians: Sequence[GuardianFacts] = field(default_factory=tuple)


PLAIN = ("name", "sex", "born", "ethnic", "id_type", "aux_number", "class_number", "entered_on", "study")


def fill(student: Student, facts: StudentFacts) -> None:
    """Put the facts on the row, sealed columns and their blind indexes included."""
    for column in PLAIN:
        setattr(student, column, getattr(facts, column))
    student.pinyin = " ".join(names.pinyin(facts.name))
    student.id_number = facts.id_number or None
    student.id_index = blind("id", facts.id_number) if facts.id_number else ""
    student.student_number = facts.student_number or None
    student.number_index = blind("number", facts.student_number) if facts.student_number else ""


def new_household(school: Unit, facts: StudentFacts) -> Household:
    """An unsaved household for the facts' address."""
    home = Household(school=school, lat=facts.lat, lon=facts.lon)
    home.address = facts.address or None
    home.address_index = blind("address", facts.address) if facts.address else ""
    return home


def new_guardians(student: Student, facts: StudentFacts) -> list[Guardian]:
    """Unsaved guardians of a student, in order."""
    rows = []
    for position, person in enumerate(facts.guardians, start=1):
        row = Guardian(
            student=student, position=position, name=person.name, relation=person.relation,
            is_guardian=person.is_guardian, phone_index=blind("phone", person.phone) if person.phone else "",
        )  # fmt: skip
        row.phone = person.phone or None
        rows.append(row)
    return rows


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
    home = household or new_household(school, facts)
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
    for row in new_guardians(student, facts):
        row.save(force_insert=True)
    Enrolment.objects.create(student=student, klass=klass, begins=begins or clock.today())
    audit.record(actor, "student.edit", path=klass.path, target=student, detail={"add": True})
    return student


def _locked(student: Student) -> Student:
    """The row, locked; through the fence, so a foreign pk is not found."""
    found = Student.objects.select_for_update(of=("self",)).select_related("klass").filter(pk=student.pk).first()
    if found is None or found.klass is None:
        raise Problem("not_found")
    return found


@transaction.atomic
def edit_student(actor: Actor, *, student: Student, facts: StudentFacts) -> Student:
    """Correct the facts of a child; guardians are replaced as a whole."""
    row = _locked(student)
    policy.demand(actor, "student.edit", path=row.klass.path)
    fill(row, facts)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:
        raise Problem("conflict", _("学籍号或身份证件号已经登记过，请核对。")) from taken
    Guardian.objects.filter(student=row).delete()
    for person in new_guardians(row, facts):
        person.save(force_insert=True)
    home = row.household
    home.address = facts.address or None
    home.address_index = blind("address", facts.address) if facts.address else ""
    home.lat, home.lon = facts.lat, facts.lon
    home.save()
    audit.record(actor, "student.edit", path=row.klass.path, target=row)
    return row


@transaction.atomic
def move_student(actor: Actor, *, student: Student, klass: Unit, on: date | None = None, reason: str = "") -> Student:
    """To another class: the old enrolment ends and the new one begins the same day. The file moves along."""
    row = _locked(student)
    policy.demand(actor, "student.edit", path=row.klass.path)
    policy.demand(actor, "student.edit", path=klass.path)
    on = on or clock.today()
    old = row.klass
    Enrolment.objects.filter(student=row, ends__isnull=True).update(ends=on)
    with system_fence("the new enrolment may lie outside the old class's reach"):
        Enrolment.objects.create(student=row, klass=klass, begins=on, reason=reason)
        row.klass, row.school = klass, units.school_of(klass)
        row.save(update_fields=["klass", "school"])
        audit.record(actor, "student.edit", path=klass.path, target=row, detail={"from": old.pk, "to": klass.pk})
    return row


@transaction.atomic
def leave(actor: Actor, *, student: Student, on: date | None = None, reason: str = "") -> Student:
    """Leaves the school; the file stays with the last class for its readers of that time to hand on."""
    row = _locked(student)
    policy.demand(actor, "student.edit", path=row.klass.path)
    row.left_on = on or clock.today()
    row.save(update_fields=["left_on"])
    Enrolment.objects.filter(student=row, ends__isnull=True).update(ends=row.left_on, reason=reason)
    audit.record(actor, "student.edit", path=row.klass.path, target=row, detail={"leave": True})
    return row


@transaction.atomic
def confirm_household(actor: Actor, *, household: Household) -> Household:
    """A person says: these children live in one home and get one visit."""
    row = _household(actor, household)
    row.confirmed = True
    row.save(update_fields=["confirmed"])
    audit.record(actor, "household.confirm", path=row.school.path, target=row, detail={"together": True})
    return row


@transaction.atomic
def split_household(actor: Actor, *, household: Household, student: Student) -> Household:
    """A person says: this child lives elsewhere; it gets a home of its own. Returns the new household."""
    row = _household(actor, household)
    child = _locked(student)
    if child.household_id != row.pk:
        raise Problem("conflict", _("这名学生已经不在这个家庭里。"))
    fresh = Household(school=row.school, lat=row.lat, lon=row.lon, confirmed=True)
    fresh.save(force_insert=True)
    child.household = fresh
    child.save(update_fields=["household"])
    if Student.objects.filter(household=row, left_on__isnull=True).count() <= 1:
        row.confirmed = True
        row.save(update_fields=["confirmed"])
    audit.record(actor, "household.confirm", path=row.school.path, target=row, detail={"together": False})
    return fresh


def _household(actor: Actor, household: Household) -> Household:
    row = Household.objects.select_for_update(of=("self",)).select_related("school").filter(pk=household.pk).first()
    if row is None:
        raise Problem("not_found")
    klasses = list(row.students.values_list("klass__path", flat=True))
    if not any(policy.can(actor, "household.confirm", path=path) for path in klasses if path):
        raise Problem("denied")
    return row
