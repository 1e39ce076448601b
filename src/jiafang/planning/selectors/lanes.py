"""任务图: classes or teachers as lanes, days as places, each outing a bar; geometry only, drawn by a template as SVG."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from jiafang.lib import clock
from jiafang.planning.selectors.slots import monday_of
from jiafang.planning.selectors.timetable import Trip
from jiafang.visits.states import AHEAD, DONE, VisitState

LABEL, DAY, ROW, HEAD, PAD = 128, 17, 34, 46, 3


@dataclass(frozen=True, slots=True)
class Bar:
    """A trip in a lane; ``look`` is a class of the stylesheet, ``key`` an outing's pk, online the first visit's."""

    x: float
    y: float
    width: float
    height: float
    look: str
    homes: int
    title: str
    key: str
    online: bool
    middle_x: float
    middle_y: float


@dataclass(frozen=True, slots=True)
class Lane:
    label: str
    y: int
    middle: float
    bars: tuple[Bar, ...]
    visits: int
    odd: bool


@dataclass(frozen=True, slots=True)
class Week:
    x: int
    middle: float
    width: int
    label: str
    days: str
    odd: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a template needs to draw; ``today`` null when it lies outside."""

    width: int
    height: int
    label: int
    head: int
    right: int
    lanes: tuple[Lane, ...]
    weeks: tuple[Week, ...]
    today: float | None

    def __bool__(self) -> bool:
        return bool(self.lanes)


def chart(trips: Iterable[Trip], *, by: str, order: dict[Any, str] | None = None) -> Chart:
    """A chart of the trips by "klass" (lanes as in ``order``: pk → label, empty ones too) or by "teacher"."""
    trips = list(trips)
    groups = _by_class(trips, order or {}) if by == "klass" else _by_teacher(trips)
    days = [t.day for t in trips]
    if not days:
        return Chart(0, 0, LABEL, HEAD, 0, (), (), None)
    first = monday_of(min(days))
    weeks = (max(days) - first).days // 7 + 1
    width = LABEL + weeks * 7 * DAY + 1
    lanes = []
    for number, (label, mine) in enumerate(groups):
        top = HEAD + number * ROW
        bars = tuple(_bars(mine, first, top))
        visits = sum(len(trip.visits) for trip, _leads in mine)
        lanes.append(Lane(label, top, top + ROW / 2, bars, visits, bool(number % 2)))
    today = (clock.today() - first).days
    return Chart(
        width, HEAD + len(lanes) * ROW + 1, LABEL, HEAD, width - 1, tuple(lanes),
        tuple(_week(first, number) for number in range(weeks)),
        LABEL + (today + 0.5) * DAY if 0 <= today < weeks * 7 else None,
    )  # fmt: skip


def _by_class(trips: list[Trip], order: dict[Any, str]) -> list[tuple[str, list]]:
    groups: dict[Any, list] = {pk: [] for pk in order}
    for trip in trips:
        seen = {child.klass_id for v in trip.visits for child in v.visit_students.all()}
        for pk in seen:
            if pk in groups:
                groups[pk].append((trip, True))
    return [(order[pk], mine) for pk, mine in groups.items()]


def _by_teacher(trips: list[Trip]) -> list[tuple[str, list]]:
    groups: dict[Any, list] = {}
    people: dict[Any, Any] = {}
    for trip in trips:
        for person, leads in ((trip.lead, True), (trip.companion, False), (trip.extra, False)):
            if person is not None:
                people[person.pk] = person
                groups.setdefault(person.pk, []).append((trip, leads))
    rarely = {pk: not any(leads for _trip, leads in items) for pk, items in groups.items()}
    names = sorted(groups, key=lambda pk: (rarely[pk], people[pk].pinyin, people[pk].name))
    return [(people[pk].name, groups[pk]) for pk in names]


def _bars(mine: list[tuple[Trip, bool]], first: date, top: int) -> Iterable[Bar]:
    by_day: dict[date, list[tuple[Trip, bool]]] = {}
    for trip, leads in mine:
        by_day.setdefault(trip.day, []).append((trip, leads))
    for day, items in by_day.items():
        x = LABEL + (day - first).days * DAY + 1
        height = (ROW - 2 * PAD) / len(items)
        for place, (trip, leads) in enumerate(items):
            y = top + PAD + place * height
            yield Bar(
                x, y, DAY - 2, height - (1 if len(items) > 1 else 0), _look(trip, leads), len(trip.visits),
                _title(trip), trip.key, trip.online, x + (DAY - 2) / 2, y + height / 2,
            )  # fmt: skip


def _look(trip: Trip, leads: bool) -> str:
    if trip.state in DONE:
        state = "done"
    elif trip.state == VisitState.APPOINTED:
        state = "agreed"
    else:
        state = "shown" if trip.state in AHEAD else "planned"
    return " ".join(
        ["bar", f"bar-{state}", *(["bar-special"] if trip.special else []), *([] if leads else ["bar-along"])]
    )


def _title(trip: Trip) -> str:
    team = "、".join(p.name for p in (trip.lead, trip.companion, trip.extra) if p)
    return _("%(day)s %(time)s %(team)s，%(n)d 户：%(families)s") % {
        "day": f"{trip.day.month}月{trip.day.day}日", "time": f"{trip.leaves:%H:%M}", "team": team,
        "n": len(trip.visits), "families": trip.families,
    }  # fmt: skip


def _week(first: date, number: int) -> Week:
    monday = first + timedelta(days=7 * number)
    x, width = LABEL + number * 7 * DAY, 7 * DAY
    return Week(x, x + width / 2, width, _("第 %d 周") % (number + 1), f"{monday.month}/{monday.day}", bool(number % 2))
