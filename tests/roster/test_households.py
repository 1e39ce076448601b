"""Who lives with whom: suggested by the roster, decided by a person, each decision taken back by one tap."""

import pytest

from jiafang.access.fence import fenced, system_fence
from jiafang.access.vault import texts
from jiafang.lib.errors import Problem
from jiafang.roster import selectors, services
from jiafang.roster.models import Household, Student
from jiafang.roster.services import GuardianFacts
from tests.cast import SYSTEM, Cast


@pytest.fixture
def siblings(cast):
    """``a`` of klass and ``s`` of klass2 with one phone, in one home that nobody has confirmed."""
    with system_fence("test"):
        home = cast.students["a"].household
        cast.students["s"] = Cast.add_student(
            "s", cast.klass2, 9, guardians=(GuardianFacts("父", "51", "金丝雀a电话"),)
        )
        services.join_household(SYSTEM, student=cast.students["s"], household=home, confirmed=False)
    return cast


def act(cast, who, service, **given):
    actor = cast.actor(who)
    with fenced(actor.reach):
        return service(actor, **given)


def home_of(cast, key):
    with system_fence("look"):
        return Student.objects.select_related("household").get(pk=cast.students[key].pk).household


def waiting(cast, who):
    actor = cast.actor(who)
    with fenced(actor.reach):
        rows = selectors.households_to_confirm([p.path for p in actor.posts])
        return selectors.homes(actor, rows)


def test_a_home_to_confirm_says_who_and_why(siblings):
    [home] = waiting(siblings, "ban")
    assert home.same_phone
    assert [(c.name, c.within_reach) for c in home.children] == [("金丝雀a名", True), ("金丝雀s名", False)]
    assert home.children[1].klass.endswith("2班")
    assert [h.household for h in waiting(siblings, "ban2")] == [home.household]
    assert waiting(siblings, "wai") == []


def test_the_list_costs_the_same_for_one_home_or_many(siblings, django_assert_num_queries):
    actor = siblings.actor("xiao")
    with fenced(actor.reach), django_assert_num_queries(3):
        assert len(selectors.homes(actor, selectors.households_to_confirm(siblings.school.path))) == 1
    with system_fence("more"):
        for n in range(10, 16, 2):
            one, two = (Cast.add_student(f"m{n + k}", siblings.klass, n + k) for k in (0, 1))
            services.join_household(SYSTEM, student=two, household=one.household, confirmed=False)
    with fenced(actor.reach), django_assert_num_queries(3):
        assert len(selectors.homes(actor, selectors.households_to_confirm(siblings.school.path))) == 4


def test_confirmed_and_taken_back(siblings):
    home = home_of(siblings, "a")
    act(siblings, "ban", services.confirm_household, household=home)
    assert home_of(siblings, "a").confirmed
    assert waiting(siblings, "ban") == []
    act(siblings, "ban", services.confirm_household, household=home, together=False)
    assert len(waiting(siblings, "ban")) == 1


def test_a_child_parts_with_a_copy_of_the_address_and_joins_again(siblings):
    home = home_of(siblings, "a")
    own = act(siblings, "ban2", services.split_household, household=home, student=siblings.students["s"])
    assert home_of(siblings, "s") == own
    assert texts([home_of(siblings, "s").address]) == ["金丝雀a址"]
    assert home_of(siblings, "a").confirmed
    act(siblings, "xiao", services.join_household, student=siblings.students["s"], household=home, confirmed=False)
    assert home_of(siblings, "s") == home
    assert not home_of(siblings, "a").confirmed
    with system_fence("look"):
        assert not Household.objects.filter(pk=own.pk).exists()


def test_a_home_of_three_stays_unsure_when_one_parts(siblings):
    """The class teacher sees one child of the home; the two others are still a question."""
    with system_fence("third"):
        third = Cast.add_student("t", siblings.klass2, 12)
        home = siblings.students["a"].household
        services.join_household(SYSTEM, student=third, household=home, confirmed=False)
    act(siblings, "ban", services.split_household, household=home, student=siblings.students["a"])
    assert not home_of(siblings, "s").confirmed


@pytest.mark.parametrize("who,code", [("nian", "denied"), ("xin", "denied"), ("ke", "not_found"), ("wai", "not_found"),
                                      ("ju", "not_found")])  # fmt: skip
def test_others_decide_nothing(siblings, who, code):
    home, child = home_of(siblings, "a"), siblings.students["a"]
    for service, given in (
        (services.confirm_household, {"household": home}),
        (services.split_household, {"household": home, "student": child}),
        (services.join_household, {"household": home, "student": child}),
    ):
        with pytest.raises(Problem) as raised:
            act(siblings, who, service, **given)
        assert raised.value.code == code
    assert not home_of(siblings, "a").confirmed


def test_a_class_teacher_moves_no_child_of_another_class(siblings):
    """ban reaches the home through its own child, but not the sibling in ban2's class."""
    with pytest.raises(Problem) as raised:
        act(siblings, "ban", services.split_household, household=home_of(siblings, "a"), student=siblings.students["s"])
    assert raised.value.code == "not_found"
    with pytest.raises(Problem) as raised:
        act(siblings, "ban", services.join_household, household=home_of(siblings, "a"), student=siblings.students["c"])
    assert raised.value.code == "not_found"


def test_children_of_two_schools_share_no_home(siblings):
    with system_fence("test"), pytest.raises(Problem) as raised:
        services.join_household(SYSTEM, student=siblings.students["w"], household=siblings.students["a"].household)
    assert raised.value.code == "denied"
