"""Taking a plan over: what is written, what stays, what is refused because the school changed meanwhile."""

from datetime import timedelta

import pytest

from jiafang.access.fence import system_fence
from jiafang.lib.errors import Problem
from jiafang.planning import services
from jiafang.planning.models import Absence
from jiafang.planning.selectors import build
from jiafang.visits import services as visits
from jiafang.visits.models import Outing, Visit
from tests.planning.conftest import MONDAY


def rows():
    with system_fence("test"):
        return {v.pk: v for v in Visit.objects.select_related("outing")}


def visit_of(world, key):
    with system_fence("test"):
        student = world.cast.students[key]
        return Visit.objects.select_related("lead", "outing").get(visit_students__student=student)


def ill(world, staff, begins=MONDAY, days=60):
    world.act(
        "zhong", services.report_absence, school_campaign=world.sc, staff=staff, begins=begins,
        ends=begins + timedelta(days), why=Absence.Why.ILL,
    )  # fmt: skip


def test_accepting_twice_is_refused(world):
    run = world.planned()
    with pytest.raises(Problem) as refused:
        world.act("xiao", services.accept, run=run)
    assert refused.value.code == "state"


def test_rows_say_what_the_plan_says(world):
    run = world.planned()
    for outing in run.plan["outings"]:
        with system_fence("test"):
            way = Outing.objects.get(visits=outing["stops"][0]["visit"])
            stops = [str(v.pk) for v in way.visits.order_by("position")]
        assert f"{way.leaves:%H:%M}" == outing["leave"] and str(way.lead_id) == outing["lead"]
        assert stops == [stop["visit"] for stop in outing["stops"]]


def test_a_plan_that_no_longer_holds_is_stale(world):
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    ill(world, world.cast.staff["ke"])  # nobody is left to go along in that class
    with pytest.raises(Problem) as refused:
        world.act("xiao", services.accept, run=run)
    assert refused.value.code == "stale" and rows() == {}


def test_a_child_who_left_meanwhile_makes_it_stale(world):
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    world.student("a", left_on=MONDAY)
    with pytest.raises(Problem) as refused:
        world.act("xiao", services.accept, run=run)
    assert refused.value.code == "stale"


def test_what_does_not_touch_the_plan_does_not(world):
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    with system_fence("test"):
        world.cast.add_student("z", world.cast.klass, 9)
    assert world.act("xiao", services.accept, run=run).new == 3


def test_a_new_child_is_added_and_nothing_else_moves(world):
    world.published()
    before = {pk: (v.starts_at, v.lead_id) for pk, v in rows().items()}
    with system_fence("test"):
        world.cast.students["z"] = world.cast.add_student("z", world.cast.klass, 9)
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    built = build(world.sc)
    world.sound(built, run.plan, built.keep)
    assert world.act("xiao", services.accept, run=run).new == 1
    after = {pk: (v.starts_at, v.lead_id) for pk, v in rows().items()}
    assert sum(after[pk] != before[pk] for pk in before) <= 1  # its neighbours at most wait a little
    assert visit_of(world, "z").state == "planned"


def test_a_teacher_falls_ill_and_only_that_teachers_families_move(world):
    world.published()
    before = rows()
    ill(world, visit_of(world, "c").lead)
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    built = build(world.sc)
    world.sound(built, run.plan, built.keep)
    world.act("xiao", services.accept, run=run)
    after = rows()
    for key in ("a", "b"):
        pk = visit_of(world, key).pk
        assert (after[pk].starts_at, after[pk].lead_id) == (before[pk].starts_at, before[pk].lead_id)


def test_an_agreed_visit_that_must_move_is_to_be_agreed_anew(world):
    world.published()
    visit = visit_of(world, "a")
    world.act("ban", visits.appoint, visit=visit)
    slot_day = visit.starts_at.date()
    world.act(
        "zhong", services.report_absence, school_campaign=world.sc, begins=slot_day, ends=slot_day,
        why=Absence.Why.WEATHER,
    )  # fmt: skip
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    world.act("xiao", services.accept, run=run)
    again = visit_of(world, "a")
    assert again.state == "published" and again.appointed_at is None and again.starts_at.date() != slot_day


def test_an_agreed_visit_stays_when_nothing_forces_it(world):
    world.published()
    visit = visit_of(world, "a")
    world.act("ban", visits.appoint, visit=visit)
    world.act("xiao", services.accept, run=world.act("xiao", services.run_now, school_campaign=world.sc))
    again = visit_of(world, "a")
    assert (again.state, again.starts_at) == ("appointed", visit.starts_at)


def test_a_published_visit_without_any_slot_left_is_called_off_in_words(world):
    world.published()
    for key in ("ban", "ke"):
        ill(world, world.cast.staff[key])
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    assert {item["visit"] for item in run.plan["unplaced"]} == {str(visit_of(world, key).pk) for key in "ab"}
    world.act("xiao", services.accept, run=run)
    visit = visit_of(world, "a")
    assert visit.state == "cancelled" and visit.reason and visit.outing is None


def test_no_empty_outing_is_left(world):
    world.published()
    ill(world, visit_of(world, "a").lead)
    world.act("xiao", services.accept, run=world.act("xiao", services.run_now, school_campaign=world.sc))
    with system_fence("test"):
        assert not Outing.objects.filter(visits__isnull=True).exists()


def test_teachers_see_a_visit_only_once_it_is_published(world):
    from jiafang.planning.selectors import timetable

    world.planned()
    assert len(world.act("xiao", timetable.visits, row=world.sc)) == 3
    assert len(world.act("ban", timetable.visits, row=world.sc)) == 0
    world.act("xiao", services.publish, school_campaign=world.sc)
    assert len(world.act("ban", timetable.visits, row=world.sc)) == 2  # of the own class
