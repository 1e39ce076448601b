"""The pages of the figures: who reads which, down to which rows, and what is hidden from whom."""

import pytest
from django.urls import reverse

from jiafang.access.models import AuditRow
from jiafang.reports import services
from jiafang.reports.models import ClassRollup
from tests.cast import CANARY, Cast


def url(name, world, unit, *more):
    return reverse(f"reports:{name}", args=[world.campaign.pk, unit.pk, *more])


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize(
    ("who", "unit"), [("ju", "bureau"), ("de", "bureau"), ("xiao", "school"), ("zhong", "school"), ("ban", "klass")]
)
def test_each_reader_lands_on_the_own_place(world, who, unit):
    client = world.cast.client(who)
    first = client.get(reverse("reports:dashboard"))
    assert first["Location"] == url("unit", world, getattr(world.cast, unit))
    assert client.get(first["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("who", "unit"),
    [
        ("ban", "school"), ("ban", "klass2"), ("ban2", "klass"), ("wai", "school"), ("waixiao", "school"),
        ("xiao", "bureau"), ("xiao", "other_school"), ("yi", "bureau"), ("yi", "school"), ("ke", "klass"), ("xin", "school"),
    ],
)  # fmt: skip
def test_strangers_find_nothing(world, who, unit):
    client = world.cast.client(who)
    for name in ("unit", "table", "categories", "late"):
        assert client.get(url(name, world, getattr(world.cast, unit))).status_code == 404
    assert client.get(url("rows", world, getattr(world.cast, unit), "coverage")).status_code == 404


def test_the_figures_are_those_of_the_rows(world):
    page = text(world.cast.client("xiao").get(url("unit", world, world.cast.school)))
    assert "3 / 3" in page  # coverage of the school's three children
    assert "2 / 3" in page  # records handed in


def test_the_bureau_sees_masked_rows_and_the_school_names(world):
    named = text(world.cast.client("xiao").get(url("rows", world, world.cast.school, "coverage")))
    assert f"{CANARY}a名" in named
    masked = text(world.cast.client("de").get(url("rows", world, world.cast.school, "coverage")))
    assert CANARY not in masked and "金" in masked
    assert "/visits/" not in masked.split("<main")[1]


def test_the_bureau_goes_down_one_school_first(world):
    assert world.cast.client("de").get(url("rows", world, world.cast.bureau, "coverage")).status_code == 400


def test_small_sensitive_figures_are_hidden_from_the_bureau_and_their_rows_too(world):
    bureau = world.cast.client("de")
    assert "＜5" in text(bureau.get(url("unit", world, world.cast.school)))
    assert bureau.get(url("rows", world, world.cast.school, "special_reached")).status_code == 404
    assert "＜5" in text(bureau.get(url("categories", world, world.cast.school)))
    own = text(world.cast.client("xiao").get(url("unit", world, world.cast.school)))
    assert "＜5" not in own and "1 / 1" in own


def test_a_recorded_decision_shows_one_total(world):
    address = url("release", world, world.cast.bureau, "special_visits")
    officer = world.cast.client("de")
    assert officer.get(address).status_code == 200
    assert officer.post(address, {"reason": ""}).status_code == 422
    assert officer.post(address, {"reason": "经研究公布"}).status_code == 302
    assert AuditRow.objects.filter(verb="figures.release").count() == 1
    assert "经研究公布" in text(officer.get(url("unit", world, world.cast.bureau)))
    assert (
        world.cast.client("xiao")
        .post(url("release", world, world.cast.school, "special_visits"), {"reason": "x"})
        .status_code
        == 404
    )


def test_a_late_record_is_listed_with_whom_and_counted_for_the_bureau(world):
    assert f"{CANARY}c名" in text(world.cast.client("nian").get(url("late", world, world.cast.klass2)))
    page = text(world.cast.client("de").get(url("late", world, world.cast.bureau)))
    assert "鹿区一中" in page and CANARY not in page
    assert CANARY not in text(world.cast.client("de").get(url("late", world, world.cast.school)))


@pytest.mark.parametrize(("who", "unit", "name"), [("de", "bureau", "table"), ("xiao", "school", "table")])
def test_an_export_is_written_down_before_it_leaves(world, who, unit, name):
    answer = world.cast.client(who).get(url(name, world, getattr(world.cast, unit)))
    assert answer.status_code == 200 and answer.content[:2] == b"PK"
    assert AuditRow.objects.filter(verb="figures.export").count() == 1


def test_a_class_teacher_exports_the_rows_but_not_the_summary(world):
    ban = world.cast.client("ban")
    assert ban.get(url("table", world, world.cast.klass)).status_code == 404
    assert ban.get(url("rows", world, world.cast.klass, "coverage"), {"export": 1}).content[:2] == b"PK"
    assert AuditRow.objects.filter(verb="figures.open_rows").count() == 1


def test_queries_do_not_grow_with_the_rows(world, django_assert_max_num_queries):
    page = url("unit", world, world.cast.school)
    client = world.cast.client("xiao")
    client.get(page)
    with django_assert_max_num_queries(40) as before:
        client.get(page)
    for n in range(20, 40):
        key = f"n{n}"
        world.cast.students[key] = Cast.add_student(key, world.cast.klass, n)
        world.visit(key)
    services.recount_all(world.campaign)
    with django_assert_max_num_queries(len(before)):
        client.get(page)
    rows = url("rows", world, world.cast.school, "coverage")
    with django_assert_max_num_queries(30):
        client.get(rows)


def test_acts_keep_the_rollups_true(world):
    """Noting care, moving class and leaving are recounted in their own transaction."""
    from jiafang.reports.selectors import rollup_faults
    from jiafang.roster import services as roster
    from tests.cast import SYSTEM

    a, b = world.cast.students["a"], world.cast.students["b"]
    roster.note_care(SYSTEM, student=b, kind="orphan")
    assert ClassRollup.objects.get(klass=world.cast.klass).counts["special_students"] == 2
    roster.move_student(SYSTEM, student=a, klass=world.cast.klass2)
    assert ClassRollup.objects.get(klass=world.cast.klass).counts["students"] == 1
    assert ClassRollup.objects.get(klass=world.cast.klass2).counts["students"] == 2
    roster.leave(SYSTEM, student=b)
    assert "students" not in ClassRollup.objects.get(klass=world.cast.klass).counts
    assert list(rollup_faults()) == []


def test_the_bureau_compares_its_schools_and_finds_what_is_late(world):
    page = text(world.cast.client("de").get(reverse("reports:schools"), {"sort": "-late"}))
    assert page.index("鹿区一中") < page.index("鹿区二中") and CANARY not in page
    late = text(world.cast.client("de").get(reverse("reports:schools"), {"late": "1"}))
    assert "鹿区一中" in late.split("<main")[1] and "鹿区二中" not in late.split("<main")[1]
    for who in ("xiao", "ban", "ke"):
        assert world.cast.client(who).get(reverse("reports:schools")).status_code == 404


def test_a_unit_leads_to_its_newest_campaign(world):
    there = world.cast.client("de").get(reverse("reports:school", args=[world.cast.school.pk]))
    assert there["Location"] == url("unit", world, world.cast.school)
    assert world.cast.client("yi").get(reverse("reports:school", args=[world.cast.school.pk])).status_code == 404
