"""Rows are seen within the reach and nowhere else."""

import pytest

from jiafang.access.fence import FenceMissing, fenced, system_fence
from jiafang.roster.models import Care, Guardian, Household, Student
from jiafang.roster.services import note_care
from tests.cast import SYSTEM


def names(model, lookup="name"):
    return {str(v) for v in model.objects.values_list(lookup, flat=True)}


def test_asking_without_a_reach_raises(cast):
    with pytest.raises(FenceMissing):
        list(Student.objects.all())


@pytest.mark.parametrize(
    ("who", "keys"),
    [
        ("ban", "ab"), ("ban2", "c"), ("nian", "abc"), ("zhong", "abc"), ("xiao", "abc"), ("xin", "abc"),
        ("ke", ""), ("wai", "w"), ("waixiao", "w"), ("ju", ""), ("de", ""), ("yi", ""),
    ],
)  # fmt: skip
def test_each_of_the_cast_sees_its_own_children(cast, who, keys):
    with fenced(cast.actor(who).reach):
        assert names(Student) == {f"金丝雀{k}名" for k in keys}
        assert names(Guardian) == {f"金丝雀{k}家长" for k in keys}
        assert Household.objects.count() == len(keys)


def test_system_sees_all_and_must_say_why(cast):
    with system_fence("count"):
        assert Student.objects.count() == 5
    with pytest.raises(ValueError), system_fence(""):
        pass


def test_a_reverse_relation_is_fenced_too(cast):
    with system_fence("set up"):
        care = note_care(SYSTEM, student=cast.students["w"], kind="poverty", reason="x")
        stranger = cast.students["w"]
    with fenced(cast.actor("ban").reach):
        assert list(stranger.cares.all()) == []
        assert list(stranger.guardians.all()) == []
        assert not Care.objects.filter(pk=care.pk).exists()


def test_paths_that_share_digits_are_not_confused(cast):
    path = cast.klass.path
    with fenced(cast.actor("ban").reach) as reach:
        assert reach.holds(path + "7.")
        assert not reach.holds(path[:-1] + "7.")
