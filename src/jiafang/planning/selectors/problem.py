"""From a school's data to the planner's problem: who is to be visited, how, by whom, when, and what already stands.

Ids are pks; no name, address or kind of care leaves the school's tables. A visit that does not exist yet has the pk
its row will get, so that a plan speaks of the same visits before and after it is accepted.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import uuid5

from jiafang.campaigns.models import SchoolCampaign
from jiafang.campaigns.selectors import Demand
from jiafang.campaigns.states import Mode
from jiafang.lib import clock
from jiafang.planner import Problem, load_problem
from jiafang.planning.selectors.calendars import Calendars
from jiafang.planning.selectors.facts import Facts, Group, facts
from jiafang.planning.selectors.slots import Slot
from jiafang.planning.selectors.standing import consistent, standing_plan
from jiafang.visits.models import Visit
from jiafang.visits.states import AHEAD, Origin, VisitState

FORMAT = "jiafang-problem/1"
TRAVEL = {"detour": 1.3, "legs": [{"km": 2.6, "min_per_km": 4}, {"min_per_km": 2}], "fixed_min": 3, "unknown_min": 20}
COSTS = {
    "travel_min": 1, "outing": 15, "unwished": 2, "other_lead": 40, "other_second_lead": 20, "unplaced": 400,
    "late_week": 1, "load": 1, "moved_visit": 10, "moved_minute": 0.1, "changed_team": 2,
}  # fmt: skip
SPECIAL = 2  # priority from which a visit is to be made in the first part of the weeks
BY_PLANNER = frozenset({Origin.ROUND, Origin.SPECIAL})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visit of the problem is in the school's own terms; ``row`` once it exists."""

    id: str
    group: Group
    mode: str
    origin: str
    round: int
    row: Visit | None = None


@dataclass(slots=True)
class Built:
    """The problem, what its visits stand for, and the plan that stands now (``keep``: none without rows)."""

    facts: Facts
    problem: dict
    wanted: dict[str, Wanted]
    slots: dict[str, Slot]
    standing: list[tuple[Wanted, Slot]] = field(default_factory=list)  # of ``keep``, each with the slot it lies in

    def loaded(self) -> Problem:
        return load_problem(self.problem)

    @property
    def keep(self) -> dict | None:
        """What stands, as jiafang-plan/1."""
        return standing_plan(self) if self.standing else None


def build(school_campaign: SchoolCampaign) -> Built:
    """The problem of one school as of now. The number of queries does not depend on its size."""
    return _Builder(facts(school_campaign)).build()


class _Builder:
    def __init__(self, found: Facts) -> None:
        self.f = found
        self.times = Calendars(found)
        self.lists: dict[tuple, list[str]] = {}
        self.visits: list[dict] = []
        self.wanted: dict[str, Wanted] = {}
        self.standing: list[tuple[Wanted, Slot]] = []
        self.in_plan: list[tuple[Wanted, dict]] = []

    def build(self) -> Built:
        for visit in self.f.loose:
            self.times.block(visit)
        for group in self.f.groups:
            self._group(group)
        self.times.count_outings(w.row.outing_id for w, _row in self.in_plan)
        teachers = self._teachers()
        fixed = self._fixed({row["id"]: set(row["free"]) for row in teachers})
        problem = {
            "format": FORMAT, "begins": self.f.rules.visit_from.isoformat(),
            "two_teachers": self.f.rules.two_teachers, "travel": TRAVEL, "costs": COSTS,
            "schools": [self._school()],
            "slots": [slot.row(self.f.school_campaign.school_id) for slot in self.f.slots],
            "teachers": teachers, "visits": self.visits, "leaders": self._leaders({t["id"] for t in teachers}),
            "fixed": fixed,
        }  # fmt: skip
        return Built(self.f, problem, self.wanted, self.times.slots, self.standing)

    @cached_property
    def _place_known(self) -> bool:
        school = self.f.school_campaign.school
        return school.lat is not None and school.lon is not None

    def _school(self) -> dict:
        school = self.f.school_campaign.school
        known = self._place_known  # an unknown school makes every way unknown, see ``_visit``
        return {"id": str(school.pk), "lat": school.lat if known else 0.0, "lon": school.lon if known else 0.0}

    # Who is to be visited, how often and how

    def _group(self, group: Group) -> None:
        rules, settings = self.f.rules, self.f.settings
        demand = rules.demand(group.kinds)
        wish = self.f.wishes.get(group.home.pk)
        mode = self._mode(demand, wish)
        twice = any(category.code in settings.twice for category in demand.categories)
        times = max(demand.min_visits, 2) if twice else demand.min_visits
        special = demand.priority >= SPECIAL
        last, number = None, 0  # what the next visit comes after
        for visit in group.visits:
            counts = visit.mode in demand.modes or visit.state == VisitState.DECLINED
            if not (counts and self._movable(visit)) or str(visit.pk) in self.wanted:
                if visit.state != VisitState.PLANNED:
                    self.times.block(visit)
                    if counts:
                        last, number = visit, number + 1
                continue
            if number >= times and visit.state == VisitState.PLANNED:
                continue
            number += 1
            wanted = Wanted(str(visit.pk), group, visit.mode, visit.origin, number, visit)
            last = self._visit(wanted, demand, last, times)
        while number < times:
            number += 1
            pk = self._new_pk(group, number)
            origin = Origin.SPECIAL if special else Origin.ROUND
            last = self._visit(Wanted(pk, group, mode, origin, number), demand, last, times)

    def _mode(self, demand: Demand, wish: Any) -> str:
        """The family's wish where a rule allows it, else the school's choice, else the first mode allowed."""
        ordinary = self.f.settings.ordinary_mode
        for mode in (wish.mode if wish else "", ordinary, Mode.HOME):
            if mode in demand.modes:
                return mode
        return demand.modes[0] if demand.modes else Mode.HOME

    def _new_pk(self, group: Group, number: int) -> str:
        # Called-off rows keep their pk, so the next try gets another one.
        row = self.f.school_campaign
        return str(uuid5(group.home.pk, f"{row.campaign_id}/{group.key}/{group.tried}/{number}"))

    def _movable(self, visit: Visit) -> bool:
        """Whether the planner may have a say: one of its own visits that lies ahead, inside its windows or its own."""
        if visit.state not in (VisitState.PLANNED, *AHEAD) or visit.origin not in BY_PLANNER:
            return False
        if visit.starts_at is None:
            return visit.state == VisitState.PLANNED
        if visit.starts_at.astimezone(clock.TZ).date() <= self.f.today:
            return False
        return bool(visit.slot) or self.times.slot_at(visit) is not None

    # One visit

    def _visit(self, wanted: Wanted, demand: Demand, last: Any, times: int) -> str:
        group, rules = wanted.group, self.f.rules
        wish = self.f.wishes.get(group.home.pk)
        leads, companions = self._team(group)
        possible, wished = self._slots_for(group, wish, online=wanted.mode == Mode.ONLINE)
        second = wanted.round > 1
        priority = demand.priority if not second else min(demand.priority, 1)
        known = self._place_known and wanted.mode == Mode.HOME and None not in (group.home.lat, group.home.lon)
        begins = max([rules.visit_from, *([wish.not_before] if wish and wish.not_before else [])])
        by = self._by(demand.priority, second)
        if not begins <= by:
            by = rules.visit_until
        if begins > by:
            begins, possible = by, []
        agreed = self.times.slot_at(wanted.row) if wanted.row and wanted.row.state == VisitState.APPOINTED else None
        if agreed is not None and not agreed.lost:  # what a family said on the phone goes before rules for all
            possible, wished = sorted({*possible, agreed.id}), sorted({*wished, agreed.id})
            begins, by = min(begins, agreed.day), max(by, agreed.day)
        row = {
            "id": wanted.id, "household": f"{group.home.pk}{group.key and '/'}{group.key}",
            "school": str(self.f.school_campaign.school_id),
            "lat": group.home.lat if known else None, "lon": group.home.lon if known else None,
            "minutes": rules.visit_minutes, "mode": "online" if wanted.mode == Mode.ONLINE else "home",
            "leads": leads, "companions": [] if wanted.mode == Mode.ONLINE else companions,
            "possible": possible, "wished": wished, "from": begins.isoformat(), "by": by.isoformat(),
            "priority": priority,
        }  # fmt: skip
        if isinstance(last, str):
            row["after"] = {"visit": last, "min_days": rules.second_gap_days}
        elif last is not None and (held := last.held_from or last.starts_at) is not None:
            day = held.astimezone(clock.TZ).date()
            row["after"] = {"date": day.isoformat(), "min_days": rules.second_gap_days}
        self.visits.append(row)
        self.wanted[wanted.id] = wanted
        if wanted.row is not None and wanted.row.starts_at is not None:
            self.in_plan.append((wanted, row))
        return wanted.id

    def _by(self, priority: int, second: bool) -> date:
        """Special families' first visits belong in the first part of the weeks, unless that part is over."""
        rules = self.f.rules
        if priority < SPECIAL or second:
            return rules.visit_until
        length = (rules.visit_until - rules.visit_from).days
        by = rules.visit_from + timedelta(days=length * self.f.settings.special_percent // 100)
        return by if self.times.open and self.times.open[0].day <= by else rules.visit_until

    def _team(self, group: Group) -> tuple[list[str], list[str]]:
        """Leads: the children's class teachers, the eldest's first, then their subject teachers. All may go along."""
        klasses = list(dict.fromkeys(child.klass_id for child in group.children))
        first = [self.f.class_teacher[k] for k in klasses if k in self.f.class_teacher]
        rest = [staff for k in klasses for staff in self.f.subject_teachers.get(k, ())]
        everybody = [str(pk) for pk in dict.fromkeys([*first, *rest])]
        return everybody, [str(pk) for pk in dict.fromkeys([*rest, *first])]

    def _slots_for(self, group: Group, wish: Any, *, online: bool) -> tuple[list[str], list[str]]:
        boards = any(c.boards for c in group.children) and self.f.settings.boarders_at_weekends and not online
        weekdays = tuple(sorted(wish.weekdays)) if wish else ()
        possible = self._list(boards, weekdays if wish and wish.hard else ())
        return possible, self._list(boards, weekdays) if weekdays else possible

    def _list(self, boards: bool, weekdays: tuple) -> list[str]:
        """Ids of the open slots of some kind; families alike share one list."""
        key = (boards, weekdays)
        if key not in self.lists:
            days = [s for s in self.times.open if not weekdays or s.weekday in weekdays]
            if boards and any(s.at_weekend for s in self.times.open):
                days = [s for s in days if s.at_weekend]
            self.lists[key] = [slot.id for slot in days]
        return self.lists[key]

    def _teachers(self) -> list[dict]:
        standing = defaultdict(set)
        for wanted, _row in self.in_plan:
            if slot := self.times.slot_at(wanted.row):
                for pk in (wanted.row.lead_id, wanted.row.companion_id, wanted.row.extra_id):
                    standing[pk].add(slot.id)
        leading = set(map(str, self.f.class_teacher.values()))
        known = {str(pk): pk for pk in self.f.names}
        needed = dict.fromkeys(t for visit in self.visits for t in (*visit["leads"], *visit["companions"]))
        needed |= dict.fromkeys(str(pk) for pk in self.f.quotas if str(pk) in known)
        rows = []
        for name in needed:
            pk = known[name]
            most, factor = self.times.relief(pk)
            relief = self.f.reliefs.get(pk)
            rows.append({
                "id": name, "school": str(self.f.school_campaign.school_id),
                "role": "class_teacher" if name in leading else "subject_teacher",
                "free": self.times.within_week(pk, standing[pk]), "max_outings_per_week": most, "relief": factor,
                "max_km": float(relief.max_km) if relief and relief.max_km is not None else None,
            })  # fmt: skip
        return rows

    def _leaders(self, known: set[str]) -> list[dict]:
        """Quotas still open; with the school's setting every teacher of a class that is visited at home goes once."""
        quotas = {str(pk): n - self.times.made[pk] for pk, n in self.f.quotas.items()}
        if self.f.settings.everyone_goes:
            made = {str(pk) for pk in self.times.made}
            for visit in self.visits:
                if visit["mode"] == "home":
                    for name in visit["companions"]:
                        if name not in made:
                            quotas.setdefault(name, 1)
        return [{"teacher": name, "min_visits": n} for name, n in quotas.items() if n > 0 and name in known]

    # What stands

    def _fixed(self, free: dict[str, set[str]]) -> list[dict]:
        """Agreed visits that can stay as they are, by their hours; whatever stands in a slot of its own is ``standing``."""
        fixed: list[dict] = []
        for wanted, row in sorted(self.in_plan, key=lambda pair: pair[0].row.starts_at):
            visit, slot = wanted.row, self.times.slot_at(wanted.row)
            if slot is None:
                continue
            lead, companion = str(visit.lead_id), str(visit.companion_id) if visit.companion_id else None
            fits = not slot.lost and slot.id in row["possible"] and lead in row["leads"]
            if row["mode"] == "home":
                fits = fits and (companion in row["companions"] if companion else not self.f.rules.two_teachers)
            else:
                companion = None
            if not slot.lost:
                self.standing.append((wanted, slot))
            fits = fits and all(slot.id in free[name] for name in (lead, companion) if name)
            if fits and visit.state == VisitState.APPOINTED:
                fixed.append({"visit": wanted.id, "slot": slot.id, "lead": lead, "companion": companion})
        return consistent(fixed, self.visits, self.times)
