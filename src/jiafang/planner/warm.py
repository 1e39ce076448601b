"""Compiles the planner's inner loops ahead of time by planning a handful of visits, so that no user waits for it."""

from .explain import explain
from .format import load_problem
from .options import Options
from .solve import solve
from .synthetic import Shares, district


def warm() -> None:
    """Plan, prove, explain and query a tiny district; numba keeps what it compiled in its cache."""
    shares = Shares(second=0.4, online=0.2, fixed=0.5)
    problem = load_problem(district(1, 1, 12, 3, 1, shares=shares))
    plan = solve(problem, iterations=200, prove=True)
    solve(problem, keep=plan, iterations=50)
    options = Options(problem, plan)
    for visit in problem.visits[:3]:
        explain(problem, plan, visit.id)
        options.of(visit.id)
