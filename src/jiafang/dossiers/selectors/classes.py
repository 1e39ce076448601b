"""Classes a person reads, and the children of one class as a list."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.fence import path_q
from jiafang.access.roles import Role
from jiafang.campaigns import selectors as campaigns
from jiafang.campaigns.models import SchoolCampaign
from jiafang.dossiers.selectors.visited import UNVISITED, WAITING, Standing, parts_of, running, standing
from jiafang.lib import clock, dates
from jiafang.lib.codes import SEX
from jiafang.roster import selectors as roster
from jiafang.roster.models import Student
from jiafang.units import selectors as units
from jiafang.units.models import Appointment, Unit
from jiafang.visits.models import VisitStudent
from jiafang.visits.states import DONE


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class with its figures in the running campaign; counts are of children (人)."""

    klass: Unit
    teacher: str
    students: int
    visited: int
    without_place: int

    @property
    def pk(self) -> int:
        return self.klass.pk

    @property
    def label(self) -> str:
        return self.klass.label

    @property
    def left(self) -> int:
        return self.students - self.visited


def classes(actor: Actor) -> list[ClassRow]:
    """Every class whose children the actor reads, in tree order; the same queries for one class or a hundred."""
    policy.demand(actor, "student.list")
    rows = list(units.classes_of(actor))
    paths = [p.path for p in actor.posts if policy.can(actor, "student.list", path=p.path)]
    campaign = campaigns.current(actor).first()
    sizes = {
        klass: (n, nowhere)
        for klass, n, nowhere in roster.enrolled(paths)
        .values("klass")
        .annotate(n=Count("pk"), nowhere=Count("pk", filter=Q(household__lat__isnull=True)))
        .values_list("klass", "n", "nowhere")
    }
    made = VisitStudent.objects.filter(
        path_q("student__klass__path", tuple(paths)), visit__state__in=DONE, student__left_on__isnull=True
    )
    if campaign:
        made = made.filter(visit__campaign=campaign)
    visited = dict(
        made.values("student__klass").annotate(n=Count("student", distinct=True)).values_list("student__klass", "n")
    )
    posts = Appointment.objects.filter(units.in_force(), unit__in=rows, role=Role.CLASS_TEACHER)
    teachers = dict(posts.values_list("unit", "staff__name"))
    return [ClassRow(row, teachers.get(row.pk, ""), *_pick(sizes, visited, row.pk)) for row in rows]


def _pick(sizes: dict, visited: dict, pk: int) -> tuple[int, int, int]:
    n, nowhere = sizes.get(pk, (0, 0))
    return n, visited.get(pk, 0), nowhere


@dataclass(frozen=True, slots=True)
class KlassPage:
    """A class as its page shows it. ``custodians``: class teachers of the workbook, today's first."""

    klass: Unit
    school: Unit
    part: SchoolCampaign | None
    rows: "list[ChildRow]"
    custodians: list[Appointment]
    homes: list[roster.Home]
    may: dict[str, bool]
    moments: tuple[str, ...]  # "first", "last": 新生年级, 毕业年级

    @property
    def campaign(self) -> Any:
        return self.part.campaign if self.part else None


def klass(actor: Actor, pk: int) -> Unit:
    """A class whose children the actor may list, else ``not_found``."""
    found = units.unit(pk, kind=Unit.Kind.KLASS)
    policy.demand(actor, "student.list", path=found.path)
    return found


def klass_page(actor: Actor, found: Unit) -> KlassPage:
    """All a class page shows."""
    school = units.school_of(found)
    part = running(school)
    may = {
        name: policy.can(actor, verb, path=found.path)
        for name, verb in (
            ("edit", "student.edit"), ("confirm", "household.confirm"), ("care", "care.read"),
            ("workbook", "visit.print_workbook"), ("hand_over", "klass.hand_over"),
        )
    }  # fmt: skip
    homes = roster.homes(actor, roster.households_to_confirm(found.path)) if may["confirm"] else []
    posts = Appointment.objects.filter(unit=found, role=Role.CLASS_TEACHER).select_related("staff")
    return KlassPage(
        found,
        school,
        part,
        children(actor, found, part),
        list(posts.order_by("-begins")),
        homes,
        may,
        grade_moments(found),
    )


def grade_moments(found: Unit) -> tuple[str, ...]:
    """Whether the class is in its first or last year; 新生 and 毕业年级 follow from the class and are never stored."""
    if not found.entered or not found.stage:
        return ()
    grade = dates.grade_in_stage(found.entered, clock.today())
    last = dates.years_of(found.stage, found.primary_years)
    return tuple(name for name, n in (("first", 1), ("last", last)) if grade == n)


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A child in the class list; ``kinds`` only as far as the reader may know them."""

    student: Student
    kinds: tuple[Any, ...]
    standing: Standing
    klass: Unit

    @property
    def pk(self) -> Any:
        return self.student.pk

    @property
    def name(self) -> str:
        return self.student.name

    @property
    def number(self) -> str:
        return self.student.class_number

    @property
    def sex(self) -> str:
        return SEX.label(self.student.sex) if self.student.sex in "12" else ""

    @property
    def boarding(self) -> bool:
        return self.student.study == Student.Study.BOARDING

    @property
    def no_place(self) -> bool:
        return self.student.household.lat is None

    @property
    def unsure_home(self) -> bool:
        return not self.student.household.confirmed

    @property
    def visited(self) -> bool:
        return self.standing.done > 0

    @property
    def waiting(self) -> bool:
        return self.standing.state in WAITING

    @property
    def planned(self) -> bool:
        return self.standing.state != UNVISITED

    def found_by(self, words: str) -> bool:
        """Whether name or pinyin (full or initials) holds the words."""
        return words in self.student.name or words.lower() in self.student.pinyin


def number_key(number: str) -> tuple[bool, int, str]:
    """Sorts class numbers as numbers, those with letters after them, children without one last."""
    return (not number, int(number) if number.isdecimal() else 10**6, number)


def children(actor: Actor, found: Unit, part: SchoolCampaign | None) -> list[ChildRow]:
    """The class by number: four queries however many children."""
    rows = list(roster.students_of(actor, found).select_related("household").defer("household__address"))
    care = roster.care_by_student(actor, rows)
    parts = parts_of([row.pk for row in rows])
    campaign = part.campaign_id if part else None
    out = [
        ChildRow(
            row,
            tuple(dict.fromkeys(kind for kind, _care in care.get(row.pk, ()))),
            standing(parts.get(row.pk, ()), campaign),
            found,
        )
        for row in rows
    ]
    return sorted(out, key=lambda row: (number_key(row.number), row.student.pinyin))


@dataclass(frozen=True, slots=True)
class Summary:
    """What a new class teacher takes over, in counts."""

    students: int
    visited: int
    ahead: int
    waiting: int
    special: int
    homes: int
    without_place: int


def summary(page: KlassPage) -> Summary:
    """A class in counts, for the acknowledgement of a handover."""
    return Summary(
        students=len(page.rows),
        visited=sum(row.visited for row in page.rows),
        ahead=sum(row.standing.ahead > 0 for row in page.rows),
        waiting=sum(row.waiting for row in page.rows),
        special=sum(bool(row.kinds) for row in page.rows),
        homes=len(page.homes),
        without_place=sum(row.no_place for row in page.rows),
    )
