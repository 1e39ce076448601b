"""Lists of visits and of records that wait for somebody. Every list costs the same queries for one row or a thousand."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from jiafang.access.actors import Actor
from jiafang.access.fence import path_q
from jiafang.access.roles import Role
from jiafang.campaigns.states import Mode
from jiafang.lib import clock
from jiafang.lib.errors import not_found
from jiafang.roster import selectors as roster
from jiafang.visits import deadlines
from jiafang.visits.models import Outing, Record, Visit, VisitStudent
from jiafang.visits.states import AHEAD, DONE, Moment, RecordState, VisitState

MODES = Mode.choices
UNWRITTEN = (RecordState.DRAFT, RecordState.RETURNED)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows; empty means any. ``path`` is a unit's path, ``week`` any day of a week, ``words`` a name."""

    campaign: Any = None
    path: str = ""
    klass: int | None = None
    state: str = ""
    teacher: Any = None
    mode: str = ""
    origin: str = ""
    week: date | None = None
    late: bool = False
    words: str = ""


def children() -> QuerySet[VisitStudent]:
    """Children of visits with student, class and record, without the sealed texts."""
    rows = VisitStudent.objects.select_related("student__klass", "klass", "record")
    return rows.defer("record__answers").order_by("klass__path", "student__class_number", "pk")


def with_people(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """The visits with team, outing and the children the reader may see, in a fixed number of queries."""
    rows = rows.select_related("lead", "companion", "extra", "outing", "school", "campaign")
    return rows.prefetch_related(Prefetch("visit_students", children()))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def between(field: str, first: date, last: date) -> Q:
    """Moments from the first day to the last, both in, in Shanghai."""
    return Q(
        **{
            f"{field}__gte": clock.at(first, time()),
            f"{field}__lt": clock.at(last + timedelta(days=1), time()),
        }
    )


def of_team(staff_id) -> Q:
    return Q(lead_id=staff_id) | Q(companion_id=staff_id) | Q(extra_id=staff_id)


def visits_of(actor: Actor, wanted: Filter | None = None) -> QuerySet[Visit]:
    """Published visits within the actor's reach, by time. What the planner has only placed stands in planning."""
    wanted = wanted or Filter()
    rows = Visit.objects.exclude(state=VisitState.PLANNED)
    if wanted.campaign:
        rows = rows.filter(campaign=wanted.campaign)
    if wanted.path:
        rows = rows.filter(pk__in=VisitStudent.objects.filter(path_q("klass__path", (wanted.path,))).values("visit"))
    if wanted.klass:
        rows = of_class(rows, wanted.klass)
    if wanted.words:
        rows = named(rows, wanted.words)
    if wanted.teacher:
        rows = rows.filter(of_team(wanted.teacher))
    if wanted.mode:
        rows = rows.filter(mode=wanted.mode)
    if wanted.origin:
        rows = rows.filter(origin=wanted.origin)
    if wanted.week:
        rows = in_week(rows, wanted.week)
    if wanted.late:
        rows = in_state(rows, Moment.LATE)
    elif wanted.state:
        rows = in_state(rows, wanted.state)
    return with_people(rows).order_by("starts_at", "pk")


def of_class(rows: QuerySet[Visit], klass: int) -> QuerySet[Visit]:
    return rows.filter(pk__in=VisitStudent.objects.filter(klass=klass).values("visit"))


def named(rows: QuerySet[Visit], words: str) -> QuerySet[Visit]:
    """Visits to children found by name or pinyin."""
    found = VisitStudent.objects.filter(student__in=roster.search(words).values("pk"))
    return rows.filter(pk__in=found.values("visit"))


def in_week(rows: QuerySet[Visit], day: date) -> QuerySet[Visit]:
    """Visits of the week (Monday to Sunday) that holds ``day``."""
    monday = monday_of(day)
    return rows.filter(between("starts_at", monday, monday + timedelta(days=6)))


def in_state(rows: QuerySet[Visit], state: str) -> QuerySet[Visit]:
    """Visits in a state, or ``late``, ``today``, ``passed``, ``ahead``, ``done``, ``due`` (held, record unwritten)."""
    if state == Moment.LATE:
        return rows.filter(state=VisitState.HELD, due_at__lt=clock.now())
    if state == Moment.TODAY:
        return rows.filter(between("starts_at", clock.today(), clock.today()), state__in=AHEAD)
    if state == Moment.PASSED:
        return rows.filter(starts_at__lt=clock.at(clock.today(), time()), state__in=AHEAD)
    groups = {"ahead": AHEAD, "done": DONE, "due": {VisitState.HELD}}
    return rows.filter(state__in=groups[state]) if state in groups else rows.filter(state=state)


def tally(rows: QuerySet[Visit]) -> dict[str, int]:
    """How many visits of a list are in each state, ``late``, and ``today`` (still ahead); one query."""
    counts = {state: Count("pk", filter=Q(state=state)) for state in VisitState.values}
    late_ones = Q(state=VisitState.HELD, due_at__lt=clock.now())
    tonight_ = Q(state__in=AHEAD) & between("starts_at", clock.today(), clock.today())
    return rows.order_by().aggregate(
        **counts, all=Count("pk"), late=Count("pk", filter=late_ones), today=Count("pk", filter=tonight_)
    )


def visit(actor: Actor, pk) -> Visit:
    """One visit within the reach with its people, or ``not_found``."""
    found = with_people(Visit.objects.exclude(state=VisitState.PLANNED)).filter(pk=pk).first()
    if found is None:
        raise not_found()
    return found


def visit_student(actor: Actor, pk) -> VisitStudent:
    """A child's part in a visit within the reach, or ``not_found``."""
    rows = children().select_related("visit__outing", "visit__lead", "visit__companion", "visit__extra")
    rows = rows.select_related("visit__school", "visit__campaign").exclude(visit__state=VisitState.PLANNED)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise not_found()
    return found


def outing(actor: Actor, pk) -> Outing:
    """One outing within the reach, or ``not_found``."""
    found = Outing.objects.filter(pk=pk).select_related("campaign", "school", "lead", "companion").first()
    if found is None:
        raise not_found()
    return found


def tonight(actor: Actor, day: date | None = None) -> list[Visit]:
    """Today's visits the actor takes part in, in the order they are made; done ones stay to be seen as done."""
    day = day or clock.today()
    rows = Visit.objects.filter(of_team(actor.staff_id), between("starts_at", day, day))
    rows = rows.exclude(state__in=[VisitState.PLANNED, VisitState.CANCELLED])
    return list(with_people(rows).order_by("starts_at", "position"))


@dataclass(frozen=True, slots=True)
class DayOf:
    """One day of a person's week: the visits by time."""

    day: date
    visits: tuple[Visit, ...]

    @property
    def is_today(self) -> bool:
        return self.day == clock.today()


def week(actor: Actor, monday: date) -> list[DayOf]:
    """“我的一周”: the seven days from ``monday`` with the visits the actor takes part in."""
    monday = monday_of(monday)
    rows = Visit.objects.filter(of_team(actor.staff_id), between("starts_at", monday, monday + timedelta(days=6)))
    rows = with_people(rows.exclude(state__in=[VisitState.PLANNED, VisitState.CANCELLED])).order_by("starts_at", "pk")
    days: dict[date, list[Visit]] = {monday + timedelta(days=n): [] for n in range(7)}
    for row in rows:
        days[row.starts_at.astimezone(clock.TZ).date()].append(row)
    return [DayOf(day, tuple(visits)) for day, visits in days.items()]


@dataclass(frozen=True, slots=True)
class Due:
    """A child's record that waits to be written: ``record`` is the draft or the returned one, or none yet."""

    visit_student: VisitStudent
    visit: Visit
    record: Record | None
    due_at: datetime | None

    @property
    def hours_left(self) -> int | None:
        return None if self.due_at is None else deadlines.hours_left(self.due_at, clock.now())

    @property
    def late(self) -> bool:
        return self.due_at is not None and self.due_at < clock.now()

    @property
    def hours_late(self) -> int:
        return max(0, -self.hours_left - 1) if self.due_at is not None else 0

    @property
    def with_whom(self):
        return self.visit.lead


def unwritten() -> QuerySet[VisitStudent]:
    """Children whose visit was held and whose record is missing, a draft or returned."""
    rows = children().filter(visit__state=VisitState.HELD)
    rows = rows.filter(Q(record__isnull=True) | Q(record__state__in=UNWRITTEN))
    return rows.select_related("visit__lead", "visit__companion", "visit__school", "visit__campaign")


def _due(rows: QuerySet[VisitStudent]) -> list[Due]:
    return [
        Due(row, row.visit, getattr(row, "record", None), row.visit.due_at)
        for row in rows.order_by("visit__due_at", "visit__held_from", "pk")
    ]


def mine_to_write(actor: Actor) -> Q:
    """Visits the actor leads, or of children whose class teacher he or she is."""
    return Q(visit__lead_id=actor.staff_id) | path_q("student__klass__path", actor.paths_as(Role.CLASS_TEACHER))


def records_due(actor: Actor) -> list[Due]:
    """Records the actor still has to write, the most urgent first."""
    return _due(unwritten().filter(mine_to_write(actor)))


def late(actor: Actor, wanted: Filter | None = None) -> list[Due]:
    """Late records, missing ones included, within the reach: with whom and how many hours over."""
    wanted = wanted or Filter()
    rows = unwritten().filter(visit__due_at__lt=clock.now())
    if wanted.campaign:
        rows = rows.filter(visit__campaign=wanted.campaign)
    if wanted.path:
        rows = rows.filter(path_q("klass__path", (wanted.path,)))
    if wanted.klass:
        rows = rows.filter(klass=wanted.klass)
    return _due(rows)


def to_confirm(actor: Actor) -> list[Record]:
    """Submitted records of visits the actor went along on, oldest first."""
    team = Q(visit_student__visit__companion_id=actor.staff_id) | Q(visit_student__visit__extra_id=actor.staff_id)
    rows = Record.objects.filter(team, state=RecordState.SUBMITTED)
    rows = rows.exclude(visit_student__visit__state=VisitState.ARCHIVED)
    rows = rows.select_related("visit_student__student", "visit_student__klass", "visit_student__visit__lead")
    return list(rows.defer("answers").order_by("first_submitted_at", "pk"))


def without_check(actor: Actor) -> list[Outing]:
    """Outings of the last 14 days with a visit made, on which the actor went and has not done the self-check."""
    since = clock.today() - timedelta(days=14)
    rows = Outing.objects.filter(of_team(actor.staff_id), day__gte=since, day__lte=clock.today())
    made = Visit.objects.filter(held_from__isnull=False).values("outing")
    rows = rows.filter(pk__in=made).exclude(self_checks__staff=actor.staff_id)
    return list(rows.select_related("lead", "companion").order_by("day"))


def of_student(actor: Actor, student) -> list[Visit]:
    """All visits to a child over the years, newest first, for the file's timeline."""
    mine = VisitStudent.objects.filter(student=student).values("visit")
    rows = Visit.objects.filter(pk__in=mine).exclude(state=VisitState.PLANNED)
    return list(with_people(rows).order_by("-starts_at", "-pk"))
