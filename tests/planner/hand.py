"""A problem and a plan written by hand, small enough to reckon on paper."""

from copy import deepcopy

# All homes on the school's meridian: 0.01° of latitude is 1.11195 km; × 1.3 at 4 min/km and 3 fixed: 8.78 → 9 min.
# 0.02°: 2.89107 km: 2.6 km at 4 and 0.29107 at 2, and 3: 13.98 → 14 min.
PROBLEM = {
    "format": "jiafang-problem/1",
    "begins": "2026-03-02",
    "two_teachers": True,
    "travel": {
        "detour": 1.3, "legs": [{"km": 2.6, "min_per_km": 4}, {"min_per_km": 2}], "fixed_min": 3, "unknown_min": 20,
    },
    "costs": {
        "travel_min": 1, "outing": 15, "unwished": 2, "other_lead": 40, "other_second_lead": 20, "unplaced": 400,
        "late_week": 1, "load": 1, "moved_visit": 10, "moved_minute": 0.1, "changed_team": 2,
    },
    "schools": [{"id": "s1", "lat": 40.0, "lon": 110.0}, {"id": "s2", "lat": 40.1, "lon": 110.0}],
    "slots": [
        {"id": "mon", "school": "s1", "date": "2026-03-02", "start": "17:30", "end": "20:30", "kind": "evening"},
        {"id": "tue", "school": "s1", "date": "2026-03-03", "start": "17:30", "end": "20:30", "kind": "evening"},
        {"id": "wed", "school": "s1", "date": "2026-03-04", "start": "17:30", "end": "20:30", "kind": "evening"},
        {"id": "next", "school": "s1", "date": "2026-03-10", "start": "17:30", "end": "20:30", "kind": "evening"},
        {"id": "late", "school": "s1", "date": "2026-03-17", "start": "17:30", "end": "20:30", "kind": "evening"},
        {"id": "far", "school": "s2", "date": "2026-03-02", "start": "17:30", "end": "20:30", "kind": "evening"},
    ],
    "teachers": [
        {"id": "a", "school": "s1", "role": "class_teacher", "free": ["mon", "tue", "next", "late"],
         "max_outings_per_week": 2, "relief": 1.0, "max_km": None},
        {"id": "b", "school": "s1", "role": "subject_teacher", "free": ["mon", "tue", "wed", "next", "late"],
         "max_outings_per_week": 2, "relief": 0.5, "max_km": 1.5},
        {"id": "c", "school": "s1", "role": "subject_teacher", "free": ["mon", "wed", "next", "late"],
         "max_outings_per_week": 2, "relief": 1.0, "max_km": None},
        {"id": "l", "school": "s1", "role": "leader", "free": ["mon", "next"],
         "max_outings_per_week": 1, "relief": 1.0, "max_km": None},
        {"id": "z", "school": "s2", "role": "subject_teacher", "free": ["far"],
         "max_outings_per_week": 1, "relief": 1.0, "max_km": None},
    ],
    "visits": [
        {"id": "near", "household": "h1", "school": "s1", "lat": 40.01, "lon": 110.0, "minutes": 30, "mode": "home",
         "leads": ["a", "c"], "companions": ["b", "c"], "possible": ["mon", "tue", "wed", "next"], "wished": ["mon"],
         "from": "2026-03-02", "by": "2026-03-31", "priority": 2},
        {"id": "further", "household": "h2", "school": "s1", "lat": 40.02, "lon": 110.0, "minutes": 30, "mode": "home",
         "leads": ["a", "c"], "companions": ["b", "c"], "possible": ["mon", "tue", "next"], "wished": ["tue"],
         "from": "2026-03-02", "by": "2026-03-31", "priority": 0},
        {"id": "again", "household": "h1", "school": "s1", "lat": 40.01, "lon": 110.0, "minutes": 20, "mode": "home",
         "leads": ["a", "c"], "companions": ["b"], "possible": ["tue", "next", "late"], "wished": ["next", "late"],
         "from": "2026-03-02", "by": "2026-03-15", "priority": 0, "after": {"visit": "near", "min_days": 7}},
        {"id": "talk", "household": "h3", "school": "s1", "lat": None, "lon": None, "minutes": 25, "mode": "online",
         "leads": ["a", "c"], "companions": [], "possible": ["tue", "next"], "wished": ["tue"],
         "from": "2026-03-02", "by": "2026-03-31", "priority": 0},
        {"id": "talk2", "household": "h4", "school": "s1", "lat": None, "lon": None, "minutes": 25, "mode": "online",
         "leads": ["a", "c"], "companions": [], "possible": ["tue", "next"], "wished": ["tue"],
         "from": "2026-03-02", "by": "2026-03-31", "priority": 0},
        {"id": "never", "household": "h5", "school": "s1", "lat": None, "lon": None, "minutes": 30, "mode": "home",
         "leads": ["a"], "companions": ["b"], "possible": ["wed"], "wished": ["wed"],
         "from": "2026-03-02", "by": "2026-03-31", "priority": 1},
    ],
    "leaders": [{"teacher": "l", "min_visits": 2}],
    "fixed": [{"visit": "near", "slot": "mon", "lead": "a", "companion": "c"}],
}  # fmt: skip

# Monday: 17:30, 9 min, 30, 9 min on, 30, 14 back = 92 min. Costs: travel 32 + 18, outings 30, unwished `further` 2,
# unplaced 400 × 2, load: b 1 outing ÷ 0.5 = 2, c 1; mean 1.5; over it 0.5.
PLAN = {
    "format": "jiafang-plan/1",
    "outings": [
        {"slot": "mon", "lead": "a", "companion": "c", "extra": "l", "leave": "17:30", "back": "19:02",
         "stops": [{"visit": "near", "arrive": "17:39", "depart": "18:09"},
                   {"visit": "further", "arrive": "18:18", "depart": "18:48"}]},
        {"slot": "next", "lead": "a", "companion": "b", "extra": None, "leave": "17:30", "back": "18:08",
         "stops": [{"visit": "again", "arrive": "17:39", "depart": "17:59"}]},
    ],
    "online": [{"visit": "talk", "slot": "tue", "lead": "a", "start": "18:00", "end": "18:25"},
               {"visit": "talk2", "slot": "tue", "lead": "a", "start": "18:25", "end": "18:50"}],
    "unplaced": [{"visit": "never", "reasons": [{"code": "no_common_slot", "slots": 0}], "helps": []}],
    "unmet": [],
    "moved": [],
    "cost": 882.5,
    "parts": {"travel": 50, "outing": 30, "unwished": 2, "other_lead": 0, "other_second_lead": 0, "unplaced": 800,
              "late_week": 0, "load": 0.5},
    "bound": None,
    "certificate": {},
}  # fmt: skip


def problem() -> dict:
    """A copy of the problem, to change."""
    return deepcopy(PROBLEM)


def plan() -> dict:
    """A copy of the plan, to change."""
    return deepcopy(PLAN)
