"""Leads that answer for visits together: the groups of the certificate, and what a visit is worth outside its group."""

import math
from dataclasses import dataclass

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
        self.alone = np.where([bool(self.others.get(v)) for v in range(len(alone))], np.minimum(alone, data.drop), self.least)
        # Where no more can be asked: half of an outing alone, or what an outing of others has shown.
        self.most = np.floor((self.least + self.alone) / 2)
        self.settled: set[int] = set()  # leads whose group is proven with the prices as they are
        self.shown = np.zeros(len(self.price))  # the prices of visits whose groups have been, or are being, proven

    def settle(self, group: Group) -> None:
        """The group's proof is done; what it is paid for outsiders' visits stays as it is."""
        self.settled.update(group.leads)

    def raise_prices(self, group: Group, visits: list[int]) -> bool:
        """Ask a little more for visits that their group would leave to others, if nobody earns by it.

        Returns whether any price is another now.
        """
        mine = [v for v in visits if self.price[v] < self.most[v] and self.settled.isdisjoint(self.others[v])]
        before = self.price[mine]
        self.price[mine] = np.minimum(before + group.step, self.most[mine])
        group.step *= 2
        self.shown[group.visits] = self.price[group.visits]
        families = sorted(
            {f for v in mine for t in self.others[v] for f in self.columns.of_lead[t] if v in self.columns.families[f].homes}
        )
        while families:
            found, _ = self.columns.search(Prices(self.shown, {}, {}), families, -1e-6, WITNESSES)
            if not any([self._lower(column) for column in found]):
                break
        return bool((self.price[mine] != before).any())

    def _lower(self, column: Column) -> bool:
        # Share among raised prices what an outing of an outsider would earn by them; they are not raised again.
        homes = list(column.homes)
        more = math.ceil(self.shown[homes].sum() - column.cost - 1e-9)
        raised = [v for v in homes if self.shown[v] > self.least[v]]
        for v in raised if more > 0 else ():
            self.price[v] = self.most[v] = max(self.least[v], self.price[v] - math.ceil(more / len(raised)))
            self.shown[v] = self.price[v]
        return more > 0 and bool(raised)
