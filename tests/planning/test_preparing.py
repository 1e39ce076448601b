"""What a school tells the planner: shapes are checked, and only the school's own people tell it."""

from datetime import time, timedelta

import pytest

from jiafang.access.fence import system_fence
from jiafang.lib.errors import Problem
from jiafang.planning import services
from jiafang.planning.models import Absence, FamilyWish, Relief, Window
from tests.planning.conftest import MONDAY


def test_preparing_gives_the_usual_windows_once(world):
    assert Window.objects.count() == 9
    world.act("xiao", services.set_windows, school_campaign=world.sc, windows=[("", 3, time(18), time(20))])
    world.act("xiao", services.prepare, school_campaign=world.sc)
    assert Window.objects.count() == 1


@pytest.mark.parametrize(
    "windows",
    [
        [("", 3, time(20), time(18))],
        [("", 8, time(18), time(20))],
        [("", 3, time(5), time(7))],
        [("", 3, time(18), time(20)), ("", 3, time(19), time(21))],
    ],
)
def test_windows_that_cannot_be_are_refused_and_the_old_ones_stay(world, windows):
    with pytest.raises(Problem) as refused:
        world.act("xiao", services.set_windows, school_campaign=world.sc, windows=windows)
    assert refused.value.code == "invalid" and Window.objects.count() == 9


@pytest.mark.parametrize(
    "changes",
    [{"ordinary_mode": "fax"}, {"special_percent": 5}, {"twice": ["nobody"]}, {"weeks_off": ["2026-03-03"]}],
)
def test_settings_that_cannot_be_are_refused(world, changes):
    with pytest.raises(Problem) as refused:
        world.act("xiao", services.prepare, school_campaign=world.sc, **changes)
    assert list(refused.value.fields) == list(changes)


def test_relief_is_for_the_schools_own_staff(world):
    world.act("xiao", services.set_relief, school_campaign=world.sc, staff=world.cast.staff["ke"], factor=0.5)
    world.act("xiao", services.set_relief, school_campaign=world.sc, staff=world.cast.staff["ke"], factor=None)
    assert not Relief.objects.exists()
    with pytest.raises(Problem) as refused:
        world.act("xiao", services.set_relief, school_campaign=world.sc, staff=world.cast.staff["wai"], factor=0.5)
    assert refused.value.code == "not_found"


def test_a_class_teacher_notes_a_family_of_the_own_class_only(world):
    wish = {"campaign": world.sc.campaign, "household": world.cast.students["a"].household, "weekdays": [6]}
    world.act("ban", services.set_wish, **wish)
    with system_fence("test"):
        assert FamilyWish.objects.get().weekdays == [6]
    for who in ("ban2", "wai", "ju", "ke"):
        with pytest.raises(Problem) as refused:
            world.act(who, services.set_wish, **wish)
        assert refused.value.code in ("not_found", "denied")


def test_replanning_notes_the_absence_and_queues_a_run(world):
    world.published()
    run = world.act(
        "zhong", services.replan, school_campaign=world.sc, staff=world.cast.staff["ban"], begins=MONDAY,
        ends=MONDAY + timedelta(14), why="ill",
    )  # fmt: skip
    assert run.state == "queued" and Absence.objects.get().staff == world.cast.staff["ban"]


def test_a_refused_absence_queues_nothing(world):
    with pytest.raises(Problem):
        world.act(
            "zhong", services.replan, school_campaign=world.sc, begins=MONDAY, ends=MONDAY - timedelta(1), why="ill"
        )
    assert not Absence.objects.exists() and not world.sc.runs.exists()
