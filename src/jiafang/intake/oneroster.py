"""A OneRoster 1.2 CSV bundle (and 1.1) laid out as the sheets schools fill in, so that everything after goes one way.

Source: 1EdTech OneRoster 1.2, CSV binding. Taken: orgs, classes, users, roles, enrollments, demographics. Classes are the
homerooms; without any, all classes. Rows marked ``tobedeleted`` are passed over: an import deletes nobody.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ..lib.dates import han_number
from ..lib.numbers import school_code_fault, student_number_fault

Row = dict[str, str]
_TITLES = {"principal": "校长", "counselor": "心理教师", "siteadministrator": "中层干部"}
_SEX = {"male": "男", "female": "女"}
_AT_SCHOOL = {"teacher", "aide", *_TITLES}
_STUDENT = (
    "学校", "年级", "班级", "姓名", "性别", "出生日期", "全国学籍号", "学籍辅号", "联系电话",
    "成员1姓名", "成员1联系电话", "成员2姓名", "成员2联系电话",
)  # fmt: skip


def sheets(files: dict[str, list[list[str]]]) -> list[dict[str, Any]]:
    """The bundle's files (name → rows, headings first) as sheets of the reader: classes, staff, teaching, students."""
    return _Bundle({name.removesuffix(".csv"): _dicts(rows) for name, rows in files.items()}).sheets()


def _dicts(rows: list[list[str]]) -> list[Row]:
    if not rows:
        return []
    heads = [head.strip() for head in rows[0]]
    found = (dict(zip(heads, (cell.strip() for cell in row), strict=False)) for row in rows[1:] if any(row))
    return [row for row in found if row.get("status", "").lower() != "tobedeleted"]


def grade_word(code: str) -> str:
    """七年级 for "07", 高一 for "10"; "" for what no school here has."""
    first = code.split(",")[0].strip()
    if not first.isdigit() or not 1 <= int(first) <= 12:
        return ""
    grade = int(first)
    return f"{han_number(grade)}年级" if grade <= 9 else f"高{han_number(grade - 9)}"


class _Bundle:
    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.orgs = {row["sourcedId"]: row for row in tables.get("orgs", []) if "sourcedId" in row}
        self.users = {row["sourcedId"]: row for row in tables.get("users", []) if "sourcedId" in row}
        self.born = {row["sourcedId"]: row for row in tables.get("demographics", []) if "sourcedId" in row}
        classes = [row for row in tables.get("classes", []) if row.get("sourcedId")]
        homerooms = [row for row in classes if row.get("classType", "").lower() == "homeroom"]
        self.classes = {row["sourcedId"]: row for row in homerooms or classes}
        self.roles: dict[str, list[tuple[str, str]]] = defaultdict(list)  # user → (role, org)
        for row in tables.get("roles", []):
            self.roles[row.get("userSourcedId", "")].append((row.get("role", "").lower(), row.get("orgSourcedId", "")))
        for pk, user in self.users.items():  # 1.1 keeps the role with the user
            if user.get("role") and pk not in self.roles:
                for org in user.get("orgSourcedIds", "").split(","):
                    self.roles[pk].append((user["role"].lower(), org.strip()))
        self.enrolled = [row for row in tables.get("enrollments", []) if row.get("classSourcedId") in self.classes]

    def sheets(self) -> list[dict[str, Any]]:
        made = (
            ("学校与班级", ("学校", "学校标识码", "年级", "班级"), self._classes()),
            ("教师花名册", ("学校", "姓名", "工号", "手机", "职务"), self._staff()),
            ("任课安排表", ("学校", "年级", "班级", "班主任"), self._teaching()),
            ("学生名册", _STUDENT, self._students()),
        )
        return [
            {"name": name, "rows": [list(heads), *rows], "merged": [], "formulas": []}
            for name, heads, rows in made
            if rows
        ]

    def _school(self, org: str) -> str:
        return self.orgs.get(org, {}).get("name", "")

    def _place(self, klass: Row) -> tuple[str, str, str]:
        """(school, grade, class) of a class."""
        return (
            self._school(klass.get("schoolSourcedId", "")),
            grade_word(klass.get("grades", "")),
            klass.get("title", ""),
        )

    def _classes(self) -> list[list[str]]:
        out = []
        for klass in self.classes.values():
            school, grade, title = self._place(klass)
            code = self.orgs.get(klass.get("schoolSourcedId", ""), {}).get("identifier", "")
            out.append([school, "" if school_code_fault(code) else code, grade, title])
        return out

    def _name(self, pk: str) -> str:
        user = self.users.get(pk, {})
        return user.get("familyName", "") + user.get("givenName", "")

    def _phone(self, pk: str) -> str:
        user = self.users.get(pk, {})
        return user.get("sms", "") or user.get("phone", "")

    def _staff(self) -> list[list[str]]:
        out = []
        for pk, user in self.users.items():
            held = [(role, org) for role, org in self.roles.get(pk, ()) if role in _AT_SCHOOL]
            if held:
                title = next((_TITLES[role] for role, _org in held if role in _TITLES), "")
                out.append(
                    [self._school(held[0][1]), self._name(pk), user.get("identifier", ""), self._phone(pk), title]
                )
        return out

    def _teaching(self) -> list[list[str]]:
        heads: dict[str, str] = {}
        for row in self.enrolled:
            if row.get("role", "").lower() == "teacher":
                klass, first = row["classSourcedId"], row.get("primary", "").lower() == "true"
                if first or klass not in heads:
                    heads[klass] = row.get("userSourcedId", "")
        out = []
        for klass, pk in heads.items():
            number = self.users.get(pk, {}).get("identifier", "")
            out.append([*self._place(self.classes[klass]), f"{self._name(pk)}({number})" if number else self._name(pk)])
        return out

    def _students(self) -> list[list[str]]:
        out, seen = [], set()
        for row in self.enrolled:
            pk = row.get("userSourcedId", "")
            if row.get("role", "").lower() != "student" or pk in seen or pk not in self.users:
                continue
            seen.add(pk)
            user, born = self.users[pk], self.born.get(pk, {})
            number = user.get("identifier", "")
            good = bool(number) and student_number_fault(number) is None
            people = [a.strip() for a in user.get("agentSourcedIds", "").split(",") if a.strip() in self.users][:2]
            members = [text for agent in people for text in (self._name(agent), self._phone(agent))]
            out.append(
                [
                    *self._place(self.classes[row["classSourcedId"]]),
                    self._name(pk),
                    _SEX.get(born.get("sex", "").lower(), ""),
                    born.get("birthDate", ""),
                    number if good else "",
                    "" if good else number,
                    self._phone(pk),
                    *members,
                    *[""] * (4 - len(members)),
                ]
            )
        return out
