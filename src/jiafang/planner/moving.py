"""A visit or a whole outing dragged to another slot: is it allowed, what would it break, what would it cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from .arrays import SchoolPart
from .check import check_plan
from .editing import cheapest_place, part_of, routes_in, school_of, sub_plan, with_routes
from .model import HOME, Plan, Problem
from .options import Options
from .outcome import Route
from .wording import falls_on

TEXTS = {
    "no_companion": "上门家访须两位教师同行", "same_person": "同一人不能担任两个角色", "not_free": "教师在该时段没有空",
    "two_outings": "教师在该时段已有外出", "week_cap": "教师本周外出次数超过上限", "too_far": "路程超过教师的距离限制",
    "leave_early": "出发早于时段开始", "back_late": "在时段结束前回不来", "mode": "线上家访与上门家访不能混排",
    "companion": "同行教师不在该家访可同行之列", "not_possible": "家长在该时段不方便", "outside_dates": "不在允许日期内",
    "lead": "带队教师不在该家访可带队之列", "online_while_out": "教师该时段外出，不能线上家访",
    "online_outside": "线上家访超出时段", "online_overlap": "线上家访时间重叠", "after_missing": "须在前一次家访之后，而前一次没有排上",
    "after_early": "与前一次家访间隔天数不够", "fixed": "该家访已固定", "unmet": "领导带头次数不足", "other_school": "不是本校的时段",
    "quota_reachable": "领导本可随访而没有安排", "visit_missing": "家访没有着落", "visit_twice": "同一次家访排了两遍",
    "travel_time": "路上时间不够", "stay_short": "访谈时间不够", "online_length": "线上家访时长不对", "unexplained": "没有说明原因",
}  # fmt: skip
_IGNORED = {"unmet", "quota_reachable"}  # quotas are filled again when the plan is next made


@dataclass(frozen=True, slots=True)
class Move:
    """The answer to a drag: `breaks` lists rules broken that were not before, as code, place, English and Chinese.

    `falls_on` says in words whom the change of cost falls on.
    """

    allowed: bool
    breaks: tuple[dict, ...]
    cost: float
    parts: dict[str, float]
    plan: Plan
    falls_on: tuple[dict, ...] = ()


def try_move(
    problem: Problem, plan: Plan, what: str | int | Sequence[str], slot: str, lead: str | None = None,
    companion: str | None = None,
) -> Move:  # fmt: skip
    """Move a visit (its id), an outing (its index in `plan.outings`) or online visits of one lead (their ids) to a slot.

    Without a lead or companion the cheapest that work are taken, or the present ones when none do. `cost` and `parts`
    are what the plan's cost grows by. Raises KeyError or IndexError for what does not exist.
    """
    first = plan.outings[what].stops[0].visit if isinstance(what, int) else what if isinstance(what, str) else what[0]
    part = part_of(problem, school_of(problem, first))
    target = part.slot_no[slot]
    routes = routes_in(part, plan)
    if isinstance(what, str):
        _move_visit(problem, plan, part, routes, what, target, lead, companion)
    elif isinstance(what, int):
        _move_outing(plan, part, routes, what, target, lead, companion)
    else:
        _move_talks(part, routes, list(what), target, lead)
    routes = [route for route in routes if route.homes]
    whole, mine, more = with_routes(plan, part, routes)
    breaks = _breaks(part, plan, mine)
    return Move(not breaks, breaks, round(sum(more.values()), 9), more, whole, falls_on(more, problem.costs))


def _breaks(part: SchoolPart, plan: Plan, mine: Plan) -> tuple[dict, ...]:
    before = {(v.code, v.text) for v in check_plan(part.problem, sub_plan(part, plan)).violations}
    found = {}
    for item in check_plan(part.problem, mine).violations:
        if item.code not in _IGNORED and (item.code, item.text) not in before:
            place = {"code": item.code, "where": item.where, "english": item.text}
            found[item.code, item.text] = place | {"text": TEXTS.get(item.code, item.text)}
    return tuple(found.values())


def _move_visit(
    problem: Problem, plan: Plan, part: SchoolPart, routes: list[Route], name: str, slot: int, lead: str | None,
    companion: str | None,
) -> None:  # fmt: skip
    v, visit = part.visit_no[name], part.visits[part.visit_no[name]]
    now = next((route for route in routes if v in route.homes), None)
    if lead is None:
        offer = next((o for o in Options(problem, plan).of(name) if part.slot_no[o.slot] == slot), None)
        if offer is not None and companion in (None, offer.companion):
            lead, companion = offer.lead, offer.companion
        elif now is not None:
            lead = part.teachers[now.lead].id
        elif visit.leads:
            lead = visit.leads[0]
        else:
            lead = part.teachers[0].id
    t, online = part.teacher_no[lead], visit.mode != HOME
    if now is not None:
        now.homes.remove(v)
    there = [r for r in routes if r.slot == slot and r.lead == t and r.online == online and r.homes]
    if there:
        route = there[0]
        place = len(route.homes) if online else cheapest_place(part, route.homes, v)
        route.homes.insert(place, v)
        if companion is not None:
            route.pal = part.teacher_no[companion]
        return
    pal = -1
    if not online:
        names = [companion] if companion else _companions(part, routes, [v], slot, t, now)
        pal = part.teacher_no[names[0]] if names else -1
    routes.append(Route(slot, t, pal, -1, online, [v]))


def _companions(
    part: SchoolPart, routes: list[Route], homes: list[int], slot: int, lead: int, now: Route | None
) -> list[str]:
    """Who may go along, those who are free first, the present companion first of all, then those least out."""
    data = part.data
    busy = {t for r in routes if r.slot == slot and r.homes and r is not now for t in (r.lead, r.pal, r.extra)}
    trips = [sum(r.pal == t for r in routes) for t in range(len(part.teachers))]
    weekly = [
        sum(data.week[r.slot] == data.week[slot] and t in (r.lead, r.pal, r.extra) for r in routes if r is not now)
        for t in range(len(part.teachers))
    ]
    fit = [t for t in range(len(part.teachers)) if t != lead and all(data.pal_ok[v, t] for v in homes)]
    if not part.problem.two_teachers:
        return []

    def rank(t: int) -> tuple:
        works = data.free[t, slot] and t not in busy and weekly[t] < data.cap[t]
        return not works, now is None or t != now.pal, trips[t], t

    return [part.teachers[t].id for t in sorted(fit, key=rank)]


def _move_outing(
    plan: Plan, part: SchoolPart, routes: list[Route], index: int, slot: int, lead: str | None, companion: str | None
) -> None:
    out = plan.outings[index]
    old, t = part.slot_no[out.slot], part.teacher_no[out.lead]
    route = next(r for r in routes if r.slot == old and r.lead == t and not r.online)
    route.slot = slot
    if lead is not None:
        route.lead = part.teacher_no[lead]
    if companion is not None:
        route.pal = part.teacher_no[companion]
    elif route.pal >= 0:
        names = _companions(part, routes, route.homes, slot, route.lead, route)
        route.pal = part.teacher_no[names[0]] if names else route.pal
    if route.extra >= 0 and not part.data.free[route.extra, slot]:
        route.extra = -1


def _move_talks(part: SchoolPart, routes: list[Route], names: list[str], slot: int, lead: str | None) -> None:
    homes = [part.visit_no[name] for name in names]
    now = next(route for route in routes if homes[0] in route.homes)
    t = now.lead if lead is None else part.teacher_no[lead]
    for route in routes:
        route.homes = [v for v in route.homes if v not in homes]
    there = next((r for r in routes if r.slot == slot and r.lead == t and r.online and r.homes), None)
    if there is None:
        routes.append(Route(slot, t, -1, -1, True, homes))
    else:
        there.homes += homes
