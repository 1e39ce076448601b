"""Compiles requirements/*.in and package.json into locks: hashes for every platform, no addresses."""

import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Order matters: a later list is held to the versions of an earlier one (`-c base.txt`).
LISTS = ("base", "build", "node", "test")
ADDRESS = re.compile(r"https?://|--index-url|--find-links")


def python_locks() -> None:
    """Ask the public index only: a developer's local wheels must not lend the lock their hashes."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    with tempfile.TemporaryDirectory() as folder:
        venv.EnvBuilder(with_pip=True).create(folder)
        subprocess.run([f"{folder}/bin/python", "-m", "pip", "install", "--quiet", "uv"], check=True)
        for name in LISTS:
            subprocess.run(
                [f"{folder}/bin/uv", "pip", "compile", "--quiet", "--no-config", "--universal", "--upgrade",
                 "--python-version=3.11", "--generate-hashes", "--custom-compile-command=make lock",
                 f"requirements/{name}.in", f"--output-file=requirements/{name}.txt"],
                cwd=ROOT, env=environment, check=True,
            )  # fmt: skip


def npm_lock() -> None:
    """Refresh package-lock.json; .npmrc keeps the registry's address out of it."""
    subprocess.run(["npm", "update", "--package-lock-only", "--ignore-scripts"], cwd=ROOT, check=True)


def main() -> None:
    python_locks()
    npm_lock()
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        if ADDRESS.search(lock.read_text(encoding="utf-8")):
            sys.exit(f"✗ {lock.name} names an address")
    if '"resolved"' in (ROOT / "package-lock.json").read_text(encoding="utf-8"):
        sys.exit('✗ package-lock.json names addresses ("resolved")')


if __name__ == "__main__":
    main()
