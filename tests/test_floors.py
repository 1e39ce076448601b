"""Each contract of the floors catches the violation planted for it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.pure

PLANTED = {
    "floors": ("lib/planted.py", "from jiafang.units import models\n"),
    "exhaustive": ("cellar/__init__.py", ""),
    "pure": ("planner/planted.py", "import django\n"),
    "rooms": ("units/selectors.py", "from jiafang.units import services\n"),
    "views": ("reports/views.py", "from jiafang.units.models import Unit\n"),
}


def lint(folder: Path) -> subprocess.CompletedProcess:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache"], cwd=folder, env={"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the sources to plant things in."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("*.egg-info", "__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_house_keeps_its_contracts(house):
    found = lint(house)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_violation_is_caught(house, contract):
    name, line = PLANTED[contract]
    file = house / "src" / "jiafang" / name
    before = file.read_text() if file.exists() else None
    file.parent.mkdir(exist_ok=True)
    file.write_text((before or "") + line)
    try:
        found = lint(house)
        assert found.returncode != 0, contract
    finally:
        if before is None:
            shutil.rmtree(file.parent) if contract == "exhaustive" else file.unlink()
        else:
            file.write_text(before)


def test_no_file_is_longer_than_six_hundred_lines():
    long = [
        (str(path.relative_to(ROOT)), n)
        for folder in ("src", "tests", "tools", "benchmarks")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".js", ".html", ".css"}
        and not {"node_modules", "vendor", "migrations"} & set(path.parts)
        and (n := len(path.read_text().splitlines())) > 600
    ]
    assert long == []
