"""The planner's command line: solve, check, explain and warm; files in and out, nothing else."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
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
        print(f"{wrong.filename}: cannot be written ({wrong.strerror})\n无法写入文件", file=sys.stderr)
        return 2


def _from(least: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        number = int(text)
        if number < least:
            raise argparse.ArgumentTypeError(f"must be at least {least}")
        return number

    return whole


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError("must be a number of seconds")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m jiafang.planner", description=__doc__)
    commands = parser.add_subparsers(required=True)
    make = commands.add_parser("solve", help="make a plan")
    make.add_argument("problem", type=Path)
    make.add_argument("-o", "--output", type=Path, help="the plan's file; standard output when left out")
    make.add_argument("--prove", action="store_true", help="also prove a lower bound and close in on it")
    limit = make.add_mutually_exclusive_group()
    limit.add_argument("--seconds", type=_seconds)
    limit.add_argument("--iterations", type=_from(0))
    make.add_argument("--seed", type=_from(0), default=0)
    make.add_argument("--jobs", type=_from(1), default=1, help="processes at work at the same time")
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
    why.add_argument("--language", choices=["zh", "en"], help="print sentences only, in this language, instead of JSON")
    why.set_defaults(run=_explain)
    warm = commands.add_parser("warm", help="compile once, so that no user waits for it")
    warm.set_defaults(run=_warm)
    return parser


def _tell(done: int, total: int, cost: float, gap: float | None) -> None:
    proof = "" if gap is None else f", gap {gap:.2%}"
    print(f"\r{done}/{total}: cost {cost:.1f}{proof}   ", end="", file=sys.stderr, flush=True)


def _solve(args: argparse.Namespace) -> int:
    problem, keep = load_problem(args.problem), load_plan(args.keep) if args.keep else None
    if args.output:
        args.output.open("a").close()  # better refused now than after the search
    plan = solve(
        problem, keep=keep, seconds=args.seconds, iterations=args.iterations, seed=args.seed,
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

    problem, plan = load_problem(args.problem), load_plan(args.plan)
    if all(visit.id != args.visit for visit in problem.visits):
        raise InputError("unknown", "", f'no visit "{args.visit}"', f"没有编号为“{args.visit}”的家访")
    found = explain(problem, plan, args.visit)
    if args.language:
        print("\n".join(_sentences(found, args.language)))
    else:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


_HEADS = {
    "why_slot": ("为什么是这个时段", "Why this slot"), "why_team": ("为什么是这两位", "Why these two"),
    "next_best": ("其次", "Next best"), "reasons": ("为什么没排上", "Why it has no place"), "helps": ("什么办法有用", "What would help"),
}  # fmt: skip


def _sentences(found: dict, language: str) -> Iterator[str]:
    key, place = ("text", 0) if language == "zh" else ("english", 1)
    for name, head in _HEADS.items():
        items = found.get(name)
        if not items:
            continue
        if name == "next_best":
            team = " + ".join(filter(None, (items["lead"], items["companion"])))
            yield f"{head[place]}: {items['slot']}, {team}"
            items = items["falls_on"]
        else:
            yield head[place]
        for item in items:
            yield f"  - {item[key]}"


def _warm(_args: argparse.Namespace) -> int:
    from .warm import warm

    warm()
    return 0


if __name__ == "__main__":
    sys.exit(main())
