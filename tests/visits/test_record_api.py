"""The protocol of a save over HTTP: status, what is told, and what a signed-out or foreign client learns."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from jiafang.lib import clock
from jiafang.paperwork.forms import answers_digest
from jiafang.units.services import appoint, hand_over
from tests.cast import SYSTEM
from tests.visits.conftest import FULL

A, B = {"process": "甲"}, {"process": "乙"}


@pytest.fixture
def put(road):
    visit = road.held("a")
    child = road.child(visit)

    def send(client, answers=A, key=None, **more):
        body = {
            "visit_student": str(child.pk), "base_revision": 0, "answers": answers, "digest": answers_digest(answers),
            "client_time": clock.now().isoformat(), "submit": False, "form": str(road.form.pk),
        } | more  # fmt: skip
        client = road.cast.client(client) if isinstance(client, str) else client
        return client.put(
            reverse("visits:record", args=[key or uuid4()]), json.dumps(body), content_type="application/json",
            headers={"Accept": "application/json"},
        )  # fmt: skip

    send.visit, send.child = visit, child
    return send


def test_new_same_next_and_met(put):
    key = uuid4()
    new = put("ban", key=key)
    told = new.json()
    assert (new.status_code, told["outcome"], told["record"], told["revision"]) == (201, "new", str(key), 1)
    assert told["digest"] == answers_digest(A)
    assert put("ban", key=key).status_code == 200
    assert put("ban", B, key=key, base_revision=1).json()["revision"] == 2
    met = put("ban", {"process": "丙"}, key=key, base_revision=1)
    told = met.json()
    assert (met.status_code, told["revision"]) == (409, 2)
    assert told["settle"] == reverse("visits:settle", args=[told["conflict"]])
    assert "核对" in told["message"]


def test_handing_in_names_what_is_missing_and_keeps_the_rest(put):
    key = uuid4()
    answer = put("ban", key=key, submit=True)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"preparation", "demands"}
    assert answer.json()["revision"] == 1
    assert put("ban", FULL, key=key, base_revision=1, submit=True).json()["state"] == "submitted"


def test_a_phones_wrong_clock_is_told(put):
    told = put("ban", client_time=(clock.now() - timedelta(minutes=20)).isoformat()).json()
    assert told["clock_off"] is True


def test_a_signed_out_client_is_told_in_json_and_keeps_its_text(put):
    answer = put(Client())
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("who", ["ban2", "ke2", "wai", "ju", "yi"])
def test_a_stranger_learns_nothing(put, who):
    answer = put(who)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_reader_is_told_that_others_write(put):
    assert put("xiao").status_code == put("ke").status_code == 403


def test_who_lost_the_class_is_told_that_all_is_kept(put, road):
    key = uuid4()
    put("ban", key=key)
    appoint(SYSTEM, staff=road.cast.staff["ban"], unit=road.cast.klass2, role="subject_teacher", begins=clock.today())
    hand_over(SYSTEM, klass=road.cast.klass, new=road.cast.staff["nian"])
    answer = put("ban", B, key=key, base_revision=1)
    assert answer.status_code == 409
    assert answer.json() == {
        "outcome": "stray", "fields": {}, "clock_off": False,
        "message": "这名学生的家访已转交给别的老师。您写的内容已妥善保存并转交，本机上的可以删除。",
    }  # fmt: skip
    page = road.cast.client("nian").get(reverse("visits:visit", args=[put.visit.pk])).content.decode()
    assert "有两份内容" in page


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b'{"visit_student": 1, "answers": {}}', b'{"answers": {}}', b'{"answers": NaN}',
        b'{"visit_student": "x", "answers": {"process": "y"}, "base_revision": "z"}', b"\xff" * 40, b"[" * 100000,
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_plain_words(road, put, body):
    answer = road.cast.client("ban").put(
        reverse("visits:record", args=[uuid4()]), body, content_type="application/json",
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"


def test_nothing_else_is_answered_at_this_address(road, put):
    assert road.cast.client("ban").post(reverse("visits:record", args=[uuid4()])).status_code == 405


def test_an_outline_saves_itself_and_two_editors_notice(road, put):
    client = road.cast.client("ban")
    address = reverse("visits:outline", args=[put.child.pk])

    def save(revision, text):
        body = json.dumps({"revision": revision, "answers": {"title": ["学习"], "text": [text]}})
        return client.put(address, body, content_type="application/json")

    assert save(0, "问作业").json()["revision"] == 1
    assert save(1, "问作业和睡眠").json()["revision"] == 2
    stale = save(1, "别的")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
