"""Which visits could be placed at all, each on its own: the calendars of leads and companions before any plan."""

import numpy as np
from numba import njit

from .arrays import Data


@njit(cache=True, nogil=True)
def lead_slots(data: Data, v: int, lead: int, release: int, found: np.ndarray) -> int:
    """Mark in `found` (s,) the slots in which this lead and some companion could do visit v; returns their number."""
    n = 0
    need = data.minutes[v] if data.online[v] else data.minutes[v] + 2 * data.way0[v]
    for s in range(len(data.length)):
        found[s] = False
        if data.slot_cost[v, s] == np.inf or not data.free[lead, s]:
            continue
        if data.day[s] < release or need > data.length[s]:
            continue
        fits = data.online[v] or not data.pairs
        for k in range(data.pal_at[v], data.pal_at[v + 1]):
            if fits:
                break
            c = data.pal_of[k]
            fits = c != lead and data.free[c, s]
        if fits:
            found[s] = True
            n += 1
    return n


@njit(cache=True, nogil=True)
def releases(data: Data) -> np.ndarray:
    """(v,) the first ordinal day each visit could be held, after those it follows; -1 when it never can."""
    n = len(data.minutes)
    found = np.full(n, -2, np.int64)
    slots = np.zeros(len(data.length), np.bool_)
    chain = np.zeros(n, np.int32)
    for v in range(n):
        m, u = 0, v
        while u >= 0 and found[u] == -2:
            chain[m] = u
            m += 1
            u = data.first[u]
        for k in range(m - 1, -1, -1):
            u = chain[k]
            release = 0
            if data.first[u] >= 0:
                before = found[data.first[u]]
                if before < 0:
                    found[u] = -1
                    continue
                release = before + data.gap[u]
            found[u] = -1
            for j in range(data.lead_at[u], data.lead_at[u + 1]):
                if lead_slots(data, u, data.lead_of[j], release, slots):
                    for s in range(len(slots)):
                        if slots[s] and (found[u] < 0 or data.day[s] < found[u]):
                            found[u] = data.day[s]
    return found
