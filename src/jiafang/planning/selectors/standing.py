"""What stands already: the rows as a plan, and the agreed ones that can hold together."""

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from jiafang.campaigns.states import Mode
from jiafang.lib import clock
from jiafang.planning.selectors.calendars import Calendars
from jiafang.planning.selectors.slots import monday_of

if TYPE_CHECKING:
    from jiafang.planning.selectors.problem import Built


def consistent(fixed: list[dict], visits: list[dict], times: Calendars) -> list[dict]:
    """The fixed ones the planner accepts together; one that contradicts an earlier one may move instead."""
    teams: dict[tuple[str, str], tuple] = {}
    weeks: dict[tuple, set[str]] = defaultdict(set)
    online = {v["id"] for v in visits if v["mode"] == "online"}
    caps: dict[str, int] = {str(pk): times.cap(pk) for pk in times.f.names}
    days: dict[str, date] = {}
    after = {v["id"]: v["after"] for v in visits if "after" in v}
    out = []
    for item in fixed:
        slot, team = times.slots[item["slot"]], (item["lead"], item["companion"])
        rule = after.get(item["visit"])
        if rule and not _long_enough(rule, slot.day, days):
            continue
        people = [name for name in team if name]
        if item["visit"] in online:
            if (slot.id, item["lead"]) in teams:
                continue
        else:
            if any(teams.get((slot.id, name), team) != team for name in people):
                continue
            monday = monday_of(slot.day)
            if any(len(weeks[name, monday] | {slot.id}) > caps[name] for name in people):
                continue
            for name in people:
                teams[slot.id, name] = team
                weeks[name, monday].add(slot.id)
        days[item["visit"]] = slot.day
        out.append(item)
    return out


def _long_enough(rule: dict, day: date, days: dict[str, date]) -> bool:
    before = date.fromisoformat(rule["date"]) if "date" in rule else days.get(rule["visit"])
    return before is None or (day - before).days >= rule["min_days"]


def standing_plan(built: "Built") -> dict:
    """The rows that lie ahead in the problem's slots, as jiafang-plan/1 without cost."""
    outings: dict[tuple, dict] = {}
    online = []
    for wanted, slot in sorted(built.standing, key=lambda pair: (pair[0].row.starts_at, pair[0].id)):
        row = wanted.row
        begins, ends = row.starts_at.astimezone(clock.TZ), row.ends_at.astimezone(clock.TZ)
        lead = str(row.lead_id)
        if wanted.mode == Mode.ONLINE:
            online.append({"visit": wanted.id, "slot": slot.id, "lead": lead, "start": f"{begins:%H:%M}",
                           "end": f"{ends:%H:%M}"})  # fmt: skip
            continue
        key = (slot.id, lead, row.companion_id)
        if key not in outings:
            way = row.outing
            outings[key] = {
                "slot": slot.id, "lead": lead, "companion": str(row.companion_id) if row.companion_id else None,
                "extra": str(row.extra_id) if row.extra_id else None,
                "leave": f"{way.leaves if way else slot.starts:%H:%M}", "stops": [],
                "back": f"{way.back if way else slot.ends:%H:%M}",
            }  # fmt: skip
        stop = {"visit": wanted.id, "arrive": f"{begins:%H:%M}", "depart": f"{ends:%H:%M}"}
        outings[key]["stops"].append(stop)
    return {
        "format": "jiafang-plan/1", "outings": list(outings.values()), "online": online, "unplaced": [], "unmet": [],
        "moved": [], "cost": 0, "parts": {}, "bound": None, "certificate": {},
    }  # fmt: skip
