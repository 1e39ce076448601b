"""Everything a school's problem is made from, read in a fixed number of queries however many children it has."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from jiafang.access.fence import path_q, system_fence
from jiafang.access.roles import Role
from jiafang.campaigns import selectors as campaigns
from jiafang.campaigns.models import SchoolCampaign
from jiafang.campaigns.selectors import Rules
from jiafang.lib import clock
from jiafang.lib.paths import within
from jiafang.planning.models import Absence, FamilyWish, PlanSettings, Relief, Window
from jiafang.planning.selectors.slots import Slot, slots_of
from jiafang.roster import selectors as roster
from jiafang.roster.kinds import CareKind, tokens
from jiafang.roster.models import Care, Household
from jiafang.units import selectors as units
from jiafang.units.models import BusyPeriod, Unit
from jiafang.visits.models import Outing, Visit, VisitStudent
from jiafang.visits.states import AHEAD, DONE, VisitState

STAGES = {Unit.Stage.SENIOR: 0, Unit.Stage.JUNIOR: 1, Unit.Stage.PRIMARY: 2}
COUNTED = (VisitState.PLANNED, VisitState.DECLINED, *AHEAD, *DONE)


@dataclass(frozen=True, slots=True)
class Child:
    pk: Any
    klass_id: int
    boards: bool


@dataclass(slots=True)
class Group:
    """Children one visit goes to: a confirmed household, else a single child."""

    home: Household
    children: list[Child] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    visits: list[Visit] = field(default_factory=list)  # that count or stand, the earliest first
    tried: int = 0  # visits ever made or planned for them, called-off ones included

    @property
    def key(self) -> str:
        return "" if self.home.confirmed else str(self.children[0].pk)


@dataclass(slots=True)
class Facts:
    """A school's data; ``leads_of`` and ``others_of`` by class pk: class teacher, then subject teachers."""

    school_campaign: SchoolCampaign
    rules: Rules
    settings: PlanSettings
    slots: list[Slot]
    classes: dict[int, Unit]
    class_teacher: dict[int, Any]
    subject_teachers: dict[int, list]
    names: dict[Any, str]
    busy: dict[Any, list[BusyPeriod]]
    reliefs: dict[Any, Relief]
    absences: list[Absence]
    quotas: dict[Any, int]
    groups: list[Group]
    wishes: dict[Any, FamilyWish]
    outings: list[Outing]  # of the school from today on, and of this week
    loose: list[Visit]  # visits ahead of nobody enrolled: they only take their teachers' time
    today: date


def windows_of(school_campaign: SchoolCampaign) -> list[Window]:
    return list(Window.objects.filter(school_campaign=school_campaign))


def settings_of(school_campaign: SchoolCampaign) -> PlanSettings:
    """The school's settings, the defaults while it has saved none."""
    found = PlanSettings.objects.filter(school_campaign=school_campaign).first()
    return found or PlanSettings(school_campaign=school_campaign)


def open_slots(row: SchoolCampaign) -> list[Slot]:
    """The school's slots from tomorrow on, lost days left out; without reading a single child."""
    rules, settings = campaigns.rules(row), settings_of(row)
    found = slots_of(
        row.school_id,
        windows_of(row),
        units.calendar(row.school, rules.visit_from, rules.visit_until),
        since=max(rules.visit_from, clock.today() + timedelta(days=1)),
        weeks_off=settings.weeks_off,
        absences=Absence.objects.filter(school_campaign=row, staff__isnull=True),
    )
    return [slot for slot in found if not slot.lost]


def facts(school_campaign: SchoolCampaign) -> Facts:
    """Read everything. Reads the whole school whoever asks: a timetable concerns all of it, and leaves as ids only."""
    with system_fence("a timetable is made of the whole school"):
        return _facts(school_campaign)


def _facts(row: SchoolCampaign) -> Facts:
    rules, settings, today = campaigns.rules(row), settings_of(row), clock.today()
    path = row.school.path
    absences = list(Absence.objects.filter(school_campaign=row))
    slots = slots_of(
        row.school_id,
        windows_of(row),
        units.calendar(row.school, rules.visit_from, rules.visit_until),
        since=max(rules.visit_from, today + timedelta(days=1)),
        weeks_off=settings.weeks_off,
        absences=absences,
    )
    classes = {unit.pk: unit for unit in units.under(path, Unit.Kind.KLASS)}
    class_teacher, subject_teachers, names = _teachers(path, classes)
    busy: dict[Any, list[BusyPeriod]] = defaultdict(list)
    for period in BusyPeriod.objects.filter(staff__in=list(names)):
        busy[period.staff_id].append(period)
    groups, group_of = _groups(path, classes)
    visits, children_of, outings = _standing(row, today)
    loose = _give_visits(visits, children_of, groups, group_of)
    return Facts(
        school_campaign=row, rules=rules, settings=settings, slots=slots, classes=classes,
        class_teacher=class_teacher, subject_teachers=subject_teachers, names=names, busy=busy,
        reliefs={r.staff_id: r for r in Relief.objects.filter(school_campaign=row)},
        absences=[a for a in absences if a.staff_id],
        quotas=dict(campaigns.quotas(row).values_list("staff_id", "min_visits")),
        groups=groups, wishes={w.household_id: w for w in FamilyWish.objects.filter(campaign=row.campaign_id)},
        outings=outings, loose=loose, today=today,
    )  # fmt: skip


def _teachers(path: str, classes: dict[int, Unit]) -> tuple[dict, dict, dict]:
    class_teacher: dict[int, Any] = {}
    subject_teachers: dict[int, list] = defaultdict(list)
    names: dict[Any, str] = {}
    for post in units.posts_under(path):
        names[post.staff_id] = post.staff.name
        if post.role == Role.CLASS_TEACHER:
            class_teacher.setdefault(post.unit_id, post.staff_id)
        elif post.role == Role.SUBJECT_TEACHER and post.unit.kind in (Unit.Kind.KLASS, Unit.Kind.COHORT):
            for klass in classes.values():
                if within(klass.path, post.unit.path) and post.staff_id not in subject_teachers[klass.pk]:
                    subject_teachers[klass.pk].append(post.staff_id)
    return class_teacher, subject_teachers, names


def _groups(path: str, classes: dict[int, Unit]) -> tuple[list[Group], dict[Any, Group]]:
    def age(klass_id: int) -> tuple:
        klass = classes.get(klass_id)
        return (STAGES.get(klass.stage, 3), klass.entered or 0, klass.number or 0) if klass else (9, 0, 0)

    rows = roster.enrolled(path).only("pk", "klass_id", "study", "household_id").order_by("pk")
    rows = sorted(rows, key=lambda student: (*age(student.klass_id), student.pk))  # the eldest's class leads
    homes = {
        home.pk: home
        for home in Household.objects.filter(path_q("school__path", (path,))).only("pk", "lat", "lon", "confirmed")
    }
    found: dict[tuple, Group] = {}
    group_of: dict[Any, Group] = {}
    for student in rows:
        home = homes.get(student.household_id)
        if home is None or student.klass_id not in classes:
            continue
        key = (home.pk,) if home.confirmed else (home.pk, student.pk)
        group = found.setdefault(key, Group(home))
        group.children.append(Child(student.pk, student.klass_id, student.study == student.Study.BOARDING))
        group_of[student.pk] = group
    kinds = {token: str(kind) for kind, token in zip(CareKind, tokens(CareKind), strict=True)}
    today = clock.today()
    cares = Care.objects.filter(path_q("student__klass__path", (path,)), begins__lte=today)
    for student_id, token in cares.exclude(ends__lte=today).values_list("student_id", "token"):
        if student_id in group_of and token in kinds:
            group_of[student_id].kinds.add(kinds[token])
    return list(found.values()), group_of


def _standing(row: SchoolCampaign, today: date) -> tuple[list[Visit], dict, list[Outing]]:
    """The campaign's visits of the school, the children of each, and the outings of this week and later."""
    visits = Visit.objects.filter(campaign=row.campaign_id, school=row.school_id).select_related("outing")
    visits = list(visits.defer("place").order_by("starts_at", "pk"))
    children_of: dict[Any, list] = defaultdict(list)
    links = VisitStudent.objects.filter(visit__campaign=row.campaign_id, visit__school=row.school_id)
    for visit_id, student_id in links.values_list("visit_id", "student_id"):
        children_of[visit_id].append(student_id)
    monday = today - timedelta(days=today.weekday())
    outings = list(Outing.objects.filter(campaign=row.campaign_id, school=row.school_id, day__gte=monday))
    return visits, children_of, outings


def _give_visits(visits: Iterable[Visit], children_of: dict, groups: list[Group], group_of: dict) -> list[Visit]:
    """Hang each visit on the group of its children; returns those ahead that belong to no group any more."""
    loose = []
    for visit in visits:
        mine = {id(group_of[pk]): group_of[pk] for pk in children_of[visit.pk] if pk in group_of}
        for group in mine.values():
            group.tried += 1
            if visit.state in COUNTED:
                group.visits.append(visit)
        if not mine and visit.state in AHEAD:
            loose.append(visit)
    return loose
