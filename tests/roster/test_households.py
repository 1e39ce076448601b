"""Who lives with whom: suggested by the roster, decided by a person, each decision taken back by one tap."""

from datetime import timedelta

import pytest

from jiafang.access.fence import fenced, system_fence
from jiafang.access.vault import texts
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.roster import selectors, services
from jiafang.roster.models import Household, Student
from jiafang.roster.services import GuardianFacts
from tests.cast import Cast


@pytest.fixture
def siblings(cast):
    """``a`` of klass and ``s`` of klass2 with one phone, in one home that nobody has confirmed."""
    with system_fence("test"):
        cast.students["s"] = Cast.add_student(
            "s", cast.klass2, 9, guardians=(GuardianFacts("父", "51", "金丝雀a电话"),)
        )
        put_together(cast.students["a"], cast.students["s"])
    return cast


def put_together(*children):
    """One home for all, that nobody has confirmed."""
    home = children[0].household
    home.confirmed = False
    home.save()
    for child in children[1:]:
        child.household = home
        child.save()


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
            put_together(one, two)
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
    act(siblings, "ban2", services.undo_split, student=siblings.students["s"], household_id=home.pk)
    assert home_of(siblings, "s") == home
    assert not home_of(siblings, "a").confirmed
    with system_fence("look"):
        assert not Household.objects.filter(pk=own.pk).exists()


def test_a_home_of_three_stays_unsure_when_one_parts(siblings):
    """The class teacher sees one child of the home; the two others are still a question."""
    with system_fence("third"):
        third = Cast.add_student("t", siblings.klass2, 12)
        home = siblings.students["a"].household
        put_together(siblings.students["a"], third)
    act(siblings, "ban", services.split_household, household=home, student=siblings.students["a"])
    assert not home_of(siblings, "s").confirmed


@pytest.mark.parametrize("who,code", [("nian", "denied"), ("xin", "denied"), ("ke", "not_found"), ("wai", "not_found"),
                                      ("ju", "not_found")])  # fmt: skip
def test_others_decide_nothing(siblings, who, code):
    home, child = home_of(siblings, "a"), siblings.students["a"]
    for service, given in (
        (services.confirm_household, {"household": home}),
        (services.split_household, {"household": home, "student": child}),
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


def test_only_whoever_parted_takes_it_back_and_only_for_a_day(siblings):
    home, child = home_of(siblings, "a"), siblings.students["a"]

    def undo(who, key="a"):
        with pytest.raises(Problem) as raised:
            act(siblings, who, services.undo_split, student=siblings.students[key], household_id=home.pk)
        return raised.value.code

    assert undo("ban") == "not_found"
    act(siblings, "ban", services.split_household, household=home, student=child)
    assert undo("xiao") == undo("wai") == undo("ban2") == "not_found"
    assert undo("nian") == "denied"
    assert undo("ban", "b") == "not_found"
    with clock.freeze(clock.now() + timedelta(hours=25)):
        assert undo("ban") == "not_found"
    act(siblings, "ban", services.undo_split, student=child, household_id=home.pk)
    assert home_of(siblings, "a") == home and not home.confirmed
    assert undo("ban") == "conflict"
