"""Pages of visits as a browser asks for them: each opens for whom it is, and for nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jiafang.access.fence import system_fence
from jiafang.access.models import AuditRow
from jiafang.campaigns.models import ConductAcknowledgement
from jiafang.lib import clock
from jiafang.visits.models import Visit
from jiafang.visits.services import confirm_record
from tests.visits.conftest import FULL


def url(name, *args):
    return reverse(f"visits:{name}", args=args)


def test_lists_open_and_show_names_only_within_reach(road):
    road.visit("a", hours=6)
    road.visit("b", state="held", hours=-70)
    road.visit("c", lead="ban2", companion="ke2", hours=7)
    for name in ("list", "week", "late"):
        page = road.cast.client("ban").get(url(name)).content.decode()
        assert "金丝雀b名" in page or name == "week"
        assert "金丝雀c名" not in page
        stranger = road.cast.client("wai").get(url(name))
        assert stranger.status_code == 200
        assert "金丝雀" not in stranger.content.decode()


@pytest.mark.parametrize(
    "query", ["state=late", "state=today", "klass=x", "q=金丝雀b", "mode=home", "day_from=2026-04-01", "week=-1"]
)
def test_the_list_filters(road, query):
    road.visit("a", hours=6)
    late = road.visit("b", state="held", hours=-98)
    page = road.cast.client("xiao").get(f"{url('list')}?{query}").content.decode()
    assert (str(late.pk) in page) == (query != "state=today")


def test_the_list_costs_the_same_for_many_rows(road):
    client = road.cast.client("xiao")

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("list")).status_code == 200
        return len(queries)

    road.visit("a", hours=6)
    count()
    once = count()
    for _ in range(4):
        road.visit("b", hours=8, state="published")
    assert count() == once


def test_a_visits_page_and_its_one_thing_to_do(road):
    client = road.cast.client("ban")

    def shows(visit, words):
        page = client.get(url("visit", visit.pk)).content.decode()
        bar = page.split('<div class="act-bar">')[1].split("</div>")[0]
        return words in bar

    assert shows(road.visit("a", hours=5, state="published"), "电话已约好")
    assert shows(road.visit("a", hours=29), "准备提纲")
    assert shows(road.visit("b"), "家访已完成")
    held = road.held("b")
    assert shows(held, "填写记录")
    road.submitted(held)
    assert shows(held, "守则自查")
    page = road.cast.client("ke").get(url("visit", held.pk)).content.decode()
    assert "确认记录" in page.split('<div class="act-bar">')[1].split("</div>")[0]


def test_a_visits_page_costs_the_same_for_one_child_or_three(road):
    def count(*keys):
        visit = road.visit(*keys, hours=5)
        client = road.cast.client("xiao")
        client.get(url("visit", visit.pk))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("visit", visit.pk)).status_code == 200
        return len(queries)

    assert count("a") == count("a", "b", "c")


def test_from_the_phone_call_to_the_archive_in_the_browser(road, noon):
    ban, ke, xiao = (road.cast.client(k) for k in ("ban", "ke", "xiao"))
    visit = road.visit("a", hours=1, state="published")
    child = road.child(visit)

    def follow(client, path, data=None):
        answer = client.post(path, data or {})
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return answer.url

    follow(ban, url("agreed", visit.pk))
    assert "了解家庭情况" in ban.get(url("outline", child.pk)).content.decode()
    follow(ban, url("outline", child.pk), {"title": ["学习", ""], "text": ["问作业", ""], "base_revision": 0})
    follow(ban, url("depart", visit.outing_id), {"visit": visit.pk})
    with clock.freeze(noon + timedelta(hours=2)):
        follow(ke, url("return_safe", visit.outing_id), {"visit": visit.pk})
        to_write = follow(ban, url("hold", visit.pk))
        assert to_write == url("write", child.pk)
        page = ban.get(to_write).content.decode()
        assert "学习：问作业" in page and "还有 48 小时到期" in page
        wrong = ban.post(to_write, {"process": "谈了作息", "preparation": "问作业", "act": "submit"})
        assert wrong.status_code == 422 and "“家长诉求”还没有填" in wrong.content.decode()
        with system_fence("look"):
            record = Visit.objects.get(pk=visit.pk).visit_students.get().record
        given = FULL | {"guardian": "妈妈", "record": record.pk, "base_revision": 1, "act": "submit"}
        follow(ban, to_write, given)
        assert "情况属实" in ke.get(url("confirm", record.pk)).content.decode()
        follow(ke, url("confirm", record.pk))
        sheet = xiao.get(url("record", record.pk)).content.decode()
        assert "妈妈" in sheet and "谈了作息" in sheet
        follow(xiao, url("archive"), {"ids": [visit.pk]})
    assert road.fresh(visit).state == "archived"


def test_other_times_reasons_and_real_times(road, noon):
    ban = road.cast.client("ban")
    visit = road.visit("a", hours=5, state="published")
    slot = {"day": "2026-04-16", "starts": "18:00", "ends": "18:40", "mode": "home", "place": "活动室"}
    assert ban.get(url("appoint", visit.pk)).status_code == 200
    assert ban.post(url("appoint", visit.pk), slot).status_code == 302
    assert road.fresh(visit).starts_at.astimezone(clock.TZ).hour == 18
    bad = ban.post(url("appoint", visit.pk), slot | {"ends": "17:00"})
    assert bad.status_code == 422 and "结束时间要晚于开始时间" in bad.content.decode()
    assert ban.post(url("decline", visit.pk), {"reason": ""}).status_code == 422
    assert ban.post(url("decline", visit.pk), {"reason": "出差"}).status_code == 302
    assert ban.post(url("reopen", visit.pk)).status_code == 302
    assert ban.post(url("cancel", visit.pk)).status_code == 302
    made = road.visit("b", hours=-2)
    assert ban.get(url("hold", made.pk)).status_code == 200
    early = ban.post(url("hold", made.pk), {"day": "2026-04-15", "starts": "10:10", "ends": "23:00"})
    assert early.status_code == 422
    assert ban.post(url("hold", made.pk), {"day": "2026-04-15", "starts": "10:10", "ends": "10:50"}).status_code == 302
    assert road.fresh(made).state == "held"


def test_adding_a_visit_in_the_browser(road):
    ban = road.cast.client("ban")
    child = road.cast.students["a"]
    assert child.name in ban.get(url("add")).content.decode()
    assert ban.get(url("add_for", child.pk)).status_code == 200
    given = {
        "origin": "urgent", "theme": "情绪", "day": "2026-04-15", "starts": "19:00", "mode": "home",
        "lead": road.cast.staff["ban"].pk, "companion": road.cast.staff["ke"].pk, "siblings": "on", "appointed": "on",
    }  # fmt: skip
    alone = ban.post(url("add_for", child.pk), given | {"companion": ""})
    assert alone.status_code == 422 and "两人同行" in alone.content.decode()
    assert ban.post(url("add_for", child.pk), given).status_code == 302
    assert road.cast.client("ke").get(url("add")).status_code == 403
    assert road.cast.client("ban2").get(url("add_for", child.pk)).status_code == 404


def test_contact_is_shown_on_demand_and_written_down(road):
    visit = road.visit("a", hours=5)
    page = road.cast.client("ban").get(url("visit", visit.pk)).content.decode()
    assert "金丝雀a址" not in page and "金丝雀a电话" not in page
    shown = road.cast.client("ban").post(url("contact", visit.pk)).content.decode()
    assert "金丝雀a址" in shown and "金丝雀a电话" in shown
    companion = road.cast.client("ke").post(url("contact", visit.pk)).content.decode()
    assert "金丝雀a址" in companion and "金丝雀a电话" not in companion
    assert AuditRow.objects.filter(verb="student.read_contact").count() == 1
    assert road.cast.client("ban2").post(url("contact", visit.pk)).status_code == 404


def test_the_self_check_page(road):
    visit = road.held("a")
    ke = road.cast.client("ke")
    assert "严禁收礼吃请" in ke.get(url("check_outing", visit.outing_id)).content.decode()
    assert ke.post(url("check_outing", visit.outing_id), {"1": "1"}).status_code == 422
    assert ke.post(url("check_outing", visit.outing_id), {"1": "1", "2": "1", "note": ""}).status_code == 302
    online = road.held("b", mode="online", companion=None)
    assert road.cast.client("ban").get(url("check_visit", online.pk)).status_code == 200
    assert road.cast.client("wai").get(url("check_outing", visit.outing_id)).status_code == 404


def test_two_texts_side_by_side(road):
    visit = road.held("a")
    road.send("ban", visit, {"process": "先写的"})
    met = road.send("ban", visit, {"process": "后写的"})
    ban = road.cast.client("ban")
    page = ban.get(url("settle", met.conflict.pk)).content.decode()
    assert "先写的" in page and "后写的" in page
    assert road.cast.client("ke").get(url("settle", met.conflict.pk)).status_code in (403, 404, 409)
    assert (
        ban.post(url("settle", met.conflict.pk), {"process": "合起来", "base_revision": 1, "act": "merge"}).status_code
        == 302
    )
    assert ban.get(url("settle", met.conflict.pk)).status_code == 302


def test_the_school_returns_a_record_in_the_browser(road):
    record = road.submitted(road.held("a"))
    zhong = road.cast.client("zhong")
    assert zhong.post(url("return", record.pk), {"remark": ""}).status_code == 422
    assert zhong.post(url("return", record.pk), {"remark": "补充诉求"}).status_code == 302
    assert "补充诉求" in road.cast.client("ban").get(url("write", road.fresh(record).visit_student_id)).content.decode()


@pytest.mark.parametrize("who", ["ban2", "ke2", "wai", "ju", "yi"])
def test_strangers_find_nothing(road, who):
    visit = road.visit("a")
    client = road.cast.client(who)
    assert client.get(url("visit", visit.pk)).status_code == 404
    for name in ("appoint", "decline", "hold", "agreed", "cancel", "miss", "reopen", "contact"):
        assert client.post(url(name, visit.pk)).status_code == 404, name
    assert road.fresh(visit).state == "appointed"


def test_who_has_not_read_the_code_is_led_to_it(road):
    ConductAcknowledgement.objects.all().delete()
    visit = road.visit("a")
    answer = road.cast.client("ban").post(url("hold", visit.pk))
    assert (answer.status_code, answer.url) == (302, reverse("campaigns:conduct"))
    assert road.fresh(visit).state == "appointed"


def test_every_writing_can_be_read_again_by_who_writes(road):
    visit = road.held("a")
    record = road.send("ban", visit, {"process": "先写的"}).record
    road.send("ban", visit, {"process": "后写的"})
    page = road.cast.client("ban").get(url("versions", record.pk)).content.decode()
    assert "先写的" in page and "后写的" in page and "待核对" in page
    assert road.cast.client("ke").get(url("versions", record.pk)).status_code == 409  # a draft is its writers' own
    assert road.cast.client("wai").get(url("versions", record.pk)).status_code == 404


def test_a_second_tap_and_a_closed_record_lead_on(road):
    visit = road.visit("a")
    ban = road.cast.client("ban")
    first, second = (ban.post(url("hold", visit.pk)).url for _ in range(2))
    assert first == second == url("write", road.child(visit).pk)
    record = road.submitted(visit)
    road.act("ke", confirm_record, record=record)
    assert ban.get(url("write", record.visit_student_id)).url == url("record", record.pk)
