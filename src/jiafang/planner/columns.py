"""The columns of a school's relaxation: for each lead and kind of slot the homes, and the search for new columns."""

from dataclasses import dataclass, field

import numpy as np

from .arrays import Data, SchoolPart, slot_costs
from .compiled import kernel
from .pricing import enumerate_columns, fill_table, savings

NODES = 300_000  # steps of one family's search; beyond it the table's own, weaker bound stands in
WORD = 64


@dataclass(slots=True)
class Column:
    """An outing without companion: homes in order, its family of slots, the best of them, cost, also with prices off."""

    family: int
    slot: int
    homes: tuple[int, ...]
    cost: float
    reduced: float = 0.0


@dataclass(slots=True)
class Family:
    """Slots of one lead and one length in which homes are much alike, and the homes that can be visited in them."""

    lead: int
    slots: np.ndarray
    kinds: np.ndarray  # (g,) of the slots those that differ, which stand for the others
    homes: np.ndarray
    own: np.ndarray  # (n, g) own cost of a home in a kind of slot, inf where not allowed
    company: np.ndarray  # (n, g, w) bits of the companions who could come along; w is 0 when nobody needs to look
    limit: int


@dataclass(slots=True)
class Prices:
    """Dual prices: per visit of the school, per family and lead of a group, per outing, and cuts of three visits."""

    visit: np.ndarray
    family: dict[int, float]
    lead: dict[int, float]
    outing: float = 0.0
    cuts: list[tuple[int, int, int]] = field(default_factory=list)
    cut: np.ndarray = field(default_factory=lambda: np.zeros(0))
    cut_at: np.ndarray | None = None  # (v + 1,) start of each visit's cuts in cut_of, when there are any
    cut_of: np.ndarray | None = None

    def index(self) -> None:
        """List the cuts that have a price by visit."""
        rows: dict[int, list[int]] = {}
        for c in np.flatnonzero(self.cut < 0).tolist():
            for v in self.cuts[c]:
                rows.setdefault(v, []).append(c)
        counts = np.zeros(len(self.visit), np.int32)
        counts[list(rows)] = [len(row) for row in rows.values()]
        self.cut_at = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        self.cut_of = np.array([c for v in sorted(rows) for c in rows[v]], np.int32)


class Columns:
    """All feasible columns of a school as the certificate defines them, never listed but searched."""

    def __init__(self, part: SchoolPart) -> None:
        self.part, data = part, part.data
        self.costs = slot_costs(part.problem, part.slots, part.visits, part.slot_no, part.visit_no)
        self.online = np.full(len(part.visits), np.inf)
        self.spare = np.zeros(len(part.visits), np.int64)
        savings(data.way, data.way0, data.online, self.spare)
        self.steps, self.cut_short = 0, 0  # of all searches so far, and how many of them did not end
        self.families: list[Family] = []
        self.of_lead: dict[int, list[int]] = {}
        # What each lead adds to the cost of a home it can be placed with.
        self.lead_costs: list[dict[int, float]] = [{} for _ in part.visits]
        leads: dict[int, list[tuple[int, float]]] = {}
        for v in range(len(part.visits)):
            for k in range(data.lead_at[v], data.lead_at[v + 1]):
                leads.setdefault(int(data.lead_of[k]), []).append((v, float(data.lead_cost[k])))
        starts = np.zeros(len(part.visits), np.int64)
        first_days(data, self.costs, starts, np.zeros(len(part.visits), np.int32))
        for t in sorted(leads):
            self._of(t, leads[t], starts)
        self.placeable = np.isfinite(self.online)
        self.placeable[[v for v, found in enumerate(self.lead_costs) if found]] = True

    def _of(self, t: int, visits: list[tuple[int, float]], starts: np.ndarray) -> None:
        part, data = self.part, self.part.data
        numbers = np.array([v for v, _ in visits], np.int32)
        prices = np.array([price for _, price in visits])
        pals = sorted({int(c) for v in numbers for c in data.pal_of[data.pal_at[v] : data.pal_at[v + 1]]} - {t})
        bit = np.full(len(part.teachers), -1, np.int32)
        bit[pals] = np.arange(len(pals))
        own = np.full((len(visits), len(part.slots)), np.inf)
        company = np.zeros((*own.shape, (len(pals) + WORD - 1) // WORD if data.pairs else 0), np.uint64)
        fill_own(data, self.costs, t, numbers, prices, starts, bit, own, company)
        online = data.online[numbers]
        for v, row in zip(numbers[online], own[online], strict=True):
            fit = data.minutes[v] <= data.length
            self.online[v] = min(self.online[v], row[fit].min(initial=np.inf))
        own, company, numbers, prices = own[~online], company[~online], numbers[~online], prices[~online]
        open_ = np.isfinite(own)
        for i in np.flatnonzero(open_.any(axis=1)):
            self.lead_costs[numbers[i]][t] = float(prices[i])
        # Slots of one weekday and time are alike but for some weeks; so may different weekdays be.
        times: dict[tuple, list[int]] = {}
        for s in np.flatnonzero(open_.any(axis=0)):
            slot = part.slots[s]
            times.setdefault((slot.end - slot.start, slot.date.weekday(), slot.start), []).append(int(s))
        alike: dict[tuple[int, bytes], list[int]] = {}
        for (length, *_), slots in sorted(times.items()):
            alike.setdefault((length, own[:, slots].min(axis=1).tobytes()), []).extend(slots)
        for (length, _), slots in alike.items():
            inside = np.flatnonzero(open_[:, slots].any(axis=1))
            at = np.ix_(inside, slots)
            self.of_lead.setdefault(t, []).append(len(self.families))
            self.families.append(_family(t, np.array(slots), numbers[inside], own[at], company[at], length))

    def way_of(self, homes: list[int]) -> int:
        """Minutes of travel from school over homes in order and back."""
        data = self.part.data
        inner = int(data.way[homes[:-1], homes[1:]].sum())
        return int(data.way0[homes[0]]) + inner + int(data.way0[homes[-1]])

    def cost_of(self, f: int, homes: list[int]) -> tuple[float, int]:
        """Cost and best slot of homes in order in a family; infinite when no slot takes them all together."""
        data, family = self.part.data, self.families[f]
        at = np.searchsorted(family.homes, homes)
        if (at == len(family.homes)).any() or (family.homes[at] != homes).any():
            return np.inf, -1
        way = self.way_of(homes)
        if way + int(data.minutes[homes].sum()) > family.limit:
            return np.inf, -1
        own = family.own[at].sum(axis=0)
        if family.company.shape[2]:
            own[~np.bitwise_and.reduce(family.company[at], axis=0).any(axis=1)] = np.inf
        s = int(own.argmin())
        return float(own[s]) + data.outing + data.travel_min * way, int(family.kinds[s])

    def search(
        self, prices: Prices, families: list[int], below: float, most: int, steps: int = NODES
    ) -> tuple[list[Column], dict[int, float]]:
        """Columns with a reduced cost under `below`, up to `most` a family, and per family what none can be below.

        A column's `cost` is its own, without prices. A search cut short after `steps` finds less and a weaker floor.
        """
        data = self.part.data
        found: list[Column] = []
        least: dict[int, float] = {}
        if prices.cut_at is None:
            prices.index()
        for f in families:
            family = self.families[f]
            base = data.outing - prices.family.get(f, 0.0) - prices.lead.get(family.lead, 0.0) - prices.outing
            gains = prices.visit[family.homes][:, None] - family.own
            best = gains.max(axis=1)
            keep = np.flatnonzero(best + data.travel_min * self.spare[family.homes] > 0)
            # A home that brings nothing is only worth an outing of its own when an outing itself is.
            alone = 0.0
            if base < 0:
                alone = float((base + data.travel_min * 2 * data.way0[family.homes] - best).min())
                if alone < below:
                    keep = np.arange(len(best))
            least[f] = min(0.0, alone)
            if len(keep):
                least[f] = min(0.0, self._one(f, keep, gains[keep], base, prices, below, most, steps, found))
        return found, least

    def _one(
        self, f: int, keep: np.ndarray, gains: np.ndarray, base: float, prices: Prices, below: float, most: int,
        steps: int, found: list[Column],
    ) -> float:  # fmt: skip
        data, family = self.part.data, self.families[f]
        homes, n, g = family.homes[keep], len(keep), len(family.kinds)
        way = np.zeros((n + 1, n + 1), np.int64)
        way[0, 1:] = way[1:, 0] = data.way0[homes]
        way[1:, 1:] = data.way[homes[:, None], homes]
        first = _firsts(data, homes)
        stay = np.zeros(n + 1, np.int64)
        stay[1:] = data.minutes[homes]
        mine = np.full((n + 1, g), -np.inf)
        mine[1:] = gains
        company = np.zeros((n + 1, g, family.company.shape[2]), np.uint64)
        company[1:] = family.company[keep]
        best = np.zeros(n + 1)
        best[1:] = gains.max(axis=1)
        limit = family.limit
        least, second, step = (
            np.empty((n + 1, limit + 1)),
            np.empty((n + 1, limit + 1)),
            np.empty((n + 1, limit + 1), np.int32),
        )
        fill_table(way, stay, first, best, n, limit, data.travel_min, least, second, step)
        paths, sizes = np.zeros((most, n + 1), np.int32), np.zeros(most, np.int32)
        slots, costs = np.zeros(most, np.int32), np.zeros(most)
        count, nodes = enumerate_columns(
            homes, way, stay, first, mine, company, base, n, limit, data.travel_min, below, least, second, step,
            prices.cut_at, prices.cut_of, prices.cut, np.zeros(len(prices.cut) + 1, np.int32),
            np.zeros(n + 2, np.int32), np.zeros(n + 2, np.int64), np.zeros(n + 2, np.int32), np.zeros(n + 2),
            np.zeros((n + 2, g)), np.zeros((n + 2, g, company.shape[2]), np.uint64), np.zeros(n + 2, np.bool_),
            paths, sizes, slots, costs, steps,
        )  # fmt: skip
        self.steps += steps - nodes
        self.cut_short += nodes == 0
        for k in range(count):
            path, s = paths[k, : sizes[k]], slots[k]
            order, own = homes[path - 1].tolist(), float(family.own[keep[path - 1], s].sum())
            cost = own + data.outing + data.travel_min * self.way_of(order)
            found.append(Column(f, int(family.kinds[s]), tuple(order), cost, float(costs[k])))
        if nodes > 0:
            return float(costs[:count].min()) if count else 0.0
        rest = limit - way[0, 1:] - stay[1:]
        walks = data.travel_min * way[0, 1:] - best[1:] + least[np.arange(1, n + 1), np.maximum(rest, 0)]
        return base + float(walks[rest >= 0].min(initial=0.0))


def _family(
    lead: int, slots: np.ndarray, homes: np.ndarray, own: np.ndarray, company: np.ndarray, length: int
) -> Family:
    if company.shape[2] and all(
        _same(masks[np.isfinite(col)]) for col, masks in zip(own.T, company.swapaxes(0, 1), strict=True)
    ):
        company = company[:, :, :0]
    first = {own[:, s].tobytes() + company[:, s].tobytes(): s for s in reversed(range(len(slots)))}
    some = sorted(first.values())
    return Family(lead, slots, slots[some], homes, own[:, some], company[:, some], length)


def _same(masks: np.ndarray) -> bool:
    # Whether all homes that can be visited in a slot have the same possible companions.
    return not len(masks) or bool((masks == masks[0]).all())


def _firsts(data: Data, homes: np.ndarray) -> np.ndarray:
    # (n + 1,) by number: the home of the visit that must be days before, or 0.
    found = np.zeros(len(homes) + 1, np.int64)
    for i in np.flatnonzero((data.first[homes] >= 0) & (data.gap[homes] > 0)):
        at = np.searchsorted(homes, data.first[homes[i]])
        if at < len(homes) and homes[at] == data.first[homes[i]]:
            found[i + 1] = at + 1
    return found


@kernel
def _open(data: Data, costs: np.ndarray, v: int, lead: int, s: int, start: int) -> bool:
    # The certificate's placeable(v, s, t), company aside.
    return costs[v, s] < np.inf and data.free[lead, s] and data.day[s] >= start


@kernel
def fill_own(
    data: Data, costs: np.ndarray, lead: int, visits: np.ndarray, prices: np.ndarray, starts: np.ndarray, bit: np.ndarray,
    own: np.ndarray, company: np.ndarray,
) -> None:  # fmt: skip
    """own (n, s): what each visit costs in each slot with this lead, where placeable; company (n, s, w): with whom."""
    for i in range(len(visits)):
        v = visits[i]
        for s in range(own.shape[1]):
            if starts[v] < 0 or not _open(data, costs, v, lead, s, starts[v]):
                continue
            fits = data.online[v] or not data.pairs
            if not fits:
                for k in range(data.pal_at[v], data.pal_at[v + 1]):
                    c = data.pal_of[k]
                    if c != lead and data.free[c, s]:
                        company[i, s, bit[c] // WORD] |= np.uint64(1) << np.uint64(bit[c] % WORD)
                        fits = True
            if fits:
                own[i, s] = costs[v, s] + prices[i]


@kernel
def first_days(data: Data, costs: np.ndarray, starts: np.ndarray, chain: np.ndarray) -> None:
    """starts (v,): the ordinal day before which a visit that comes after another cannot be, 0 if any, −1 if never."""
    n = len(starts)
    for v in range(n):
        starts[v] = 0 if data.first[v] < 0 else -2
    for v in range(n):
        m, u = 0, v
        while starts[u] == -2:
            chain[m] = u
            m += 1
            u = data.first[u]
        for k in range(m - 1, -1, -1):
            u = chain[k]
            first = data.first[u]
            starts[u] = -1
            day = -1
            for j in range(data.lead_at[first], data.lead_at[first + 1]):
                lead = data.lead_of[j]
                for s in range(len(data.length)):
                    if starts[first] < 0 or (day >= 0 and data.day[s] >= day):
                        continue
                    if not _open(data, costs, first, lead, s, starts[first]):
                        continue
                    fits = data.online[first] or not data.pairs
                    for i in range(data.pal_at[first], data.pal_at[first + 1]):
                        c = data.pal_of[i]
                        fits |= c != lead and data.free[c, s]
                    if fits:
                        day = data.day[s]
            if day >= 0:
                starts[u] = day + data.gap[u]
