"""Killed at any moment, the data stays true: nothing half-written, no job lost, none done twice.

``JIAFANG_KILLS`` sets how often (``make soak`` takes thirty).
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("JIAFANG_KILLS", "4"))
pytestmark = pytest.mark.pure  # has a database of its own, always SQLite


def program(*words: str) -> list[str]:
    return [sys.executable, "-m", "tests.config.kill_writer", *words]


def environment(home: Path) -> dict:
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    return kept | {"JIAFANG_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    home = tmp_path_factory.mktemp("prepared")
    subprocess.run(program("prepare"), env=environment(home), cwd=ROOT, check=True, timeout=120)
    return home


@pytest.fixture
def home(prepared, tmp_path):
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return tmp_path


def ask(home: Path, question: str):
    with sqlite3.connect(home / "jiafang.sqlite3", timeout=20) as db:
        return db.execute(question).fetchone()[0]


def verify(home: Path) -> subprocess.CompletedProcess:
    words = [sys.executable, "-m", "jiafang.config.cli", "verify"]
    return subprocess.run(words, env=environment(home), cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_killed_while_writing_the_data_stays_true(home):
    before = ask(home, "SELECT count(*) FROM roster_student")
    for n in range(KILLS):
        grown = ask(home, "SELECT count(*) FROM access_auditrow")
        writer = subprocess.Popen(program("write"), env=environment(home), cwd=ROOT)
        deadline = time.monotonic() + 30
        while ask(home, "SELECT count(*) FROM access_auditrow") == grown and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(random.Random(n).uniform(0.01, 0.25))
        writer.kill()
        writer.wait()
    assert ask(home, "SELECT count(*) FROM roster_student") > before
    found = verify(home)
    assert found.returncode == 0, found.stdout
    assert ask(home, "PRAGMA integrity_check") == "ok"


def test_a_job_is_neither_lost_nor_done_twice_when_its_worker_is_killed(home):
    subprocess.run(program("job"), env=environment(home), cwd=ROOT, check=True, timeout=60)
    assert ask(home, "SELECT count(*) FROM django_q_ormq") == 1  # the rolled-back act left none
    done = "SELECT count(*) FROM access_auditrow WHERE verb = 'care.end'"

    def worker() -> subprocess.Popen:
        return subprocess.Popen(program("worker"), env=environment(home), cwd=ROOT, start_new_session=True,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    first = worker()
    deadline = time.monotonic() + 40
    locked = "SELECT count(*) FROM django_q_ormq WHERE lock > datetime('now', '+1 seconds')"
    while not ask(home, locked) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert ask(home, done) == 0
    second = worker()
    try:
        deadline = time.monotonic() + 60
        while ask(home, "SELECT count(*) FROM django_q_ormq") and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(1)
    finally:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait()
    assert ask(home, done) == 1
    assert ask(home, "SELECT count(*) FROM django_q_ormq") == 0
    assert verify(home).returncode == 0


def test_a_backup_comes_back_true(home, tmp_path_factory):
    file = tmp_path_factory.mktemp("backup") / "b.tar.gz"

    def jiafang(*words: str, into: Path = home) -> subprocess.CompletedProcess:
        program_ = [sys.executable, "-m", "jiafang.config.cli", *words]
        return subprocess.run(program_, env=environment(into), cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert jiafang("backup", str(file)).returncode == 0
    students = ask(home, "SELECT count(*) FROM roster_student")
    with sqlite3.connect(home / "jiafang.sqlite3") as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM roster_care")
        db.execute("UPDATE access_auditrow SET who = 'x' WHERE id = (SELECT max(id) FROM access_auditrow)")
    assert jiafang("verify").returncode == 1
    restored = jiafang("restore", str(file))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert ask(home, "SELECT count(*) FROM roster_student") == students
    assert b"master" not in file.read_bytes()
