"""A visit or an outing moved by hand: the same rules, answered at once; nobody moves what is not his."""

from datetime import timedelta

import pytest

from jiafang.access.fence import system_fence
from jiafang.access.models import AuditRow
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.planning import services
from jiafang.planning.models import Absence
from jiafang.planning.selectors import build
from jiafang.visits.models import Outing, Visit
from tests.planning.conftest import MONDAY


def of(world, key):
    with system_fence("test"):
        return Visit.objects.select_related("outing").get(visit_students__student=world.cast.students[key])


def outing_of(world, key):
    with system_fence("test"):
        return Outing.objects.get(visits=of(world, key).pk)


def later(world, visit, weeks=3):
    """A slot on the same weekday some weeks on."""
    built = build(world.sc)
    day = visit.starts_at.astimezone(clock.TZ).date() + timedelta(7 * weeks)
    return next(s.id for s in built.slots.values() if s.day == day)


def test_a_class_teacher_moves_a_visit_of_the_own_class(world):
    world.published()
    visit = of(world, "a")
    slot = later(world, visit)
    answer = world.act("ban", services.move, school_campaign=world.sc, what=visit, slot=slot)
    assert answer.allowed and answer.was == visit.slot
    assert of(world, "a").slot == slot and of(world, "a").state == "published"
    built = build(world.sc)
    row = AuditRow.objects.get(verb="timetable.move")
    assert row.detail["to"] == slot and row.path == world.cast.klass.path
    assert built.keep is not None


def test_moved_back_it_stands_as_before(world):
    world.published()
    visit = of(world, "a")
    answer = world.act("xiao", services.move, school_campaign=world.sc, what=visit, slot=later(world, visit))
    world.act("xiao", services.move, school_campaign=world.sc, what=of(world, "a"), slot=answer.was)
    assert of(world, "a").slot == visit.slot


def test_an_outing_moves_with_all_its_homes(world):
    world.published()
    way = outing_of(world, "a")
    with system_fence("test"):
        homes = set(way.visits.values_list("pk", flat=True))
    slot = later(world, of(world, "a"), weeks=4)
    world.act("zhong", services.move, school_campaign=world.sc, what=way, slot=slot)
    with system_fence("test"):
        assert set(Visit.objects.filter(slot=slot).values_list("pk", flat=True)) >= homes
        assert of(world, "a").outing_id == way.pk  # its address lasts, so that it can be moved back
        assert not Outing.objects.filter(visits__isnull=True).exists()


def test_asking_changes_nothing(world):
    world.published()
    visit = of(world, "a")
    answer = world.act("ban", services.try_to_move, school_campaign=world.sc, what=visit, slot=later(world, visit))
    assert answer.allowed and of(world, "a").slot == visit.slot


def test_a_broken_rule_is_named_and_nothing_is_written(world):
    world.published()
    visit = of(world, "a")
    slot = later(world, visit)
    day = build(world.sc).slots[slot].day
    for key in ("ban", "ke"):
        world.act(
            "zhong", services.report_absence, school_campaign=world.sc, staff=world.cast.staff[key], begins=day,
            ends=day, why=Absence.Why.ILL,
        )  # fmt: skip
    answer = world.act("ban", services.try_to_move, school_campaign=world.sc, what=visit, slot=slot)
    assert not answer.allowed and any("没有空" in text for text in answer.breaks)
    with pytest.raises(Problem) as refused:
        world.act("ban", services.move, school_campaign=world.sc, what=visit, slot=slot)
    assert refused.value.code == "conflict" and of(world, "a").slot == visit.slot


def test_a_time_outside_the_windows_is_no_slot(world):
    world.published()
    with pytest.raises(Problem) as refused:
        world.act("xiao", services.move, school_campaign=world.sc, what=of(world, "a"), slot="1-260303-0300")
    assert refused.value.code == "invalid"


@pytest.mark.parametrize(
    ("who", "code"), [("ban2", "denied"), ("ke", "denied"), ("ju", "denied"), ("waixiao", "denied")]
)
def test_nobody_else_moves_it(world, who, code):
    world.published()
    visit = of(world, "a")
    slot = later(world, visit)
    for service in (services.move, services.try_to_move):
        with pytest.raises(Problem) as refused:
            world.act(who, service, school_campaign=world.sc, what=visit, slot=slot)
        assert refused.value.code == code
    assert of(world, "a").slot == visit.slot


def test_todays_visit_is_not_moved_any_more(world):
    world.published()
    visit = of(world, "a")
    slot = later(world, visit)
    with clock.freeze(visit.starts_at), pytest.raises(Problem) as refused:
        world.act("xiao", services.move, school_campaign=world.sc, what=visit, slot=slot)
    assert refused.value.code in ("state", "denied", "not_found")
    assert of(world, "a").slot == visit.slot
    assert visit.starts_at.astimezone(clock.TZ).date() > MONDAY
