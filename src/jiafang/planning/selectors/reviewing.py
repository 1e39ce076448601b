"""What a run brought: which families, what could not be placed and what would help, what changed against before."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiafang.campaigns.states import Mode
from jiafang.lib import clock
from jiafang.planning.models import PlanRun
from jiafang.planning.selectors import timetable
from jiafang.planning.selectors.packing import unpack
from jiafang.planning.selectors.problem import SPECIAL
from jiafang.planning.selectors.slots import monday_of
from jiafang.planning.selectors.summary import changes, places
from jiafang.planning.selectors.wording import WEEKDAYS, said, sentence
from jiafang.roster.models import Student
from jiafang.units.models import Staff
from jiafang.visits.models import Visit
from jiafang.visits.selectors.lists import with_people
from jiafang.visits.states import VisitState


@dataclass(frozen=True, slots=True)
class Family:
    """The children behind a visit of a plan, as far as the reader sees them."""

    names: str
    klass: str
    student_pk: Any


@dataclass(frozen=True, slots=True)
class Left:
    """A visit that found no place: why, and what would help."""

    family: Family
    visit: str
    reasons: tuple[str, ...]
    helps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A visit that stands otherwise than before; ``kind``: moved, retimed, team, new, gone, left."""

    kind: str
    family: Family
    before: str
    after: str
    team_before: str
    team_after: str
    state: str


@dataclass(frozen=True, slots=True)
class Review:
    """A run opened: sentences with names, only of families within the reader's reach."""

    left: list[Left]
    changes: list[Change]
    unmet: list[tuple[str, int, str]]
    weeks: list[tuple[date, int, int]]  # Monday, outings, visits

    @property
    def agreed(self) -> int:
        """Changed visits that a family had agreed to."""
        return sum(change.state == VisitState.APPOINTED and change.kind != "left" for change in self.changes)


class _Book:
    """Names for the ids of one run's problem."""

    def __init__(self, run: PlanRun) -> None:
        self.problem = unpack(PlanRun.objects.values_list("problem", flat=True).get(pk=run.pk))
        self.online = Mode.ONLINE in run.school_campaign.campaign.modes
        self.slots = {slot["id"]: slot for slot in self.problem["slots"]}
        self.visits = {visit["id"]: visit for visit in self.problem["visits"]}
        self.staff = {
            str(pk): name
            for pk, name in Staff.objects.filter(pk__in=[t["id"] for t in self.problem["teachers"]]).values_list(
                "pk", "name"
            )
        }

    def slot(self, name: str) -> str:
        slot = self.slots.get(name)
        if slot is None:
            return ""
        day = date.fromisoformat(slot["date"])
        return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"

    def when(self, place: dict | None) -> str:
        return f"{self.slot(place['slot'])}{place['starts']}" if place else ""

    def team(self, place: dict | None) -> str:
        if place is None:
            return ""
        return "、".join(self.staff.get(place[key], "") for key in ("lead", "companion", "extra") if place[key])

    def allowed(self, name: str, help_code: str) -> bool:
        """Whether a help is one the campaign knows: special families are visited at home, the second time too."""
        if help_code != "online":
            return True
        visit = self.visits[name]
        return self.online and visit["priority"] < SPECIAL and "after" not in visit

    def say(self, text: str) -> str:
        return sentence(text, self.staff, self.slot, self.visits)

    def families(self, names: list[str]) -> dict[str, Family]:
        """``{visit: Family}`` of those visits whose children the reader may see."""
        homes = {name: self.visits[name]["household"].split("/") for name in names if name in self.visits}
        by_home: dict[str, list[Student]] = defaultdict(list)
        rows = Student.objects.filter(household__in={home[0] for home in homes.values()}, left_on__isnull=True)
        for student in rows.select_related("klass").order_by("class_number", "pk"):
            by_home[str(student.household_id)].append(student)
        found = {}
        for name, (home, *one) in homes.items():
            children = [s for s in by_home[home] if not one or str(s.pk) == one[0]]
            if children:
                klass = "、".join(dict.fromkeys(s.klass.label for s in children if s.klass))
                found[name] = Family("、".join(s.name for s in children), klass, children[0].pk)
        return found


def review(run: PlanRun) -> Review:
    """Everything about a finished run in a handful of queries."""
    if run.plan is None:
        return Review([], [], [], [])
    book, plan = _Book(run), run.plan
    differ = changes(plan, run.keep) if run.keep else {}
    names = [item["visit"] for item in plan["unplaced"]] + [name for group in differ.values() for name in group]
    families = book.families(names)
    return Review(
        left=_left(book, plan, families),
        changes=_changes(book, run, differ, families) + (_outlived(run) if run.keep else []),
        unmet=[
            (book.staff.get(item["teacher"], ""), item["visits"], "；".join(book.say(said(r)) for r in item["reasons"]))
            for item in plan["unmet"]
        ],
        weeks=_weeks(book, plan),
    )  # fmt: skip


def left_over(run: PlanRun) -> list[Left]:
    """What an accepted run could not place and nobody has arranged by hand since."""
    if run.plan is None or not run.plan["unplaced"]:
        return []
    book = _Book(run)
    families = book.families([item["visit"] for item in run.plan["unplaced"]])
    # What the plan itself placed, such as a first visit, says nothing of the second.
    later = Visit.objects.filter(campaign=run.school_campaign.campaign_id, created_at__gt=run.finished_at)
    later = later.exclude(pk__in=list(places(run.plan)))
    arranged = set(later.exclude(state=VisitState.CANCELLED).values_list("visit_students__student", flat=True))
    return [left for left in _left(book, run.plan, families) if left.family.student_pk not in arranged]


def _left(book: _Book, plan: dict, families: dict[str, Family]) -> list[Left]:
    return [
        Left(
            families[item["visit"]],
            item["visit"],
            tuple(book.say(said(r)) for r in item["reasons"]),
            tuple(book.say(said(h)) for h in item["helps"] if book.allowed(item["visit"], h["code"])),
        )
        for item in plan["unplaced"]
        if item["visit"] in families
    ]


def _changes(book: _Book, run: PlanRun, differ: dict[str, list[str]], families: dict[str, Family]) -> list[Change]:
    now, before = places(run.plan), places(run.keep)
    names = [name for group in differ.values() for name in group]
    states = {str(pk): state for pk, state in Visit.objects.filter(pk__in=names).values_list("pk", "state")}
    return [
        Change(
            kind, families[name], book.when(before.get(name)), book.when(now.get(name)), book.team(before.get(name)),
            book.team(now.get(name)), states.get(name, ""),
        )
        for kind, group in differ.items()
        for name in group
        if name in families
    ]  # fmt: skip


def _outlived(run: PlanRun) -> list[Change]:
    """Visits that end because their children left the school."""
    found = []
    for visit in with_people(timetable.outlived(run.school_campaign)).order_by("starts_at"):
        begins = visit.starts_at.astimezone(clock.TZ)
        when = f"{begins.month}月{begins.day}日（周{WEEKDAYS[begins.weekday()]}）{begins:%H:%M}"
        team = "、".join(p.name for p in (visit.lead, visit.companion, visit.extra) if p)
        family = Family(timetable.family(visit), timetable.klass_names(visit), None)
        found.append(Change("left", family, when, "", team, "", visit.state))
    return found


def _weeks(book: _Book, plan: dict) -> list[tuple[date, int, int]]:
    outings: dict[date, int] = defaultdict(int)
    visits: dict[date, int] = defaultdict(int)
    for outing in plan["outings"]:
        monday = monday_of(date.fromisoformat(book.slots[outing["slot"]]["date"]))
        outings[monday] += 1
        visits[monday] += len(outing["stops"])
    for item in plan["online"]:
        visits[monday_of(date.fromisoformat(book.slots[item["slot"]]["date"]))] += 1
    return [(monday, outings[monday], visits[monday]) for monday in sorted(visits)]


def kinds() -> dict[str, str]:
    """What each kind of change is called."""
    return {
        "moved": _("改到别的时段"),
        "retimed": _("同一时段，时刻有变"),
        "team": _("换了老师"),
        "new": _("新排上"),
        "gone": _("不再安排"),
        "left": _("学生已不在本校，取消"),
    }
