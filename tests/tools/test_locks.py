"""Locks are complete, hashed and name no address; every library stands in the decisions with its reason."""

import json
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
LISTS = sorted(path.stem for path in REQUIREMENTS.glob("*.in"))
ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links|--trusted-host")


def wanted(name: str) -> set[str]:
    """Libraries that an .in file asks for, as the lock spells them."""
    lines = (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8").splitlines()
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if line and not line.startswith(("#", "-")))
    return {re.sub(r"[-_.]+", "-", found[0]).lower() for found in names}


@pytest.mark.parametrize("name", LISTS)
def test_lock_pins_and_hashes_everything(name):
    lock = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=[A-Za-z0-9])", lock) if not entry.startswith("#")]
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert wanted(name) <= {entry.split("==")[0] for entry in entries}
    assert not ADDRESS.search(lock)


def test_front_end_lock_hashes_everything_and_names_no_address():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    installed = {name: entry for name, entry in packages.items() if name}
    assert installed
    assert all("integrity" in entry and "resolved" not in entry for entry in installed.values())


@pytest.mark.parametrize("name", ["base", "test", "node"])
def test_each_library_has_its_reason(name):
    reasons = (ROOT / "docs" / "decisions" / "0001-libraries.md").read_text(encoding="utf-8").lower()
    assert {library for library in wanted(name) if library not in reasons} == set()


def test_each_front_end_package_has_its_reason():
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    reasons = (ROOT / "docs" / "decisions" / "0001-libraries.md").read_text(encoding="utf-8")
    names = [*package["dependencies"], *(n for n in package["devDependencies"] if not n.startswith("@types/"))]
    assert [name for name in names if name not in reasons] == []
