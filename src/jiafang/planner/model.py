"""Problem and plan as plain values: times in minutes since midnight, distances in km; no rules, no JSON."""

from dataclasses import dataclass
from datetime import date

HOME, ONLINE = "home", "online"
COST_NAMES = (
    "travel_min", "outing", "unwished", "other_lead", "other_second_lead", "unplaced", "late_week", "load",
    "moved_visit", "moved_minute", "changed_team",
)  # fmt: skip
PARTS = ("travel", "outing", "unwished", "other_lead", "other_second_lead", "unplaced", "late_week", "load")
KEEP_PARTS = ("moved_visit", "moved_minute", "changed_team")


@dataclass(frozen=True, slots=True)
class Leg:
    """The next `km` of a way (None: all the rest) at `min_per_km`."""

    km: float | None
    min_per_km: float


@dataclass(frozen=True, slots=True)
class Travel:
    """How minutes of travel follow from coordinates."""

    detour: float
    legs: tuple[Leg, ...]
    fixed_min: float
    unknown_min: int


@dataclass(frozen=True, slots=True)
class Costs:
    """What a plan pays for, per unit."""

    travel_min: float
    outing: float
    unwished: float
    other_lead: float
    other_second_lead: float
    unplaced: float
    late_week: float
    load: float
    moved_visit: float
    moved_minute: float
    changed_team: float


@dataclass(frozen=True, slots=True)
class School:
    """Where outings begin and end."""

    id: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Slot:
    """A span of one school's time in which outings and online visits may lie."""

    id: str
    school: str
    date: date
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Teacher:
    """Who can go, when and how much; `relief` 1.0 is none, `max_km` None is no limit."""

    id: str
    school: str
    role: str
    free: frozenset[str]
    max_outings_per_week: int
    relief: float
    max_km: float | None


@dataclass(frozen=True, slots=True)
class After:
    """At least `min_days` after another visit of the plan or after the date of one already held."""

    visit: str | None
    date: date | None
    min_days: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit to place; `begins` is the file's `from`, `by` is included; lat, lon None: place unknown."""

    id: str
    household: str
    school: str
    lat: float | None
    lon: float | None
    minutes: int
    mode: str
    leads: tuple[str, ...]
    companions: tuple[str, ...]
    possible: frozenset[str]
    wished: frozenset[str]
    begins: date
    by: date
    priority: int
    after: After | None = None


@dataclass(frozen=True, slots=True)
class Leader:
    """A leader's quota of visits."""

    teacher: str
    min_visits: int


@dataclass(frozen=True, slots=True)
class Fixed:
    """A visit that keeps slot, lead and companion (None when online or when one teacher may go alone)."""

    visit: str
    slot: str
    lead: str
    companion: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """All a plan is made from."""

    begins: date
    two_teachers: bool
    travel: Travel
    costs: Costs
    schools: tuple[School, ...]
    slots: tuple[Slot, ...]
    teachers: tuple[Teacher, ...]
    visits: tuple[Visit, ...]
    leaders: tuple[Leader, ...] = ()
    fixed: tuple[Fixed, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit of an outing."""

    visit: str
    arrive: int
    depart: int


@dataclass(frozen=True, slots=True)
class Outing:
    """A way from school over some homes and back."""

    slot: str
    lead: str
    companion: str | None
    extra: str | None
    leave: int
    stops: tuple[Stop, ...]
    back: int


@dataclass(frozen=True, slots=True)
class OnlineVisit:
    """A visit by video or telephone."""

    visit: str
    slot: str
    lead: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A visit left out: `reasons` and `helps` are objects with a `code` and figures."""

    visit: str
    reasons: tuple[dict, ...]
    helps: tuple[dict, ...]


@dataclass(frozen=True, slots=True)
class Unmet:
    """A leader's quota not met: how many visits there are, and why not more."""

    teacher: str
    visits: int
    reasons: tuple[dict, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A visit that was in the old plan in another slot."""

    visit: str
    from_slot: str
    to_slot: str


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer; `parts` holds costs by name, `bound` a proven lower bound on `cost` (None: none proven)."""

    outings: tuple[Outing, ...]
    online: tuple[OnlineVisit, ...]
    unplaced: tuple[Unplaced, ...]
    unmet: tuple[Unmet, ...]
    moved: tuple[Moved, ...]
    cost: float
    parts: dict[str, float]
    bound: float | None
    certificate: dict
