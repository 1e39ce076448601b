"""一生一档: what the file shows to whom, what a tap opens, and who has looked."""

from datetime import timedelta

import pytest
from django.urls import reverse

from jiafang.access.fence import system_fence
from jiafang.access.models import AuditRow
from jiafang.access.vault import texts
from jiafang.lib import clock
from jiafang.roster import services
from jiafang.roster.models import Guardian, Student
from jiafang.units import services as units
from tests.cast import SYSTEM
from tests.dossiers.conftest import SECRET

READERS = ("ban", "nian", "xiao", "zhong", "xin")
STRANGERS = ("ke", "ban2", "ju", "de", "wai", "waixiao", "yi")
SEALED = ("金丝雀a证", "金丝雀a籍", "金丝雀a址", "金丝雀a电话", SECRET)
PDF = b"%PDF-1.7 paper"


def page(desk, who="ban", key="a"):
    return desk.text(who, "student", desk.cast.students[key].pk)


@pytest.mark.parametrize("who", READERS)
def test_readers_open_the_file_and_nothing_sealed_stands_in_it(desk, who):
    desk.care("a", "poverty")
    html = page(desk, who)
    assert "金丝雀a名" in html and "金丝雀a家长" in html and "贫困" in html
    assert not any(text in html for text in SEALED)


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_find_nothing_even_when_they_go_along(desk, who):
    desk.visit("a", state="published", days=2)  # ke goes along
    assert desk.get(who, "student", desk.cast.students["a"].pk).status_code == 404
    assert not AuditRow.objects.filter(verb="student.open").exists()


def test_last_years_class_teacher_is_refused_with_the_next_request(desk):
    desk.visit("a", state="archived", record="confirmed")
    client, address = desk.cast.client("ban"), reverse("dossiers:student", args=[desk.cast.students["a"].pk])
    assert client.get(address).status_code == 200
    units.hand_over(SYSTEM, klass=desk.cast.klass, new=desk.cast.staff["ke2"])
    assert client.get(address).status_code in (302, 404)
    assert desk.get("ke2", "student", desk.cast.students["a"].pk).status_code == 200


OPENED = {
    "identity": (("金丝雀a证", "金丝雀a籍"), "student.read_identity", ("ban", "xiao", "zhong"), ("nian", "xin")),
    "contact": (("金丝雀a电话",), "student.read_contact", READERS, ()),
    "place": (("金丝雀a址",), "household.read_place", READERS, ()),
}


@pytest.mark.parametrize("what", OPENED)
def test_a_tap_opens_only_what_was_asked_and_is_written_down(desk, what):
    shown, verb, allowed, refused = OPENED[what]
    pk = desk.cast.students["a"].pk
    for who in allowed:
        html = desk.post(who, "open", pk, what, headers={"HX-Request": "true"}).content.decode()
        assert all(text in html for text in shown)
        assert not any(text in html for text in SEALED if text not in shown)
    rows = AuditRow.objects.filter(verb=verb, target_id=str(pk))
    assert rows.count() == len(allowed)
    for who in (*refused, *STRANGERS):
        answer = desk.post(who, "open", pk, what)
        assert answer.status_code == 404 and "金丝雀" not in answer.content.decode()
    assert desk.get("ban", "open", pk, what).status_code == 405
    assert rows.count() == len(allowed)


def test_without_scripts_a_tap_gives_a_page(desk):
    html = desk.post("ban", "open", desk.cast.students["a"].pk, "contact").content.decode()
    assert "金丝雀a电话" in html and "回到档案" in html


def test_nothing_else_can_be_opened(desk):
    assert desk.post("ban", "open", desk.cast.students["a"].pk, "reason").status_code == 404


def test_buttons_only_for_those_who_may(desk):
    pk = desk.cast.students["a"].pk
    edit, identity = reverse("dossiers:edit", args=[pk]), reverse("dossiers:open", args=[pk, "identity"])
    readers = reverse("dossiers:readers", args=[pk])
    seen = {who: [address in page(desk, who) for address in (edit, identity, readers)] for who in READERS}
    assert seen == {
        "ban": [True, True, False], "nian": [False, False, False], "xiao": [True, True, True],
        "zhong": [True, True, False], "xin": [False, False, False],
    }  # fmt: skip


def test_psychological_care_is_hidden_from_a_grade_head_and_its_note_from_all_but_the_counsellor(desk):
    care = desk.care("a", "psychological")
    assert "心理异常" not in page(desk, "nian")
    assert "心理异常" in page(desk, "ban") and "说明由心理教师保管" in page(desk, "ban")
    assert SECRET in desk.post("xin", "care_reason", care.pk).content.decode()
    for who in ("ban", "xiao", "nian", *STRANGERS):
        answer = desk.post(who, "care_reason", care.pk)
        assert answer.status_code == 404 and SECRET not in answer.content.decode()
    assert AuditRow.objects.filter(verb="care.read_psychological_note").count() == 1


def test_an_ordinary_reason_is_opened_by_those_who_care(desk):
    care = desk.care("a", "poverty")
    for who in ("ban", "xiao", "xin"):
        assert SECRET in desk.post(who, "care_reason", care.pk, headers={"HX-Request": "true"}).content.decode()
    for who in ("nian", *STRANGERS):
        assert desk.post(who, "care_reason", care.pk).status_code == 404
    assert AuditRow.objects.filter(verb="care.read_reason").count() == 3


def test_the_timeline_runs_over_all_years(desk):
    today = clock.today()
    desk.care("a", "learning", begins=today - timedelta(days=20))
    ended = desk.care("a", "poverty", begins=today - timedelta(days=400))
    desk.act("ban", services.end_care, care=ended)
    desk.visit("a", state="archived", days=-10, record="confirmed")
    desk.act("ban", services.add_file, student=desk.cast.students["a"], title="协议", name="a.pdf", body=PDF)
    units.hand_over(SYSTEM, klass=desk.cast.klass, new=desk.cast.staff["ke2"])
    desk.act("xiao", services.move_student, student=desk.cast.students["a"], klass=desk.cast.klass2)
    html = page(desk, "xiao")
    line = html[html.index("一生一档") : html.index("基本情况")]
    for words in (
        "2025—2026学年",
        "2024—2025学年",
        "开始关爱：学困",
        "结束关爱：贫困",
        "家访（",
        "存入文件：协议",
        "进入七年级2班",
    ):
        assert words in line, words
    assert line.index("结束关爱：贫困") < line.index("开始关爱：贫困")
    assert line.index("2025—2026学年") < line.index("2024—2025学年") < line.index("开始关爱：贫困")
    assert "已归档" in line


def test_the_file_follows_the_child_to_the_new_class(desk):
    desk.visit("a", state="archived", days=-10, record="confirmed")
    desk.act("xiao", services.move_student, student=desk.cast.students["a"], klass=desk.cast.klass2)
    assert desk.get("ban", "student", desk.cast.students["a"].pk).status_code == 404
    assert "已归档" in page(desk, "ban2")


def test_the_same_queries_for_a_short_file_or_a_long_one(desk, django_assert_max_num_queries):
    def queries():
        client = desk.cast.client("ban")
        address = reverse("dossiers:student", args=[desk.cast.students["a"].pk])
        client.get(address)
        with django_assert_max_num_queries(60) as counted:
            client.get(address)
        return len(counted)

    def more(n):
        for day in range(n):
            desk.visit("a", state="archived", days=-day - 2, record="confirmed")
            desk.act("ban", services.add_file, student=desk.cast.students["a"], title="", name=f"{day}.pdf", body=PDF)

    more(1)
    few = queries()
    more(8)
    assert queries() == few


# -- facts


def facts(**more):
    given = {
        "name": "单雨欣", "sex": "2", "study": "1", "class_number": "8", "g-TOTAL_FORMS": "2", "g-INITIAL_FORMS": "0",
        "g-0-name": "单峰", "g-0-relation": "51", "g-0-phone": "138 0013 8000", "g-0-is_guardian": "on", "g-1-name": "",
    }  # fmt: skip
    return given | more


def test_adding_a_child(desk):
    answer = desk.post("ban", "add", desk.cast.klass.pk, data=facts(address="某路1号", place="109.8652,40.6350"))
    with system_fence("look"):
        child = Student.objects.select_related("household").get(name="单雨欣")
        [father] = Guardian.objects.filter(student=child)
    assert answer.url == reverse("dossiers:student", args=[child.pk])
    assert texts([child.household.address, father.phone]) == ["某路1号", "13800138000"]
    # what Amap shows stands some hundred metres beside the true place
    assert 0.0005 < abs(child.household.lon - 109.8652) < 0.01


@pytest.mark.parametrize(
    "wrong,says",
    [
        ({"name": ""}, "id_name"),
        ({"id_number": "150203201309070010"}, "校验码不对"),
        ({"student_number": "X1"}, "学籍号应为 19 位"),
        ({"place": "40.6350,109.8652"}, "写反了"),
        ({"place": "here"}, "经度,纬度"),
        ({"g-0-phone": "12"}, "联系电话不像"),
        ({"g-0-name": ""}, "请填写家长姓名"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(desk, wrong, says):
    answer = desk.post("ban", "add", desk.cast.klass.pk, data=facts(**wrong))
    html = answer.content.decode()
    assert answer.status_code == 422 and says in html and 'value="8"' in html
    with system_fence("look"):
        assert not Student.objects.filter(class_number="8").exists()


@pytest.mark.parametrize("who", ["nian", "xin", *STRANGERS])
def test_others_change_no_facts(desk, who):
    pk = desk.cast.students["a"].pk
    for name, arg in (("add", desk.cast.klass.pk), ("edit", pk), ("move", pk), ("leave", pk)):
        assert desk.get(who, name, arg).status_code == 404
        assert desk.post(who, name, arg, data=facts()).status_code == 404
    for name, args in (("move_back", [pk, desk.cast.klass2.pk]), ("come_back", [pk])):
        assert desk.post(who, name, *args).status_code == 404
    assert desk.fresh(desk.cast.students["a"]).name == "金丝雀a名"


def test_correcting_shows_no_sealed_value_and_keeps_what_is_left_empty(desk):
    child = desk.cast.students["a"]
    with system_fence("look"):
        [father] = Guardian.objects.filter(student=child)
    html = desk.text("ban", "edit", child.pk)
    assert "金丝雀a名" in html and not any(text in html for text in SEALED)
    sent = facts(**{"g-INITIAL_FORMS": "1", "g-0-pk": str(father.pk), "g-0-name": "改名", "g-0-phone": ""})
    assert desk.post("ban", "edit", child.pk, data=sent).status_code == 302
    child, father = desk.fresh(child), desk.fresh(father)
    assert (child.name, father.name) == ("单雨欣", "改名")
    assert texts([child.id_number, father.phone]) == ["金丝雀a证", "金丝雀a电话"]


def test_a_guardian_is_removed_when_ticked(desk):
    child = desk.cast.students["a"]
    with system_fence("look"):
        [father] = Guardian.objects.filter(student=child)
    sent = facts(**{"g-INITIAL_FORMS": "1", "g-0-pk": str(father.pk), "g-0-gone": "on", "g-0-phone": ""})
    desk.post("ban", "edit", child.pk, data=sent)
    with system_fence("look"):
        assert not Guardian.objects.filter(student=child).exists()


def test_moving_class_and_back(desk):
    pk, client = desk.cast.students["a"].pk, desk.cast.client("xiao")
    sent = {"klass": desk.cast.klass2.pk, "on": clock.today().isoformat(), "reason": "调班"}
    assert client.post(reverse("dossiers:move", args=[pk]), sent).status_code == 302
    assert desk.fresh(desk.cast.students["a"]).klass_id == desk.cast.klass2.pk
    undo = reverse("dossiers:move_back", args=[pk, desk.cast.klass.pk])
    assert undo in client.get(reverse("dossiers:student", args=[pk])).content.decode()
    client.post(undo)
    assert desk.fresh(desk.cast.students["a"]).klass_id == desk.cast.klass.pk


def test_a_class_teacher_is_told_who_moves_children(desk):
    answer = desk.get("ban", "move", desk.cast.students["a"].pk)
    assert answer.status_code == 403 and "请联系学校" in answer.content.decode()


def test_leaving_and_coming_back(desk):
    pk, client = desk.cast.students["a"].pk, desk.cast.client("ban")
    client.post(reverse("dossiers:leave", args=[pk]), {"on": clock.today().isoformat(), "reason": "转学"})
    html = client.get(reverse("dossiers:student", args=[pk])).content.decode()
    assert "4月15日离校" in html and "转学" in html
    assert "金丝雀a名" not in client.get(reverse("dossiers:klass", args=[desk.cast.klass.pk])).content.decode()
    client.post(reverse("dossiers:come_back", args=[pk]))
    assert desk.fresh(desk.cast.students["a"]).left_on is None


# -- papers


def upload(name="协议 1.pdf", body=PDF):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return {"title": "", "upload": SimpleUploadedFile(name, body)}


def test_a_paper_goes_in_and_comes_out_as_a_download(desk):
    pk = desk.cast.students["a"].pk
    assert desk.post("ban", "add_file", pk, data=upload()).status_code == 302
    html = page(desk)
    paper = html.split("/dossiers/files/")[1].split("/")[0]
    answer = desk.get("nian", "file", paper)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert AuditRow.objects.filter(verb="student.read_file", target_id=paper).count() == 1
    for who in STRANGERS:
        assert desk.get(who, "file", paper).status_code == 404
        assert desk.post(who, "remove_file", paper).status_code == 404
    assert desk.post("nian", "remove_file", paper).status_code == 404
    assert AuditRow.objects.filter(verb="student.read_file").count() == 1
    desk.post("ban", "remove_file", paper)
    assert desk.get("ban", "file", paper).status_code == 404


@pytest.mark.parametrize("body", [b"<html><script>", b"MZ", b""])
def test_what_is_no_paper_is_refused(desk, body):
    answer = desk.post("ban", "add_file", desk.cast.students["a"].pk, data=upload(body=body))
    assert answer.status_code == 422


@pytest.mark.parametrize("who", ["nian", *STRANGERS])
def test_others_put_nothing_in(desk, who):
    assert desk.get(who, "add_file", desk.cast.students["a"].pk).status_code == 404
    assert desk.post(who, "add_file", desk.cast.students["a"].pk, data=upload()).status_code == 404


# -- care in the file


def test_noting_care_and_taking_it_back(desk):
    pk, client = desk.cast.students["a"].pk, desk.cast.client("ban")
    address = reverse("dossiers:note_care", args=[pk])
    form = client.get(address).content.decode()
    assert "三级分类" not in form and "请选择" in form
    sent = {"kind": "poverty", "reason": SECRET, "begins": clock.today().isoformat(), "responsible": ""}
    client.post(address, sent)
    html = client.get(reverse("dossiers:student", args=[pk])).content.decode()
    assert "贫困" in html and SECRET not in html
    undo = next(part for part in html.split('"') if part.endswith("/withdraw/"))
    client.post(undo)
    assert "贫困" not in page(desk)


def test_levels_are_asked_where_the_school_sorts_by_them(desk):
    desk.campaign.schools.update(levels=True)
    pk = desk.cast.students["a"].pk
    assert "三级分类" in desk.text("ban", "note_care", pk)
    sent = {"kind": "poverty", "level": "2", "begins": clock.today().isoformat()}
    desk.post("ban", "note_care", pk, data=sent)
    assert "二级" in page(desk)


def test_updating_care_keeps_what_is_not_said(desk):
    desk.campaign.schools.update(levels=True)
    care = desk.care("a", "poverty", level="1", responsible=desk.cast.staff["xin"].pk)
    pk = desk.cast.students["a"].pk
    assert '<option value="poverty"' not in desk.text("ban", "note_care", pk), "it is in force already"
    html = desk.text("ban", "note_care", pk, query="?kind=poverty")
    assert "更新关爱类别：贫困" in html and SECRET not in html
    sent = {"level": "2", "reason": "", "responsible": str(desk.cast.staff["xin"].pk)}
    desk.post("ban", "note_care", pk, query="?kind=poverty", data=sent)
    care = desk.fresh(care)
    assert (care.level, care.responsible_id, texts([care.reason])) == ("2", desk.cast.staff["xin"].pk, [SECRET])


def test_ending_care_and_going_on(desk):
    care = desk.care("a", "poverty")
    desk.post("ban", "end_care", care.pk)
    assert "已结束的 1 项" in page(desk)
    desk.post("ban", "resume_care", care.pk)
    assert "已结束的" not in page(desk)


@pytest.mark.parametrize("who", ["nian", *STRANGERS])
def test_others_note_and_end_nothing(desk, who):
    care = desk.care("a", "poverty")
    assert desk.get(who, "note_care", desk.cast.students["a"].pk).status_code == 404
    for name, arg in (
        ("note_care", desk.cast.students["a"].pk), ("end_care", care.pk), ("resume_care", care.pk),
        ("withdraw_care", care.pk),
    ):  # fmt: skip
        assert desk.post(who, name, arg, data={"kind": "learning", "begins": "2026-04-01"}).status_code == 404
    assert desk.fresh(care).ends is None


# -- who has looked


def test_the_principal_sees_who_looked(desk):
    care, pk = desk.care("a", "poverty"), desk.cast.students["a"].pk
    page(desk, "ban")
    desk.post("ban", "open", pk, "contact")
    desk.post("xin", "care_reason", care.pk)
    page(desk, "xiao", "b")
    html = desk.text("xiao", "readers", pk)
    for words in ("班和", "打开了档案", "查看了家长电话", "辛理", "查看了关爱情况说明", "登记或更新了关爱类别"):
        assert words in html
    assert html.count("打开了档案") == 1, "the other child's file is another story"
    assert SECRET not in html and "贫困" not in html
    looked = desk.text("xiao", "readers", pk, query="?sort=read")
    assert "打开了档案" in looked and "登记或更新了关爱类别" not in looked


def test_a_bureaus_administrator_reads_the_rows_without_the_name(desk):
    page(desk, "ban")
    html = desk.text("ju", "readers", desk.cast.students["a"].pk)
    assert "打开了档案" in html and "金丝雀a" not in html
    assert reverse("dossiers:student", args=[desk.cast.students["a"].pk]) not in html.replace("/readers/", "")


@pytest.mark.parametrize("who", ["ban", "nian", "zhong", "xin", "ke", "de", "wai", "waixiao", "yi"])
def test_nobody_else_reads_the_audit(desk, who):
    assert desk.get(who, "readers", desk.cast.students["a"].pk).status_code == 404
