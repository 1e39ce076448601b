"""A school's timetable as its pages show it: visits, outings, counts. Always through the fence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.campaigns import selectors as campaigns
from jiafang.campaigns.models import SchoolCampaign
from jiafang.lib import clock
from jiafang.lib.errors import Problem, not_found
from jiafang.lib.paths import within
from jiafang.planning.models import PlanRun
from jiafang.planning.selectors.problem import BY_PLANNER
from jiafang.planning.states import RunState
from jiafang.roster import selectors as roster
from jiafang.roster.models import Student
from jiafang.units import selectors as units
from jiafang.units.models import Unit
from jiafang.visits.models import Outing, Visit, VisitStudent
from jiafang.visits.selectors.lists import of_team, with_people
from jiafang.visits.states import AHEAD, DONE, VisitState

ON_IT = (VisitState.PLANNED, *AHEAD, *DONE)


def may_read(actor: Actor, school: Unit) -> bool:
    """Whether the actor reads the timetable of the school, or of a class in it."""
    if policy.can(actor, "timetable.read", path=school.path):
        return True
    return any(
        within(post.path, school.path) and policy.can(actor, "timetable.read", path=post.path) for post in actor.posts
    )


def may(actor: Actor, verb: str, row: SchoolCampaign) -> bool:
    return policy.can(actor, verb, path=row.school.path)


def school_campaign(actor: Actor, pk: Any) -> SchoolCampaign:
    """The school's campaign whose timetable the actor may read, else as if it did not exist."""
    row = campaigns.school_campaign(actor, pk)
    if not may_read(actor, row.school):
        raise Problem("denied")
    return row


def mine(actor: Actor) -> list[SchoolCampaign]:
    """Open campaigns of the actor's schools whose timetable he or she may read, the newest first."""
    found = []
    for school in units.schools_of(actor):
        if may_read(actor, school):
            found += campaigns.current_at(school)
    return found


def visits(actor: Actor, row: SchoolCampaign) -> QuerySet[Visit]:
    """Visits on the timetable within the reach, by time; not yet published ones for those who publish."""
    rows = Visit.objects.filter(campaign=row.campaign_id, school=row.school_id, state__in=ON_IT)
    if not may(actor, "timetable.publish", row):
        rows = rows.exclude(state=VisitState.PLANNED)
    return with_people(rows).order_by("starts_at", "position", "pk")


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a timetable is; ``ahead`` are published or agreed ones, ``appointed`` the agreed ones among them."""

    all: int
    planned: int
    ahead: int
    appointed: int
    done: int
    outings: int
    first: Any
    last: Any


def tally(actor: Actor, row: SchoolCampaign) -> Tally:
    return Tally(
        **visits(actor, row).order_by().aggregate(
            all=Count("pk"), planned=Count("pk", filter=Q(state=VisitState.PLANNED)),
            ahead=Count("pk", filter=Q(state__in=AHEAD)), appointed=Count("pk", filter=Q(state=VisitState.APPOINTED)),
            done=Count("pk", filter=Q(state__in=DONE)), outings=Count("outing", distinct=True),
            first=Min("starts_at"), last=Max("starts_at"),
        )
    )  # fmt: skip


def classes(actor: Actor, row: SchoolCampaign) -> list[Unit]:
    """Classes of the school whose timetable the actor reads, in tree order."""
    found = units.under(row.school.path, Unit.Kind.KLASS).select_related("parent")
    return [k for k in found if policy.can(actor, "timetable.read", path=k.path)]


def teachers(rows: Iterable[Visit]) -> list[tuple[str, str]]:
    """Everybody in the teams of some visits, by name, as choices."""
    found = {person.pk: person for v in rows for person in (v.lead, v.companion, v.extra) if person}
    return [(str(p.pk), p.name) for p in sorted(found.values(), key=lambda p: (p.pinyin, p.name))]


def narrowed(rows: QuerySet[Visit], *, klass: str = "", grade: str = "", teacher: str = "") -> QuerySet[Visit]:
    """Visits of one class (pk), one grade (its cohort's pk) or one teacher (staff pk)."""
    unit = klass or grade
    if unit.isdigit():
        some = VisitStudent.objects.filter(Q(klass=int(unit)) | Q(klass__parent=int(unit)))
        rows = rows.filter(pk__in=some.values("visit"))
    if teacher:
        rows = rows.filter(of_team(teacher))
    return rows


def family(visit: Visit) -> str:
    """The children of a visit the reader may see, by name."""
    return "、".join(child.student.name for child in visit.visit_students.all())


def klass_names(visit: Visit) -> str:
    return "、".join(dict.fromkeys(child.klass.label for child in visit.visit_students.all()))


@dataclass(frozen=True, slots=True)
class Trip:
    """An outing, or the online visits of one teacher in one slot, with the visits the reader may see in order."""

    key: str
    day: date
    leaves: Any
    back: Any
    slot: str
    visits: tuple[Visit, ...]
    outing: Outing | None

    @property
    def lead(self):
        return self.visits[0].lead

    @property
    def companion(self):
        return self.visits[0].companion

    @property
    def extra(self):
        return self.visits[0].extra

    @property
    def online(self) -> bool:
        return self.outing is None

    @property
    def klass_id(self) -> int:
        return self.visits[0].visit_students.all()[0].klass_id if self.visits[0].visit_students.all() else 0

    @property
    def klass(self) -> str:
        return "、".join(dict.fromkeys(name for v in self.visits for name in klass_names(v).split("、")))

    @property
    def families(self) -> str:
        return "；".join(family(v) for v in self.visits)

    @property
    def state(self) -> str:
        """The one state of all its visits, else the least advanced."""
        order = [*VisitState.values]
        return min((v.state for v in self.visits), key=order.index)

    @property
    def special(self) -> bool:
        return any(v.origin == "special" for v in self.visits)

    @property
    def movable(self) -> bool:
        """Not today's and not what has been made: those no hand moves any more."""
        ahead = all(v.state == VisitState.PLANNED or v.state in AHEAD for v in self.visits)
        return ahead and self.day > clock.today()


def trips(rows: Iterable[Visit]) -> list[Trip]:
    """Visits put together as they are made, by time."""
    groups: dict[Any, list[Visit]] = {}
    for v in rows:
        if v.starts_at is not None:
            day = v.starts_at.astimezone(clock.TZ).date()
            groups.setdefault(v.outing_id or (v.lead_id, day, v.slot or v.pk), []).append(v)
    found = []
    for group in groups.values():
        group.sort(key=lambda v: (v.starts_at, v.position))
        first, way = group[0], group[0].outing
        begins = first.starts_at.astimezone(clock.TZ)
        ends = max((v.ends_at or v.starts_at) for v in group).astimezone(clock.TZ)
        found.append(
            Trip(
                str(way.pk) if way else str(first.pk), begins.date(), way.leaves if way else begins.time(),
                way.back if way else ends.time(), first.slot, tuple(group), way,
            )
        )  # fmt: skip
    return sorted(found, key=lambda t: (t.day, t.leaves, t.key))


def outing(actor: Actor, row: SchoolCampaign, pk: Any) -> Trip:
    """One outing of this school with the visits the reader may see; ``not_found`` when there are none."""
    found = trips(visits(actor, row).filter(outing=pk))
    if not found:
        raise not_found()
    return found[0]


def trip_of(actor: Actor, row: SchoolCampaign, found: Visit) -> Trip | None:
    """The trip a visit belongs to: its outing, or the online visits its teacher holds in that slot; none without hour."""
    mine = Q(outing=found.outing_id) if found.outing_id else Q(outing__isnull=True, lead=found.lead_id, slot=found.slot)
    return next((t for t in trips(visits(actor, row).filter(mine | Q(pk=found.pk))) if found in t.visits), None)


def visit(actor: Actor, row: SchoolCampaign, pk: Any) -> Visit:
    found = visits(actor, row).filter(pk=pk).first()
    if found is None:
        raise not_found()
    return found


def talks(actor: Actor, row: SchoolCampaign, pks: Sequence[str]) -> list[Visit]:
    """Online visits that one teacher holds in one slot, all of them within the reach; else ``not_found``."""
    try:
        found = list(visits(actor, row).filter(pk__in=[UUID(pk) for pk in pks], outing__isnull=True))
    except ValueError as odd:
        raise not_found() from odd
    if not found or len(found) != len(pks) or len({(v.lead_id, v.slot) for v in found}) > 1:
        raise not_found()
    return found


def outlived(row: SchoolCampaign) -> QuerySet[Visit]:
    """The planner's visits ahead to children who have all left the school; the next plan taken over calls them off."""
    here = VisitStudent.objects.filter(student__in=roster.enrolled(row.school.path))
    rows = Visit.objects.filter(
        campaign=row.campaign_id,
        school=row.school_id,
        state__in=AHEAD,
        origin__in=BY_PLANNER,
        starts_at__gt=clock.now(),
    )
    return rows.exclude(pk__in=here.values("visit"))


def waiting(row: SchoolCampaign) -> int:
    """Children of the school who stand in no visit of the timetable: newly come, or left without a place."""
    met = VisitStudent.objects.filter(
        visit__campaign=row.campaign_id, visit__school=row.school_id, visit__state__in=(*ON_IT, VisitState.DECLINED)
    )
    return roster.enrolled(row.school.path).exclude(pk__in=met.values("student")).count()


def homes_of(trip: Trip) -> dict[Any, tuple[float, float]]:
    """``{visit pk: (lat, lon)}`` of the homes whose place is known."""
    ids = [v.household_id for v in trip.visits]
    places = Student.objects.filter(household__in=ids, household__lat__isnull=False)
    by_home = {
        home: (lat, lon) for home, lat, lon in places.values_list("household", "household__lat", "household__lon")
    }
    return {v.pk: by_home[v.household_id] for v in trip.visits if v.household_id in by_home}


def without_place(row: SchoolCampaign) -> QuerySet[Student]:
    """Students of the school whose home has no coordinates, as far as the reader sees them."""
    return roster.without_place(row.school.path).select_related("klass").order_by("klass__path", "class_number", "pk")


def runs(row: SchoolCampaign) -> QuerySet[PlanRun]:
    return PlanRun.objects.filter(school_campaign=row).defer("problem", "plan", "keep").select_related("by")


def latest_run(row: SchoolCampaign) -> PlanRun | None:
    return runs(row).first()


def run(actor: Actor, row: SchoolCampaign, pk: Any) -> PlanRun:
    """A run of this school, for those who may run it."""
    policy.demand(actor, "timetable.run", path=row.school.path)
    found = PlanRun.objects.filter(school_campaign=row, pk=pk).defer("problem").select_related("by").first()
    if found is None:
        raise not_found()
    return found


def accepted_run(row: SchoolCampaign) -> PlanRun | None:
    """The run whose plan was taken over last."""
    return PlanRun.objects.filter(school_campaign=row, state=RunState.ACCEPTED).order_by("-finished_at").first()
