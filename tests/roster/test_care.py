"""Care is dated and sealed; it begins, ends, goes on, or was a slip. Psychological notes are the counsellor's."""

from datetime import timedelta

import pytest

from jiafang.access.fence import fenced, system_fence
from jiafang.access.models import AuditRow
from jiafang.access.vault import texts
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.roster import selectors, services
from jiafang.roster.kinds import CareKind
from jiafang.roster.models import Care


def act(cast, who, service, **given):
    actor = cast.actor(who)
    with fenced(actor.reach):
        return service(actor, **given)


def refused(cast, who, service, **given):
    with pytest.raises(Problem) as raised:
        act(cast, who, service, **given)
    return raised.value.code


def note(cast, who="ban", kind="poverty", **given):
    return act(cast, who, services.note_care, student=cast.students["a"], kind=kind, **given)


def reason_of(care):
    with system_fence("look"):
        return texts([Care.objects.get(pk=care.pk).reason])[0]


def kinds(cast, who):
    actor = cast.actor(who)
    with fenced(actor.reach):
        found = selectors.care_by_student(actor, [cast.students["a"]])
        return [str(kind) for kind, _row in found.get(cast.students["a"].pk, ())]


def test_noted_dated_and_sealed(cast):
    care = note(cast, reason="低保", level="1", responsible=cast.staff["xin"].pk)
    with system_fence("look"):
        care = Care.objects.get(pk=care.pk)
    assert (care.begins, care.ends, care.level, care.responsible) == (clock.today(), None, "1", cast.staff["xin"])
    assert care.kind == CareKind.POVERTY
    assert str(care.reason) == "•••" and reason_of(care) == "低保"
    row = AuditRow.objects.get(verb="care.note")
    assert "poverty" not in str(row.detail) and "低保" not in str(row.detail)


def test_noting_again_updates_the_same_row(cast):
    first = note(cast, reason="低保", level="1")
    second = note(cast, level="2")
    assert first.pk == second.pk
    assert (second.level, reason_of(second)) == ("2", "低保")


@pytest.mark.parametrize("who", ["ban2", "nian", "ke", "ju", "wai"])
def test_others_note_nothing(cast, who):
    assert refused(cast, who, services.note_care, student=cast.students["a"], kind="poverty") in ("denied", "not_found")
    assert not AuditRow.objects.filter(verb="care.note").exists()


def test_nonsense_is_refused(cast):
    tomorrow = clock.today() + timedelta(days=1)
    for given in ({"kind": "rich"}, {"level": "9"}, {"begins": tomorrow}):
        with pytest.raises(Problem) as raised:
            note(cast, **given)
        assert raised.value.code == "invalid"


def test_a_class_teacher_adds_to_a_counsellors_note_and_overwrites_nothing(cast):
    care = note(cast, who="xin", kind="psychological", reason="评估记录")
    note(cast, who="ban", kind="psychological", reason="近来睡不好")
    assert reason_of(care).splitlines() == ["评估记录", f"{clock.today()} 班和：近来睡不好"]
    note(cast, who="xin", kind="psychological", reason="新的评估")
    assert reason_of(care) == "新的评估"


def test_who_knows_of_psychological_care(cast):
    hidden = note(cast, who="xin", kind="psychological")
    note(cast, kind="learning")
    assert {who: kinds(cast, who) for who in ("ban", "xiao", "xin", "nian")} == {
        "ban": ["psychological", "learning"], "xiao": ["psychological", "learning"],
        "xin": ["psychological", "learning"], "nian": ["learning"],
    }  # fmt: skip
    assert kinds(cast, "ke") == kinds(cast, "wai") == kinds(cast, "ju") == []
    actor = cast.actor("nian")
    with fenced(actor.reach), pytest.raises(Problem):
        selectors.care(actor, hidden.pk)


def test_ended_and_gone_on(cast):
    care = note(cast)
    act(cast, "xiao", services.end_care, care=care)
    assert kinds(cast, "ban") == []
    assert refused(cast, "ban", services.end_care, care=care) == "state"
    act(cast, "ban", services.resume_care, care=care)
    assert kinds(cast, "ban") == ["poverty"]
    assert refused(cast, "ban", services.resume_care, care=care) == "state"


def test_one_noted_anew_is_not_doubled_by_the_old_one(cast):
    care = note(cast)
    act(cast, "ban", services.end_care, care=care)
    note(cast)
    assert refused(cast, "ban", services.resume_care, care=care) == "conflict"


@pytest.mark.parametrize("service", [services.end_care, services.resume_care, services.withdraw_care])
def test_others_end_nothing(cast, service):
    care = note(cast)
    assert refused(cast, "nian", service, care=care) == "denied"
    assert refused(cast, "ban2", service, care=care) == "not_found"
    assert refused(cast, "ke", service, care=care) == "not_found"
    assert kinds(cast, "ban") == ["poverty"]


def test_a_slip_is_taken_away_by_whoever_made_it_within_a_day(cast):
    care = note(cast)
    assert refused(cast, "xiao", services.withdraw_care, care=care) == "state"
    with clock.freeze(clock.now() + timedelta(hours=25)):
        assert refused(cast, "ban", services.withdraw_care, care=care) == "state"
    act(cast, "ban", services.withdraw_care, care=care)
    with system_fence("look"):
        assert not Care.objects.filter(pk=care.pk).exists()
    assert AuditRow.objects.filter(verb="care.end", detail__withdrawn=True).count() == 1


def test_past_care_stays_in_the_file(cast):
    care = note(cast, begins=clock.today() - timedelta(days=30))
    act(cast, "ban", services.end_care, care=care)
    actor = cast.actor("ban")
    with fenced(actor.reach):
        assert [(str(kind), row.ends) for kind, row in selectors.cares_of(actor, cast.students["a"])] == [
            ("poverty", clock.today())
        ]


def test_children_under_care_come_in_one_query(cast, django_assert_num_queries):
    note(cast)
    note(cast, kind="learning")
    actor = cast.actor("xiao")
    with fenced(actor.reach), django_assert_num_queries(1):
        rows = selectors.cares_under(actor, [cast.school.path])
        assert [(row.student.klass.pk, row.responsible) for _kind, row in rows] == [(cast.klass.pk, None)] * 2


def test_a_list_with_care_is_looked_at_once_a_day_and_by_readers_only(cast):
    for _ in range(2):
        act(cast, "ban", services.look_at_care, unit=cast.klass)
    assert AuditRow.objects.filter(verb="care.read").count() == 1
    for who in ("ban2", "ke", "ju", "wai"):
        assert refused(cast, who, services.look_at_care, unit=cast.klass) == "denied"
