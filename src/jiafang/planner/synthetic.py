"""Made-up districts for trials, tests and benchmarks: no real person or address; same seed, same district."""

import math
import random
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta

_BEGINS = date(2026, 3, 2)
_CENTRE = (40.62, 109.85)
_SPANS = {
    "E": ("evening", "17:30", "20:30"),
    "M": ("morning", "08:30", "11:30"),
    "A": ("afternoon", "14:00", "17:30"),
}
# A week's nine slots: weekday and letter.
_WEEK = (*((day, "E") for day in range(5)), (5, "M"), (5, "A"), (6, "M"), (6, "A"))
_COSTS = {
    "travel_min": 1, "outing": 15, "unwished": 2, "other_lead": 40, "other_second_lead": 20, "unplaced": 400,
    "late_week": 1, "load": 1, "moved_visit": 10, "moved_minute": 0.1, "changed_team": 2,
}  # fmt: skip
_TRAVEL = {
    "detour": 1.3, "legs": [{"km": 2.6, "min_per_km": 4}, {"min_per_km": 2}],
    "fixed_min": 3, "unknown_min": 20,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shares:
    """How often what happens to a family or a teacher; all from 0 to 1."""

    second: float = 812 / 13583
    sibling: float = 0.03
    online: float = 0.03
    unknown: float = 0.015
    apart: float = 0.03
    family_free: float = 0.5
    relief: float = 0.05
    near_only: float = 0.02
    fixed: float = 0.0


@dataclass(slots=True)
class _Class:
    teacher: str
    subjects: list[str] = field(default_factory=list)
    visits: list[dict] = field(default_factory=list)


def district(
    schools: int = 20,
    classes: int = 300,
    students: int = 13583,
    weeks: int = 8,
    seed: int = 0,
    two_teachers: bool = True,
    shares: Shares = Shares(),
) -> dict:
    """A problem's JSON object: `classes` and `students` are spread evenly over `schools`.

    Siblings share one visit; a share of visits has a second one after it; `shares.apart` of the families have
    no slot in common with their class teacher. Small numbers give small problems: 1, 1, 4, 1 has a handful of visits.
    """
    dice = random.Random(seed)
    problem: dict = {
        "format": "jiafang-problem/1", "begins": _BEGINS.isoformat(), "two_teachers": two_teachers,
        "travel": deepcopy(_TRAVEL), "costs": dict(_COSTS), "schools": [], "slots": [], "teachers": [], "visits": [],
        "leaders": [], "fixed": [],
    }  # fmt: skip
    for number in range(schools):
        mine = _part(classes, schools, number)
        _School(problem, dice, shares, weeks, number + 1).fill(mine, _part(students, schools, number))
    return problem


def _part(total: int, parts: int, number: int) -> int:
    return total * (number + 1) // parts - total * number // parts


def _shift(lat: float, lon: float, km: float, angle: float) -> tuple[float, float]:
    north = lat + km * math.cos(angle) / 111.2
    return round(north, 6), round(lon + km * math.sin(angle) / (111.2 * math.cos(math.radians(lat))), 6)


class _School:
    """Fills one school's part of the problem."""

    def __init__(self, problem: dict, dice: random.Random, shares: Shares, weeks: int, number: int) -> None:
        self.problem, self.dice, self.shares, self.weeks = problem, dice, shares, weeks
        self.id = f"s{number}"
        lat, lon = _shift(*_CENTRE, 7 * math.sqrt(dice.random()), dice.uniform(0, 2 * math.pi))
        self.place = lat, lon
        problem["schools"].append({"id": self.id, "lat": lat, "lon": lon})
        self.grid: list[list[str]] = []  # slot ids by week and place in the week
        for week in range(weeks):
            self.grid.append([self._slot(week, day, letter) for day, letter in _WEEK])
        self.last = (_BEGINS + timedelta(days=7 * weeks - 1)).isoformat()
        self.free: dict[str, set[str]] = {}

    def _slot(self, week: int, day: int, letter: str) -> str:
        when = _BEGINS + timedelta(days=7 * week + day)
        kind, start, end = _SPANS[letter]
        name = f"{self.id}-{when:%m%d}{letter}"
        slot = {"id": name, "school": self.id, "date": when.isoformat()}
        self.problem["slots"].append(slot | {"start": start, "end": end, "kind": kind})
        return name

    def _teacher(self, name: str, role: str, evenings: int, halves: int, most: int) -> str:
        # Evenings with lessons or duty are the same every week; now and then a whole week falls out.
        dice = self.dice
        kinds = dice.sample(range(5), evenings) + dice.sample(range(5, 9), halves)
        free = [week[kind] for week in self.grid for kind in sorted(kinds) if dice.random() < 0.93]
        self.free[name] = set(free)
        # A class teacher on relief still has a whole class to visit: two outings a week instead of three.
        reliefs = (0.7, 0.75, 0.8) if role == "class_teacher" else (0.5, 0.6, 0.75)
        relief = dice.choice(reliefs) if dice.random() < self.shares.relief else 1.0
        self.problem["teachers"].append({
            "id": name, "school": self.id, "role": role, "free": free, "max_outings_per_week": most,
            "relief": relief, "max_km": 3.0 if dice.random() < self.shares.near_only else None,
        })  # fmt: skip
        return name

    def fill(self, classes: int, students: int) -> None:
        """Teachers, families and quotas of the school."""
        dice = self.dice
        groups = []
        for i in range(classes):
            evenings, halves = dice.randint(2, 4), dice.randint(2, 3)
            groups.append(_Class(self._teacher(f"{self.id}c{i + 1}", "class_teacher", evenings, halves, 3)))
        # Five subject teachers a class, each in three classes or four.
        pool = [
            self._teacher(f"{self.id}t{i + 1}", "subject_teacher", dice.randint(2, 4), dice.randint(1, 3), 3)
            for i in range(max(2, math.ceil(classes * 5 / 3.5)))
        ]
        turns: list[str] = []
        for group in groups:
            while len(group.subjects) < min(5, len(pool)):
                turns = turns or dice.sample(pool, len(pool))
                name = turns.pop()
                if name not in group.subjects:
                    group.subjects.append(name)
        estates = []
        for _ in range(max(3, classes)):
            km = min(4.5, 0.25 + dice.expovariate(1 / 0.9))
            estates.append((*_shift(*self.place, km, dice.uniform(0, 6.28)), dice.random()))
        homes = 0
        for i, group in enumerate(groups):
            for _ in range(_part(students, classes, i)):
                if homes and dice.random() < self.shares.sibling:
                    self._sibling(dice.choice(groups[: i + 1]), group)
                    continue
                homes += 1
                self._family(group, f"{self.id}h{homes}", estates)
        for i in range(min(4, max(1, classes // 3)) if students else 0):
            name = self._teacher(f"{self.id}m{i + 1}", "leader", dice.randint(2, 4), dice.randint(1, 2), 2)
            self.problem["leaders"].append({"teacher": name, "min_visits": dice.randint(2, 6)})
        self._fix(groups)

    def _home(self, estates: list[tuple]) -> tuple[float | None, float | None]:
        dice = self.dice
        if dice.random() < self.shares.unknown:
            return None, None
        lat, lon, _ = dice.choices(estates, [0.2 + estate[2] for estate in estates])[0]
        # An estate's blocks stand on a grid of 60 m; families of one block share its place.
        return round(lat + dice.randint(-3, 3) * 0.00054, 6), round(lon + dice.randint(-3, 3) * 0.00071, 6)

    def _possible(self, group: _Class) -> tuple[list[str], list[int]]:
        dice, lead = self.dice, self.free[group.teacher]
        apart = dice.random() < self.shares.apart
        helpers = set().union(*(self.free[name] for name in group.subjects))
        for _ in range(50):
            kinds = [kind for kind in range(9) if dice.random() < self.shares.family_free]
            slots = [week[kind] for week in self.grid for kind in kinds if dice.random() < 0.97]
            if apart:
                slots = [slot for slot in slots if slot not in lead]
            if (apart and helpers.intersection(slots)) or (not apart and lead & helpers & set(slots)):
                return slots, kinds
        return [slot for week in self.grid for slot in week], list(range(9))

    def _family(self, group: _Class, name: str, estates: list[tuple]) -> None:
        dice = self.dice
        slots, kinds = self._possible(group)
        liked = set(dice.sample(kinds, max(1, len(kinds) // 2)))
        liked_slots = {week[kind] for week in self.grid for kind in liked}
        lat, lon = self._home(estates)
        care = dice.random() < self.shares.second
        end = _BEGINS + timedelta(days=7 * max(1, self.weeks * 5 // 8) - 1)
        visit = {
            "id": f"{name}v1", "household": name, "school": self.id, "lat": lat, "lon": lon,
            "minutes": 40 if care else dice.choice((25, 30, 30, 35)),
            "mode": "online" if not care and dice.random() < self.shares.online else "home",
            "leads": [group.teacher, *group.subjects], "companions": list(group.subjects),
            "possible": slots, "wished": [slot for slot in slots if slot in liked_slots],
            "from": _BEGINS.isoformat(), "by": end.isoformat() if care else self.last,
            "priority": 2 if care else int(dice.random() < 0.1),
        }  # fmt: skip
        self._add(group, visit)
        if care:
            after = {"visit": visit["id"], "min_days": 7 * min(3, max(1, self.weeks // 2))}
            second = {"id": f"{name}v2", "minutes": 30, "by": self.last, "priority": 0, "after": after}
            self._add(group, visit | second)

    def _add(self, group: _Class, visit: dict) -> None:
        group.visits.append(visit)
        self.problem["visits"].append(visit)

    def _sibling(self, elder: _Class, group: _Class) -> None:
        # One visit to the house serves both children (twins in one class too); the other class's teachers may
        # come instead.
        if elder is group or not elder.visits:
            return
        visit = self.dice.choice(elder.visits)
        for key, names in (
            ("leads", [group.teacher]),
            ("companions", [group.teacher, *group.subjects]),
        ):
            visit[key] = list(dict.fromkeys([*visit[key], *names]))

    def _fix(self, groups: list[_Class]) -> None:
        # What families and teachers have already settled by telephone: one visit of a class at most.
        dice, busy = self.dice, set()
        for group in groups:
            if dice.random() >= self.shares.fixed or not group.visits:
                continue
            visit = dice.choice(group.visits)
            lead, two = visit["leads"][0], visit["mode"] == "home"
            helper = next((name for name in group.subjects if name not in busy), None)
            shared = self.free[lead] & set(visit["possible"])
            shared &= self.free[helper] if two and helper else shared
            limits = {t["id"]: t["max_km"] for t in self.problem["teachers"]}
            late = {s["id"] for s in self.problem["slots"] if s["date"] > visit["by"]}
            if not shared - late or helper is None or "after" in visit or limits[lead] or limits[helper]:
                continue
            busy.update((lead, helper))
            slot = dice.choice(sorted(shared - late))
            fixed = {"visit": visit["id"], "slot": slot, "lead": lead, "companion": helper if two else None}
            self.problem["fixed"].append(fixed)
