"""One school's part of a problem as numpy arrays, the shape the compiled search works on; decides nothing."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from .model import HOME, Problem, School, Slot, Teacher, Visit
from .travel import matrix

NEVER = np.float32(np.inf)
FAR = 30_000  # minutes; further than any slot is long


class Data(NamedTuple):
    """Figures of one school: v visits, s slots, t teachers, w weeks. Times in minutes, costs as in the problem."""

    way: np.ndarray  # (v, v) minutes between homes
    way0: np.ndarray  # (v,) minutes between school and home
    minutes: np.ndarray  # (v,)
    online: np.ndarray  # (v,) bool
    drop: np.ndarray  # (v,) cost when unplaced
    slot_cost: np.ndarray  # (v, s) unwished + late weeks, inf where not allowed
    lead_at: np.ndarray  # (v + 1,) start of each visit's leads in lead_of
    lead_of: np.ndarray
    lead_cost: np.ndarray  # beside lead_of
    pal_at: np.ndarray  # (v + 1,) the same for companions
    pal_of: np.ndarray
    pal_ok: np.ndarray  # (v, t) bool: may go along
    first: np.ndarray  # (v,) the visit it comes after, or -1
    gap: np.ndarray  # (v,) days to it
    next_at: np.ndarray  # (v + 1,) visits that come after it
    next_of: np.ndarray
    near: np.ndarray  # (v, k) neighbours sharing a lead, nearest first, -1 at the end
    length: np.ndarray  # (s,)
    longest: int
    day: np.ndarray  # (s,) ordinal
    week: np.ndarray  # (s,)
    free: np.ndarray  # (t, s) bool
    open_at: np.ndarray  # (t + 1,) start of each teacher's free slots in open_of
    open_of: np.ndarray
    options: np.ndarray  # (v,) number of allowed slots
    fits: np.ndarray  # (v, words) bits of the allowed slots that are long enough and in which a companion is free
    open_bits: np.ndarray  # (t, words) bits of a teacher's free slots
    cap: np.ndarray  # (t,)
    weight: np.ndarray  # (t,) load of one outing as companion, 0 for those whose load is not levelled
    levelled: np.ndarray  # (t,) bool
    kept: bool  # whether the next five matter
    old_slot: np.ndarray  # (v,) slot in the plan to keep, or -1
    old_time: np.ndarray  # (v,) arrival there, minutes after the slot's start
    old_lead: np.ndarray  # (v,)
    old_pal: np.ndarray  # (v,)
    old_team: np.ndarray  # (v,) this visit's share of the cost of changing its outing's team
    minute: float
    travel_min: float
    outing: float
    load: float
    other_second: float
    pairs: bool


@dataclass(frozen=True)
class SchoolPart:
    """One school's slots, teachers and visits with their positions, and the arrays made of them."""

    problem: Problem
    school: School
    slots: list[Slot]
    teachers: list[Teacher]
    visits: list[Visit]
    slot_no: dict[str, int]
    teacher_no: dict[str, int]
    visit_no: dict[str, int]
    km: np.ndarray
    mondays: list[date]
    data: Data


def week_cap(teacher: Teacher) -> int:
    """Outings a teacher may make in a week, after relief."""
    most = teacher.max_outings_per_week
    return min(most, max(1, int(most * teacher.relief + 1e-9))) if teacher.relief < 1 else most


def late_weeks(problem: Problem, visit: Visit, day: date) -> int:
    """Whole weeks from the plan's begin that count against a visit of priority 2 or more."""
    return max(0, (day - problem.begins).days // 7) if visit.priority >= 2 else 0


def split(problem: Problem) -> list[SchoolPart]:
    """The problem school by school; nothing is shared between schools, so each can be planned alone."""
    groups = {school.id: ([], [], []) for school in problem.schools}
    for k, items in enumerate((problem.slots, problem.teachers, problem.visits)):
        for item in items:
            groups[item.school][k].append(item)
    # A school without visits still has quotas to report on.
    bound = {leader.teacher for leader in problem.leaders}
    return [
        _part(problem, school, *groups[school.id])
        for school in problem.schools
        if groups[school.id][2] or any(teacher.id in bound for teacher in groups[school.id][1])
    ]


def _part(
    problem: Problem, school: School, slots: list[Slot], teachers: list[Teacher], visits: list[Visit]
) -> SchoolPart:
    slots = sorted(slots, key=lambda s: (s.date, s.start, s.id))
    slot_no = {s.id: i for i, s in enumerate(slots)}
    teacher_no = {t.id: i for i, t in enumerate(teachers)}
    visit_no = {v.id: i for i, v in enumerate(visits)}
    minutes, km = matrix(school, visits, problem.travel)
    mondays = sorted({s.date - timedelta(days=s.date.weekday()) for s in slots})
    data = _data(problem, slots, teachers, visits, slot_no, teacher_no, visit_no, minutes, km, mondays)
    return SchoolPart(problem, school, slots, teachers, visits, slot_no, teacher_no, visit_no, km, mondays, data)


def _lists(rows: list[list], kind: type) -> tuple[np.ndarray, np.ndarray]:
    start = np.zeros(len(rows) + 1, np.int32)
    np.cumsum([len(row) for row in rows], out=start[1:])
    return start, np.array([item for row in rows for item in row], kind)


def _data(problem, slots, teachers, visits, slot_no, teacher_no, visit_no, minutes, km, mondays) -> Data:
    costs = problem.costs
    cap = np.array([week_cap(t) for t in teachers], np.int32)
    reach = np.array([np.inf if t.max_km is None else t.max_km for t in teachers])
    anywhere = np.array([t.max_km is None for t in teachers], bool)
    online = np.array([v.mode != HOME for v in visits], bool)
    within = anywhere[None, :] | (km[:, None] <= reach[None, :]) if teachers else np.zeros((len(visits), 0), bool)
    leads, lead_costs, pals = [], [], []
    held = {item.visit: item.lead for item in problem.fixed if item.visit in visit_no}
    for v, visit in enumerate(visits):
        fit = [
            (teacher_no[t], 0.0 if k == 0 else costs.other_lead)
            for k, t in enumerate(visit.leads)
            if (online[v] or (within[v, teacher_no[t]] and cap[teacher_no[t]] > 0))
            and held.get(visit.id, t) == t
        ]
        leads.append([t for t, _ in fit])
        lead_costs.append([c for _, c in fit])
        with_it = [] if online[v] else [teacher_no[t] for t in visit.companions]
        pals.append([t for t in with_it if within[v, t] and cap[t] > 0])
    lead_at, lead_of = _lists(leads, np.int32)
    pal_at, pal_of = _lists(pals, np.int32)
    pal_ok = np.zeros((len(visits), len(teachers)), bool)
    for v, row in enumerate(pals):
        pal_ok[v, row] = True
    first = np.full(len(visits), -1, np.int32)
    gap = np.zeros(len(visits), np.int32)
    following: list[list[int]] = [[] for _ in visits]
    for v, visit in enumerate(visits):
        if visit.after and visit.after.visit is not None:
            first[v], gap[v] = visit_no[visit.after.visit], visit.after.min_days
            following[first[v]].append(v)
    next_at, next_of = _lists(following, np.int32)
    levelled = _levelled(teachers, visits)
    free = np.zeros((len(teachers), len(slots)), bool)
    for t, teacher in enumerate(teachers):
        free[t, [slot_no[s] for s in teacher.free]] = True
    open_at, open_of = _lists([list(np.flatnonzero(row)) for row in free], np.int32)
    slot_cost = slot_costs(problem, slots, visits, slot_no, visit_no).astype(np.float32)
    length, stay = np.array([s.end - s.start for s in slots], np.int32), np.array([v.minutes for v in visits], np.int32)
    way0 = np.minimum(minutes[0, 1:], FAR)
    fits = np.isfinite(slot_cost) & ((stay + np.where(online, 0, 2 * way0))[:, None] <= length)
    if problem.two_teachers:
        fits &= online[:, None] | (pal_ok @ free)
    return Data(
        way=np.minimum(minutes[1:, 1:], FAR).astype(np.int16), way0=way0, minutes=stay, online=online,
        drop=np.array([costs.unplaced * (1 + v.priority) for v in visits], float),
        slot_cost=slot_cost,
        lead_at=lead_at, lead_of=lead_of, lead_cost=_lists(lead_costs, np.float64)[1],
        pal_at=pal_at, pal_of=pal_of, pal_ok=pal_ok,
        first=first, gap=gap, next_at=next_at, next_of=next_of,
        near=_neighbours(visits, minutes[1:, 1:], online),
        length=length,
        longest=max((s.end - s.start for s in slots), default=0),
        day=np.array([s.date.toordinal() for s in slots], np.int32),
        week=np.array([mondays.index(s.date - timedelta(days=s.date.weekday())) for s in slots], np.int32),
        free=free, open_at=open_at, open_of=open_of, options=np.isfinite(slot_cost).sum(axis=1).astype(np.int32),
        fits=_bits(fits), open_bits=_bits(free), cap=cap,
        weight=np.array([1 / t.relief if e else 0.0 for t, e in zip(teachers, levelled, strict=True)], float),
        levelled=levelled,
        kept=False, old_slot=np.full(len(visits), -1, np.int32), old_time=np.zeros(len(visits), np.int32),
        old_lead=np.full(len(visits), -1, np.int32), old_pal=np.full(len(visits), -1, np.int32),
        old_team=np.zeros(len(visits)), minute=float(costs.moved_minute),
        travel_min=float(costs.travel_min), outing=float(costs.outing), load=float(costs.load),
        other_second=float(costs.other_second_lead), pairs=problem.two_teachers,
    )  # fmt: skip


def _bits(rows: np.ndarray) -> np.ndarray:
    """(n, s) bool as (n, words) uint64, slot s being bit s % 64 of word s // 64."""
    padded = np.zeros((len(rows), -(-rows.shape[1] // 64) * 64), bool)
    padded[:, : rows.shape[1]] = rows
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def _levelled(teachers: list[Teacher], visits: list[Visit]) -> np.ndarray:
    along = {t for v in visits for t in v.companions}
    ahead = {v.leads[0] for v in visits if v.leads}
    return np.array([t.id in along and t.id not in ahead for t in teachers], bool)


def slot_costs(
    problem: Problem, slots: list[Slot], visits: list[Visit], slot_no: dict[str, int], visit_no: dict[str, int]
) -> np.ndarray:
    """(v, s) what a visit's own cost is in each slot, unwished and late weeks; infinite where it may not be."""
    costs = problem.costs
    found = np.full((len(visits), len(slots)), np.inf)
    days = np.array([s.date.toordinal() for s in slots], np.int64)
    weeks = np.maximum(0, (days - problem.begins.toordinal()) // 7) * costs.late_week
    columns: dict[frozenset[str], np.ndarray] = {}

    def mask(names: frozenset[str]) -> np.ndarray:
        if names not in columns:
            columns[names] = np.zeros(len(slots), bool)
            columns[names][[slot_no[n] for n in names]] = True
        return columns[names]

    for v, visit in enumerate(visits):
        begin = visit.begins.toordinal()
        if visit.after and visit.after.date:
            begin = max(begin, visit.after.date.toordinal() + visit.after.min_days)
        fit = mask(visit.possible) & (days >= begin) & (days <= visit.by.toordinal())
        price = np.where(mask(visit.wished), 0.0, costs.unwished)
        found[v, fit] = (price + weeks if visit.priority >= 2 else price)[fit]
    for item in problem.fixed:
        v = visit_no.get(item.visit, -1)
        if v >= 0:
            kept = found[v, slot_no[item.slot]]
            found[v] = NEVER
            found[v, slot_no[item.slot]] = kept
    return found


def _neighbours(visits: list[Visit], way: np.ndarray, online: np.ndarray, most: int = 60) -> np.ndarray:
    groups: dict[str, list[int]] = {}
    for v, visit in enumerate(visits):
        for lead in visit.leads:
            groups.setdefault(lead, []).append(v)
    members = {lead: np.array(group, np.int32) for lead, group in groups.items()}
    found = np.full((len(visits), most), -1, np.int32)
    # The class first: neighbours that share the first lead, then those that share any other.
    circles: dict[tuple[str, ...], list[np.ndarray]] = {}
    for v, visit in enumerate(visits):
        if not visit.leads:
            continue
        if visit.leads not in circles:
            own = members[visit.leads[0]]
            others = np.setdiff1d(np.concatenate([members[t] for t in visit.leads[:6]]), own)
            circles[visit.leads] = [own] if len(own) > most else [own, others]
        circle = circles[visit.leads]
        ranked = [g[np.argsort(way[v, g] + FAR * (online[g] != online[v]), kind="stable")] for g in circle]
        row = np.concatenate(ranked)
        row = row[row != v][:most]
        found[v, : len(row)] = row
    return found
