"""Verifies the proof of a lower bound: its prices are read, added up, and held against every column."""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import numpy as np

from .check_columns import Columns, Ground
from .check_duals import Case, Duals
from .check_pricing import TOLERANCE, cheapest_outing
from .check_state import Book
from .model import Slot
from .reading import InputError

SUM_TOLERANCE = 1e-4


def check_certificate(book: Book) -> float | None:
    """Verify the certificate of the plan's bound; returns what it proves, or None and notes what is wrong."""
    try:
        duals = Duals(book, book.plan.certificate)
    except InputError as wrong:
        book.note("certificate", wrong.where, wrong.message)
        return None
    total = duals.total()
    before = len(book.violations)
    if book.plan.bound > total + SUM_TOLERANCE:
        book.note("bound_sum", "bound", f"states {book.plan.bound}, the prices add up to {total}")
    grounds = [
        Ground(columns, book.teachers[name], visits)
        for columns in (Columns(book, school) for school in book.problem.schools)
        for name, visits in columns.leads().items()
    ]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for found in pool.map(lambda ground: _pays_less(duals, ground), grounds):
            if found is not None:
                book.note("column_pays_less", *found)
    return total if len(book.violations) == before else None


def _pays_less(duals: Duals, ground: Ground) -> tuple[str, str] | None:
    # A column of the lead that costs less than its prices, and where those stand in the certificate.
    group = duals.of_lead(ground.lead.id)
    for case in group.cases:
        prices = np.array([duals.price(group, case, visit.id) for visit in ground.visits])
        if _hopeful(prices, case, ground):
            text = _online(prices, ground) or _outing(prices, case, ground)
            if text:
                return case.where, text
    return None


def _hopeful(prices: np.ndarray, case: Case, ground: Ground) -> bool:
    # Whether any column could pay less, slots and ways not looked at; most leads in no group end here.
    gains = np.maximum(prices - ground.lead_costs, 0.0)
    least = ground.columns.book.problem.costs.outing - case.outing - gains[ground.home].sum()
    return least < -TOLERANCE or (gains[~ground.home] > TOLERANCE).any()


def _online(prices: np.ndarray, ground: Ground) -> str:
    value = ground.visit_costs - prices
    fits = ground.stay <= ground.columns.length[:, None]
    for s, v in np.argwhere(ground.places & ~ground.home & fits & (value < -TOLERANCE)):
        slot, visit = ground.columns.slots[s], ground.visits[v]
        return f'visit "{visit.id}" online by "{ground.lead.id}" in "{slot.id}": {value[s, v]:.6f}'
    return ""


def _outing(prices: np.ndarray, case: Case, ground: Ground) -> str:
    columns, (slots, homes) = ground.columns, ground.chances
    gain = prices - ground.visit_costs
    base = np.array([_base(case, ground, slot) for slot in columns.slots])
    reach = base[slots] - (np.maximum(gain, 0.0)[slots] * homes).sum(axis=1)
    rows = np.flatnonzero(reach < -TOLERANCE)
    if not len(rows):
        return ""
    slots = slots[rows]
    value, row, order = cheapest_outing(
        ground.way, ground.through, ground.stay, ground.before, gain[slots], homes[rows], columns.length[slots],
        base[slots], float(columns.book.problem.costs.travel_min), *_cuts(case, ground),
    )  # fmt: skip
    if row < 0:
        return ""
    names = ", ".join(ground.visits[v].id for v in order)
    return f'outing of "{ground.lead.id}" in "{columns.slots[slots[row]].id}" to {names}: {value:.6f}'


def _base(case: Case, ground: Ground, slot: Slot) -> float:
    # What an outing costs before it goes anywhere, all prices but its visits' and cuts' taken off.
    lead, monday = ground.lead.id, slot.date - timedelta(days=slot.date.weekday())
    prices = case.outing, case.weeks.get((lead, monday), 0.0), case.slots.get((lead, slot.id), 0.0)
    return math.fsum([ground.columns.book.problem.costs.outing, *(-price for price in prices)])


def _cuts(case: Case, ground: Ground) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # The cuts two or more of the lead's visits are in, listed by visit.
    number = {visit.id: v for v, visit in enumerate(ground.visits)}
    by_visit: list[list[int]] = [[] for _ in number]
    kept = []
    for names, price in case.cuts:
        mine = [number[name] for name in names if name in number]
        if len(mine) >= 2 and price < 0:
            for v in mine:
                by_visit[v].append(len(kept))
            kept.append(price)
    start = np.cumsum([0, *(len(found) for found in by_visit)]).astype(np.int64)
    flat = np.array([cut for found in by_visit for cut in found], np.int64)
    return start, flat, np.array(kept, np.float64)
