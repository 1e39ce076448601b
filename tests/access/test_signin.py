"""Signing in, losing a post with the session open, and lock-outs that cannot be turned against others."""

from datetime import timedelta

import pytest
from django.test import Client

from jiafang.access.fence import system_fence
from jiafang.access.roles import Role
from jiafang.lib import clock
from jiafang.units import services
from jiafang.units.models import Appointment
from tests.cast import PASSWORD, SYSTEM

LOGIN = "/accounts/login/"


def sign_in(client: Client, name: str, password: str = PASSWORD, **extra):
    return client.post(LOGIN, {"login": name, "password": password}, **extra)


def test_a_stranger_is_sent_to_sign_in_and_back(cast):
    answer = Client().get("/?x=1")
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN) and "next=" in answer["Location"]


def test_a_teacher_signs_in(cast):
    client = Client()
    assert sign_in(client, "ban").status_code == 302
    assert client.get("/").status_code == 200


def test_wrong_password_and_unknown_name_read_the_same(cast):
    wrong = sign_in(Client(), "ban", "no-such-thing")
    unknown = sign_in(Client(), "nobody-here", "no-such-thing")
    assert wrong.status_code == unknown.status_code == 200
    errors = [r.context["form"].non_field_errors() for r in (wrong, unknown)]
    assert errors[0] == errors[1]


def test_an_account_whose_post_has_ended_cannot_enter(cast):
    client = Client()
    assert sign_in(client, "jiu").status_code == 200
    assert client.get("/").status_code == 302


def test_an_open_session_ends_with_the_last_post(cast):
    client = cast.client("ban")
    assert client.get("/").status_code == 200
    post = Appointment.objects.get(staff=cast.staff["ban"], role=Role.CLASS_TEACHER)
    services.end_appointment(SYSTEM, appointment=post)
    answer = client.get("/")
    assert answer.status_code == 302 and answer["Location"].startswith(LOGIN)


def test_after_handover_the_next_request_has_lost_the_class(cast):
    actor = cast.actor("ban")
    assert actor.reach.holds(cast.klass.path)
    with system_fence("hand over"):
        services.hand_over(SYSTEM, klass=cast.klass, new=cast.staff["ke"])
        services.appoint(SYSTEM, staff=cast.staff["ban"], unit=cast.klass2, role=Role.SUBJECT_TEACHER)
    assert not cast.actor("ban").reach.holds(cast.klass.path)
    assert cast.actor("ke").reach.holds(cast.klass.path)


def test_a_post_that_begins_tomorrow_opens_nothing_today(cast):
    person = services.add_staff(SYSTEM, home=cast.school, name="新来")
    services.issue_account(SYSTEM, staff=person, username="xinlai", password=PASSWORD)
    services.appoint(SYSTEM, staff=person, unit=cast.school, role=Role.COUNSELLOR, begins=clock.today() + timedelta(1))
    assert sign_in(Client(), "xinlai").status_code == 200


def test_failing_for_a_colleague_locks_out_only_oneself(cast):
    """Limits count address and name together: an attacker's failures do not shut the teacher out."""
    for _ in range(12):
        assert sign_in(Client(), "ban", "guess-guess", REMOTE_ADDR="10.0.0.9").status_code in (200, 429)
    # even the right password is of no use any more where the guessing came from
    assert sign_in(Client(), "ban", REMOTE_ADDR="10.0.0.9").status_code in (200, 429)
    assert sign_in(Client(), "ban", REMOTE_ADDR="10.0.0.7").status_code == 302


def test_personal_pages_are_never_cached_and_carry_a_strict_policy(cast):
    answer = cast.client("ban").get("/")
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "style-src 'self'" in policy and "unsafe" not in policy


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/email/"])
def test_nobody_registers_by_himself(cast, path):
    answer = Client().get(path)
    assert b'name="password1"' not in answer.content
