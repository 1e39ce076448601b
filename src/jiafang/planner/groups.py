"""Leads that answer for visits together: the groups of the certificate, and what a visit is worth outside its group."""

import math
from dataclasses import dataclass

import numpy as np

from .columns import Columns

STEP = 4  # by how much a price is raised at a time


@dataclass(slots=True)
class Group:
    """Leads, the home visits they answer for, and their families of slots, by number."""

    leads: list[int]
    visits: list[int]
    families: list[int]


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
        self.alone = np.where([bool(self.others.get(v)) for v in range(len(alone))], np.minimum(alone, data.drop), self.least)
        self.settled: set[int] = set()  # leads whose group is proven with the prices as they are

    def raise_price(self, v: int) -> bool:
        """Ask a little more, up to half an outing, for a visit its group would leave to others; False when that cannot be."""
        more = min(self.price[v] + STEP, math.floor((self.least[v] + self.alone[v]) / 2))
        if self.price[v] >= more or not self.settled.isdisjoint(self.others[v]):
            return False
        self.price[v] = more
        return True

    def lower(self, homes: tuple[int, ...], cost: float) -> list[int]:
        """Lower raised prices until an outing at this cost earns nothing by these homes; returns those that changed."""
        changed = []
        for v in homes:
            more = math.ceil(sum(self.price[list(homes)]) - cost - 1e-9)
            if more > 0 and self.price[v] > self.least[v]:
                self.price[v] = max(self.least[v], self.price[v] - more)
                changed.append(v)
        return changed
