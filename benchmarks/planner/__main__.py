"""Prints the planner's three tables: against peers, against the proven bound, and growth. See README.md."""

import argparse
import os
import platform
import statistics
import time

from jiafang.planner import solve
from jiafang.planner.check import check_plan
from jiafang.planner.synthetic import district

from .classes import class_tasks, judge
from .measure import STUDENTS_A_CLASS, measured
from .peers import PEERS, missing


def main() -> None:
    """Read the arguments and print the tables asked for."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.planner", description=__doc__)
    size = reader.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="a few minutes: 6 classes, 3 schools, up to 150 classes")
    size.add_argument("--full", action="store_true", help="all: 30 classes, 20 schools, up to 3,000 classes")
    reader.add_argument("--only", choices=("peers", "gap", "growth"), help="one table")
    reader.add_argument("--seed", type=int, default=1, help="which made-up district")
    asked = reader.parse_args()
    print(f"# Planner, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    for name, table in (("peers", peer_table), ("gap", gap_table), ("growth", growth_table)):
        if asked.only in (None, name):
            table(asked.full, asked.seed)


def row(*cells: object) -> None:
    """One line of a table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def percent(part: float, whole: float) -> str:
    """How far above the whole, in per cent."""
    return f"{100 * (part / whole - 1):+.2f} %" if whole else "–"


def peer_table(full: bool, seed: int) -> None:
    """Every programme on the same classes, judged by the same judge, against a bound that check confirms."""
    tasks = class_tasks(district(2, 30, round(30 * STUDENTS_A_CLASS), 8, seed=seed))[: 30 if full else 6]
    print(f"## {len(tasks)} classes, {sum(len(task.stay) for task in tasks)} home visits, one class at a time\n")
    row("programme", "cost", "to the bound", "homes left out", "classes over the weekly cap", "s a class")
    row("---", "---:", "---:", "---:", "---:", "---:")
    solve(tasks[0].problem, iterations=1, prove=True)  # compiled code is loaded before the clock runs
    plans, spent, proving = [], 0.0, 0.0
    for task in tasks:
        begun = time.perf_counter()
        plans.append(solve(task.problem, seed=seed))
        spent += time.perf_counter() - begun
    bounds = []
    for task in tasks:
        begun = time.perf_counter()
        proof = solve(task.problem, seed=seed, prove=True)
        proving += time.perf_counter() - begun
        result = check_plan(task.problem, proof)
        if not result.ok:
            raise SystemExit(f"a proven plan is not clean: {result.violations[0]}")
        bounds.append(result.bound)
    bound = sum(bounds)
    for name, module, plan, seconds in PEERS:
        if missing(module):
            print(f"| {name} | not installed: `pip install {'pyvroom' if module == 'vroom' else module}` | | | | |")
            continue
        begun = time.perf_counter()
        found = [judge(task, plan(task, seconds[full])) for task in tasks]
        mean = (time.perf_counter() - begun) / len(tasks)
        wrong = sum(one.wrong for one in found)
        row(
            name + (f" ({wrong} slots or homes wrong)" if wrong else ""), f"{sum(one.cost for one in found):.0f}",
            percent(sum(one.cost for one in found), bound), sum(one.left for one in found),
            sum(one.weeks_over > 0 for one in found), f"{mean:.2f}",
        )  # fmt: skip
    clean = all(check_plan(task.problem, plan).ok for task, plan in zip(tasks, plans, strict=True))
    row(
        "**jiafang.planner**" + ("" if clean else " (rules broken!)"), f"{sum(plan.cost for plan in plans):.0f}",
        percent(sum(plan.cost for plan in plans), bound), sum(len(plan.unplaced) for plan in plans), 0,
        f"{spent / len(tasks):.2f}",
    )  # fmt: skip
    row("proven bound (check confirms it)", f"{bound:.0f}", "", "", "", f"{proving / len(tasks):.2f}")
    gaps = [plan.cost / low - 1 for plan, low in zip(plans, bounds, strict=True) if low]
    print(f"\nOurs by class: median {statistics.median(gaps):.2%}, worst {max(gaps):.2%}.\n")


def gap_table(full: bool, seed: int) -> None:
    """Whole districts against the bound of the same run."""
    print("## The whole district against its proven bound\n")
    row("schools", "classes", "visits", "cost", "bound", "gap", "unplaced", "rules broken", "plan s", "plan + proof s",
        "check s", "peak MB")  # fmt: skip
    row("---:", *["---:"] * 11)
    for schools in (1, 20) if full else (1, 3):
        plain = measured(schools, 15 * schools, seed, False)
        proven = measured(schools, 15 * schools, seed, True)
        gap = percent(proven["cost"], proven["bound"]) if proven["bound_ok"] else "not confirmed"
        row(
            schools, 15 * schools, proven["visits"], f"{proven['cost']:.0f}", f"{proven['bound'] or 0:.0f}", gap,
            proven["unplaced"], plain["broken"] + proven["broken"], f"{plain['seconds']:.1f}",
            f"{proven['seconds']:.1f}", f"{proven['check']:.1f}", f"{proven['memory']:.0f}",
        )  # fmt: skip
    print()


def growth_table(full: bool, seed: int) -> None:
    """Time and memory as districts grow."""
    print("## Growth, plan only\n")
    row("classes", "visits", "plan s", "ms a visit", "cost a visit", "unplaced", "rules broken", "peak MB")
    row(*["---:"] * 8)
    for classes in (30, 300, 3000) if full else (30, 150):
        found = measured(max(1, classes // 15), classes, seed, False)
        row(
            classes, found["visits"], f"{found['seconds']:.1f}", f"{1000 * found['seconds'] / found['visits']:.2f}",
            f"{found['cost'] / found['visits']:.2f}", found["unplaced"], found["broken"], f"{found['memory']:.0f}",
        )  # fmt: skip
    print()


if __name__ == "__main__":
    main()
