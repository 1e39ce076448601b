"""One class at a time, as routing programmes can state it: homes, one lead's slots, ways; and one judge for all of them."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from jiafang.planner.check_state import Book, cap, week
from jiafang.planner.format import Problem, load_problem

Routes = list[tuple[int, list[int]]]  # (slot number, visit numbers in order)


@dataclass(frozen=True)
class ClassTask:
    """A class led by its class teacher: every programme plans the same homes in the same slots.

    `way` int[n+1, n+1] minutes, the school at 0; `stay` int[n]; `length` int[slots]; `extra` int[slots, n] what a
    visit costs in a slot beside its way, −1 where it cannot be; `weeks` and `cap` are the lead's weekly limit, which
    routing programmes have no word for.
    """

    data: dict
    problem: Problem
    way: np.ndarray
    stay: np.ndarray
    length: np.ndarray
    extra: np.ndarray
    left_out: np.ndarray
    slots: list[str]
    weeks: list[tuple[int, int]]
    cap: int


@dataclass(frozen=True)
class Verdict:
    """What the judge says of one programme's routes for one class."""

    cost: float
    left: int
    weeks_over: int
    wrong: int


def class_tasks(data: dict) -> list[ClassTask]:
    """The classes of a district, each as a problem of its own: home visits that lead and some companion can make.

    Second visits, online visits and siblings' other classes are left out, and the load costs nothing, because routing
    programmes cannot state them.
    """
    groups: dict[str, list[dict]] = {}
    for visit in data["visits"]:
        if visit["mode"] == "home" and "after" not in visit:
            groups.setdefault(visit["leads"][0], []).append(visit)
    return [_task(data, lead, visits) for lead, visits in groups.items()]


def _task(data: dict, lead: str, visits: list[dict]) -> ClassTask:
    school = visits[0]["school"]
    helpers = [name for name in visits[0]["companions"] if name != lead]
    teachers = [dict(t, max_km=None) for t in data["teachers"] if t["id"] == lead or t["id"] in helpers]
    going = set().union(*(t["free"] for t in teachers if t["id"] != lead))
    free = next(set(t["free"]) for t in teachers if t["id"] == lead) & going
    dates = {slot["id"]: slot["date"] for slot in data["slots"]}
    kept = [
        visit | {"leads": [lead], "companions": helpers}
        for visit in visits
        if any(visit["from"] <= dates[slot] <= visit["by"] for slot in free.intersection(visit["possible"]))
    ]
    one = data | {
        "costs": data["costs"] | {"load": 0}, "schools": [s for s in data["schools"] if s["id"] == school],
        "slots": [s for s in data["slots"] if s["school"] == school],
        "teachers": teachers, "visits": kept, "leaders": [], "fixed": [],
    }  # fmt: skip
    problem = load_problem(one)
    book = Book(problem, None)
    slots = [slot for slot in problem.slots if slot.id in free]
    costs = problem.costs
    extra = np.full((len(slots), len(kept)), -1, np.int64)
    for s, slot in enumerate(slots):
        late = max(0, (slot.date - problem.begins).days // 7)
        for v, visit in enumerate(problem.visits):
            if slot.id in visit.possible and visit.begins <= slot.date <= visit.by:
                extra[s, v] = costs.unwished * (slot.id not in visit.wished)
                extra[s, v] += costs.late_week * late * (visit.priority >= 2)
    return ClassTask(
        data=one, problem=problem, way=book.ways.table(problem.schools[0], problem.visits),
        stay=np.array([visit.minutes for visit in problem.visits]),
        length=np.array([slot.end - slot.start for slot in slots]), extra=extra,
        left_out=np.array([int(costs.unplaced * (1 + visit.priority)) for visit in problem.visits]),
        slots=[slot.id for slot in slots], weeks=[week(slot.date) for slot in slots], cap=cap(book.teachers[lead]),
    )  # fmt: skip


def fits(task: ClassTask, slot: int, order: list[int]) -> bool:
    """Whether homes in this order can be visited within a slot."""
    return way_of(task, order) + int(task.stay[order].sum()) <= task.length[slot]


def way_of(task: ClassTask, order: list[int]) -> int:
    """Minutes of travel from school over homes in order and back."""
    stops = [0, *(v + 1 for v in order), 0]
    return int(task.way[stops[:-1], stops[1:]].sum())


def judge(task: ClassTask, routes: Routes) -> Verdict:
    """Cost of one programme's routes, and what they break: weeks over the lead's cap, and anything else wrong."""
    costs, seen, wrong, cost = task.problem.costs, Counter(), 0, 0.0
    for slot, order in routes:
        seen.update(order)
        wrong += not fits(task, slot, order) or bool((task.extra[slot, order] < 0).any())
        cost += way_of(task, order) * costs.travel_min + costs.outing + int(task.extra[slot, order].sum())
    wrong += sum(count > 1 for count in seen.values()) + len(routes) - len({slot for slot, _ in routes})
    left = [v for v in range(len(task.stay)) if v not in seen]
    weeks = Counter(task.weeks[slot] for slot, _ in routes)
    over = sum(count > task.cap for count in weeks.values())
    return Verdict(cost + int(task.left_out[left].sum()), len(left), over, wrong)
