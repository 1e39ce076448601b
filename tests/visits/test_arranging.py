"""Adding, agreeing, declining, calling off and taking up again a visit."""

from datetime import timedelta

import pytest

from jiafang.access.fence import system_fence
from jiafang.lib.errors import Problem
from jiafang.roster.services import note_care
from jiafang.visits.models import Outing, Visit
from jiafang.visits.services import add_visit, appoint, cancel, decline, miss, reopen
from tests.cast import SYSTEM


@pytest.fixture
def siblings(road):
    """A second child of the first one's home, in the neighbouring class."""
    cast = road.cast
    with system_fence("test world"):
        cast.students["a2"] = cast.add_student("a2", cast.klass2, 9)
        cast.students["a2"].household = cast.students["a"].household
        cast.students["a2"].save()
    return road


def add(road, who="ban", *keys, hours=5, **given):
    cast = road.cast
    given = {
        "school_campaign": road.part, "students": [cast.students[k] for k in keys or ("a",)], "mode": "home",
        "starts_at": road.campaign.opened_at + timedelta(hours=hours), "lead": cast.staff["ban"].pk,
        "companion": cast.staff["ke"].pk,
    } | given  # fmt: skip
    return road.act(who, add_visit, **given)


def test_urgent_the_same_evening(road):
    visit = add(road, origin="urgent", theme="情绪", appointed=True)
    assert (visit.state, visit.origin, visit.round) == ("appointed", "urgent", 1)
    assert (visit.outing.lead_id, visit.outing.companion_id) == (visit.lead_id, visit.companion_id)
    assert visit.ends_at - visit.starts_at == timedelta(minutes=30)


def test_siblings_get_one_visit_and_a_part_each(siblings):
    visit = add(siblings)
    with system_fence("look"):
        assert {child.klass_id for child in visit.visit_students.all()} == {
            siblings.cast.klass.pk,
            siblings.cast.klass2.pk,
        }


def test_a_sibling_may_be_left_out_and_an_unconfirmed_home_is(siblings):
    with system_fence("look"):
        assert add(siblings, siblings=False).visit_students.count() == 1
        home = siblings.cast.students["b"].household
        home.confirmed = False
        home.save()
        siblings.cast.students["c"].household = home
        siblings.cast.students["c"].save()
        assert add(siblings, "ban", "b", hours=30).visit_students.count() == 1


def test_neighbours_of_one_evening_share_the_outing(road):
    first, second = add(road), add(road, "ban", "b", hours=5.75)
    assert first.outing_id == second.outing_id
    assert (first.position, second.position) == (1, 2)


def test_online_needs_neither_companion_nor_outing(road):
    visit = add(road, mode="online", companion=None)
    assert (visit.outing, visit.companion) == (None, None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"companion": None}, "companion"),
        ({"mode": "other"}, "mode"),
        ({"hours": 24 * 60}, "starts_at"),
        ({"hours": -24 * 8}, "starts_at"),
        ({"origin": "whim"}, "origin"),
        ({"lead": None}, "lead"),
    ],
)
def test_what_the_rules_forbid_is_said_beside_the_field(road, change, field):
    with pytest.raises(Problem) as refused:
        add(road, **change)
    assert field in refused.value.fields


def test_teachers_of_other_schools_do_not_go_along(road):
    with pytest.raises(Problem) as refused:
        add(road, companion=road.cast.staff["wai"].pk)
    assert "companion" in refused.value.fields


def test_a_special_visit_has_a_mode_that_counts(road):
    with system_fence("test"):
        note_care(SYSTEM, student=road.cast.students["a"], kind="orphan", reason="x")
    with pytest.raises(Problem) as refused:
        add(road, mode="online", companion=None, origin="special")
    assert refused.value.fields["mode"] == ["这次家访可选的形式是：上门家访。"]
    assert add(road, mode="online", companion=None).mode == "online"  # an ordinary talk online is still a visit


def test_nobody_is_in_two_places(road):
    road.visit("c", lead="ban2", companion="ke", hours=5)
    with pytest.raises(Problem, match="柯仁老师4月15日17:00—17:30已有家访安排"):
        add(road, hours=5.25)
    with pytest.raises(Problem, match="柯仁"):
        add(road, hours=5.6)  # another way: ten minutes are too few
    assert add(road, hours=8).state == "published"


@pytest.mark.parametrize("who", ["ke", "nian"])
def test_who_may_not_add_is_refused(road, who):
    with pytest.raises(Problem) as refused:
        add(road, who)
    assert refused.value.answer()["code"] == "not_found"


@pytest.mark.parametrize(("who", "key"), [("ban2", "a"), ("ban", "c"), ("wai", "a"), ("ju", "a")])
def test_children_out_of_reach_do_not_exist(road, who, key):
    with pytest.raises(Problem) as refused:
        add(road, who, key)
    assert refused.value.code == "not_found"


def test_two_homes_are_two_visits(road):
    with pytest.raises(Problem, match="不同家庭"):
        add(road, "ban", "a", "b")


def test_agreed_by_phone_in_one_tap(road, noon):
    visit = road.act("ban", appoint, visit=road.visit("a", state="published", hours=5))
    assert (visit.state, visit.appointed_at) == ("appointed", noon)


def test_agreed_for_another_day_and_place(road, noon):
    visit = road.visit("a", state="published", hours=5)
    moved = road.act("ban", appoint, visit=visit, starts_at=noon + timedelta(hours=29), place="社区活动室")
    assert moved.ends_at - moved.starts_at == timedelta(minutes=30)
    assert moved.outing.day == moved.starts_at.date()
    assert str(moved.place) == "•••"
    with system_fence("look"):
        assert not Outing.objects.filter(pk=visit.outing_id).exists()


def test_agreed_online_gives_the_outing_back(road):
    visit = road.act("ban", appoint, visit=road.visit("a", state="published", hours=5), mode="online")
    assert (visit.mode, visit.outing) == ("online", None)
    with system_fence("look"):
        assert Outing.objects.count() == 0


def test_an_agreed_time_that_clashes_is_refused(road, noon):
    road.visit("c", lead="ban2", companion="ke", hours=29)
    visit = road.visit("a", state="published", hours=5)
    with pytest.raises(Problem) as refused:
        road.act("ban", appoint, visit=visit, starts_at=noon + timedelta(hours=29))
    assert refused.value.code == "conflict"
    assert road.fresh(visit).starts_at == visit.starts_at


def test_a_family_declines_with_a_reason(road):
    visit = road.act("ban", decline, visit=road.visit("a"), reason="家长在外地")
    assert (visit.state, visit.reason) == ("declined", "家长在外地")
    with pytest.raises(Problem, match="原因"):
        road.act("ban", decline, visit=road.visit("b"), reason=" ")


@pytest.mark.parametrize(("verb", "state"), [(cancel, "cancelled"), (miss, "missed")])
def test_called_off_or_missed_and_taken_up_again(road, noon, verb, state):
    visit = road.act("ban", verb, visit=road.visit("a"))
    assert (visit.state, visit.outing) == (state, None)
    with pytest.raises(Problem, match="选新的时间"):
        road.act("ban", reopen, visit=visit)
    again = road.act("ban", reopen, visit=visit, starts_at=noon + timedelta(hours=30))
    assert (again.state, again.outing.day) == ("published", again.starts_at.date())


@pytest.mark.parametrize("verb", [appoint, cancel, miss, reopen])
@pytest.mark.parametrize(("who", "code"), [("ke", "not_allowed"), ("xin", "not_allowed"), ("wai", "not_found")])
def test_others_do_not_arrange(road, verb, who, code):
    visit = road.visit("a", state="cancelled" if verb is reopen else "published", hours=5)
    with pytest.raises(Problem) as refused:
        road.act(who, verb, visit=visit)
    assert refused.value.code == code


@pytest.mark.parametrize("verb", [appoint, cancel, miss])
def test_what_was_made_is_not_arranged_any_more(road, verb):
    with pytest.raises(Problem) as refused:
        road.act("ban", verb, visit=road.visit("a", state="recorded"))
    assert refused.value.code == "state"


def test_a_plan_not_yet_published_is_not_here(road):
    visit = road.visit("a", state="planned", hours=5)
    with pytest.raises(Problem) as refused:
        road.act("ban", appoint, visit=visit)
    assert refused.value.code == "not_found"
    assert Visit._base_manager.get(pk=visit.pk).state == "planned"
