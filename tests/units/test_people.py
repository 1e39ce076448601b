"""Posts, sign-ins and handovers: who may, who may not, and that a right ends with the post at once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jiafang.access.fence import fenced
from jiafang.access.models import AuditRow
from jiafang.access.roles import Role
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.roster.models import Student
from jiafang.units import selectors, services
from jiafang.units.models import Appointment, Handover, Staff

STRANGERS = ["ban", "ke", "wai", "waixiao", "yi"]


def refused(code, run, *args, **given):
    with pytest.raises(Problem) as seen:
        run(*args, **given)
    assert seen.value.code == code
    return seen.value


def post_of(cast, key):
    return Appointment.objects.select_related("unit").filter(staff=cast.staff[key]).get()


def test_a_class_is_handed_over_at_once_open_sessions_included(cast):
    browser = cast.client("ban")
    page = reverse("units:klass", args=[cast.klass.pk])
    assert browser.get(page).status_code == 200
    row = services.hand_over(cast.actor("zhong"), klass=cast.klass, new=cast.staff["ke"], note="两个孩子住校")
    # The old class teacher has no other post: the next request of the open session is answered by the door.
    answer = browser.get(page)
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")
    assert "_auth_user_id" not in browser.session
    assert cast.actor("ban") is None
    with fenced(cast.actor("ke").reach):
        assert Student.objects.count() == 2
    assert (row.old, row.new, row.note) == (cast.staff["ban"], cast.staff["ke"], "两个孩子住校")


def test_with_another_post_left_only_the_class_is_lost(cast):
    services.appoint(
        cast.actor("zhong"), staff=cast.staff["ban"], unit=cast.klass2, role=Role.SUBJECT_TEACHER, subject="数学"
    )
    browser = cast.client("ban")
    page = reverse("units:klass", args=[cast.klass.pk])
    assert browser.get(page).status_code == 200
    services.hand_over(cast.actor("xiao"), klass=cast.klass, new=cast.staff["ke"])
    assert browser.get(page).status_code == 404
    assert browser.get(reverse("units:klass", args=[cast.klass2.pk])).status_code == 200
    with fenced(cast.actor("ban").reach):
        assert Student.objects.count() == 0


def test_a_handover_from_a_later_day_leaves_the_old_teacher_until_then(cast):
    day = clock.today() + timedelta(7)
    services.hand_over(cast.actor("nian"), klass=cast.klass, new=cast.staff["ke"], on=day)
    assert selectors.class_teacher(cast.klass) == cast.staff["ban"]
    assert selectors.class_teacher(cast.klass, on=day) == cast.staff["ke"]
    with clock.freeze(day):
        assert cast.actor("ban") is None


@pytest.mark.parametrize("who", [*STRANGERS, "ban2", "xin"])
def test_who_does_not_hand_a_class_over(cast, who):
    refused("denied", services.hand_over, cast.actor(who), klass=cast.klass, new=cast.staff["ke"])
    assert selectors.class_teacher(cast.klass) == cast.staff["ban"]
    assert not Handover.objects.exists()


def test_the_new_one_is_of_the_school_and_another_person(cast):
    xiao = cast.actor("xiao")
    refused("invalid", services.hand_over, xiao, klass=cast.klass, new=cast.staff["wai"])
    refused("conflict", services.hand_over, xiao, klass=cast.klass, new=cast.staff["ban"])
    early = clock.today() - timedelta(400)
    refused("invalid", services.hand_over, xiao, klass=cast.klass, new=cast.staff["ke"], on=early)


def test_only_the_new_class_teacher_acknowledges(cast):
    row = services.hand_over(cast.actor("zhong"), klass=cast.klass, new=cast.staff["ke"])
    for who in ("zhong", "xiao", "ban2", "wai", "yi"):
        refused("denied", services.acknowledge_handover, cast.actor(who), handover=row)
    assert list(selectors.handovers_waiting(cast.actor("ke"))) == [row]
    first = services.acknowledge_handover(cast.actor("ke"), handover=row)
    again = services.acknowledge_handover(cast.actor("ke"), handover=row)
    assert first.acknowledged_at == again.acknowledged_at
    assert not selectors.handovers_waiting(cast.actor("ke")).exists()
    assert AuditRow.objects.filter(verb="klass.acknowledge_handover").count() == 1


def test_who_reads_a_handover(cast):
    row = services.hand_over(cast.actor("zhong"), klass=cast.klass, new=cast.staff["ke"])
    for who in ("ke", "zhong", "xiao", "nian"):
        assert selectors.handover(cast.actor(who), row.pk) == row
    for who in ("ban2", "ke2", "wai", "waixiao", "yi"):
        refused("denied", selectors.handover, cast.actor(who), row.pk)


def test_a_post_begins_and_ends(cast):
    row = services.appoint(cast.actor("zhong"), staff=cast.staff["ke"], unit=cast.school, role=Role.GUIDE)
    assert Role.GUIDE in cast.actor("ke").roles
    services.end_appointment(cast.actor("zhong"), appointment=row)
    assert Role.GUIDE not in cast.actor("ke").roles


@pytest.mark.parametrize("who", [*STRANGERS, "nian", "xin"])
def test_who_sets_no_posts(cast, who):
    actor, given = cast.actor(who), {"staff": cast.staff["ke2"], "unit": cast.school, "role": Role.GUIDE}
    refused("denied", services.appoint, actor, **given)
    refused("denied", services.end_appointment, actor, appointment=post_of(cast, "ke2"))


def test_nobody_sets_his_own_post_or_one_above_it(cast):
    zhong = cast.actor("zhong")
    refused("not_allowed", services.appoint, zhong, staff=cast.staff["zhong"], unit=cast.school, role=Role.COUNSELLOR)
    refused("not_allowed", services.appoint, zhong, staff=cast.staff["ke"], unit=cast.school, role=Role.PRINCIPAL)
    refused("not_allowed", services.end_appointment, zhong, appointment=post_of(cast, "xiao"))
    refused("not_allowed", services.reissue_password, zhong, staff=cast.staff["xiao"])
    refused("not_allowed", services.end_appointment, zhong, appointment=post_of(cast, "zhong"))
    assert services.appoint(cast.actor("ju"), staff=cast.staff["ke"], unit=cast.school, role=Role.SECRETARY)


def test_a_post_needs_its_kind_of_unit_and_a_person_of_the_school(cast):
    xiao = cast.actor("xiao")
    refused("invalid", services.appoint, xiao, staff=cast.staff["ke"], unit=cast.school, role=Role.CLASS_TEACHER)
    refused("invalid", services.appoint, xiao, staff=cast.staff["ke"], unit=cast.school, role=Role.BUREAU_OFFICER)
    refused("invalid", services.appoint, xiao, staff=cast.staff["wai"], unit=cast.klass, role=Role.SUBJECT_TEACHER)
    refused("conflict", services.appoint, xiao, staff=cast.staff["ke"], unit=cast.klass, role=Role.CLASS_TEACHER)
    early = clock.today() - timedelta(400)
    refused(
        "conflict",
        services.appoint,
        xiao,
        staff=cast.staff["ke"],
        unit=cast.klass,
        role=Role.CLASS_TEACHER,
        begins=early,
    )
    refused("invalid", services.appoint, xiao, staff=cast.staff["ke"], unit=cast.school, role=Role.GUIDE, ends=early)


def test_an_account_is_issued_once_with_a_password_to_change(cast):
    person = services.add_staff(cast.actor("zhong"), home=cast.school, name="新来", number="n1")
    services.appoint(cast.actor("zhong"), staff=person, unit=cast.klass, role=Role.SUBJECT_TEACHER)
    account, password = services.issue_account(cast.actor("zhong"), staff=person, username=" XinLai ")
    assert account.username == "xinlai"
    assert account.check_password(password)
    assert account.must_change_password
    refused("conflict", services.issue_account, cast.actor("zhong"), staff=person, username="x2")
    other = services.add_staff(cast.actor("zhong"), home=cast.school, name="又来", number="n2")
    refused("conflict", services.issue_account, cast.actor("zhong"), staff=other, username="xinlai")


def test_a_new_password_replaces_the_old_one_and_its_sessions(cast):
    browser = cast.client("ke")
    assert browser.get(reverse("units:klass", args=[cast.klass.pk])).status_code == 200
    password = services.reissue_password(cast.actor("zhong"), staff=cast.staff["ke"])
    account = cast.staff["ke"].account
    account.refresh_from_db()
    assert account.check_password(password)
    assert account.must_change_password
    assert browser.get(reverse("units:klass", args=[cast.klass.pk])).status_code == 302


@pytest.mark.parametrize("who", [*STRANGERS, "nian"])
def test_who_issues_no_accounts_and_edits_no_staff(cast, who):
    actor = cast.actor(who)
    refused("denied", services.reissue_password, actor, staff=cast.staff["ke2"])
    refused("denied", services.edit_staff, actor, staff=cast.staff["ke2"], name="改名")
    refused("denied", services.leave, actor, staff=cast.staff["ke2"])
    refused("denied", services.add_staff, actor, home=cast.school, name="新")


def test_a_person_is_corrected(cast):
    row = services.edit_staff(
        cast.actor("zhong"), staff=cast.staff["ke"], name="柯仁义", number="ke", subject="语文", phone="13800000000"
    )
    assert row.pinyin.startswith("ke")
    row.account.refresh_from_db()
    assert row.account.name == "柯仁义"
    refused("conflict", services.edit_staff, cast.actor("zhong"), staff=cast.staff["ke2"], number="ke")
    refused("invalid", services.edit_staff, cast.actor("zhong"), staff=cast.staff["ke2"], name=" ")


def test_leaving_ends_every_post(cast):
    services.leave(cast.actor("zhong"), staff=cast.staff["ke"])
    assert cast.actor("ke") is None
    assert cast.staff["ke"] not in selectors.staff_of(cast.school)


def test_lists_cost_the_same_however_long(cast, django_assert_num_queries):
    zhong = cast.actor("zhong")
    with django_assert_num_queries(2):
        list(selectors.staff_list(zhong, cast.school))
    with django_assert_num_queries(4):
        page = selectors.school_page(zhong, cast.school.pk)
    assert [k.teacher.name for c in page.cohorts for k in c.klasses] == ["班和", "班蓝"]
    assert {p.staff.name for p in page.leaders} == {"肖校", "钟层", "辛理"}
    for n in range(20):
        services.add_staff(zhong, home=cast.school, name=f"加{n}", number=f"a{n}")
    with django_assert_num_queries(2):
        assert len(list(selectors.staff_list(zhong, cast.school))) == 29
    with django_assert_num_queries(4):
        selectors.school_page(zhong, cast.school.pk)


@pytest.mark.parametrize("who", ["wai", "waixiao", "yi"])
def test_another_schools_people_are_not_found(cast, who):
    refused("not_found", selectors.school, cast.actor(who), cast.school.pk)
    refused("denied", selectors.staff_list, cast.actor(who), cast.school)
    refused("denied", selectors.person, cast.actor(who), cast.staff["ke"].pk)
    refused("denied", selectors.klass_page, cast.actor(who), cast.klass.pk)


def test_last_years_class_teacher_finds_nothing(cast):
    assert cast.actor("jiu") is None
    answer = cast.client("jiu").get(reverse("units:klass", args=[cast.klass2.pk]))
    assert answer.status_code == 302
    assert Staff.objects.filter(pk=cast.staff["jiu"].pk).exists()


def test_a_one_time_password_opens_only_the_page_that_replaces_it(cast):
    password = services.reissue_password(cast.actor("zhong"), staff=cast.staff["ke"])
    account = cast.staff["ke"].account
    account.refresh_from_db()
    browser = cast.client("ke")
    page, change = reverse("units:klass", args=[cast.klass.pk]), reverse("account_change_password")
    assert browser.get(page).url == change
    assert browser.get(change).status_code == 200
    own = "meine-eigene-7"
    answer = browser.post(change, {"oldpassword": password, "password1": own, "password2": own})
    assert answer.status_code == 302
    account.refresh_from_db()
    assert account.check_password(own)
    assert not account.must_change_password
    assert browser.get(page).status_code == 200
