"""Code tables and structured numbers, right and wrong side by side."""

from datetime import date

import pytest

from jiafang.lib import clock, codes, numbers

GOOD_ID = "15020320130907001" + numbers.check_digit("15020320130907001")


@pytest.mark.parametrize(
    ("table", "typed", "code"),
    [
        (codes.SEX, "男", "1"),
        (codes.SEX, "1", "1"),
        (codes.SEX, "１", "1"),
        (codes.SEX, "1.0", "1"),
        (codes.SEX, "1-男", "1"),
        (codes.SEX, "男性", "1"),
        (codes.SEX, " 女 ", "2"),
        (codes.SEX, "男女", None),
        (codes.SEX, "1-女", None),
        (codes.SEX, "", None),
        (codes.ETHNIC_GROUP, "汉", "01"),
        (codes.ETHNIC_GROUP, "汉族", "01"),
        (codes.ETHNIC_GROUP, "1", "01"),
        (codes.ETHNIC_GROUP, "02-蒙古族", "02"),
        (codes.ETHNIC_GROUP, "火星族", None),
        (codes.RELATION, "52", "52"),
        (codes.RELATION, "妈妈", "52"),
        (codes.RELATION, "养父", "57"),
        (codes.RELATION, "姥姥", "64"),
        (codes.RELATION, "姐", "75"),
        (codes.RELATION, "邻居家的猫", None),
        (codes.LEFT_BEHIND, "单亲留守", "1"),
        (codes.LEFT_BEHIND, "2", "2"),
        (codes.LEFT_BEHIND, "否", "0"),
        (codes.LEFT_BEHIND, "单亲家庭", None),
        (codes.DISABILITY, "00", "0"),
        (codes.DISABILITY, "听力残疾", "62"),
        (codes.BOARDING, "住校", "2"),
        (codes.ID_KIND, "居民身份证", "1"),
        (codes.ID_KIND, "a", "A"),
        (codes.STAGE, "初中", "junior"),
    ],
)
def test_tables_read_words_and_codes(table, typed, code):
    assert table.parse(typed) == code


@pytest.mark.parametrize("table", [codes.SEX, codes.RELATION, codes.ETHNIC_GROUP, codes.DISABILITY, codes.BOARDING])
def test_every_label_reads_back(table):
    assert {code: table.parse(words) for code, words in table} == {code: code for code, _ in table}


def test_all_56_ethnic_groups_stand_in_their_places():
    groups = [words for code, words in codes.ETHNIC_GROUP if int(code) <= 56]
    assert len(groups) == len(set(groups)) == 56
    spots = {"08": "壮族", "11": "满族", "17": "哈萨克族", "31": "达斡尔族", "45": "鄂温克族", "56": "基诺族"}
    assert {code: codes.ETHNIC_GROUP.label(code) for code in spots} == spots


@pytest.mark.parametrize(("typed", "meant"), [("是", True), ("1", True), ("√", True), ("否", False), ("0", False), ("", None), ("也许", None)])
def test_yes_no(typed, meant):
    assert codes.yes_no(typed) is meant


def test_published_id_example_holds():
    assert numbers.id_fault("11010519491231002X") is None  # the example printed in GB 11643-1999
    assert numbers.birth_of("11010519491231002X") == date(1949, 12, 31)
    assert numbers.sex_of("11010519491231002X") == "2"


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (GOOD_ID, None),
        (GOOD_ID[:17] + ("0" if GOOD_ID[17] != "0" else "1"), "id_check"),
        (GOOD_ID[:17], "id_length"),
        ("1502032013090700A1", "id_chars"),
        ("99" + GOOD_ID[2:], "id_area"),
        ("150203201302300012", "id_birth"),
    ],
)
def test_id_faults(number, fault):
    assert numbers.id_fault(number) == fault
    if fault:
        assert "{" not in numbers.fault_text(fault, number)


def test_someone_not_yet_born_has_no_id():
    with clock.freeze(date(2013, 9, 6)):
        assert numbers.id_fault(GOOD_ID) == "id_birth"
    with clock.freeze(date(2013, 9, 8)):
        assert numbers.id_fault(GOOD_ID) is None


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("G" + GOOD_ID, None),
        ("J" + GOOD_ID, None),
        ("L150203201309070019", None),
        ("G" + GOOD_ID[:17] + ("0" if GOOD_ID[17] != "0" else "1"), "student_number_check"),
        ("G150203201302300012", "student_number_birth"),
        (GOOD_ID, "student_number_form"),
        ("A" + GOOD_ID, "student_number_form"),
        ("", "student_number_form"),
    ],
)
def test_student_numbers(number, fault):
    assert numbers.student_number_fault(number) == fault


def test_wrong_check_digit_tells_the_right_one():
    wrong = "G" + GOOD_ID[:17] + ("0" if GOOD_ID[17] != "0" else "1")
    assert f"应为 {GOOD_ID[17]}" in numbers.fault_text("student_number_check", wrong)


def test_school_codes():
    assert numbers.school_code_fault("2115001234") is None
    assert numbers.school_code_fault("211500123") == "school_code_form"
    assert numbers.school_code_fault("2199001234") == "school_code_area"
    assert "“99”" in numbers.fault_text("school_code_area", "2199001234")


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("138 0013-8000", "13800138000"),
        ("+86 13800138000", "13800138000"),
        ("0472-5156789", "04725156789"),
        ("5156789", "5156789"),
        ("1380013800", None),
        ("无", None),
    ],
)
def test_phones(typed, digits):
    assert numbers.phone(typed) == digits
