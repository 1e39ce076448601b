"""Lists: what the address asks for is what is shown, counted and exported."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from jiafang.ui.lists import Choice, Column, DateRange, ListPage, Search
from jiafang.units.models import Unit

rf = RequestFactory()


@dataclass
class Row:
    pk: int
    name: str
    state: str
    day: date | None


ROWS = [
    Row(1, "王雨欣", "held", date(2026, 4, 1)),
    Row(2, "李子涵", "appointed", date(2026, 4, 9)),
    Row(3, "欧阳思远", "held", None),
    Row(4, "陈雨桐", "archived", date(2026, 4, 20)),
]
STATES = [("held", "待填记录"), ("appointed", "已预约"), ("archived", "已归档")]


def declared(**more) -> ListPage:
    return ListPage(
        columns=[
            Column("name", "姓名", sort="name", phone="title"),
            Column("day", "日期", sort="day"),
            Column("state", "状态", kind="chip"),
        ],
        filters=[Search(("name",)), Choice("state", "状态", STATES), DateRange("day", "日期")],
        row_href=lambda row: f"/rows/{row.pk}/",
        **more,
    )


def shown(query: str, rows=ROWS, **more) -> list[int]:
    return [line.row.pk for line in declared(**more).listing(rf.get(f"/?{query}"), rows).lines]


@pytest.mark.parametrize(
    ("query", "pks"),
    [
        ("", [1, 2, 3, 4]),
        ("q=雨", [1, 4]),
        ("state=held", [1, 3]),
        ("state=made-up", [1, 2, 3, 4]),
        ("day_from=2026-04-02&day_to=2026-04-20", [2, 4]),
        ("day_from=yesterday", [1, 2, 3, 4]),
        ("q=雨&state=archived", [4]),
        ("q=没有这个人", []),
    ],
)
def test_filters_read_the_address(query, pks):
    assert shown(query) == pks


@pytest.mark.parametrize(
    ("sort", "pks"), [("day", [1, 2, 4, 3]), ("-day", [4, 2, 1, 3]), ("state", [1, 2, 3, 4]), ("pk", [1, 2, 3, 4])]
)
def test_sorts_by_offered_columns_only_and_puts_unknown_last(sort, pks):
    assert shown(f"sort={sort}") == pks


def test_heading_turns_round_and_keeps_the_filter():
    listing = declared().listing(rf.get("/?sort=day&state=held&page=2"), ROWS)
    day = listing.headings[1]
    assert day.sorted == "ascending"
    assert "sort=-day" in day.href
    assert "state=held" in day.href
    assert "page" not in day.href
    assert listing.headings[2].href == ""


def test_pages_and_sizes():
    rows = [Row(n, f"学生{n}", "held", None) for n in range(60)]
    assert len(shown("", rows)) == 25
    assert shown("page=3", rows) == list(range(50, 60))
    assert len(shown("size=100", rows)) == 60
    assert len(shown("size=7", rows)) == 25
    assert shown("page=99", rows) == list(range(50, 60))


def test_export_has_what_is_shown_and_only_where_offered():
    got = []

    def export(request, headers, rows):
        got.append((headers, [list(row) for row in rows]))
        return HttpResponse()

    declared(export=export).answer(rf.get("/?state=held&export=1"), ROWS)
    headers, rows = got[0]
    assert headers == ["姓名", "日期", "状态"]
    assert [row[0] for row in rows] == ["王雨欣", "欧阳思远"]
    assert declared().listing(rf.get("/"), ROWS).export_href == ""


def test_filters_and_sorts_in_the_database(db, django_assert_num_queries):
    for n in range(30):
        Unit.objects.create(kind="school", path=f"{n}.", name=f"第{n:02}小学", code=str(n), stage="primary")
    schools = ListPage(
        columns=[Column("name", "校名", sort="name")],
        filters=[Search("name__contains"), Choice("stage", "学段", Unit.Stage.choices)],
        order="-name",
    )
    with django_assert_num_queries(2):  # count and page
        listing = schools.listing(rf.get("/?q=1&stage=primary"), Unit.objects.all())
        assert [line.row.name for line in listing.lines][:2] == ["第21小学", "第19小学"]
    assert listing.count == 12
    assert schools.listing(rf.get("/?stage=junior"), Unit.objects.all()).count == 0


def test_page_shows_count_filter_state_and_card_labels(client, db):
    answer = declared().answer(rf.get("/rows/?q=雨"), ROWS)
    html = answer.content.decode()
    assert "共 <b>2</b> 条" in html
    assert 'value="雨"' in html
    assert 'data-label="日期"' in html
    assert 'data-href="/rows/1/"' in html
    assert "style=" not in html
    empty = declared().answer(rf.get("/rows/?q=zzz"), ROWS).content.decode()
    assert "没有符合条件的内容" in empty
