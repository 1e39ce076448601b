"""Leads that answer for visits together: the groups of the certificate, and what a visit is worth outside its group."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from .columns import Column, Columns, Prices

STEP, WITNESSES = 4, 20  # by how much a price is raised at first; outings of a family looked at when it is


@dataclass(slots=True)
class Group:
    """Leads, the home visits they answer for, and their families of slots, by number."""

    leads: list[int]
    visits: list[int]
    families: list[int]
    step: int = STEP  # by how much the prices of its visits outside are raised next


@dataclass(slots=True)
class Case:
    """A range of numbers of outings, the best prices found for it and what they prove."""

    low: int
    high: int | None
    value: float = -math.inf
    prices: Prices | None = None
    least: dict[int, float] = field(default_factory=dict)
    outings: float = 0.0  # in the last fractional solution
    solved: bool = False  # whether that is the optimum of the programme as it stands


def groups_of(columns: Columns) -> list[Group]:
    """A visit belongs to its cheapest leads; leads who share such a visit are one group.

    Most often that is one class teacher with a class, and the subject teachers for those the class teachers cannot see.
    """
    head: dict[int, int] = {}

    def find(t: int) -> int:
        while head[t] != t:
            head[t] = head[head[t]]
            t = head[t]
        return t

    owner: list[int] = []
    for prices in columns.lead_costs:
        low = min(prices.values(), default=math.inf)
        cheapest = [t for t, price in prices.items() if price <= low + 1e-9]
        for t in cheapest:
            head.setdefault(t, t)
            head[find(t)] = find(cheapest[0])
        owner.append(cheapest[0] if cheapest else -1)
    found: dict[int, Group] = {}
    for t in sorted(head):
        group = found.setdefault(find(t), Group([], [], []))
        group.leads.append(t)
        group.families += columns.of_lead[t]
    for v, t in enumerate(owner):
        if t >= 0:
            found[find(t)].visits.append(v)
    return list(found.values())


class Outside:
    """What each visit is worth to a lead outside its group: (v,) whole prices θ, and how far they may be raised.

    At first it is no more than such a lead costs more, so that none earns by it. A visit nobody else can lead, or nobody
    at all, is worth what it costs to leave it out.
    """

    def __init__(self, columns: Columns, groups: list[Group]) -> None:
        data = columns.part.data
        self.columns = columns
        self.price = np.floor(np.minimum(columns.online, data.drop))
        self.others: dict[int, list[int]] = {}
        for group in groups:
            inside = set(group.leads)
            for v in group.visits:
                others = {t: price for t, price in columns.lead_costs[v].items() if t not in inside}
                self.price[v] = math.floor(min(data.drop[v], min(others.values(), default=math.inf)))
                self.others[v] = list(others)
        self.least = self.price.copy()
        # An outing for this home alone, which is what another lead would most often have to make.
        alone = self.least + data.outing + data.travel_min * 2 * data.way0
        self.alone = np.where(
            [bool(self.others.get(v)) for v in range(len(alone))], np.minimum(alone, data.drop), self.least
        )
        # Where no more can be asked: half of an outing alone, or what an outing of others has shown.
        self.most = np.floor((self.least + self.alone) / 2)
        self.settled: dict[int, tuple[set[int], list[Case]]] = {}  # by lead: visits and cases of proven groups

    def settle(self, group: Group, cases: list[Case]) -> None:
        """The group is proven: from now on nobody may be asked to pay its leads more than these prices allow."""
        own = set(group.visits)
        self.settled.update(dict.fromkeys(group.leads, (own, cases)))

    def raise_prices(self, group: Group, visits: list[int]) -> bool:
        """Ask a little more for visits that their group would leave to others, if nobody earns by it.

        Returns whether any price is another now.
        """
        mine = [v for v in visits if self.price[v] < self.most[v]]
        before = self.price[mine]
        self.price[mine] = np.minimum(before + group.step, self.most[mine])
        group.step *= 2
        of_lead, families = self.columns.of_lead, self.columns.families
        asked = {f for v in mine for t in self.others[v] for f in of_lead[t] if v in families[f].homes}
        while asked:
            # Lower prices cannot make another family earn.
            asked = {f for f in sorted(asked) for column in self._earning(f) if self._lower(column)}
        return bool((self.price[mine] != before).any())

    def _earning(self, f: int) -> list[Column]:
        # Outings of a family that the prices as they stand would pay more than they cost.
        own, cases = self.settled.get(self.columns.families[f].lead, ((), ()))
        if not cases:
            return self.columns.search(Prices(self.price, {}, {}), [f], -1e-6, WITNESSES)[0]
        found = []
        for case in cases:
            visit, inside = self.price.copy(), list(own)
            visit[inside] = case.prices.visit[inside]
            family = {f: case.prices.family.get(f, 0.0) + case.least[f]}
            prices = replace(case.prices, visit=visit, family=family)
            found += self.columns.search(prices, [f], -1e-6, WITNESSES)[0]
        return found

    def _lower(self, column: Column) -> bool:
        # Share among raised prices what an outing of an outsider would earn by them; they are not raised again.
        own, _ = self.settled.get(self.columns.families[column.family].lead, ((), ()))
        raised = [v for v in column.homes if self.price[v] > self.least[v] and v not in own]
        for v in raised:
            share = max(1, math.ceil(-column.reduced / len(raised) - 1e-9))
            self.price[v] = self.most[v] = max(self.least[v], self.price[v] - share)
        return bool(raised)
