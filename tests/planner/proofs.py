"""Certificates of tiny problems: prices of every case by an exact linear programme over all columns."""

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from jiafang.planner.check_bound import check_certificate
from jiafang.planner.check_state import Book, Violation, cap, week
from jiafang.planner.format import Plan, Problem
from tests.planner.exhaustive import Exhaustive

NOBODY_CAN = 1000.0  # what a missing outing costs where a case asks for more than there can be
Cut = tuple[str, ...]


@dataclass(frozen=True)
class Team:
    """A group to be: leads, own visits, and after how many outings its cases part."""

    leads: tuple[str, ...]
    visits: tuple[str, ...]
    splits: tuple[int, ...] = ()


def judged(problem: Problem, bound: float, certificate: dict) -> tuple[float | None, list[Violation]]:
    """What the check says to a bound, no plan needed."""
    book = Book(problem, Plan((), (), (), (), (), 0.0, {}, bound, certificate))
    return check_certificate(book), book.violations


def verify(problem: Problem, bound: float, certificate: dict) -> tuple[float | None, set[str]]:
    """The same, codes only."""
    found, violations = judged(problem, bound, certificate)
    return found, {violation.code for violation in violations}


def triples(problem: Problem) -> tuple[Cut, ...]:
    """Some cuts."""
    names = [visit.id for visit in problem.visits if visit.mode == "home"]
    return tuple(tuple(names[i : i + 3]) for i in range(0, len(names) - 2, 2))


class Prover:
    """Proves bounds for groups of leads, given or one for every class teacher."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.exhaustive = problem, Exhaustive(problem, relaxed=True)
        self.book, self.columns = self.exhaustive.book, self.exhaustive.columns

    def whole(self) -> list[Team]:
        """All leads in one group that answers for everything."""
        leads = dict.fromkeys(name for visit in self.problem.visits for name in visit.leads)
        return [Team(tuple(leads), tuple(visit.id for visit in self.problem.visits))] if leads else []

    def by_first_lead(self, *splits: int) -> list[Team]:
        """One group for everyone who is some visit's first lead."""
        own = defaultdict(list)
        for visit in self.problem.visits:
            for lead in visit.leads[:1]:
                own[lead].append(visit.id)
        return [Team((lead,), tuple(visits), splits) for lead, visits in own.items()]

    def drop(self, visit: str) -> float:
        """What it costs to leave a visit out."""
        return self.problem.costs.unplaced * (1 + self.book.visits[visit].priority)

    def outside(self, teams: list[Team], wanted: dict[str, float]) -> dict[str, float]:
        """Prices at most as wanted at which no column of test 3, and none online by an outsider, pays less."""
        team_of = {lead: team for team in teams for lead in team.leads}
        prices = {name: min(price, self.drop(name)) for name, price in wanted.items()}
        for column in self.columns:
            team = team_of.get(column.lead)
            if team is None or (column.online and column.visits[0] not in team.visits):
                excess = sum(prices.get(name, 0.0) for name in column.visits) - column.cost
                for name in column.visits:
                    prices[name] = prices.get(name, 0.0) - math.ceil(max(0.0, excess) / len(column.visits))
        return prices

    def certificate(
        self, teams: list[Team], outside: dict[str, float], cuts: tuple[Cut, ...] = ()
    ) -> tuple[list[float], dict]:
        """What every group is worth, not rounded, and the certificate that says so."""
        values, groups = [], []
        for team in teams:
            lows = [0, *(split + 1 for split in team.splits)]
            highs = [*team.splits, None]
            proven = [self._case(team, outside, *ends, cuts) for ends in zip(lows, highs, strict=True)]
            values.append(min(value for value, _ in proven))
            cases = [case for _, case in proven]
            groups.append({"leads": list(team.leads), "visits": list(team.visits), "cases": cases})
        return values, {"kind": "duals/2", "outside": outside, "groups": groups}

    def _case(self, team: Team, outside: dict, low: int, high: int | None, cuts: tuple[Cut, ...]) -> tuple[float, dict]:
        # Least cost: columns less what others' visits bring, own visits left to others, and outings nobody can make.
        top = {("few",): -float(low)} | {("cut", cut): len(cut) // 2 for cut in cuts}
        if high is not None:
            top["many",] = float(high)
        programme: list[tuple[float, dict[tuple, float]]] = [(NOBODY_CAN, {("few",): -1.0})]
        for name in team.visits:
            programme.append((outside.get(name, 0.0), {("visit", name): 1.0}))
        for column in self.columns:
            own = [name for name in column.visits if name in team.visits]
            if column.lead not in team.leads or (column.online and not own):
                continue
            rows = {("visit", name): 1.0 for name in own}
            if not column.online:
                when = week(self.book.slots[column.slot].date)
                top["week", column.lead, when] = cap(self.book.teachers[column.lead])
                top["slot", column.lead, column.slot] = 1
                rows |= {("week", column.lead, when): 1.0, ("slot", column.lead, column.slot): 1.0, ("few",): -1.0}
                rows |= {("many",): 1.0} if high is not None else {}
                rows |= {("cut", cut): len(set(cut) & set(column.visits)) // 2 for cut in cuts}
            others = sum(outside.get(name, 0.0) for name in column.visits if name not in own)
            programme.append((column.cost - others, rows))
        value, price = _solved(programme, {("visit", name): 1.0 for name in team.visits}, top)
        days = {week(slot.date): date.fromisocalendar(*week(slot.date), 1) for slot in self.problem.slots}
        return value, {
            "outings": [low, high],
            "outing": price.get(("many",), 0.0) - price["few",],
            "visits": {name: min(price["visit", name], outside.get(name, 0.0)) for name in team.visits},
            "lead_weeks": {f"{key[1]}|{days[key[2]]}": price[key] for key in top if key[0] == "week"},
            "lead_slots": {f"{key[1]}|{key[2]}": price[key] for key in top if key[0] == "slot"},
            "cuts": [{"visits": list(key[1]), "dual": price[key]} for key in top if key[0] == "cut"],
        }


def _solved(columns: list[tuple[float, dict]], equal: dict, below: dict) -> tuple[float, dict[tuple, float]]:
    # Least cost and the price of every row, those of `below` never above 0.
    def matrix(rows: dict) -> csr_matrix | None:
        number = {key: r for r, key in enumerate(rows)}
        cells = [(x, number[key], c) for c, (_, row) in enumerate(columns) for key, x in row.items() if key in number]
        x, r, c = zip(*cells, strict=True) if cells else ((), (), ())
        return csr_matrix((x, (r, c)), (len(rows), len(columns))) if rows else None

    cost = [cost for cost, _ in columns]
    found = linprog(
        cost, matrix(below), list(below.values()) or None, matrix(equal), list(equal.values()) or None, method="highs"
    )
    assert found.status == 0, found.message
    price = dict(zip(equal, map(float, found.eqlin.marginals), strict=True))
    price |= {key: min(0.0, float(x)) for key, x in zip(below, found.ineqlin.marginals, strict=True)}
    return float(found.fun), price
