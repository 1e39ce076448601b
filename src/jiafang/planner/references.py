"""Checks what a problem's parts say of each other: names exist, one school, no circle, no contradiction."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from .model import ONLINE, Fixed, Problem, Slot, Teacher, Visit
from .reading import refuse

_CHINESE = {"school": "学校", "slot": "时段", "teacher": "教师", "visit": "家访"}


def check_references(problem: Problem) -> None:
    """Raise InputError at the first reference, order or fixed visit that cannot hold."""
    schools = _by_id(problem.schools, "schools")
    slots = _by_id(problem.slots, "slots")
    teachers = _by_id(problem.teachers, "teachers")
    visits = _by_id(problem.visits, "visits")
    for name, group in (("slots", problem.slots), ("teachers", problem.teachers), ("visits", problem.visits)):
        for i, item in enumerate(group):
            if item.school not in schools:
                _missing("school", item.school, f"{name}[{i}].school")
    _slots_apart(problem)
    of_school: dict[str, set[str]] = defaultdict(set)
    for slot in problem.slots:
        of_school[slot.school].add(slot.id)
    for i, teacher in enumerate(problem.teachers):
        if not teacher.free <= of_school[teacher.school]:
            _wrong_slot(teacher.free, teacher.school, slots, f"teachers[{i}].free")
    for i, visit in enumerate(problem.visits):
        at = f"visits[{i}]"
        for key, names in (("possible", visit.possible), ("wished", visit.wished)):
            if not names <= of_school[visit.school]:
                _wrong_slot(names, visit.school, slots, f"{at}.{key}")
        for key, names in (("leads", visit.leads), ("companions", visit.companions)):
            for j, name in enumerate(names):
                if name not in teachers:
                    _missing("teacher", name, f"{at}.{key}[{j}]")
                if teachers[name].school != visit.school:
                    _elsewhere("teacher", name, visit.school, f"{at}.{key}[{j}]")
    _after(problem, visits)
    seen = set()
    for i, leader in enumerate(problem.leaders):
        if leader.teacher not in teachers:
            _missing("teacher", leader.teacher, f"leaders[{i}].teacher")
        if leader.teacher in seen:
            _twice(leader.teacher, f"leaders[{i}].teacher")
        seen.add(leader.teacher)
    _fixed(problem, visits, slots, teachers)


def _by_id(items: Iterable[Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for i, item in enumerate(items):
        if item.id in found:
            _twice(item.id, f"{name}[{i}].id")
        found[item.id] = item
    return found


def _twice(name: str, where: str) -> None:
    refuse("duplicate", where, f'"{name}" stands twice', f"“{name}”重复")


def _missing(kind: str, name: str, where: str) -> None:
    refuse("unknown", where, f'no {kind} "{name}"', f"没有编号为“{name}”的{_CHINESE[kind]}")


def _elsewhere(kind: str, name: str, school: str, where: str) -> None:
    english = f'{kind} "{name}" is not of school "{school}"'
    refuse("other_school", where, english, f"“{name}”不属于学校“{school}”")


def _wrong_slot(names: frozenset[str], school: str, slots: dict[str, Slot], where: str) -> None:
    for name in sorted(names):
        if name not in slots:
            _missing("slot", name, where)
        if slots[name].school != school:
            _elsewhere("slot", name, school, where)


def _slots_apart(problem: Problem) -> None:
    order = sorted(range(len(problem.slots)), key=lambda i: _span(problem.slots[i]))
    for before, i in pairwise(order):
        first, second = problem.slots[before], problem.slots[i]
        if _span(first)[:2] == _span(second)[:2] and second.start < first.end:
            refuse("slot_overlap", f"slots[{i}]", f'overlaps slot "{first.id}"', f"与时段“{first.id}”重叠")


def _span(slot: Slot) -> tuple:
    return slot.school, slot.date, slot.start, slot.end


def _after(problem: Problem, visits: dict[str, Visit]) -> None:
    first_of: dict[str, str] = {}
    for i, visit in enumerate(problem.visits):
        if visit.after is None or visit.after.visit is None:
            continue
        name, where = visit.after.visit, f"visits[{i}].after.visit"
        if name == visit.id:
            refuse("after_self", where, "a visit cannot come after itself", "不能排在自己之后")
        if name not in visits:
            _missing("visit", name, where)
        if visits[name].school != visit.school:
            _elsewhere("visit", name, visit.school, where)
        first_of[visit.id] = name
    settled: set[str] = set()
    for i, visit in enumerate(problem.visits):
        chain, name = {}, visit.id
        while name in first_of and name not in settled:
            if name in chain:
                way = " → ".join([*list(chain)[list(chain).index(name) :], name])
                where = f"visits[{i}].after.visit"
                refuse("after_cycle", where, f"runs in a circle: {way}", f"先后顺序成环：{way}")
            chain[name] = None
            name = first_of[name]
        settled.update(chain)


def _contradiction(where: str, english: str, chinese: str) -> None:
    refuse("fixed", where, english, chinese)


def _fixed(
    problem: Problem, visits: dict[str, Visit], slots: dict[str, Slot], teachers: dict[str, Teacher]
) -> None:
    fixed_of: dict[str, Fixed] = {}
    teams: dict[tuple[str, str], tuple[str, str | None]] = {}  # (slot, teacher) → the outing's two
    for i, item in enumerate(problem.fixed):
        at = f"fixed[{i}]"
        for kind, name, known in (("visit", item.visit, visits), ("slot", item.slot, slots)):
            if name not in known:
                _missing(kind, name, f"{at}.{kind}")
        for key, name in (("lead", item.lead), ("companion", item.companion)):
            if name is not None and name not in teachers:
                _missing("teacher", name, f"{at}.{key}")
        if item.visit in fixed_of:
            _twice(item.visit, f"{at}.visit")
        fixed_of[item.visit] = item
        visit = visits[item.visit]
        _fixed_alone(problem, item, visit, slots[item.slot], teachers, at)
        if visit.mode == ONLINE:
            continue
        team = (item.lead, item.companion)
        for name in filter(None, team):
            if teams.setdefault((item.slot, name), team) != team:
                english = f'"{name}" is in two outings in slot "{item.slot}"'
                _contradiction(at, english, f"“{name}”在同一时段有两次外出")
    for i, item in enumerate(problem.fixed):
        at = f"fixed[{i}]"
        if visits[item.visit].mode == ONLINE and (item.slot, item.lead) in teams:
            english = f'"{item.lead}" is out and online in one slot'
            _contradiction(at, english, f"“{item.lead}”同一时段既外出又线上家访")
        after = visits[item.visit].after
        first = fixed_of.get(after.visit) if after and after.visit else None
        if first and (slots[item.slot].date - slots[first.slot].date).days < after.min_days:
            english = f'too soon after visit "{first.visit}"'
            _contradiction(f"{at}.slot", english, f"距家访“{first.visit}”不足 {after.min_days} 天")
    _fixed_weeks(teams, slots, teachers)


def _fixed_alone(
    problem: Problem, item: Fixed, visit: Visit, slot: Slot, teachers: dict[str, Teacher], at: str
) -> None:
    if item.slot not in visit.possible:
        english = f'slot "{item.slot}" is not possible for the visit'
        _contradiction(f"{at}.slot", english, f"时段“{item.slot}”不在可选时段内")
    if not visit.begins <= slot.date <= visit.by:
        _contradiction(f"{at}.slot", f"{slot.date} is outside from and by", f"{slot.date} 不在允许日期内")
    if item.lead not in visit.leads:
        _contradiction(f"{at}.lead", f'"{item.lead}" is not in leads', f"“{item.lead}”不在可带队教师中")
    if visit.mode == ONLINE and item.companion is not None:
        _contradiction(f"{at}.companion", "an online visit has no companion", "线上家访没有同行教师")
    if visit.mode != ONLINE and item.companion is None and problem.two_teachers:
        _contradiction(f"{at}.companion", "a home visit needs a companion", "上门家访须有同行教师")
    if item.companion is not None and item.companion not in visit.companions:
        english = f'"{item.companion}" is not in companions'
        _contradiction(f"{at}.companion", english, f"“{item.companion}”不在可同行教师中")
    if item.companion == item.lead:
        _contradiction(f"{at}.companion", "lead and companion are one person", "带队教师与同行教师是同一人")
    if visit.after and visit.after.date and (slot.date - visit.after.date).days < visit.after.min_days:
        english = f"too soon after {visit.after.date}"
        _contradiction(f"{at}.slot", english, f"距 {visit.after.date} 不足 {visit.after.min_days} 天")
    for key, name in (("lead", item.lead), ("companion", item.companion)):
        if name is None:
            continue
        if item.slot not in teachers[name].free:
            english = f'"{name}" is not free in slot "{item.slot}"'
            _contradiction(f"{at}.{key}", english, f"“{name}”在该时段没有空")
        if visit.mode != ONLINE and teachers[name].max_km is not None and visit.lat is None:
            english = f'"{name}" only goes near, the place is unknown'
            _contradiction(f"{at}.{key}", english, f"“{name}”只走近处，而住址不明")


def _fixed_weeks(
    teams: dict[tuple[str, str], tuple[str, str | None]], slots: dict[str, Slot], teachers: dict[str, Teacher]
) -> None:
    outings: dict[tuple, set[str]] = defaultdict(set)
    for slot, name in teams:
        outings[name, slots[slot].date.isocalendar()[:2]].add(slot)
    for (name, _week), found in Counter({key: len(value) for key, value in outings.items()}).items():
        if found > _week_cap(teachers[name]):
            english = f'"{name}" has {found} outings in one week'
            _contradiction("fixed", english, f"“{name}”一周内外出 {found} 次，超过上限")


def _week_cap(teacher: Teacher) -> int:
    most = teacher.max_outings_per_week
    if teacher.relief < 1:
        return min(most, max(1, int(most * teacher.relief + 1e-9)))
    return most
