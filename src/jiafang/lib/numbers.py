"""Numbers with an inner form: ID card (GB 11643), 学籍号, 学校标识码, phones. Asks no register."""

from __future__ import annotations

import re
from datetime import date

from . import clock
from .codes import PROVINCES

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_ID = re.compile(r"\d{17}[\dX]", re.ASCII)
_STUDENT = re.compile(r"[GJL]\d{17}[\dX]", re.ASCII)
_SCHOOL = re.compile(r"\d{10}", re.ASCII)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"(?:0\d{2,3})?[2-9]\d{6,7}(?:-\d{1,6})?", re.ASCII)

FAULTS: dict[str, str] = {
    "id_length": "身份证号应为 18 位，现在是 {length} 位，请对照户口簿补全。",
    "id_chars": "身份证号里有不该出现的字符，应为 17 位数字加 1 位数字或 X。",
    "id_area": "身份证号前两位“{area}”不是任何省份的代码，请核对。",
    "id_birth": "身份证号里的出生日期“{birth}”不存在，请核对第 7—14 位。",
    "id_check": "身份证号最后一位校验码不对（算出来应为 {expected}），请逐位核对。",
    "student_number_form": "学籍号应为 19 位：以 G、J 或 L 开头，后面 17 位数字加 1 位数字或 X。",
    "student_number_check": "学籍号最后一位校验码不对（算出来应为 {expected}），请逐位核对。",
    "student_number_birth": "学籍号里的出生日期“{birth}”不存在，请核对。",
    "school_code_form": "学校标识码应为 10 位数字。",
    "school_code_area": "学校标识码第 3—4 位“{area}”不是任何省份的代码，请核对。",
    "phone_form": "联系电话不像一个电话号码：手机应为 11 位数字，固定电话请带区号。",
}


def check_digit(first17: str) -> str:
    """The 18th character by ISO 7064 MOD 11-2 from 17 digits."""
    return _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True)) % 11]


def fault_text(fault: str, number: str) -> str:
    """The plain Chinese sentence for a fault of this number."""
    body = number[1:] if fault.startswith("student_number") else number
    known = len(body) == 18 and body[:17].isdigit()
    area = number[2:4] if fault.startswith("school") else number[:2]
    return FAULTS[fault].format(
        length=len(number), area=area, birth=body[6:14], expected=check_digit(body[:17]) if known else "?"
    )


def id_fault(number: str) -> str | None:
    """What is wrong with an ID-card number (18 characters, capital X), a key of FAULTS; None when nothing."""
    if len(number) != 18:
        return "id_length"
    if not _ID.fullmatch(number):
        return "id_chars"
    if number[:2] not in PROVINCES:
        return "id_area"
    birth = _date(number[6:14])
    if birth is None or birth.year < 1900 or birth > clock.today():
        return "id_birth"
    return None if number[17] == check_digit(number[:17]) else "id_check"


def birth_of(number: str) -> date | None:
    """The birth date in an ID number; None when there is none."""
    return _date(number[6:14])


def sex_of(number: str) -> str:
    """GB/T 2261.1 code from the 17th digit: odd is "1" (男), even is "2" (女)."""
    return "1" if int(number[16]) % 2 else "2"


def student_number_fault(number: str) -> str | None:
    """What is wrong with a 学籍号. G carries an ID number, J area + birth + sequence; both end in a check.

    An L (temporary) number is checked for form only: provinces fill it differently.
    """
    if not _STUDENT.fullmatch(number):
        return "student_number_form"
    if number[0] == "L":
        return None
    if _date(number[7:15]) is None:
        return "student_number_birth"
    return None if number[18] == check_digit(number[1:18]) else "student_number_check"


def school_code_fault(code: str) -> str | None:
    """What is wrong with a 学校标识码: 2 digits category, 2 province, 6 sequence."""
    if not _SCHOOL.fullmatch(code):
        return "school_code_form"
    return None if code[2:4] in PROVINCES else "school_code_area"


def phone(text: str) -> str | None:
    """A phone as its digits: "138 0013-8000" → "13800138000"; an extension keeps its dash. Else None."""
    if _MOBILE.fullmatch(text):
        return text
    digits = re.sub(r"[\s()（）—–.]", "", text)
    digits = re.sub(r"^(?:\+|00)?86-?(?=1[3-9])", "", digits)
    joined = digits.replace("-", "")
    if _MOBILE.fullmatch(joined):
        return joined
    landline = re.sub(r"^(0\d{2,3})-", r"\1", digits)
    return landline if _LANDLINE.fullmatch(landline) else None


def _date(eight: str) -> date | None:
    try:
        return date(int(eight[:4]), int(eight[4:6]), int(eight[6:8]))
    except ValueError:
        return None
