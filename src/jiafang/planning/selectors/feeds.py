"""The calendar behind a private address: when and with whom, never to whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jiafang.access.fence import system_fence
from jiafang.lib import clock
from jiafang.lib.errors import not_found
from jiafang.planning.models import Feed
from jiafang.units.models import Staff
from jiafang.visits.models import Visit
from jiafang.visits.selectors.lists import of_team
from jiafang.visits.states import AHEAD, DONE

BACK, AHEAD_DAYS = timedelta(days=30), timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Event:
    """One outing or online visit of a teacher."""

    uid: str
    begins: datetime
    ends: datetime
    homes: int
    online: bool
    colleagues: tuple[str, ...]
    school: str


def has_feed(staff_id: Any) -> Feed | None:
    return Feed.objects.filter(staff=staff_id).first()


def events(digest: str) -> tuple[Staff, list[Event]]:
    """The teacher's published outings around now; an unknown or ended address, or a teacher who left, is ``not_found``."""
    feed = Feed.objects.select_related("staff__home").filter(digest=digest, staff__left_on__isnull=True).first()
    if feed is None:
        raise not_found()
    me = feed.staff
    now = clock.now()
    with system_fence("a teacher's own calendar; only times, colleagues and counts leave"):
        rows = Visit.objects.filter(of_team(me.pk), state__in=[*AHEAD, *DONE])
        rows = rows.filter(starts_at__gt=now - BACK, starts_at__lt=now + AHEAD_DAYS)
        rows = list(
            rows.select_related("outing", "lead", "companion", "extra", "school").defer("place").order_by("starts_at")
        )
    groups: dict[Any, list[Visit]] = {}
    for row in rows:
        groups.setdefault(row.outing_id or row.pk, []).append(row)
    return me, [_event(key, group, me) for key, group in groups.items()]


def _event(key: Any, group: list[Visit], me: Staff) -> Event:
    first, way = group[0], group[0].outing
    begins, ends = first.starts_at, max(v.ends_at or v.starts_at for v in group)
    if way is not None:
        begins, ends = clock.at(way.day, way.leaves), clock.at(way.day, way.back)
    team = {p.pk: p.name for v in group for p in (v.lead, v.companion, v.extra) if p is not None and p.pk != me.pk}
    return Event(str(key), begins, ends, len(group), way is None, tuple(team.values()), first.school.name)
