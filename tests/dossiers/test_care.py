"""重点关爱台账: who stands in it for whom, what it asks for, and what an export may carry."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse

from jiafang.access.fence import fenced
from jiafang.access.models import AuditRow
from jiafang.dossiers import documents, selectors
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from tests.dossiers.conftest import SECRET

STRANGERS = ("ke", "ju", "de", "yi")


def rows(desk, who):
    actor = desk.cast.actor(who)
    with fenced(actor.reach):
        return {row.name[3:-1]: row for row in selectors.ledger(actor).rows}


def cells(answer):
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return "\n".join(str(c.value) for row in book.active for c in row if c.value is not None)


def test_each_reader_sees_the_own_children(desk):
    desk.care("a", "poverty")
    desk.care("c", "learning")
    desk.care("w", "poverty")
    seen = {who: set(rows(desk, who)) for who in ("ban", "ban2", "nian", "xiao", "xin", "wai")}
    assert seen == {
        "ban": {"a"},
        "ban2": {"c"},
        "nian": {"a", "c"},
        "xiao": {"a", "c"},
        "xin": {"a", "c"},
        "wai": {"w"},
    }


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_find_no_ledger(desk, who):
    assert desk.get(who, "care").status_code == 404
    assert desk.get(who, "care", query="?export=1").status_code == 404


def test_those_who_may_not_know_do_not_even_count_psychological_care(desk):
    desk.care("a", "psychological")
    desk.care("a", "learning")
    desk.care("b", "psychological")
    assert set(rows(desk, "nian")) == {"a"} and set(rows(desk, "xiao")) == {"a", "b"}
    assert (rows(desk, "nian")["a"].needed, rows(desk, "xiao")["a"].needed) == (0, 3)
    html = desk.text("nian", "care")
    assert "心理异常" not in html and "金丝雀b名" not in html
    assert "心理异常" in desk.text("xiao", "care") and SECRET not in desk.text("xiao", "care")


def test_only_visits_that_satisfy_the_category_count(desk):
    desk.care("a", "poverty")
    desk.visit("a", state="archived", days=-20, record="confirmed")
    desk.visit("a", state="archived", days=-10, mode="online", record="confirmed")
    row = rows(desk, "ban")["a"]
    assert (row.needed, row.done, row.rest, row.status) == (2, 1, 1, "missing")
    assert row.last == clock.now() - timedelta(days=20)
    desk.visit("a", state="appointed", days=5)
    assert rows(desk, "ban")["a"].status == "planned"
    desk.visit("a", state="held", days=-1)
    assert rows(desk, "ban")["a"].status == "reached"


def test_ended_care_and_children_who_left_are_no_longer_in_it(desk):
    from jiafang.roster import services

    desk.act("ban", services.end_care, care=desk.care("a", "poverty"))
    desk.care("b", "poverty")
    desk.act("ban", services.leave, student=desk.cast.students["b"])
    assert rows(desk, "ban") == {}
    assert "台账里还没有学生" in desk.text("ban", "care")


def test_who_is_responsible(desk):
    desk.care("a", "poverty")
    desk.care("b", "poverty", responsible=desk.cast.staff["xin"].pk)
    assert {key: row.teacher for key, row in rows(desk, "ban").items()} == {"a": "班和", "b": "辛理"}


def test_filters(desk):
    desk.care("a", "poverty")
    desk.care("b", "learning", level="1")
    desk.care("c", "learning")
    desk.campaign.schools.update(levels=True)

    def names(query):
        html = desk.text("xiao", "care", query=query)
        return {key for key in "abc" if f"金丝雀{key}名" in html}

    assert names("?kind=learning") == {"b", "c"}
    assert names("?status=missing") == {"a"}
    assert names("?status=no_rule") == names("?kind=learning")
    assert names(f"?klass={desk.cast.klass.pk}") == {"a", "b"}
    assert names("?level=1") == {"b"}
    assert names("?q=班蓝") == {"c"}


def test_looking_is_written_down_once_a_day(desk):
    desk.care("a", "poverty")
    for _ in range(2):
        desk.text("xiao", "care")
    [row] = AuditRow.objects.filter(verb="care.read")
    assert (row.who, row.target_id) == ("肖校", str(desk.cast.school.pk))


def test_the_workbook_of_a_leader(desk):
    desk.care("a", "poverty", reason="低保家庭")
    desk.care("b", "psychological", reason="评估记录")
    desk.visit("a", state="archived", days=-5, record="confirmed")
    answer = desk.get("xiao", "care", query="?export=1&kind=poverty")
    assert answer["Content-Disposition"].startswith("attachment")
    text = cells(answer)
    assert "金丝雀a名" in text and "贫困：低保家庭" in text and "班和" in text and "本学期还差 1 次" in text
    assert "金丝雀b" not in text
    assert AuditRow.objects.get(verb="care.export_ledger").detail == {"n": 1}
    assert AuditRow.objects.get(verb="care.read_reason").who == "肖校"


def test_psychological_notes_leave_only_with_the_counsellor(desk):
    desk.care("a", "psychological", reason="评估记录")
    assert "评估记录" not in cells(desk.get("xiao", "care", query="?export=1"))
    assert not AuditRow.objects.filter(verb="care.read_psychological_note").exists()
    assert "评估记录" in cells(desk.get("xin", "care", query="?export=1"))
    assert AuditRow.objects.get(verb="care.read_psychological_note").who == "辛理"


@pytest.mark.parametrize("who", ["ban", "nian"])
def test_others_export_nothing(desk, who):
    desk.care("a", "poverty")
    answer = desk.get(who, "care", query="?export=1")
    assert answer["Content-Type"].startswith("text/html") and "导出 Excel" not in answer.content.decode()
    actor = desk.cast.actor(who)
    with fenced(actor.reach), pytest.raises(Problem):
        documents.care_ledger(actor, selectors.ledger(actor).rows)
    with fenced(actor.reach), pytest.raises(Problem):
        documents.care_ledger(actor, [])
    assert not AuditRow.objects.filter(verb="care.export_ledger").exists()


def test_the_same_queries_for_five_children_or_thirty(desk, django_assert_max_num_queries):
    def queries():
        client = desk.cast.client("xiao")
        client.get(reverse("dossiers:care"))
        with django_assert_max_num_queries(40) as counted:
            html = client.get(reverse("dossiers:care")).content.decode()
        return len(counted), html.count("/dossiers/student/")

    def more(first, last):
        for n in range(first, last):
            desk.child(f"m{n}", n=n, klass=desk.cast.klass if n % 2 else desk.cast.klass2)
            desk.care(f"m{n}", "poverty")
            desk.care(f"m{n}", "learning", responsible=desk.cast.staff["xin"].pk)
            desk.visit(f"m{n}", state="recorded", record="submitted")

    more(3, 8)
    few, rows_few = queries()
    more(8, 33)
    many, rows_many = queries()
    assert rows_many >= rows_few + 25
    assert many == few
