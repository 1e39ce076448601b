"""The columns of a school's relaxation: for each lead and kind of slot the homes, and the search for new columns."""

from dataclasses import dataclass, field

import numpy as np

from .arrays import SchoolPart, slot_costs
from .possible import lead_slots, releases
from .pricing import enumerate_columns, fill_table, savings

NODES = 1_000_000  # steps of one family's search; beyond it the table's own, weaker bound stands in


@dataclass(slots=True)
class Column:
    """An outing without companion: homes in order, lead, slot and the family of slots it stands for, cost."""

    family: int
    slot: int
    homes: tuple[int, ...]
    cost: float


@dataclass(slots=True)
class Family:
    """Slots of one lead on one weekday with one span, and the homes that can be visited in them."""

    lead: int
    slots: np.ndarray
    homes: np.ndarray
    way: np.ndarray  # (n + 1, n + 1) minutes, the school at 0
    stay: np.ndarray  # (n + 1,)
    own: np.ndarray  # (n + 1, g) own cost of a home in a slot, inf where not allowed
    spare: np.ndarray  # (n,) minutes going through a home can save
    limit: int


@dataclass(slots=True)
class Prices:
    """Dual prices: per visit, per family of slots, per lead, and cuts of three visits."""

    visit: np.ndarray
    family: np.ndarray
    lead: np.ndarray
    cuts: list[tuple[int, int, int]] = field(default_factory=list)
    cut: np.ndarray = field(default_factory=lambda: np.zeros(0))


class Columns:
    """All feasible columns of a school, never listed but searched."""

    def __init__(self, part: SchoolPart) -> None:
        self.part, data = part, part.data
        problem = part.problem
        self.costs = slot_costs(problem, part.slots, part.visits, part.slot_no, part.visit_no)
        self.release = releases(data)
        leads: dict[int, list[tuple[int, float]]] = {}
        self.online = np.full(len(part.visits), np.inf)
        for v in range(len(part.visits)):
            for k in range(data.lead_at[v], data.lead_at[v + 1]):
                leads.setdefault(int(data.lead_of[k]), []).append((v, float(data.lead_cost[k])))
        self.families: list[Family] = []
        for t in sorted(leads):
            self._families(t, leads[t])
        self.placeable = np.isfinite(self.online)
        for family in self.families:
            self.placeable[family.homes] = True

    def _families(self, t: int, visits: list[tuple[int, float]]) -> None:
        data, part = self.part.data, self.part
        rows, homes, mask = [], [], np.zeros(len(part.slots), bool)
        for v, price in visits:
            if self.release[v] < 0:
                continue
            first = int(data.first[v])
            start = 0 if first < 0 else int(self.release[first]) + int(data.gap[v])
            if not lead_slots(data, v, t, start, mask):
                continue
            own = np.where(mask, self.costs[v] + price, np.inf)
            if data.online[v]:
                self.online[v] = min(self.online[v], own.min())
            else:
                homes.append(v)
                rows.append(own)
        if not homes:
            return
        table, all_homes = np.array(rows), np.array(homes)
        kinds: dict[tuple, list[int]] = {}
        for s in np.flatnonzero(np.isfinite(table).any(axis=0)):
            slot = part.slots[s]
            kinds.setdefault((slot.end - slot.start, slot.date.weekday(), slot.start), []).append(int(s))
        for key, slots in sorted(kinds.items()):
            inside = np.isfinite(table[:, slots]).any(axis=1)
            mine = all_homes[inside]
            n = len(mine)
            way = np.zeros((n + 1, n + 1), np.int64)
            way[0, 1:] = way[1:, 0] = data.way0[mine]
            way[1:, 1:] = data.way[np.ix_(mine, mine)]
            own = np.full((n + 1, len(slots)), np.inf)
            own[1:] = table[np.ix_(inside, slots)]
            spare = np.zeros(n, np.int64)
            savings(way, spare)
            stay = np.concatenate([[0], data.minutes[mine]]).astype(np.int64)
            self.families.append(Family(t, np.array(slots), mine, way, stay, own, spare, int(key[0])))

    def cost_of(self, family: Family, homes: list[int]) -> tuple[float, int]:
        """Cost and best slot of homes (numbers within the family, in order); infinite when no slot takes them all."""
        data = self.part.data
        way = sum(int(family.way[a, b]) for a, b in zip([0, *homes], [*homes, 0], strict=True))
        if way + int(family.stay[homes].sum()) > family.limit:
            return np.inf, -1
        own = family.own[homes].sum(axis=0)
        s = int(own.argmin())
        return float(own[s]) + data.outing + data.travel_min * way, s

    def search(
        self, prices: Prices, below: float, most: int, families: list[int] | None = None
    ) -> tuple[list[Column], np.ndarray]:
        """Columns with a reduced cost under `below`, up to `most` a family, and per family what none can be below."""
        data = self.part.data
        found: list[Column] = []
        least = np.zeros(len(self.families))
        for f in range(len(self.families)) if families is None else families:
            family = self.families[f]
            base = data.outing - prices.family[f] - prices.lead[family.lead]
            gains = prices.visit[family.homes][:, None] - family.own[1:]
            best = gains.max(axis=1)
            keep = np.flatnonzero(best + data.travel_min * family.spare > 0)
            alone = base + data.travel_min * 2 * family.way[0, 1:] - best
            if not len(keep):
                # A home that pays nothing can still be cheap alone only when an outing itself is free.
                least[f] = min(0.0, float(alone.min()))
                continue
            least[f] = min(0.0, self._one(family, f, keep, gains, base, prices, below, most, found))
        return found, least

    def _one(
        self, family: Family, f: int, keep: np.ndarray, gains: np.ndarray, base: float, prices: Prices, below: float,
        most: int, found: list[Column],
    ) -> float:  # fmt: skip
        data, n, g = self.part.data, len(keep), len(family.slots)
        at = np.concatenate([[0], keep + 1])
        way = np.ascontiguousarray(family.way[np.ix_(at, at)])
        stay = family.stay[at]
        mine = np.full((n + 1, g), -np.inf)
        mine[1:] = gains[keep]
        best = np.concatenate([[0.0], mine[1:].max(axis=1)])
        limit = family.limit
        least, second = np.full((limit + 1, n + 1), np.inf), np.full((limit + 1, n + 1), np.inf)
        step = np.full((limit + 1, n + 1), -1, np.int32)
        fill_table(way, stay, best, n, limit, data.travel_min, least, second, step)
        cut_at, cut_of = _cuts_by_home(prices, family.homes[keep])
        homes, sizes = np.zeros((most, n + 1), np.int32), np.zeros(most, np.int32)
        costs, slots = np.zeros(most), np.zeros(most, np.int32)
        count, nodes = enumerate_columns(
            way, stay, mine, np.full(g, base), n, limit, data.travel_min, below, least, second, step,
            cut_at, cut_of, prices.cut, np.zeros(len(prices.cut) + 1, np.int32),
            np.zeros(n + 2, np.int32), np.zeros(n + 2, np.int64), np.zeros(n + 2, np.int32), np.zeros(n + 2),
            np.zeros((n + 2, g)), np.zeros(n + 2, np.bool_), homes, sizes, costs, slots, NODES,
        )  # fmt: skip
        for k in range(count):
            path = at[homes[k, : sizes[k]]]
            cost, s = self.cost_of(family, list(path))
            found.append(Column(f, int(family.slots[s]), tuple(int(family.homes[i - 1]) for i in path), cost))
        if nodes > 0:
            return float(costs[:count].min()) if count else 0.0
        firsts = [j for j in range(1, n + 1) if way[0, j] + stay[j] <= limit]
        walks = [data.travel_min * way[0, j] - best[j] + least[limit - way[0, j] - stay[j], j] for j in firsts]
        return base + min(walks, default=0.0)


def _cuts_by_home(prices: Prices, homes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    number = {int(v): i + 1 for i, v in enumerate(homes)}
    rows: list[list[int]] = [[] for _ in range(len(homes) + 2)]
    for c, cut in enumerate(prices.cuts):
        mine = [number[v] for v in cut if v in number]
        if len(mine) >= 2 and prices.cut[c] < 0:
            for i in mine:
                rows[i].append(c)
    at = np.zeros(len(rows) + 1, np.int32)
    np.cumsum([len(row) for row in rows], out=at[1:])
    return at, np.array([c for row in rows for c in row] or [0], np.int32)
