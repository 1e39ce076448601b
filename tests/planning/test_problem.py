"""From rows to the planner's problem: each rule of the programme as a line of the file."""

from datetime import date, time, timedelta

import pytest

from jiafang.access.fence import system_fence
from jiafang.lib import clock
from jiafang.planner import load_problem
from jiafang.planning import services
from jiafang.planning.models import Absence
from jiafang.roster.models import Student
from jiafang.units import services as units
from jiafang.units.models import BusyPeriod
from jiafang.visits import services as visits
from jiafang.visits.models import Visit, VisitStudent
from tests.cast import CANARY, SYSTEM
from tests.planning.conftest import MONDAY

TUESDAY = MONDAY + timedelta(1)


def staff(world, key):
    return str(world.cast.staff[key].pk)


def days(world, names):
    by_id = {s["id"]: date.fromisoformat(s["date"]) for s in world.built().problem["slots"]}
    return {by_id[name] for name in names}


def teacher(world, key):
    return next(t for t in world.built().problem["teachers"] if t["id"] == staff(world, key))


def busy(world, key, weekday, begins, ends, kind="lesson"):
    BusyPeriod.objects.create(staff=world.cast.staff[key], weekday=weekday, starts=begins, ends=ends, kind=kind)


def mark(world, day, kind):
    with system_fence("test"):
        units.set_calendar_days(SYSTEM, unit=world.cast.school, days=[(day, kind, "")])


class TestWho:
    """P1: every enrolled child, siblings once."""

    def test_every_enrolled_child_of_this_school_is_visited_once(self, world):
        built = world.built()
        load_problem(built.problem)
        assert len(built.problem["visits"]) == 3
        seen = {child.pk for w in built.wanted.values() for child in w.group.children}
        assert seen == {world.cast.students[key].pk for key in "abc"}

    def test_siblings_of_a_confirmed_home_share_a_visit_led_by_the_eldest_ones_class_teacher(self, world):
        with system_fence("test"):
            home = world.cast.students["a"].household
            Student.objects.filter(pk=world.cast.students["c"].pk).update(household=home)
        built = world.built()
        assert len(built.problem["visits"]) == 2
        visit = world.visit_of("c")
        assert visit["leads"][:2] == [staff(world, "ban"), staff(world, "ban2")]
        assert {"ke", "ke2"} == {k for k in ("ke", "ke2") if staff(world, k) in visit["companions"]}

    def test_until_somebody_confirms_it_each_child_keeps_a_visit(self, world):
        with system_fence("test"):
            home = world.cast.students["a"].household
            Student.objects.filter(pk=world.cast.students["c"].pk).update(household=home)
        world.family("a", confirmed=False)
        assert len(world.built().problem["visits"]) == 3

    def test_a_child_who_left_is_not_visited(self, world):
        world.student("a", left_on=MONDAY)
        assert len(world.built().problem["visits"]) == 2

    def test_no_name_or_address_goes_into_the_file(self, world):
        world.care("a", "poverty")
        assert CANARY not in str(world.built().problem) and "poverty" not in str(world.built().problem)


class TestSpecial:
    """P2: special categories first and, where the school wants it, again; P9: at home."""

    def test_a_special_family_comes_in_the_first_half_and_at_home(self, world):
        world.act("xiao", services.prepare, school_campaign=world.sc, ordinary_mode="online")
        world.care("a", "orphan")
        special, plain = world.visit_of("a"), world.visit_of("b")
        assert (special["mode"], plain["mode"]) == ("home", "online")
        assert special["priority"] == 2 and plain["priority"] == 0
        begins, ends = MONDAY - timedelta(7), MONDAY + timedelta(48)
        assert date.fromisoformat(special["by"]) == begins + (ends - begins) // 2
        assert date.fromisoformat(plain["by"]) == ends

    def test_an_ordinary_child_is_visited_once_and_without_deadline(self, world):
        assert len(world.rounds_of("b")) == 1 and "after" not in world.visit_of("b")

    def test_a_second_visit_comes_after_the_first_with_the_schools_gap(self, world):
        world.act("xiao", services.prepare, school_campaign=world.sc, twice=["orphan"])
        world.rules(second_gap_days=14)
        world.care("a", "orphan")
        first, second = world.visit_of("a"), world.visit_of("a", 1)
        assert second["after"] == {"visit": first["id"], "min_days": 14}
        assert len(world.rounds_of("b")) == 1

    def test_a_visit_already_held_is_only_a_date(self, world):
        world.act("xiao", services.prepare, school_campaign=world.sc, twice=["orphan"])
        world.care("a", "orphan")
        student = world.cast.students["a"]
        with system_fence("test"):
            held = Visit.objects.create(
                campaign=world.sc.campaign, school=world.sc.school, household=student.household, mode="home",
                lead=world.cast.staff["ban"], state="held", held_from=clock.at(date(2026, 2, 25), time(18)),
                starts_at=clock.at(date(2026, 2, 25), time(18)),
            )  # fmt: skip
            VisitStudent.objects.create(visit=held, student=student, klass=world.cast.klass)
        rounds = world.rounds_of("a")
        assert [w.round for w in rounds] == [2]
        assert world.visit_of("a")["after"] == {"date": "2026-02-25", "min_days": world.sc.second_gap_days}

    def test_an_online_visit_does_not_satisfy_a_special_category(self, world):
        world.care("a", "orphan")
        student = world.cast.students["a"]
        with system_fence("test"):
            held = Visit.objects.create(
                campaign=world.sc.campaign, school=world.sc.school, household=student.household, mode="online",
                lead=world.cast.staff["ban"], state="held", held_from=clock.at(date(2026, 2, 25), time(18)),
            )  # fmt: skip
            VisitStudent.objects.create(visit=held, student=student, klass=world.cast.klass)
        assert [w.round for w in world.rounds_of("a")] == [1]


class TestPairs:
    """P3: two teachers by the campaign's rule."""

    def test_the_class_teacher_leads_and_the_classs_teachers_go_along(self, world):
        visit = world.visit_of("a")
        assert world.built().problem["two_teachers"] is True
        assert visit["leads"] == [staff(world, "ban"), staff(world, "ke")]
        assert set(visit["companions"]) == {staff(world, "ban"), staff(world, "ke")}

    def test_nobody_of_another_class_is_asked(self, world):
        visit = world.visit_of("a")
        others = {staff(world, key) for key in ("ban2", "ke2", "wai")}
        assert not others & {*visit["leads"], *visit["companions"]}

    def test_an_online_visit_needs_no_second_teacher(self, world):
        world.act("xiao", services.prepare, school_campaign=world.sc, ordinary_mode="online")
        assert world.visit_of("a")["companions"] == []

    def test_one_teacher_may_go_where_the_campaign_only_encourages_two(self, world):
        type(world.sc.campaign).objects.filter(pk=world.sc.campaign_id).update(pair="encouraged")
        assert world.built().problem["two_teachers"] is False


class TestPlaces:
    """P4: coordinates as they are; without them the planner reckons a fixed way."""

    def test_a_home_stands_where_it_is(self, world):
        visit = world.visit_of("a")
        assert (visit["lat"], visit["lon"]) == (pytest.approx(40.652), pytest.approx(109.8414, abs=1e-4))

    def test_an_unknown_place_stays_unknown(self, world):
        world.family("a", lat=None, lon=None)
        assert world.visit_of("a")["lat"] is None

    def test_a_school_without_place_is_planned_all_the_same(self, world):
        type(world.cast.school).objects.filter(pk=world.cast.school.pk).update(lat=None, lon=None)
        run = world.act("xiao", services.run_now, school_campaign=world.sc)
        assert run.summary["placed"] == 3


class TestRelief:
    """P5: fewer outings, only near, only certain days."""

    def test_relief_reaches_the_file(self, world):
        world.act(
            "zhong", services.set_relief, school_campaign=world.sc, staff=world.cast.staff["ban"], factor=0.5,
            max_km=2, weekdays=[6], max_outings_per_week=1,
        )  # fmt: skip
        row = teacher(world, "ban")
        assert (row["relief"], row["max_km"], row["max_outings_per_week"]) == (0.5, 2.0, 1)
        assert {day.isoweekday() for day in days(world, row["free"])} == {6}

    def test_nobody_else_is_touched(self, world):
        world.act("zhong", services.set_relief, school_campaign=world.sc, staff=world.cast.staff["ban"], factor=0.5)
        row = teacher(world, "ke")
        assert (row["relief"], row["max_km"], row["max_outings_per_week"]) == (1.0, None, 2)


class TestTimes:
    """P6: free time only."""

    def test_slots_begin_tomorrow_and_end_with_the_weeks(self, world):
        found = sorted({date.fromisoformat(s["date"]) for s in world.built().problem["slots"]})
        assert found[0] == TUESDAY and found[-1] == MONDAY + timedelta(48)

    @pytest.mark.parametrize("kind", ["holiday", "exam"])
    def test_no_slot_on_holidays_and_in_exams(self, world, kind):
        mark(world, TUESDAY, kind)
        assert TUESDAY.isoformat() not in {s["date"] for s in world.built().problem["slots"]}

    def test_a_make_up_workday_keeps_no_daytime_slot(self, world):
        saturday = MONDAY + timedelta(5)
        before = [s for s in world.built().problem["slots"] if s["date"] == saturday.isoformat()]
        mark(world, saturday, "makeup")
        after = [s for s in world.built().problem["slots"] if s["date"] == saturday.isoformat()]
        assert len(before) == 2 and after == []

    def test_a_week_off_has_no_slot(self, world):
        monday = MONDAY + timedelta(7)
        world.act("xiao", services.prepare, school_campaign=world.sc, weeks_off=[monday.isoformat()])
        week = {(monday + timedelta(n)).isoformat() for n in range(7)}
        assert not week & {s["date"] for s in world.built().problem["slots"]}

    def test_lessons_duty_and_evening_study_are_not_free(self, world):
        busy(world, "ban", 2, time(18), time(19), "evening_study")
        free = days(world, teacher(world, "ban")["free"])
        assert TUESDAY not in free and TUESDAY + timedelta(1) in free

    def test_what_ends_before_the_slot_is_no_clash(self, world):
        busy(world, "ban", 2, time(16, 30), time(17, 30), "after_school")
        assert TUESDAY in days(world, teacher(world, "ban")["free"])

    def test_lessons_fall_out_on_a_free_day_but_duty_does_not(self, world):
        mark(world, TUESDAY, "rest")
        busy(world, "ban", 2, time(18), time(19), "lesson")
        busy(world, "ke", 2, time(18), time(19), "duty")
        assert TUESDAY in days(world, teacher(world, "ban")["free"])
        assert TUESDAY not in days(world, teacher(world, "ke")["free"])

    def test_a_boarders_family_is_visited_on_friday_evening_or_at_the_weekend(self, world):
        world.student("a", study="2")
        assert {d.isoweekday() for d in days(world, world.visit_of("a")["possible"])} == {5, 6, 7}
        assert {d.isoweekday() for d in days(world, world.visit_of("b")["possible"])} == set(range(1, 8))

    def test_an_ill_teacher_is_not_free(self, world):
        world.act(
            "zhong", services.report_absence, school_campaign=world.sc, staff=world.cast.staff["ban"], begins=TUESDAY,
            ends=TUESDAY + timedelta(7), why=Absence.Why.ILL,
        )  # fmt: skip
        assert min(days(world, teacher(world, "ban")["free"])) == TUESDAY + timedelta(8)

    def test_a_lost_day_is_nobodys(self, world):
        world.act(
            "zhong", services.report_absence, school_campaign=world.sc, begins=TUESDAY, ends=TUESDAY,
            why=Absence.Why.WEATHER,
        )  # fmt: skip
        assert TUESDAY not in days(world, teacher(world, "ban")["free"])
        assert TUESDAY not in days(world, world.visit_of("a")["possible"])


class TestWishes:
    """P6, P9: the family's days, way and place."""

    def wish(self, world, **said):
        home = world.cast.students["a"].household
        world.act("ban", services.set_wish, campaign=world.sc.campaign, household=home, **said)

    def test_wished_days_are_preferred(self, world):
        self.wish(world, weekdays=[3])
        visit = world.visit_of("a")
        assert {d.isoweekday() for d in days(world, visit["wished"])} == {3}
        assert {d.isoweekday() for d in days(world, visit["possible"])} == set(range(1, 8))

    def test_hard_days_are_the_only_ones(self, world):
        self.wish(world, weekdays=[3], hard=True, not_before=MONDAY + timedelta(7))
        visit = world.visit_of("a")
        assert {d.isoweekday() for d in days(world, visit["possible"])} == {3}
        assert visit["from"] == (MONDAY + timedelta(7)).isoformat()

    def test_a_way_the_campaign_allows_is_respected(self, world):
        self.wish(world, mode="online")
        assert world.visit_of("a")["mode"] == "online"

    def test_but_not_against_a_categorys_rule(self, world):
        world.care("a", "orphan")
        self.wish(world, mode="online")
        assert world.visit_of("a")["mode"] == "home"


class TestLeaders:
    """P7: leaders' quotas and everybody at least once."""

    def test_quotas_and_one_visit_for_each_teacher_of_a_class(self, world):
        from jiafang.campaigns import services as campaigns

        world.act("xiao", campaigns.set_quota, school_campaign=world.sc, staff=world.cast.staff["xiao"], min_visits=2)
        quotas = {row["teacher"]: row["min_visits"] for row in world.built().problem["leaders"]}
        assert quotas[staff(world, "xiao")] == 2 and quotas[staff(world, "ke")] == 1

    def test_a_school_may_leave_the_second_out(self, world):
        world.act("xiao", services.prepare, school_campaign=world.sc, everyone_goes=False)
        assert world.built().problem["leaders"] == []


class TestStanding:
    """What is agreed stays; what was called off is planned anew."""

    def test_an_agreed_visit_is_fixed(self, world):
        world.published()
        with system_fence("test"):
            visit = Visit.objects.get(visit_students__student=world.cast.students["a"])
        world.act("ban", visits.appoint, visit=visit)
        built = world.built()
        assert [f["visit"] for f in built.problem["fixed"]] == [str(visit.pk)]
        load_problem(built.problem)

    def test_a_published_one_is_kept_but_not_fixed(self, world):
        world.published()
        built = world.built()
        assert built.problem["fixed"] == [] and len(built.standing) == 3

    def test_an_agreed_visit_of_an_ill_teacher_may_move(self, world):
        world.published()
        with system_fence("test"):
            visit = Visit.objects.select_related("lead").get(visit_students__student=world.cast.students["a"])
        world.act("ban", visits.appoint, visit=visit)
        world.act(
            "zhong", services.report_absence, school_campaign=world.sc, staff=visit.lead, begins=TUESDAY,
            ends=MONDAY + timedelta(48), why=Absence.Why.ILL,
        )  # fmt: skip
        built = world.built()
        assert built.problem["fixed"] == []
        load_problem(built.problem)

    def test_a_missed_visit_is_planned_again_and_a_declined_one_is_not(self, world):
        world.published()
        with system_fence("test"):
            a = Visit.objects.get(visit_students__student=world.cast.students["a"])
            b = Visit.objects.get(visit_students__student=world.cast.students["b"])
        world.act("ban", visits.miss, visit=a, reason="无人在家")
        world.act("ban", visits.decline, visit=b, reason="家长不便")
        again = world.rounds_of("a")
        assert len(again) == 1 and again[0].id != str(a.pk) and again[0].row is None
        assert world.rounds_of("b") == []


def test_a_school_is_read_in_the_same_queries_however_large(world, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as small:
        world.built()
    for n in range(12):
        world.cast.students[f"x{n}"] = None
        with system_fence("test"):
            world.cast.students[f"x{n}"] = world.cast.add_student(f"x{n}", world.cast.klass, 20 + n)
    world.published()
    with CaptureQueriesContext(connection) as large:
        assert len(world.built().problem["visits"]) == 15
    assert len(large) == len(small)
