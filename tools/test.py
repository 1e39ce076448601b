"""Runs every check: linters, then all tests on SQLite, then those that use a database again on PostgreSQL.

Arguments go to pytest (`make test ARGS="-k roster"`). Every part runs even when an earlier one failed; the
exit status is 0 only when all passed. The last lines are pytest's, unless some part has failed.
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from test_services import chromium, fonts_conf, postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
# The rest touches no database (or, in browser tests, touches it through code that other tests cover).
ON_POSTGRES = ["-m", "not browser and not planner and not pure and not sqlite", "--ignore=tests/planner", "--ignore=tests/lib"]
NO_TESTS = 5


def run(title: str, *command: str | Path, env: dict[str, str], good: tuple[int, ...] = (0,)) -> bool:
    """Run one part; True when it passed."""
    print(f"── {title}", flush=True)
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL)
    return done.returncode in good


def lint(env: dict[str, str]) -> dict[str, bool]:
    """Style, floors (import-linter) and the types of the JavaScript, each where it is configured."""
    parts = {"ruff": run("ruff", BIN / "ruff", "check", "--quiet", env=env)}
    if (ROOT / ".importlinter").exists() or "[tool.importlinter]" in (ROOT / "pyproject.toml").read_text():
        parts["import-linter"] = run("import-linter", BIN / "lint-imports", "--no-cache", env=env)
    if (ROOT / "tsconfig.json").exists():
        tsc = ROOT / "node_modules" / ".bin" / "tsc"
        parts["tsc"] = run("tsc", tsc, "--noEmit", "--project", "tsconfig.json", env=env)
    return parts


def tests(arguments: list[str], env: dict[str, str]) -> dict[str, bool]:
    """Both passes of pytest, each with a data folder of its own, so no test sees a developer's data."""
    pytest = [BIN / "pytest", "-n", "2", "--dist=worksteal", *arguments]
    # Who picked tests by hand may have picked none that uses a database.
    good = (0, NO_TESTS) if arguments else (0,)
    parts = {}
    with tempfile.TemporaryDirectory(prefix="jiafang-test-") as name:
        folder = Path(name)
        env = env | {"JIAFANG_CHROMIUM": chromium(), "FONTCONFIG_FILE": str(fonts_conf(folder))}
        parts["SQLite"] = run("pytest · SQLite", *pytest, env=env | {"JIAFANG_HOME": str(folder / "sqlite")})
        with postgres() as address:
            env |= {"JIAFANG_HOME": str(folder / "postgres"), "DATABASE_URL": address}
            parts["PostgreSQL"] = run("pytest · PostgreSQL", *pytest, *ON_POSTGRES, env=env, good=good)
    return parts


def main() -> None:
    # Ended by a signal, we still stop the server and delete the folders.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # A DATABASE_URL of the shell may name a real district.
    outside = ("DATABASE_URL", "JIAFANG_HOME", "JIAFANG_DEBUG", "PORT", "PYTEST_ADDOPTS")
    env = {name: value for name, value in os.environ.items() if name not in outside}
    env["PATH"] = f"{BIN}{os.pathsep}{env['PATH']}"
    arguments = sys.argv[1:]
    parts = lint(env)
    if arguments != ["--lint-only"]:
        parts |= tests(arguments, env)
    if failed := [name for name, passed in parts.items() if not passed]:
        sys.exit(f"✗ 未通过：{'、'.join(failed)}")


if __name__ == "__main__":
    main()
