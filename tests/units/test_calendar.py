"""Terms, the school calendar seeded and edited, and when teachers are busy."""

from datetime import date, time, timedelta

import pytest

from jiafang.lib import clock
from jiafang.units import selectors, services
from jiafang.units.models import BusyPeriod, CalendarDay
from tests.units.test_people import refused

Kind = CalendarDay.Kind


def kinds(unit, begins, ends):
    return {day.day: (day.kind, day.note) for day in selectors.calendar(unit, begins, ends)}


def test_seeding_marks_the_published_holidays_and_workdays(cast):
    begins, ends = date(2026, 9, 20), date(2026, 10, 12)
    seeded = services.seed_calendar(cast.actor("ju"), unit=cast.bureau, begins=begins, ends=ends)
    days = kinds(cast.school, begins, ends)
    assert days[date(2026, 10, 1)] == (Kind.HOLIDAY, "国庆节")
    assert days[date(2026, 9, 25)] == (Kind.HOLIDAY, "中秋节")
    assert days[date(2026, 10, 10)] == (Kind.MAKEUP, "国庆节调休上班")
    assert days[date(2026, 10, 9)][0] == Kind.LESSON
    assert days[date(2026, 10, 11)][0] == Kind.REST
    assert seeded.added > 5
    assert seeded.unknown_years == ()
    assert services.seed_calendar(cast.actor("ju"), unit=cast.bureau, begins=begins, ends=ends).added == 0


def test_seeding_leaves_what_people_marked_and_says_what_it_does_not_know(cast):
    day = date(2026, 10, 1)
    services.set_calendar_days(cast.actor("zhong"), unit=cast.school, days=[(day, Kind.EXAM, "期中")])
    seeded = services.seed_calendar(
        cast.actor("zhong"), unit=cast.school, begins=date(2026, 9, 1), ends=date(2027, 1, 20)
    )
    assert kinds(cast.school, day, day)[day] == (Kind.EXAM, "期中")
    assert seeded.unknown_years == (2027,)


def test_the_schools_mark_wins_over_the_bureaus_and_can_be_taken_away(cast):
    day = clock.today() + timedelta(3)
    services.set_calendar_days(cast.actor("ju"), unit=cast.bureau, days=[(day, Kind.HOLIDAY, "放假")])
    assert kinds(cast.other_school, day, day)[day][0] == Kind.HOLIDAY
    services.set_calendar_days(cast.actor("zhong"), unit=cast.school, days=[(day, Kind.LESSON, "")])
    assert kinds(cast.school, day, day)[day][0] == Kind.LESSON
    services.set_calendar_days(cast.actor("zhong"), unit=cast.school, days=[(day, None, "")])
    assert kinds(cast.school, day, day)[day][0] == Kind.HOLIDAY
    refused("invalid", services.set_calendar_days, cast.actor("zhong"), unit=cast.school, days=[(day, "party", "")])


@pytest.mark.parametrize("who", ["ban", "ke", "nian", "wai", "waixiao", "yi"])
def test_who_does_not_edit_a_schools_calendar_or_timetable(cast, who):
    actor, day = cast.actor(who), clock.today()
    refused("denied", services.set_calendar_days, actor, unit=cast.school, days=[(day, Kind.REST, "")])
    refused("denied", services.seed_calendar, actor, unit=cast.school, begins=day, ends=day)
    refused("denied", services.set_busy, actor, staff=cast.staff["ke2"], periods=[])
    refused("denied", services.add_term, actor, bureau=cast.bureau, year=2030, part=1, begins=day, ends=day)
    refused("denied", services.edit_term, actor, term=cast.bureau.terms.get(), begins=day, ends=day + timedelta(9))


def test_a_school_does_not_edit_its_bureaus_calendar(cast):
    refused("denied", services.set_calendar_days, cast.actor("xiao"), unit=cast.bureau, days=[])


def test_terms_do_not_overlap(cast):
    ju, term = cast.actor("ju"), cast.bureau.terms.get()
    refused(
        "conflict",
        services.add_term,
        ju,
        bureau=cast.bureau,
        year=2040,
        part=2,
        begins=term.ends,
        ends=term.ends + timedelta(90),
    )
    later = services.add_term(
        ju, bureau=cast.bureau, year=2040, part=2, begins=term.ends + timedelta(1), ends=term.ends + timedelta(90)
    )
    refused("conflict", services.edit_term, ju, term=later, begins=term.ends, ends=later.ends)
    refused("invalid", services.edit_term, ju, term=later, begins=later.ends, ends=later.begins)
    refused(
        "conflict", services.add_term, ju, bureau=cast.bureau, year=2040, part=2,
        begins=later.ends + timedelta(1), ends=later.ends + timedelta(50),
    )  # fmt: skip
    assert services.edit_term(ju, term=later, begins=later.begins, ends=later.ends + timedelta(5))


def test_busy_times_are_replaced_whole(cast, django_assert_num_queries):
    zhong, ke = cast.actor("zhong"), cast.staff["ke"]
    lesson = services.Busy(1, time(8), time(8, 45), "lesson")
    duty = services.Busy(5, time(18), time(20), "duty")
    assert services.set_busy(zhong, staff=ke, periods=[duty, lesson]) == 2
    services.set_busy(zhong, staff=ke, periods=[duty])
    with django_assert_num_queries(1):
        busy = selectors.busy_of([ke, cast.staff["ban"]])
    assert [(p.weekday, p.kind) for p in busy[ke.pk]] == [(5, "duty")]
    refused("invalid", services.set_busy, zhong, staff=ke, periods=[services.Busy(1, time(9), time(9), "lesson")])
    refused("invalid", services.set_busy, zhong, staff=ke, periods=[services.Busy(8, time(9), time(10), "lesson")])
    assert BusyPeriod.objects.count() == 1


def test_a_month_is_whole_weeks(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        weeks = selectors.month(cast.school, date(2026, 2, 14))
    assert [len(week) for week in weeks] == [7] * 5
    assert weeks[0][5] is None
    assert weeks[0][6].day == date(2026, 2, 1)
    assert weeks[-1][5].day == date(2026, 2, 28)


def test_a_school_is_renamed_and_its_grades_are_called_otherwise(cast):
    services.edit_unit(cast.actor("zhong"), unit=cast.school, name="鹿区第一中学", grade_style="stage")
    cast.klass.refresh_from_db()
    assert cast.klass.label == "初一1班"
    refused("invalid", services.edit_unit, cast.actor("zhong"), unit=cast.school, name=" ")
    refused("denied", services.edit_unit, cast.actor("waixiao"), unit=cast.school, name="别的")
    refused("denied", services.edit_unit, cast.actor("ban"), unit=cast.klass, number=9)
