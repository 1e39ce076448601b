"""Reads the planner's files into values and refuses, with the place, what no planner could work with."""

from dataclasses import fields
from pathlib import Path

from .model import (
    COST_NAMES,
    HOME,
    ONLINE,
    After,
    Costs,
    Fixed,
    Leader,
    Leg,
    Moved,
    OnlineVisit,
    Outing,
    Plan,
    Problem,
    School,
    Slot,
    Stop,
    Teacher,
    Travel,
    Unmet,
    Unplaced,
    Visit,
)
from .reading import Fields, parse, refuse
from .references import check_references

PROBLEM_FORMAT, PLAN_FORMAT = "jiafang-problem/1", "jiafang-plan/1"


def _keys(kind: type, *more: str, without: frozenset = frozenset()) -> frozenset:
    return frozenset(field.name for field in fields(kind)) - without | set(more)


_NONE = frozenset()
_OPTIONAL = frozenset({"leaders", "fixed"})
_PROBLEM = _keys(Problem, "format", without=_OPTIONAL)
_TRAVEL, _COSTS, _SCHOOL, _SLOT = _keys(Travel), frozenset(COST_NAMES), _keys(School), _keys(Slot)
_TEACHER, _LEADER, _FIXED = _keys(Teacher), _keys(Leader), _keys(Fixed)
_AFTER, _MIN_DAYS, _EITHER = frozenset({"after"}), frozenset({"min_days"}), frozenset({"visit", "date"})
_VISIT = _keys(Visit, "from", without=frozenset({"begins", "after"}))
_PLAN = _keys(Plan, "format")
_OUTING, _STOP, _ONLINE = _keys(Outing), _keys(Stop), _keys(OnlineVisit)
_UNPLACED, _UNMET, _MOVED = _keys(Unplaced), _keys(Unmet), _keys(Moved)


def _open(source: dict | str | Path, form: str, keys: frozenset, optional: frozenset = _NONE) -> Fields:
    data = parse(source)
    if not isinstance(data, dict):
        refuse("type", "", "the file must hold an object", "文件内容应为一个对象")
    if data.get("format") != form:
        refuse("format", "format", f'must be "{form}"', f"应为“{form}”")
    return Fields(data, "", keys, optional)


def load_problem(source: dict | str | Path) -> Problem:
    """A problem from its JSON object, JSON text or file; raises InputError naming the first wrong place."""
    top = _open(source, PROBLEM_FORMAT, _PROBLEM, _OPTIONAL)
    shared: dict[tuple[str, ...], frozenset[str]] = {}
    problem = Problem(
        begins=top.date("begins"),
        two_teachers=top.flag("two_teachers"),
        travel=_travel(Fields(top.data["travel"], "travel", _TRAVEL)),
        costs=_costs(Fields(top.data["costs"], "costs", _COSTS)),
        schools=tuple(_school(Fields(item, at, _SCHOOL)) for item, at in top.items("schools")),
        slots=tuple(_slot(Fields(item, at, _SLOT)) for item, at in top.items("slots")),
        teachers=tuple(_teacher(Fields(item, at, _TEACHER), shared) for item, at in top.items("teachers")),
        visits=tuple(_visit(Fields(item, at, _VISIT, _AFTER), shared) for item, at in top.items("visits")),
        leaders=tuple(_leader(Fields(item, at, _LEADER)) for item, at in top.items("leaders")),
        fixed=tuple(_fixed(Fields(item, at, _FIXED)) for item, at in top.items("fixed")),
    )
    check_references(problem)
    return problem


def _set(box: Fields, key: str, shared: dict[tuple[str, ...], frozenset[str]]) -> frozenset[str]:
    # Visits of one class mostly list the same slots: one set serves them all.
    try:
        names = tuple(box.list(key))
        if names in shared:
            return shared[names]
    except TypeError:  # a member that cannot be a name; `names` says which
        pass
    names = box.names(key)
    return shared.setdefault(names, frozenset(names))


def _travel(box: Fields) -> Travel:
    legs = []
    count = len(box.list("legs"))
    if not count:
        refuse("value", "travel.legs", "must hold at least one leg", "至少要有一段")
    for i, (item, at) in enumerate(box.items("legs")):
        leg = Fields(item, at, frozenset({"min_per_km"}), frozenset({"km"}))
        km = leg.number("km", null=True) if "km" in leg.data else None
        if (km is None) != (i == count - 1):
            english = "every leg but the last has km, the last has none"
            refuse("value", leg.at("km"), english, "除最后一段外都要写 km，最后一段不写")
        legs.append(Leg(km, leg.number("min_per_km")))
    return Travel(
        box.number("detour", 0.01, 100), tuple(legs), box.number("fixed_min"), box.whole("unknown_min", 0)
    )


def _costs(box: Fields) -> Costs:
    return Costs(**{name: box.number(name) for name in COST_NAMES})


def _point(box: Fields, null: bool = False) -> tuple[float | None, float | None]:
    lat, lon = box.number("lat", -90, 90, null), box.number("lon", -180, 180, null)
    if (lat is None) != (lon is None):
        key = "lat" if lat is None else "lon"
        refuse("value", box.at(key), "lat and lon are both given or both null", "经纬度须都填或都为 null")
    return lat, lon


def _school(box: Fields) -> School:
    return School(box.text("id"), *_point(box))


def _slot(box: Fields) -> Slot:
    start, end = box.time("start"), box.time("end")
    if end <= start:
        refuse("slot_end", box.at("end"), "the slot ends before it starts", "时段的结束时间不晚于开始时间")
    return Slot(box.text("id"), box.text("school"), box.date("date"), start, end, box.text("kind"))


def _teacher(box: Fields, shared: dict) -> Teacher:
    relief = box.number("relief", 0, 1)
    if not relief:
        refuse("range", box.at("relief"), "must be above 0 and at most 1", "应大于 0 且不超过 1")
    return Teacher(
        box.text("id"), box.text("school"), box.text("role"), _set(box, "free", shared),
        box.whole("max_outings_per_week", 0), relief, box.number("max_km", null=True),
    )  # fmt: skip


def _visit(box: Fields, shared: dict) -> Visit:
    begins, by = box.date("from"), box.date("by")
    if by < begins:
        refuse("window", box.at("by"), f"{by} is before from ({begins})", f"{by} 早于最早日期 {begins}")
    lat, lon = _point(box, null=True)
    after = None
    if box.data.get("after") is not None:
        after = _after(Fields(box.data["after"], box.at("after"), _MIN_DAYS, _EITHER))
    return Visit(
        id=box.text("id"), household=box.text("household"), school=box.text("school"), lat=lat, lon=lon,
        minutes=box.whole("minutes", 1, 1440), mode=box.word("mode", (HOME, ONLINE)),
        leads=box.names("leads"), companions=box.names("companions"),
        possible=_set(box, "possible", shared), wished=_set(box, "wished", shared),
        begins=begins, by=by, priority=box.whole("priority", 0), after=after,
    )  # fmt: skip


def _after(box: Fields) -> After:
    visit = box.text("visit", null=True) if "visit" in box.data else None
    held = box.date("date", null=True) if "date" in box.data else None
    if (visit is None) == (held is None):
        refuse("value", box.where, "needs either visit or date", "visit 与 date 必须且只能写一个")
    return After(visit, held, box.whole("min_days", 0))


def _leader(box: Fields) -> Leader:
    return Leader(box.text("teacher"), box.whole("min_visits", 0))


def _fixed(box: Fields) -> Fixed:
    return Fixed(box.text("visit"), box.text("slot"), box.text("lead"), box.text("companion", null=True))


def load_plan(source: dict | str | Path) -> Plan:
    """A plan from its JSON object, JSON text or file; whether it keeps a problem's rules is for `check`.

    Raises InputError naming the first wrong place.
    """
    top = _open(source, PLAN_FORMAT, _PLAN)
    parts = Fields(top.object("parts"), "parts", frozenset(top.data["parts"]))
    return Plan(
        outings=tuple(_outing(Fields(item, at, _OUTING)) for item, at in top.items("outings")),
        online=tuple(_online(Fields(item, at, _ONLINE)) for item, at in top.items("online")),
        unplaced=tuple(_unplaced(Fields(item, at, _UNPLACED)) for item, at in top.items("unplaced")),
        unmet=tuple(_unmet(Fields(item, at, _UNMET)) for item, at in top.items("unmet")),
        moved=tuple(_moved(Fields(item, at, _MOVED)) for item, at in top.items("moved")),
        cost=top.number("cost", high=1e15),
        parts={name: parts.number(name, high=1e15) for name in parts.data},
        bound=top.number("bound", low=-1e15, high=1e15, null=True),
        certificate=top.object("certificate"),
    )


def _outing(box: Fields) -> Outing:
    stops = []
    for item, at in box.items("stops"):
        stop = Fields(item, at, _STOP)
        stops.append(Stop(stop.text("visit"), stop.time("arrive"), stop.time("depart")))
    if not stops:
        refuse("value", box.at("stops"), "an outing visits at least one home", "一次外出至少家访一户")
    return Outing(
        box.text("slot"), box.text("lead"), box.text("companion", null=True), box.text("extra", null=True),
        box.time("leave"), tuple(stops), box.time("back"),
    )  # fmt: skip


def _online(box: Fields) -> OnlineVisit:
    return OnlineVisit(
        box.text("visit"), box.text("slot"), box.text("lead"), box.time("start"), box.time("end")
    )


def _coded(box: Fields, key: str) -> tuple[dict, ...]:
    for item, at in box.items(key):
        if not isinstance(item, dict) or type(item.get("code")) is not str or not item["code"]:
            refuse("type", at, "must be an object with a code", "应为带 code 的对象")
    return tuple(box.list(key))


def _unplaced(box: Fields) -> Unplaced:
    return Unplaced(box.text("visit"), _coded(box, "reasons"), _coded(box, "helps"))


def _unmet(box: Fields) -> Unmet:
    return Unmet(box.text("teacher"), box.whole("visits", 0), _coded(box, "reasons"))


def _moved(box: Fields) -> Moved:
    return Moved(box.text("visit"), box.text("from_slot"), box.text("to_slot"))
