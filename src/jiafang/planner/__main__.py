"""The planner's command line: solve, check, explain and warm; files in and out, nothing else."""

import argparse
import json
import sys
from pathlib import Path

from . import InputError, check_plan, dump_plan, load_plan, load_problem, solve


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit status (2 for a file that cannot be read, 1 for a broken plan)."""
    args = _parser().parse_args(argv)
    try:
        return args.run(args)
    except InputError as wrong:
        print(f"{wrong}\n{wrong.text}", file=sys.stderr)
        return 2
    except OSError as wrong:
        print(wrong, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jiafang.planner", description=__doc__)
    commands = parser.add_subparsers(required=True)
    make = commands.add_parser("solve", help="make a plan")
    make.add_argument("problem", type=Path)
    make.add_argument("-o", "--output", type=Path, help="the plan's file; standard output when left out")
    make.add_argument("--prove", action="store_true", help="also prove a lower bound and close in on it")
    limit = make.add_mutually_exclusive_group()
    limit.add_argument("--seconds", type=float)
    limit.add_argument("--iterations", type=int)
    make.add_argument("--seed", type=int, default=0)
    make.add_argument("--jobs", type=int, default=1, help="processes at work at the same time")
    make.add_argument("--keep", type=Path, help="an old plan to change as little as possible")
    make.add_argument("--quiet", action="store_true", help="no progress on standard error")
    make.set_defaults(run=_solve)
    look = commands.add_parser("check", help="check every rule, the cost and the bound")
    look.add_argument("problem", type=Path)
    look.add_argument("plan", type=Path)
    look.add_argument("--keep", type=Path)
    look.set_defaults(run=_check)
    why = commands.add_parser("explain", help="why a visit is where it is, or why it is nowhere")
    why.add_argument("problem", type=Path)
    why.add_argument("plan", type=Path)
    why.add_argument("visit")
    why.set_defaults(run=_explain)
    warm = commands.add_parser("warm", help="compile once, so that no user waits for it")
    warm.set_defaults(run=_warm)
    return parser


def _tell(done: int, total: int, cost: float, gap: float | None) -> None:
    proof = "" if gap is None else f", gap {gap:.2%}"
    print(f"\r{done}/{total}: cost {cost:.1f}{proof}   ", end="", file=sys.stderr, flush=True)


def _solve(args: argparse.Namespace) -> int:
    keep = load_plan(args.keep) if args.keep else None
    plan = solve(
        load_problem(args.problem), keep=keep, seconds=args.seconds, iterations=args.iterations, seed=args.seed,
        jobs=args.jobs, prove=args.prove, progress=None if args.quiet else _tell,
    )  # fmt: skip
    if not args.quiet:
        print(file=sys.stderr)
    text = json.dumps(dump_plan(plan), ensure_ascii=False, indent=1)
    if args.output:
        args.output.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return 0


def _check(args: argparse.Namespace) -> int:
    keep = load_plan(args.keep) if args.keep else None
    result = check_plan(load_problem(args.problem), load_plan(args.plan), keep)
    for violation in result.violations:
        print(violation)
    if result.cost is not None:
        print(f"cost {result.cost:.3f}")
    if result.bound is not None:
        print(f"bound {result.bound:.3f}, gap {(result.cost - result.bound) / max(result.cost, 1e-9):.3%}")
    return 0 if result.ok else 1


def _explain(args: argparse.Namespace) -> int:
    from .explain import explain

    found = explain(load_problem(args.problem), load_plan(args.plan), args.visit)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


def _warm(_args: argparse.Namespace) -> int:
    from .warm import warm

    warm()
    return 0


if __name__ == "__main__":
    sys.exit(main())
