"""The clock: aware, Shanghai days, freezable, shiftable."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from jiafang.lib import clock


def test_now_is_aware_utc():
    assert clock.now().utcoffset() == timedelta(0)


def test_today_is_the_day_in_shanghai():
    with clock.freeze(datetime(2026, 3, 1, 17, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 2)
        assert clock.now() == datetime(2026, 3, 1, 17, 0, tzinfo=UTC)


def test_freeze_nests_and_lets_go():
    with clock.freeze(date(2026, 3, 1)):
        with clock.freeze(datetime(2026, 9, 1, 8, 0)):
            assert clock.local_now().hour == 8
        assert clock.today() == date(2026, 3, 1)
    assert clock.now() - datetime.now(UTC) < timedelta(minutes=1)


def shifted(setting: str) -> datetime:
    code = "from jiafang.lib import clock; print(clock.local_now().isoformat())"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "JIAFANG_NOW": setting},
        capture_output=True,
        text=True,
        check=True,
    )
    return datetime.fromisoformat(run.stdout.strip())


@pytest.mark.parametrize("setting", ["2026-04-20", "2026-04-20T18:30"])
def test_environment_moves_the_clock(setting):
    moment = shifted(setting)
    assert moment.date() == date(2026, 4, 20)
    if "T" in setting:
        assert (moment.hour, moment.minute) in {(18, 30), (18, 31)}
