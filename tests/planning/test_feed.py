"""A private calendar address: open to its holder, silent about children, ended by its owner."""

from django.test import Client

from jiafang.access.fence import system_fence
from jiafang.planning import services
from jiafang.planning.models import Feed
from tests.cast import CANARY


def token_of(world, who="ban"):
    return world.act(who, services.make_feed)


def test_the_holder_reads_times_and_colleagues_and_no_child(world):
    world.published()
    answer = Client().get(f"/feeds/{token_of(world)}.ics")
    body = answer.content.decode()
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    assert body.count("BEGIN:VEVENT") >= 1 and "柯仁" in body
    assert CANARY not in body and str(world.cast.students["a"].pk) not in body
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))


def test_before_publishing_it_is_empty(world):
    world.planned()
    assert "BEGIN:VEVENT" not in Client().get(f"/feeds/{token_of(world)}.ics").content.decode()


def test_only_the_digest_is_kept(world):
    token = token_of(world)
    assert token not in str(Feed.objects.values().get())


def test_a_new_address_ends_the_old_one_and_revoking_ends_both(world):
    old, new = token_of(world), token_of(world)
    assert Client().get(f"/feeds/{old}.ics").status_code == 404
    assert Client().get(f"/feeds/{new}.ics").status_code == 200
    world.act("ban", services.revoke_feed)
    assert Client().get(f"/feeds/{new}.ics").status_code == 404


def test_a_teacher_who_left_has_no_calendar_any_more(world):
    token = token_of(world)
    with system_fence("test"):
        type(world.cast.staff["ban"]).objects.filter(pk=world.cast.staff["ban"].pk).update(left_on="2026-03-01")
    assert Client().get(f"/feeds/{token}.ics").status_code == 404


def test_a_made_up_address_is_not_found(world):
    assert Client().get("/feeds/nothing.ics").status_code == 404
