"""Checks a plan: every rule, its cost and its bound; shares nothing with the solver but the files."""

import math
from dataclasses import dataclass

from .check_bound import check_certificate
from .check_cost import cost_parts, places_of
from .check_rules import Rules
from .check_state import Book, Violation
from .model import Plan, Problem


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the check found: `ok` when no rule is broken and every stated figure holds.

    `cost` and `parts` are reckoned anew (None when the plan names what the problem does not have); `bound_ok`
    is None when the plan states no bound; `bound` is what the certificate proves.
    """

    ok: bool
    violations: list[Violation]
    cost: float | None
    parts: dict[str, float] | None
    bound_ok: bool | None
    bound: float | None


def check_plan(problem: Problem, plan: Plan, keep: Plan | None = None) -> CheckResult:
    """Check `plan` (made with `keep` as the old plan, if it was) and return all that is broken."""
    book = Book(problem, plan)
    cost = parts = bound = None
    bound_ok: bool | None = None if plan.bound is None else False
    if book.names_known():
        Rules(book).check()
        _moved(book, keep)
        parts = cost_parts(problem, plan, keep)
        cost = math.fsum(parts.values())
        _stated(book, cost, parts)
        if plan.bound is not None:
            before = len(book.violations)
            bound = check_certificate(book)
            if not _near(plan.bound, cost) and plan.bound > cost:
                book.note("bound_above_cost", "bound", f"{plan.bound} is above the cost {cost}")
            bound_ok = len(book.violations) == before
    return CheckResult(not book.violations, book.violations, cost, parts, bound_ok, bound)


def _near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)


def _stated(book: Book, cost: float, parts: dict[str, float]) -> None:
    plan = book.plan
    if not _near(plan.cost, cost):
        book.note("cost", "cost", f"states {plan.cost}, is {cost}")
    for name, value in parts.items():
        if name not in plan.parts:
            book.note("part", f"parts.{name}", "missing")
        elif not _near(plan.parts[name], value):
            book.note("part", f"parts.{name}", f"states {plan.parts[name]}, is {value}")
    for name in plan.parts:
        if name not in parts:
            book.note("part", f"parts.{name}", "no such part")


def _moved(book: Book, keep: Plan | None) -> None:
    now, before = places_of(book.plan), places_of(keep) if keep else {}
    true = {
        (name, before[name][0], slot)
        for name, (slot, *_) in now.items()
        if name in before and before[name][0] != slot
    }
    stated = [(move.visit, move.from_slot, move.to_slot) for move in book.plan.moved]
    for i, move in enumerate(stated):
        if move not in true or move in stated[:i]:
            book.note("moved", f"moved[{i}]", f'"{move[0]}" did not move so, or stands twice')
    for name, old, slot in sorted(true - set(stated)):
        book.note("moved", "moved", f'"{name}" moved from "{old}" to "{slot}" and is not listed')
