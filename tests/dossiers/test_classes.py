"""The class page: who is on it, what it says of each child, and who finds nothing there."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse

from jiafang.access.fence import system_fence
from jiafang.access.models import AuditRow
from jiafang.lib import clock
from jiafang.roster.services import GuardianFacts
from jiafang.units import services as units
from tests.cast import SYSTEM, Cast
from tests.dossiers.conftest import SECRET

STRANGERS = ("ke", "ban2", "ju", "de", "wai", "waixiao", "yi")


def row_of(html: str, name: str) -> str:
    return next(part for part in html.split("<tr ") if name in part)


def test_somebody_with_one_class_goes_straight_there(desk):
    assert desk.get("ban", "classes").url == reverse("dossiers:klass", args=[desk.cast.klass.pk])
    html = desk.text("xiao", "classes")
    assert "七年级1班" in html and "七年级2班" in html and "班和" in html
    assert html.count("/dossiers/class/") >= 2


def test_classes_show_what_is_done(desk):
    desk.visit("a", state="archived", record="confirmed")
    desk.child("n", lat=None, lon=None)
    html = row_of(desk.text("xiao", "classes"), "七年级1班")
    assert [html.split('data-label="')[n].split(">")[1].split("<")[0].strip() for n in range(3, 7)] == [
        "3",
        "1",
        "2",
        "1",
    ]


@pytest.mark.parametrize("who", ["ke", "ju", "de"])
def test_those_without_classes_find_no_list(desk, who):
    assert desk.get(who, "classes").status_code == 404


@pytest.mark.parametrize("who", ["ban", "nian", "xiao", "zhong", "xin"])
def test_readers_see_the_children(desk, who):
    html = desk.text(who, "klass", desk.cast.klass.pk)
    assert "金丝雀a名" in html and "金丝雀b名" in html
    assert "金丝雀c" not in html and "金丝雀w" not in html
    for sealed in ("金丝雀a证", "金丝雀a籍", "金丝雀a址", "金丝雀a电话"):
        assert sealed not in html


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_find_no_class(desk, who):
    assert desk.get(who, "klass", desk.cast.klass.pk).status_code == 404


def test_last_years_class_teacher_is_refused_with_the_next_request(desk):
    client = desk.cast.client("ban")
    page = reverse("dossiers:klass", args=[desk.cast.klass.pk])
    assert client.get(page).status_code == 200
    units.hand_over(SYSTEM, klass=desk.cast.klass, new=desk.cast.staff["ke2"])
    answer = client.get(page)
    assert answer.status_code in (302, 404) and "金丝雀" not in answer.content.decode()
    assert desk.get("ke2", "klass", desk.cast.klass.pk).status_code == 200


def test_what_a_row_says(desk):
    desk.visit("a", state="archived", days=-20, record="confirmed")
    desk.visit("a", state="appointed", days=3)
    html = row_of(desk.text("ban", "klass", desk.cast.klass.pk), "金丝雀a名")
    assert "3月26日" in html and "4月18日" in html and "已预约" in html
    assert "待安排" in row_of(desk.text("ban", "klass", desk.cast.klass.pk), "金丝雀b名")


@pytest.mark.parametrize(
    "days,record,says", [(-1, "", "待填记录"), (-3, "draft", "已逾期"), (-3, "submitted", "待确认")]
)
def test_a_record_that_waits_comes_first(desk, days, record, says):
    desk.visit("a", days=days, record=record)
    desk.visit("a", state="appointed", days=3)
    html = row_of(desk.text("ban", "klass", desk.cast.klass.pk), "金丝雀a名")
    assert (says in html) == (record != "submitted")


def test_planned_but_unpublished_visits_do_not_show(desk):
    desk.visit("a", state="planned", days=2)
    assert "4月17日" not in desk.text("xiao", "klass", desk.cast.klass.pk)


def test_filters(desk):
    desk.visit("a", state="archived", record="confirmed")
    desk.care("b", "poverty")
    desk.child("n", n=7, lat=None, lon=None, study="2")

    def names(query):
        html = desk.text("ban", "klass", desk.cast.klass.pk, query=query)
        return {key for key in "abn" if f"金丝雀{key}名" in html}

    assert names("?visit=not") == {"b", "n"}
    assert names("?visit=done") == {"a"}
    assert names("?care=yes") == {"b"}
    assert names("?place=none") == names("?study=boarding") == {"n"}
    assert names("?q=金丝雀b") == {"b"}
    assert names("?q=jsqb") == {"b"}


def test_numbers_sort_as_numbers(desk):
    desk.child("ten", n=10)
    html = desk.text("ban", "klass", desk.cast.klass.pk)
    assert html.index("金丝雀b名") < html.index("金丝雀ten名")


def test_chips_of_care_only_for_those_who_may_know(desk):
    desk.care("a", "psychological")
    desk.care("a", "learning")
    for who, mind in (("ban", True), ("xin", True), ("xiao", True), ("nian", False)):
        html = desk.text(who, "klass", desk.cast.klass.pk)
        assert ("心理异常" in html) is mind
        assert "学困" in html and SECRET not in html


def test_looking_at_care_is_written_down_once_a_day(desk):
    desk.text("ban", "klass", desk.cast.klass.pk)
    assert not AuditRow.objects.filter(verb="care.read").exists()
    desk.care("a", "poverty")
    for _ in range(2):
        desk.text("ban", "klass", desk.cast.klass.pk)
    assert AuditRow.objects.filter(verb="care.read", target_id=str(desk.cast.klass.pk)).count() == 1


def test_export_holds_no_kind_of_care_and_is_written_down(desk):
    desk.care("a", "poverty")
    answer = desk.get("ban", "klass", desk.cast.klass.pk, query="?export=1&q=金丝雀a")
    assert answer["Content-Disposition"].startswith("attachment")
    cells = [str(c.value) for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active for c in row]
    assert "金丝雀a名" in cells and "金丝雀b名" not in cells
    assert not any("贫困" in cell or "证" in cell for cell in cells)
    assert AuditRow.objects.get(verb="student.list").detail == {"n": 1}


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_export_nothing(desk, who):
    assert desk.get(who, "klass", desk.cast.klass.pk, query="?export=1").status_code == 404
    assert not AuditRow.objects.filter(verb="student.list").exists()


def test_the_same_queries_for_five_children_or_thirty(desk, django_assert_num_queries, django_assert_max_num_queries):
    def page(n):
        client = desk.cast.client("ban")
        address = reverse("dossiers:klass", args=[desk.cast.klass.pk])
        client.get(address)  # the reading of today is written down once
        with django_assert_max_num_queries(60) as counted:
            assert client.get(address).content.decode().count("/dossiers/student/") >= n
        return len(counted)

    def more(first, last):
        for n in range(first, last):
            desk.child(f"m{n}", n=n)
            desk.visit(f"m{n}", record="submitted", state="recorded")
            desk.care(f"m{n}", "learning")

    more(3, 6)
    few = page(5)
    more(6, 31)
    assert page(30) == few


def test_the_same_queries_for_few_classes_or_many(desk, django_assert_max_num_queries):
    def page():
        client = desk.cast.client("xiao")
        with django_assert_max_num_queries(40) as counted:
            assert client.get(reverse("dossiers:classes")).status_code == 200
        return len(counted)

    few = page()
    for n in range(3, 12):
        klass = units.add_unit(SYSTEM, parent=desk.cast.klass.parent, kind="klass", number=n)
        desk.child(f"k{n}", klass=klass, n=1)
    assert page() == few


@pytest.fixture
def siblings(desk):
    with system_fence("test"):
        child = Cast.add_student("s", desk.cast.klass2, 9, guardians=(GuardianFacts("父", "51", "金丝雀a电话"),))
        desk.cast.students["s"] = child
        home = desk.cast.students["a"].household
        home.confirmed, child.household = False, home
        home.save()
        child.save()
    return desk


def test_homes_to_confirm_stand_on_the_class_page(siblings):
    html = siblings.text("ban", "klass", siblings.cast.klass.pk)
    assert "同住待确认" in html and "家长电话相同" in html and "金丝雀s名" in html
    assert reverse("dossiers:student", args=[siblings.cast.students["s"].pk]) not in html
    assert "家长电话相同" not in siblings.text("nian", "klass", siblings.cast.klass.pk)


def test_a_tap_confirms_and_another_takes_it_back(siblings):
    home = siblings.cast.students["a"].household
    here = reverse("dossiers:klass", args=[siblings.cast.klass.pk])
    answer = siblings.post("ban", "confirm_home", home.pk, data={"next": here})
    assert answer.url == here and siblings.fresh(home).confirmed
    siblings.post("ban", "doubt_home", home.pk)
    assert not siblings.fresh(home).confirmed


def test_parted_and_joined_again(siblings):
    home, child = siblings.cast.students["a"].household, siblings.cast.students["a"]
    client = siblings.cast.client("ban")
    client.post(reverse("dossiers:split_home", args=[home.pk, child.pk]), {"next": "//elsewhere.example/"})
    assert siblings.fresh(child).household_id != home.pk
    undo = reverse("dossiers:join_home", args=[home.pk, child.pk])
    assert undo in client.get(reverse("dossiers:klass", args=[siblings.cast.klass.pk])).content.decode()
    client.post(undo)
    assert siblings.fresh(child).household_id == home.pk and not siblings.fresh(home).confirmed


@pytest.mark.parametrize("who", ["nian", "xin", *(s for s in STRANGERS if s != "ban2")])
def test_others_decide_nothing_about_homes(siblings, who):
    home, child = siblings.cast.students["a"].household, siblings.cast.students["a"]
    for name, args in (
        ("confirm_home", [home.pk]), ("doubt_home", [home.pk]), ("split_home", [home.pk, child.pk]),
        ("join_home", [home.pk, child.pk]),
    ):  # fmt: skip
        assert siblings.post(who, name, *args).status_code == 404
        assert siblings.get(who, name, *args).status_code == 405
    assert siblings.fresh(child).household_id == home.pk and not siblings.fresh(home).confirmed


def test_a_new_class_teacher_acknowledges_what_is_taken_over(desk):
    desk.care("a", "poverty")
    row = units.hand_over(SYSTEM, klass=desk.cast.klass, new=desk.cast.staff["ke2"], note="多关心小组长")
    html = desk.text("ke2", "klass", desk.cast.klass.pk)
    assert "请确认接手这个班" in html and "多关心小组长" in html and "重点关爱学生 1 人" in html
    assert "请确认接手" not in desk.text("xiao", "klass", desk.cast.klass.pk)
    for who in ("xiao", "ban2", "wai", "ju"):
        assert desk.post(who, "acknowledge", desk.cast.klass.pk, row.pk).status_code == 404
    desk.post("ke2", "acknowledge", desk.cast.klass.pk, row.pk)
    row.refresh_from_db()
    assert row.acknowledged_at == clock.now()
    assert "请确认接手" not in desk.text("ke2", "klass", desk.cast.klass.pk)


def test_custodians_of_the_workbook(desk):
    units.hand_over(SYSTEM, klass=desk.cast.klass, new=desk.cast.staff["ke2"], on=clock.today() - timedelta(1))
    html = desk.text("xiao", "klass", desk.cast.klass.pk)
    assert html.index("柯礼", html.index("记录本保管人")) < html.index("班和", html.index("记录本保管人"))
