"""The plan of one school while it is searched: routes, calendars and an undo journal, compiled; no strategy."""

from typing import NamedTuple

import numpy as np

from .arrays import Data
from .compiled import small

OUT, TALK = 1, 2  # kinds of route: an outing, a lead's online visits of one slot
ROUTES, DROPPED = 0, 1  # totals: cost of routes, cost of absent visits
SPARE, ABSENT, LOGGED = 0, 1, 2  # counts


class State(NamedTuple):
    """Routes r, each with its lead, companion, slot and homes in order, and what follows from them."""

    lead: np.ndarray  # (r,)
    pal: np.ndarray  # (r,) companion or -1
    slot: np.ndarray  # (r,)
    kind: np.ndarray  # (r,) 0 unused, OUT or TALK
    size: np.ndarray  # (r,)
    way: np.ndarray  # (r,) minutes travelled
    stay: np.ndarray  # (r,) minutes in homes
    cost: np.ndarray  # (r,)
    lock: np.ndarray  # (r,) bool: slot, lead and companion stay
    homes: np.ndarray  # (r, m)
    spare: np.ndarray  # stack of unused routes
    at: np.ndarray  # (v,) route of a visit or -1
    pinned: np.ndarray  # (v,) bool: stays in its route
    absent: np.ndarray  # list of visits in no route
    busy: np.ndarray  # (t, s) 0 free, OUT or TALK
    weekly: np.ndarray  # (t, w) outings
    trips: np.ndarray  # (t,) outings as companion
    led: np.ndarray  # (t, s) list of routes a teacher leads
    leads: np.ndarray  # (t,) its length
    count: np.ndarray
    total: np.ndarray
    stamp: np.ndarray  # (r,) iteration in which the route was logged
    log_route: np.ndarray
    log_row: np.ndarray  # (r, 7) lead, pal, slot, kind, size, way, stay
    log_cost: np.ndarray
    log_homes: np.ndarray
    log_absent: np.ndarray
    found: np.ndarray  # (s,) room for a list of slots


def new_state(data: Data) -> State:
    """A state in which every visit is absent."""
    v, s = data.slot_cost.shape
    t = len(data.cap)
    longest = int(data.length.max()) if s else 0
    m = max(1, min(v, longest // max(1, int(data.minutes.min())) if v else 1))
    w = int(data.week.max()) + 1 if s else 1

    def ints(*shape: int) -> np.ndarray:
        return np.zeros(shape, np.int32)

    def numbers(*shape: int) -> np.ndarray:
        # What serves as an index and is never -1: without a sign, compiled code need not ask for it.
        return np.zeros(shape, np.uint32)

    return State(
        lead=numbers(v), pal=ints(v), slot=numbers(v), kind=ints(v), size=ints(v), way=ints(v), stay=ints(v),
        cost=np.zeros(v), lock=np.zeros(v, np.bool_), homes=numbers(v, m),
        spare=np.arange(v, dtype=np.int32)[::-1].copy(),
        at=np.full(v, -1, np.int32), pinned=np.zeros(v, np.bool_), absent=np.arange(v, dtype=np.int32),
        busy=np.zeros((t, s), np.int8), weekly=ints(t, w), trips=ints(t), led=numbers(t, s), leads=ints(t),
        count=np.array([v, v, 0], np.int32), total=np.array([0.0, float(data.drop.sum())]),
        stamp=np.full(v, -1, np.int64), log_route=numbers(v), log_row=ints(v, 7), log_cost=np.zeros(v),
        log_homes=numbers(v, m), log_absent=ints(v + 1), found=numbers(s),
    )  # fmt: skip


def copy_state(state: State) -> State:
    """An independent copy."""
    return State(*(part.copy() for part in state))


@small
def _copy(target: np.ndarray, source: np.ndarray) -> None:
    for k in range(len(source)):
        target[k] = source[k]


@small
def _copy_rows(target: np.ndarray, source: np.ndarray) -> None:
    for k in range(source.shape[0]):
        for i in range(source.shape[1]):
            target[k, i] = source[k, i]


@small
def take_over(state: State, other: State) -> None:
    """Make `state` equal to `other`."""
    _copy(state.lead, other.lead)
    _copy(state.pal, other.pal)
    _copy(state.slot, other.slot)
    _copy(state.kind, other.kind)
    _copy(state.size, other.size)
    _copy(state.way, other.way)
    _copy(state.stay, other.stay)
    _copy(state.cost, other.cost)
    _copy(state.lock, other.lock)
    _copy_rows(state.homes, other.homes)
    _copy(state.spare, other.spare)
    _copy(state.at, other.at)
    _copy(state.pinned, other.pinned)
    _copy(state.absent, other.absent)
    _copy_rows(state.busy, other.busy)
    _copy_rows(state.weekly, other.weekly)
    _copy(state.trips, other.trips)
    _copy_rows(state.led, other.led)
    _copy(state.leads, other.leads)
    _copy(state.count, other.count)
    _copy(state.total, other.total)


@small
def enter(data: Data, state: State, r: int) -> None:
    """Note a route in its teachers' calendars."""
    lead, slot, kind = state.lead[r], state.slot[r], state.kind[r]
    state.led[lead, state.leads[lead]] = r
    state.leads[lead] += 1
    state.busy[lead, slot] = kind
    if kind == OUT:
        week = data.week[slot]
        state.weekly[lead, week] += 1
        pal = state.pal[r]
        if pal >= 0:
            state.busy[pal, slot] = OUT
            state.weekly[pal, week] += 1
            state.trips[pal] += 1


@small
def quit_calendars(data: Data, state: State, r: int) -> None:
    """Take a route out of its teachers' calendars."""
    lead, slot, kind = state.lead[r], state.slot[r], state.kind[r]
    last = state.leads[lead] - 1
    for k in range(last + 1):
        if state.led[lead, k] == r:
            state.led[lead, k] = state.led[lead, last]
            break
    state.leads[lead] = last
    state.busy[lead, slot] = 0
    if kind == OUT:
        week = data.week[slot]
        state.weekly[lead, week] -= 1
        pal = state.pal[r]
        if pal >= 0:
            state.busy[pal, slot] = 0
            state.weekly[pal, week] -= 1
            state.trips[pal] -= 1


@small
def lead_price(data: Data, state: State, v: int, lead: int) -> float:
    """What it costs that this teacher leads the visit; infinite when not allowed."""
    for k in range(data.lead_at[v], data.lead_at[v + 1]):
        if data.lead_of[k] == lead:
            first = data.first[v]
            if first >= 0 and state.at[first] >= 0 and state.lead[state.at[first]] != lead:
                return data.lead_cost[k] + data.other_second
            return data.lead_cost[k]
    return np.inf


@small
def _change(data: Data, state: State, r: int, time: int) -> float:
    """What an outing that takes `time` minutes changes for families and teachers of the plan to keep."""
    slot, cost, now, before = state.slot[r], 0.0, 0, -1
    left = data.length[slot] - time
    # `left` minutes can be spent waiting, so that published hours hold.
    for k in range(state.size[r]):
        v = state.homes[r, k]
        now += data.way0[v] if before < 0 else data.way[before, v]
        if data.old_slot[v] == slot:
            wait = min(left, max(0, data.old_time[v] - now))
            now += wait
            left -= wait
            cost += data.minute * abs(data.old_time[v] - now)
            if data.old_lead[v] != state.lead[r] or data.old_pal[v] != state.pal[r]:
                cost += data.old_team[v]
        now += data.minutes[v]
        before = v
    return cost


@small
def measure(data: Data, state: State, r: int) -> None:
    """Recompute way, stay and cost of a route from its homes."""
    n, slot, out = state.size[r], state.slot[r], state.kind[r] == OUT
    way, stay, cost, before = 0, 0, 0.0, -1
    for k in range(n):
        v = state.homes[r, k]
        stay += data.minutes[v]
        cost += data.slot_cost[v, slot] + lead_price(data, state, v, state.lead[r])
        if out:
            way += data.way0[v] if before < 0 else data.way[before, v]
        before = v
    if out:
        way += data.way0[before]
        cost += data.outing + way * data.travel_min
        if data.kept:
            cost += _change(data, state, r, way + stay)
    state.total[ROUTES] += cost - state.cost[r]
    state.way[r], state.stay[r], state.cost[r] = way, stay, cost


@small
def log(state: State, r: int, now: int) -> None:
    """Remember a route as it is before this iteration first touches it."""
    if state.stamp[r] == now:
        return
    state.stamp[r] = now
    k = state.count[LOGGED]
    state.count[LOGGED] = k + 1
    state.log_route[k] = r
    row = state.log_row[k]
    row[0], row[1], row[2], row[3] = state.lead[r], state.pal[r], state.slot[r], state.kind[r]
    row[4], row[5], row[6] = state.size[r], state.way[r], state.stay[r]
    state.log_cost[k] = state.cost[r]
    for i in range(state.size[r]):
        state.log_homes[k, i] = state.homes[r, i]


@small
def begin(state: State) -> None:
    """Start an iteration's journal."""
    state.count[LOGGED] = 0
    n = state.count[ABSENT]
    state.log_absent[0] = n
    for k in range(n):
        state.log_absent[k + 1] = state.absent[k]


@small
def undo(data: Data, state: State, now: int, routes_cost: float, dropped: float) -> None:
    """Go back to what `begin` saw in iteration `now`."""
    n = state.count[LOGGED]
    spare = state.count[SPARE]
    while spare and state.stamp[state.spare[spare - 1]] == now:
        spare -= 1
    for k in range(n):
        r = state.log_route[k]
        if state.kind[r]:
            quit_calendars(data, state, r)
            for i in range(state.size[r]):
                state.at[state.homes[r, i]] = -1
    for k in range(n):
        r = state.log_route[k]
        row = state.log_row[k]
        state.lead[r], state.pal[r], state.slot[r], state.kind[r] = row[0], row[1], row[2], row[3]
        state.size[r], state.way[r], state.stay[r] = row[4], row[5], row[6]
        state.cost[r] = state.log_cost[k]
        if row[3]:
            enter(data, state, r)
            for i in range(row[4]):
                v = state.log_homes[k, i]
                state.homes[r, i] = v
                state.at[v] = r
        else:
            state.spare[spare] = r
            spare += 1
    state.count[SPARE] = spare
    state.count[ABSENT] = state.log_absent[0]
    for k in range(state.log_absent[0]):
        state.absent[k] = state.log_absent[k + 1]
    state.total[ROUTES], state.total[DROPPED] = routes_cost, dropped


@small
def remove(data: Data, state: State, r: int, k: int, now: int) -> int:
    """Take the k-th home out of a route without measuring it; the visit becomes absent. Returns the visit."""
    log(state, r, now)
    v = state.homes[r, k]
    n = state.size[r] - 1
    for i in range(k, n):
        state.homes[r, i] = state.homes[r, i + 1]
    state.at[v] = -1
    state.absent[state.count[ABSENT]] = v
    state.count[ABSENT] += 1
    state.total[DROPPED] += data.drop[v]
    if n == 0:
        quit_calendars(data, state, r)
        state.kind[r] = 0
        state.total[ROUTES] -= state.cost[r]
        state.cost[r] = 0.0
        state.spare[state.count[SPARE]] = r
        state.count[SPARE] += 1
    state.size[r] = n
    return v


@small
def appear(data: Data, state: State, v: int) -> None:
    """Take a visit off the list of absent ones."""
    n = state.count[ABSENT]
    for k in range(n - 1, -1, -1):
        if state.absent[k] == v:
            state.absent[k] = state.absent[n - 1]
            break
    state.count[ABSENT] = n - 1
    state.total[DROPPED] -= data.drop[v]


@small
def insert(data: Data, state: State, v: int, r: int, k: int, now: int) -> None:
    """Put an absent visit into a route before its k-th home."""
    log(state, r, now)
    for i in range(state.size[r], k, -1):
        state.homes[r, i] = state.homes[r, i - 1]
    state.homes[r, k] = v
    state.size[r] += 1
    state.at[v] = r
    appear(data, state, v)
    measure(data, state, r)


@small
def open_route(data: Data, state: State, v: int, lead: int, pal: int, slot: int, now: int) -> int:
    """Begin a route with one visit; returns it."""
    n = state.count[SPARE] - 1
    r = state.spare[n]
    state.count[SPARE] = n
    log(state, r, now)
    state.lead[r], state.pal[r], state.slot[r] = lead, pal, slot
    state.kind[r] = TALK if data.online[v] else OUT
    state.size[r], state.way[r], state.stay[r], state.cost[r] = 0, 0, 0, 0.0
    state.lock[r] = False
    enter(data, state, r)
    insert(data, state, v, r, 0, now)
    return r


@small
def reassign(data: Data, state: State, r: int, slot: int, pal: int, now: int) -> None:
    """Give a route another slot and companion."""
    log(state, r, now)
    quit_calendars(data, state, r)
    state.slot[r], state.pal[r] = slot, pal
    enter(data, state, r)


@small
def load_cost(data: Data, state: State) -> float:
    """Cost of uneven load over the levelled teachers."""
    n, mean = 0, 0.0
    for t in range(len(state.trips)):
        if data.levelled[t]:
            n += 1
            mean += state.trips[t] * data.weight[t]
    if n == 0:
        return 0.0
    mean /= n
    over = 0.0
    for t in range(len(state.trips)):
        if data.levelled[t]:
            over += max(0.0, state.trips[t] * data.weight[t] - mean)
    return over * data.load


@small
def total_cost(data: Data, state: State) -> float:
    """What the plan costs now."""
    return state.total[ROUTES] + state.total[DROPPED] + load_cost(data, state)
