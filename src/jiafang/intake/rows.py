"""From a recognised sheet to typed rows and cell errors. Bad data never raises; it is told, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from ..lib import numbers, text
from ..lib.codes import BOARDING, DISABILITY, ETHNIC_GROUP, ID_KIND, LEFT_BEHIND, RELATION, SEX, STAGE, yes_no
from .cells import Cells, written
from .fields import FLAGS
from .grids import busy_rows, teaching_row
from .guard import column_name
from .headings import Mapping
from .reader import Sheet
from .records import (
    ClassRow,
    CoordinateRow,
    MemberRow,
    Row,
    SchoolRow,
    StaffRow,
    StudentRow,
    SurveyRow,
    Table,
)

_WORDS = {
    **{words: key for key, words in FLAGS.items()},
    "学习困难": "learning",
    "学业困难": "learning",
    "心理异常": "psychological",
    "辍学": "dropout_risk",
    "流失": "dropout_risk",
    "孤儿": "orphan",
    "单亲留守": "left_behind_one",
    "双亲留守": "left_behind_both",
    "留守": "left_behind",
    "贫困": "poverty",
    "经济困难": "poverty",
    "随迁": "migrant",
    "残疾": "disability",
    "残障": "disability",
}
_BOARDS = {True: "2", False: "1"}  # "是否住校" is answered with yes and no


def read_table(sheet: Sheet, mapping: Mapping) -> Table:
    """Every data row of a sheet whose mapping is complete."""
    cells = Cells(sheet, mapping)
    columns = {key: column_name(column) for key, column in mapping.columns.items()}
    headings = {key: mapping.headings.get(column, "") for key, column in mapping.columns.items()}
    rows: list[Row] = []
    total = 0
    if mapping.kind == "busy":
        rows, total = busy_rows(cells)
    else:
        build = _BUILDERS[mapping.kind]
        for _ in cells:
            total += 1
            row = build(cells)
            if row is not None and not cells.faulty:
                rows.append(row)
    return Table(mapping.kind, sheet.name, rows, cells.errors, cells.warnings, total, columns, headings)


def _student(cells: Cells) -> StudentRow | None:
    name = _required_name(cells)
    klass = cells.klass()
    id_type = cells.table("id_type", ID_KIND)
    id_number = _id_number(cells, id_type)
    sex, born = cells.table("sex", SEX), cells.day("born")
    if len(id_number) == 18 and id_type in ("", "1"):
        of_id = numbers.birth_of(id_number)
        if born and born != of_id:
            cells.warn("born", "birth_differs", f"出生日期与身份证号里的 {of_id} 不一致，请核对。")
        if sex in ("1", "2") and sex != numbers.sex_of(id_number):
            cells.warn("sex", "sex_differs", "性别与身份证号第 17 位不一致，请核对。")
        born, sex = born or of_id, sex or numbers.sex_of(id_number)
    place = cells.place()
    row = StudentRow(
        sheet=cells.sheet.name,
        row=cells.number,
        klass=klass,
        name=name,
        school=cells.text("school"),
        sex=sex,
        born=born,
        ethnic=cells.table("ethnic", ETHNIC_GROUP),
        id_type=id_type or ("1" if len(id_number) == 18 else ""),
        id_number=id_number,
        student_number=_student_number(cells),
        aux_number=cells.code("aux_number"),
        class_number=cells.code("class_number"),
        entered_on=_month(cells),
        study=_study(cells),
        address=cells.text("address"),
        phone=cells.phone("phone"),
        left_behind=_left_behind(cells),
        orphan=cells.yes("orphan"),
        migrant=cells.yes("migrant"),
        aid=cells.yes("aid"),
        disability=cells.table("disability", DISABILITY),
        inclusive=cells.yes("inclusive"),
        members=tuple(member for n in (1, 2) if (member := _member(cells, n))),
        lat=place[0] if place else None,
        lon=place[1] if place else None,
    )
    return None if klass is None else row


def _required_name(cells: Cells) -> str:
    name = cells.name("name")
    if not name and not cells.faulty:
        cells.fail("name", "missing", "没有填姓名。")
    if len(name) > 40 or name.isdigit():
        cells.fail("name", "bad_name", f"“{name[:20]}”不像一个姓名，请检查是否填错了列。", name)
    return name


def _id_number(cells: Cells, id_type: str) -> str:
    number = cells.code("id_number")
    if not number or id_type not in ("", "1"):
        return number
    if fault := numbers.id_fault(number):
        message = numbers.fault_text(fault, number)
        if fault == "id_check" and number.endswith("000"):
            message += "末尾几位是 0，可能是 Excel 把号码变成过数字，请把该列设为文本后重新填写。"
        cells.fail("id_number", fault, message, number)
        return ""
    return number


def _student_number(cells: Cells) -> str:
    number = cells.code("student_number")
    if number and (fault := numbers.student_number_fault(number)):
        cells.fail("student_number", fault, numbers.fault_text(fault, number), number)
        return ""
    return number


def _month(cells: Cells) -> date | None:
    """When a student entered; a bare year means its September."""
    typed = written(cells.raw("entered_on")).strip().removesuffix("年").removesuffix("级")
    if re.fullmatch(r"20\d\d", typed):
        return date(int(typed), 9, 1)
    return cells.day("entered_on")


def _study(cells: Cells) -> str:
    typed = text.half(written(cells.raw("study")))
    heading = cells.mapping.headings.get(cells.mapping.columns.get("study", -1), "")
    if "是否" in heading and (answer := yes_no(typed)) is not None:
        return _BOARDS[answer]
    return cells.table("study", BOARDING)


def _left_behind(cells: Cells) -> str:
    """0 no, 1 one parent away, 2 both; "是" alone says that it is so, not which: kept as "yes"."""
    typed = text.half(written(cells.raw("left_behind")))
    if typed in ("是", "留守", "留守儿童", "有", "√"):
        return "yes"
    return cells.table("left_behind", LEFT_BEHIND)


def _member(cells: Cells, n: int) -> MemberRow | None:
    name = cells.name(f"member{n}_name")
    phone = cells.phone(f"member{n}_phone")
    relation = cells.table(f"member{n}_relation", RELATION) or cells.mapping.implied.get(f"member{n}_relation", "")
    address = cells.text(f"member{n}_address")
    guardian = cells.yes(f"member{n}_guardian")
    if not name:
        if phone:
            cells.warn(f"member{n}_phone", "member_unnamed", "有电话没有姓名，请补上家长姓名。")
            return MemberRow("", relation, address, phone, guardian)
        return None
    return MemberRow(name, relation, address, phone, guardian)


def _survey(cells: Cells) -> SurveyRow | None:
    name, klass = _required_name(cells), cells.klass()
    yes, no = set(), set()
    for key in FLAGS:
        typed = text.half(written(cells.raw(key)))
        if not typed:
            continue
        answer = yes_no(typed)
        # A teacher writes what is the matter instead of 是: that is a yes too, and the words are kept as the note.
        (no if answer is False else yes).add(key)
    for key in ("single_or_divorced", "categories"):
        _words(cells, key, yes, no)
    note = cells.text("note")
    number = _student_number(cells)
    if klass is None:
        return None
    return SurveyRow(
        cells.sheet.name, cells.number, klass, name, cells.text("school"), number, frozenset(yes), frozenset(no), note
    )


def _words(cells: Cells, key: str, yes: set[str], no: set[str]) -> None:
    typed = text.half(written(cells.raw(key)))
    if not typed or yes_no(typed) is False:
        if typed and key == "single_or_divorced":
            no |= {"single_parent", "divorced"}
        return
    for word in re.split(r"[、,;/\s+]+", typed):
        bare = word.removesuffix("家庭").removesuffix("学生").removesuffix("儿童").removesuffix("生")
        if not word:
            continue
        found = _WORDS.get(bare) or _WORDS.get(word)
        if found:
            yes.add(found)
        elif key == "single_or_divorced":
            cells.fail(key, "single_or_divorced", "单亲和离异不同，请写明 单亲 或 离异。", typed)
        else:
            cells.fail(key, "unknown_category", f"“{word}”不是认得的类别，可以填：{'、'.join(FLAGS.values())}。", typed)


def _staff(cells: Cells) -> StaffRow | None:
    name = _required_name(cells)
    typed = text.half(written(cells.raw("party")))
    party = True if "党员" in typed else (yes_no(typed) or False) if typed else None
    return StaffRow(
        cells.sheet.name,
        cells.number,
        name,
        cells.text("school"),
        cells.code("number"),
        cells.table("sex", SEX),
        cells.phone("phone"),
        cells.plain("title"),
        cells.plain("subject"),
        party,
    )


def _class(cells: Cells) -> ClassRow | None:
    klass = cells.klass()
    stage = cells.table("stage", STAGE)
    typed = text.half(written(cells.raw("entered"))).removesuffix("年").removesuffix("级")
    entered = int(typed[:4]) if re.fullmatch(r"20\d\d(?:-?\d\d?)?(?:-\d\d?)?", typed) else None
    if typed and entered is None:
        cells.fail("entered", "bad_year", f"“{typed}”不是入学年份，请填四位年份，如 2024。", typed)
    code = _school_code(cells)
    teachers = cells.teachers("class_teacher")
    if klass is None:
        return None
    return ClassRow(
        cells.sheet.name,
        cells.number,
        klass,
        cells.text("school"),
        code,
        stage,
        entered,
        teachers[0] if teachers else None,
    )


def _school_code(cells: Cells) -> str:
    code = cells.code("school_code")
    if code and (fault := numbers.school_code_fault(code)):
        cells.fail("school_code", fault, numbers.fault_text(fault, code), code)
    return code


def _school(cells: Cells) -> SchoolRow | None:
    name, code = cells.text("school"), _school_code(cells)
    if not name:
        cells.fail("school", "missing", "没有填学校名称。")
    if not code and not cells.faulty:
        cells.fail("school_code", "missing", "没有填学校标识码。")
    stages = []
    for word in re.split(r"[、,;/\s+]+", cells.plain("stages")):
        found = {"九年一贯制": ("primary", "junior"), "完全中学": ("junior", "senior")}.get(word) or (
            (STAGE.parse(word.removesuffix("部")),) if word else ()
        )
        if None in found:
            cells.fail("stages", "unknown_code", f"“{word}”不是认得的学段，可以填：小学、初中、高中。", word)
        else:
            stages += found
    years = re.sub(r"\D.*", "", cells.plain("primary_years")) or "0"
    style = cells.plain("grade_style")
    place = cells.place()
    return SchoolRow(
        cells.sheet.name,
        cells.number,
        name,
        code,
        tuple(stages),
        int(years) if years in ("5", "6") else None,
        "stage" if style.startswith("初") else "number" if style else "",
        cells.text("address"),
        place[0] if place else None,
        place[1] if place else None,
    )


def _coordinate(cells: Cells) -> CoordinateRow | None:
    place = cells.place()
    number, id_number = _student_number(cells), cells.code("id_number")
    name, klass = cells.name("name"), cells.klass(required=False)
    if not number and not id_number and not (name and klass) and not cells.faulty:
        cells.fail("student_number", "missing", "看不出是哪名学生，请填学籍号，或者班级和姓名。")
    if place is None:
        return None
    return CoordinateRow(
        cells.sheet.name, cells.number, *place, cells.text("school"), klass, name, number, id_number
    )


_BUILDERS: dict[str, Callable[[Cells], Row | None]] = {
    "students": _student,
    "survey": _survey,
    "staff": _staff,
    "teaching": teaching_row,
    "classes": _class,
    "schools": _school,
    "coordinates": _coordinate,
}
