"""One district planned and checked in a process of its own: time and peak memory belong to it alone."""

import multiprocessing
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor

from jiafang.planner import solve
from jiafang.planner.check import check_plan
from jiafang.planner.format import load_problem
from jiafang.planner.synthetic import district

STUDENTS_A_CLASS = 13583 / 300


def measured(schools: int, classes: int, seed: int, prove: bool) -> dict:
    """Cost, bound, seconds, peak MB and what check found for one made-up district."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measure, schools, classes, seed, prove).result()


def _measure(schools: int, classes: int, seed: int, prove: bool) -> dict:
    solve(load_problem(district(1, 1, 5, 1)), iterations=1, prove=prove)
    problem = load_problem(district(schools, classes, round(classes * STUDENTS_A_CLASS), 8, seed=seed))
    begun = time.perf_counter()
    plan = solve(problem, seed=seed, jobs=os.cpu_count() or 1, prove=prove)
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = max(memory, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    begun = time.perf_counter()
    result = check_plan(problem, plan)
    return {
        "visits": len(problem.visits), "cost": plan.cost, "bound": result.bound, "bound_ok": result.bound_ok,
        "unplaced": len(plan.unplaced), "broken": len(result.violations), "seconds": seconds,
        "check": time.perf_counter() - begun, "memory": memory / 1024,
    }  # fmt: skip
