"""Adding, correcting, moving and leaving: what stands afterwards, and who may not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jiafang.access.fence import fenced, system_fence
from jiafang.access.models import AuditRow
from jiafang.access.vault import blind, texts
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.roster import selectors, services
from jiafang.roster.models import Enrolment, Guardian, Student
from tests.cast import CANARY

FACTS = services.StudentFacts(name="单雨欣", sex="2", id_number="I1", student_number="N1", address="某路1号", lat=40.6,
                              lon=109.8, guardians=(services.GuardianFacts("单峰", "51", "13800138000"),))  # fmt: skip


def act(cast, who, service, **given):
    actor = cast.actor(who)
    with fenced(actor.reach):
        return service(actor, **given)


def refused(cast, who, code, service, **given):
    with pytest.raises(Problem) as raised:
        act(cast, who, service, **given)
    assert raised.value.code == code
    return raised.value


def fresh(row):
    with system_fence("look"):
        return type(row).objects.select_related(*(["klass"] if isinstance(row, Student) else [])).get(pk=row.pk)


def stays(student):
    with system_fence("look"):
        return list(Enrolment.objects.filter(student=student).order_by("begins", "pk").values_list("klass", "ends"))


def opened(*sealed):
    return texts(sealed)


def test_a_class_teacher_adds_a_child(cast):
    child = act(cast, "ban", services.add_student, klass=cast.klass, facts=FACTS)
    child = fresh(child)
    assert (child.klass_id, child.school_id, child.pinyin) == (cast.klass.pk, cast.school.pk, "shanyuxin syx")
    assert opened(child.id_number, child.household.address) == ["I1", "某路1号"]
    assert stays(child) == [(cast.klass.pk, None)]


@pytest.mark.parametrize("who", ["ban2", "nian", "ke", "xin", "ju", "wai", "jiu"])
def test_others_do_not_add(cast, who):
    if who == "jiu":
        assert cast.actor("jiu") is None
        return
    refused(cast, who, "denied", services.add_student, klass=cast.klass, facts=FACTS)


def test_a_number_known_anywhere_is_refused_without_saying_where(cast):
    taken = replace(FACTS, student_number=f"{CANARY}f籍")
    problem = refused(cast, "ban", "conflict", services.add_student, klass=cast.klass, facts=taken)
    assert "外区" not in str(problem)


def test_a_child_joins_only_a_class(cast):
    refused(cast, "xiao", "invalid", services.add_student, klass=cast.klass.parent, facts=FACTS)


def test_correcting_keeps_what_is_not_said(cast):
    child = cast.students["a"]
    with system_fence("look"):
        [father] = Guardian.objects.filter(student=child)
    people = (
        services.GuardianFacts("新母亲", "52", "13900139000"),
        services.GuardianFacts("改名", "51", None, pk=father.pk),
    )
    facts = replace(FACTS, id_number=None, student_number=None, address=None, guardians=people)
    act(cast, "ban", services.edit_student, student=child, facts=facts)
    child = fresh(child)
    assert child.name == "单雨欣"
    assert opened(child.id_number, child.household.address) == [f"{CANARY}a证", f"{CANARY}a址"]
    assert child.id_index == blind("id", f"{CANARY}a证")
    with system_fence("look"):
        first, second = Guardian.objects.filter(student=child).order_by("position")
    assert (second.pk, second.name) == (father.pk, "改名")
    assert opened(first.phone, second.phone) == ["13900139000", f"{CANARY}a电话"]


def test_guardians_left_out_go_and_foreign_ones_are_not_taken(cast):
    act(cast, "ban", services.edit_student, student=cast.students["a"], facts=replace(FACTS, guardians=()))
    with system_fence("look"):
        assert not Guardian.objects.filter(student=cast.students["a"]).exists()
        [foreign] = Guardian.objects.filter(student=cast.students["c"])
    stolen = replace(FACTS, guardians=(services.GuardianFacts("x", pk=foreign.pk),))
    refused(cast, "ban", "stale", services.edit_student, student=cast.students["a"], facts=stolen)


@pytest.mark.parametrize(
    "who,code", [("ban2", "not_found"), ("nian", "denied"), ("xin", "denied"), ("wai", "not_found")]
)
def test_others_do_not_correct(cast, who, code):
    refused(cast, who, code, services.edit_student, student=cast.students["a"], facts=FACTS)
    assert fresh(cast.students["a"]).name == f"{CANARY}a名"


def test_moving_class_dates_both_stays(cast):
    on = clock.today() + timedelta(days=3)
    act(cast, "zhong", services.move_student, student=cast.students["a"], klass=cast.klass2, on=on, reason="调班")
    assert fresh(cast.students["a"]).klass_id == cast.klass2.pk
    assert stays(cast.students["a"]) == [(cast.klass.pk, on), (cast.klass2.pk, None)]
    detail = AuditRow.objects.filter(verb="student.edit", target_id=str(cast.students["a"].pk)).latest("seq").detail
    assert detail == {"from": cast.klass.pk, "to": cast.klass2.pk}


def test_moved_back_the_same_day_leaves_the_stays_as_they_were(cast):
    tomorrow = clock.today() + timedelta(days=1)
    before = stays(cast.students["a"])
    act(cast, "xiao", services.move_student, student=cast.students["a"], klass=cast.klass2, on=tomorrow)
    act(cast, "xiao", services.move_student, student=cast.students["a"], klass=cast.klass, on=tomorrow)
    assert stays(cast.students["a"]) == before


def test_moving_class_is_refused(cast):
    child = cast.students["a"]
    refused(cast, "ban", "denied", services.move_student, student=child, klass=cast.klass2)
    refused(cast, "xiao", "denied", services.move_student, student=child, klass=cast.other_klass)
    refused(cast, "xiao", "invalid", services.move_student, student=child, klass=cast.klass)
    early = clock.today() - timedelta(days=3)
    refused(cast, "xiao", "invalid", services.move_student, student=child, klass=cast.klass2, on=early)
    refused(cast, "wai", "not_found", services.move_student, student=child, klass=cast.other_klass)


def test_leaving_and_coming_back(cast):
    child = cast.students["a"]
    act(cast, "ban", services.leave, student=child, reason="转学")
    assert fresh(child).left_on == clock.today()
    assert stays(child) == [(cast.klass.pk, clock.today())]
    with fenced(cast.actor("ban").reach):
        assert child not in selectors.enrolled(cast.klass.path)
    refused(cast, "ban", "state", services.leave, student=child)
    refused(cast, "xiao", "state", services.move_student, student=child, klass=cast.klass2)
    act(cast, "ban", services.come_back, student=child)
    assert fresh(child).left_on is None
    assert stays(child) == [(cast.klass.pk, None)]
    refused(cast, "ban", "state", services.come_back, student=child)


@pytest.mark.parametrize("service", [services.leave, services.come_back])
def test_others_do_not_send_a_child_away(cast, service):
    refused(cast, "ban2", "not_found", service, student=cast.students["a"])
    refused(cast, "nian", "denied", service, student=cast.students["a"])


def test_opening_a_file_is_written_down_once_a_day(cast):
    rows = AuditRow.objects.filter(verb="student.open", target_id=str(cast.students["a"].pk))
    for _ in range(3):
        act(cast, "ban", services.open_student, pk=cast.students["a"].pk)
    act(cast, "xiao", services.open_student, pk=cast.students["a"].pk)
    assert [row.who for row in rows.order_by("seq")] == ["班和", "肖校"]


@pytest.mark.parametrize(
    "who,code", [("ban2", "not_found"), ("ke", "not_found"), ("ju", "not_found"), ("wai", "not_found")]
)
def test_strangers_find_no_file(cast, who, code):
    refused(cast, who, code, services.open_student, pk=cast.students["a"].pk)
    assert not AuditRow.objects.filter(verb="student.open").exists()
