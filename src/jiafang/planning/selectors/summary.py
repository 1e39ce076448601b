"""A plan in figures, kept with its run so that lists need not open the plan."""

from datetime import date
from typing import Any

from jiafang.planning.selectors.problem import Built
from jiafang.planning.selectors.slots import monday_of


def places(plan: dict[str, Any] | None) -> dict[str, dict]:
    """``{visit: {"slot", "lead", "companion", "extra", "starts", "ends", "outing"}}`` of a plan's placed visits.

    ``outing`` is the number of the outing in the plan, null online; times as "17:41".
    """
    found: dict[str, dict] = {}
    if plan is None:
        return found
    for number, outing in enumerate(plan["outings"]):
        team = {key: outing[key] for key in ("slot", "lead", "companion", "extra")}
        for stop in outing["stops"]:
            found[stop["visit"]] = team | {"starts": stop["arrive"], "ends": stop["depart"], "outing": number}
    for item in plan["online"]:
        found[item["visit"]] = {
            "slot": item["slot"], "lead": item["lead"], "companion": None, "extra": None, "starts": item["start"],
            "ends": item["end"], "outing": None,
        }  # fmt: skip
    return found


def changes(plan: dict[str, Any], keep: dict[str, Any] | None) -> dict[str, list[str]]:
    """Visits of both plans that moved to another slot, changed hour or team; those only in one; by id."""
    now, before = places(plan), places(keep)
    out: dict[str, list[str]] = {"moved": [], "retimed": [], "team": [], "new": [], "gone": []}
    for name, place in now.items():
        old = before.get(name)
        if old is None:
            out["new"].append(name)
        elif old["slot"] != place["slot"]:
            out["moved"].append(name)
        elif any(old[key] != place[key] for key in ("lead", "companion")):
            out["team"].append(name)
        elif old["starts"] != place["starts"]:
            out["retimed"].append(name)
    out["gone"] = [name for name in before if name not in now]
    return out


def summary_of(built: Built, plan: dict[str, Any]) -> dict[str, Any]:
    """Figures of a plan: counts of visits, children, outings, weeks, special families, what changed."""
    placed = places(plan)
    wanted = built.wanted
    days = sorted({built.slots[p["slot"]].day for p in placed.values()})
    special = [w for w in wanted.values() if w.origin == "special"]
    first, last = (days[0], days[-1]) if days else (None, None)
    return {
        "visits": len(wanted),
        "children": sum(len(w.group.children) for w in wanted.values()),
        "placed": len(placed),
        "unplaced": len(plan["unplaced"]),
        "outings": len(plan["outings"]),
        "online": len(plan["online"]),
        "special": len(special),
        "special_placed": sum(w.id in placed for w in special),
        "weeks": len({monday_of(day) for day in days}),
        "first": _iso(first),
        "last": _iso(last),
        "without_place": sum(w.group.home.lat is None for w in wanted.values()),
        "unmet": len(plan["unmet"]),
        "changes": {key: len(names) for key, names in changes(plan, built.keep).items()},
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
