"""Comparing students with those known: by 学籍号, ID number, or class and name; siblings share a household to be confirmed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiafang.access.vault import blind
from jiafang.intake.records import MemberRow, StudentRow
from jiafang.lib import names
from jiafang.lib.dates import school_year
from jiafang.lib.ids import uuid7
from jiafang.roster.importers.care import of_export
from jiafang.roster.importers.context import Context, Tally
from jiafang.roster.models import Enrolment, Guardian, Household, Student
from jiafang.roster.selectors.imports import (
    GuardianNode,
    HouseNode,
    StudentNode,
    UnitNode,
    open_enrolments,
    taken_elsewhere,
)

_STUDENT = (
    "id", "school_id", "klass_id", "household_id", "name", "pinyin", "sex", "born", "ethnic", "id_type", "id_number", "id_index",
    "student_number", "number_index", "aux_number", "class_number", "entered_on", "study", "left_on",
)  # fmt: skip
_PLAIN = ("name", "sex", "born", "ethnic", "id_type", "aux_number", "class_number", "entered_on")
_HOUSE = ("id", "school_id", "address", "address_index", "lat", "lon", "confirmed")
_GUARDIAN = ("id", "student_id", "position", "name", "relation", "phone", "phone_index", "is_guardian")
_STUDY = {"1": Student.Study.DAY, "2": Student.Study.BOARDING, "3": Student.Study.BOARDING, "9": Student.Study.DAY}
# A phone or an address more children share than this is the school's, a hostel's or a placeholder, not a family's.
_FAMILY = 6


class Students:
    """Compares student rows; made once for a file, because siblings and doubles show across its sheets."""

    def __init__(self, context: Context, rows: Sequence[StudentRow]) -> None:
        self.context = context
        self.shot = context.shot
        self.number_of = {id(row): blind("number", row.student_number) if row.student_number else "" for row in rows}
        self.id_of = {id(row): blind("id", row.id_number) if row.id_number else "" for row in rows}
        unit = context.unit
        self.foreign_numbers = self._elsewhere(unit, "number_index", self.number_of.values(), self.shot.by_number)
        self.foreign_ids = self._elsewhere(unit, "id_index", self.id_of.values(), self.shot.by_id)
        self.addresses = {id(row): self._address(row) for row in rows}
        self.address_of: dict[str, str] = {}
        shared = Counter(self._address_index(row) for row in rows)
        self.phones = {id(row): [blind("phone", phone) for phone in _phones(row)] for row in rows}
        calls = Counter(index for indexes in self.phones.values() for index in set(indexes))
        self.too_common = {index for counter in (shared, calls) for index, n in counter.items() if n > _FAMILY} | {""}
        self.homes: dict[tuple[int, str], Any] = {}  # (school, blind index of phone or address) → household
        self._know_homes()
        self.said_of: dict[Any, list[StudentRow]] = defaultdict(list)  # rows about the children of a known home
        self.living_in = Counter(node.household_id for node in self.shot.students.values() if node.left_on is None)
        self.seen: set[Any] = set()
        self.moved: list[tuple[StudentNode, UnitNode]] = []

    # -- one row -------------------------------------------------------------------------------------------------

    def compare(self, context: Context, tally: Tally, row: StudentRow) -> str:
        """One row: who it is, and what differs."""
        school = context.school(tally, row)
        klass = school and context.klass(tally, row, school, row.klass)
        if klass is None:
            return ""
        known = self._known(tally, row, klass)
        if isinstance(known, str):
            return known
        if known is None:
            return self._new(row, school, klass)
        if known.pk in self.seen:
            return context.fail(tally, row, "name", row.name, "same_child_twice", _("这名学生在表里出现了两次，只留一行。"))
        self.seen.add(known.pk)
        return "changed" if self._correct(known, row, school, klass) else "unchanged"

    def _known(self, tally: Tally, row: StudentRow, klass: UnitNode) -> StudentNode | str | None:
        number, id_index = self.number_of[id(row)], self.id_of[id(row)]
        context = self.context
        if number in self.foreign_numbers or id_index in self.foreign_ids:
            key = "student_number" if number in self.foreign_numbers else "id_number"
            message = _("这个号码已经登记在您管理范围以外的学生名下。请核对号码；如果是转学，请先由原学校办理转出。")
            return context.fail(tally, row, key, getattr(row, key), "number_elsewhere", message)
        by_number, by_id = self.shot.by_number.get(number), self.shot.by_id.get(id_index)
        if by_number and by_id and by_number is not by_id:
            message = _("学籍号和身份证件号分属系统里的两名学生，请核对是谁的。")
            return context.fail(tally, row, "id_number", row.id_number, "numbers_disagree", message)
        if by_number:
            return by_number
        if by_id and not (number and by_id.number_index):
            return by_id
        if by_id:
            message = _("这个身份证件号在系统里属于另一个学籍号，请核对。")
            return context.fail(tally, row, "id_number", row.id_number, "numbers_disagree", message)
        same = [
            node
            for node in context.named(klass, row.name)
            if not (number and node.number_index) and not (id_index and node.id_index)
        ]
        if len(same) > 1:
            message = _("系统里这个班有 %d 名同名学生，请填上学籍号。") % len(same)
            return context.fail(tally, row, "name", row.name, "same_name", message)
        return same[0] if same else None

    def _new(self, row: StudentRow, school: UnitNode, klass: UnitNode) -> str:
        home = self._home(row, school)
        node = StudentNode(
            uuid7(), school.pk, klass.pk, home, row.name, row.sex or "0", row.born, row.ethnic, row.id_type, self.id_of[id(row)],
            self.number_of[id(row)], row.aux_number, row.class_number, row.entered_on, _STUDY.get(row.study, Student.Study.DAY),
            None, fresh=True,
        )  # fmt: skip
        self.shot.add_student(node)
        self.seen.add(node.pk)
        changes = self.context.changes
        changes.rows(Student, *_STUDENT).append(
            (
                node.pk, node.school_id, node.klass_id, home, node.name, " ".join(names.pinyin(node.name)), node.sex, node.born,
                node.ethnic, node.id_type, row.id_number or None, node.id_index, row.student_number or None,
                node.number_index, node.aux_number, node.class_number, node.entered_on, str(node.study), None,
            )
        )
        begins = min(row.entered_on or date(school_year(self.context.today), 9, 1), self.context.today)
        changes.rows(Enrolment, "student_id", "klass_id", "begins", "ends").append((node.pk, klass.pk, begins, None))
        for position, member in enumerate(_members(row), start=1):
            self._add_guardian(node, position, member)
        of_export(self.context, node, row)
        return "new"

    def _correct(self, node: StudentNode, row: StudentRow, school: UnitNode, klass: UnitNode) -> bool:
        changed: dict[str, Any] = {}
        for column in _PLAIN:
            value = getattr(row, column)
            if value and value != getattr(node, column):
                changed[column] = value
        if "name" in changed:
            changed["pinyin"] = " ".join(names.pinyin(row.name))
        if row.study and _STUDY[row.study] != node.study:
            changed["study"] = str(_STUDY[row.study])
        for column, index, indexes in (
            ("student_number", "number_index", self.number_of),
            ("id_number", "id_index", self.id_of),
        ):
            if indexes[id(row)] and indexes[id(row)] != getattr(node, index):
                changed |= {column: getattr(row, column), index: indexes[id(row)]}
        if node.klass_id != klass.pk or node.left_on is not None:
            changed |= {"klass_id": klass.pk, "school_id": school.pk, "left_on": None}
            self.moved.append((node, klass))
        for column in changed.keys() & set(StudentNode.__slots__):
            setattr(node, column, changed[column])
        if changed:
            self.context.changes.set(Student, node.pk, **changed)
        people = self._correct_guardians(node, row)
        care = of_export(self.context, node, row)
        home = self._home_differs(node, row)
        return bool(changed) or people or care or home

    # -- guardians -----------------------------------------------------------------------------------------------

    def _add_guardian(self, node: StudentNode, position: int, member: MemberRow) -> None:
        guardian = GuardianNode(
            uuid7(), position, member.name, member.relation, blind("phone", member.phone) if member.phone else "",
            member.is_guardian is not False,
        )  # fmt: skip
        self.shot.guardians[node.pk].append(guardian)
        self.context.changes.rows(Guardian, *_GUARDIAN).append(
            (
                guardian.pk, node.pk, position, guardian.name, guardian.relation, member.phone or None, guardian.phone_index,
                guardian.is_guardian,
            )
        )

    def _correct_guardians(self, node: StudentNode, row: StudentRow) -> bool:
        held = {guardian.position: guardian for guardian in self.shot.guardians[node.pk]}
        touched = False
        for position, member in enumerate(_members(row), start=1):
            guardian = held.get(position)
            if guardian is None:
                self._add_guardian(node, position, member)
                touched = True
                continue
            said: dict[str, Any] = {"name": member.name, "relation": member.relation}
            changed = {key: value for key, value in said.items() if value and value != getattr(guardian, key)}
            if member.is_guardian is not None and member.is_guardian != guardian.is_guardian:
                changed["is_guardian"] = member.is_guardian
            index = blind("phone", member.phone) if member.phone else ""
            if index and index != guardian.phone_index:
                changed |= {"phone": member.phone, "phone_index": index}
            if changed:
                self.context.changes.set(Guardian, guardian.pk, **changed)
                touched = True
        return touched

    # -- households ----------------------------------------------------------------------------------------------

    def _home(self, row: StudentRow, school: UnitNode) -> Any:
        """The household of a new student: a sibling's, then to be confirmed by a person, or one of its own."""
        address, index = self.addresses[id(row)], self._address_index(row)
        marks = [mark for mark in (*self.phones[id(row)], index) if mark not in self.too_common]
        found = next((self.homes[school.pk, mark] for mark in marks if (school.pk, mark) in self.homes), None)
        if found is None:
            house = HouseNode(uuid7(), school.pk, index, row.lat, row.lon, True, fresh=True, address=address)
            self.shot.houses[house.pk] = house
            found = house.pk
        else:
            house = self.shot.houses[found]
            if house.confirmed:
                house.confirmed = False
                if not house.fresh:
                    self.context.changes.set(Household, house.pk, confirmed=False)
            if house.fresh:
                self._complete(house, row, address, index)
        for mark in marks:
            self.homes.setdefault((school.pk, mark), found)
        return found

    def _complete(self, house: HouseNode, row: StudentRow, address: str, index: str) -> None:
        if not house.address:
            house.address, house.address_index = address, index
        if house.lat is None and row.lat is not None:
            house.lat, house.lon = row.lat, row.lon

    def _home_differs(self, node: StudentNode, row: StudentRow) -> bool:
        """Whether a known home's address or place is to be corrected.

        Siblings share it, so it is decided at the last of them: what any of their rows confirms stays, else two
        spellings would take turns at every import.
        """
        house = self.shot.houses[node.household_id]
        said = self.said_of[house.pk]
        said.append(row)
        if len(said) < self.living_in[house.pk]:
            return False
        addresses = {self._address_index(one): self.addresses[id(one)] for one in said if self.addresses[id(one)]}
        places = [(one.lat, one.lon) for one in said if one.lat is not None]
        changed: dict[str, Any] = {}
        if addresses and house.address_index not in addresses:
            house.address_index, address = next(iter(addresses.items()))
            changed |= {"address": address, "address_index": house.address_index}
        if places and (house.lat, house.lon) not in places:
            house.lat, house.lon = places[0]
            changed |= {"lat": house.lat, "lon": house.lon}
        if changed:
            self.context.changes.set(Household, house.pk, **changed)
        return bool(changed)

    def tell_absent(self, tally: Tally) -> None:
        """Doubts about classes whose list seems whole but lacks some who are known to be in them."""
        listed = Counter(self.shot.students[pk].klass_id for pk in self.seen)
        absent = Counter(
            node.klass_id for node in self.shot.students.values() if node.left_on is None and node.pk not in self.seen
        )
        for klass, missing in absent.items():
            if klass is not None and listed[klass] > missing:
                name = self.context.label(self.shot.units[klass])
                said = _("%(klass)s有 %(n)d 名学生在系统里、不在这份名册里。导入不会删除他们；如果已经转出，请另行办理离校。")
                said %= {"klass": name, "n": missing}
                tally.table.warnings.append(tally.table.error(0, "klass", name, "not_listed", said))

    def finish(self) -> None:
        """Write down the new households, and the stays of those who changed class."""
        rows = self.context.changes.rows(Household, *_HOUSE)
        for house in self.shot.houses.values():
            if house.fresh:
                rows.append(
                    (house.pk, house.school_id, house.address or None, house.address_index, house.lat, house.lon, house.confirmed)
                )
        today = self.context.today
        stays = open_enrolments(node.pk for node, _klass in self.moved)
        begun = self.context.changes.rows(Enrolment, "student_id", "klass_id", "begins", "ends")
        for node, klass in self.moved:
            if node.pk in stays:
                pk, _old, begins = stays[node.pk]
                self.context.changes.set(Enrolment, pk, ends=max(today, begins))
            begun.append((node.pk, klass.pk, today, None))

    def _know_homes(self) -> None:
        for node in self.shot.students.values():
            if node.left_on is None:
                house = self.shot.houses[node.household_id]
                for mark in (house.address_index, *(g.phone_index for g in self.shot.guardians[node.pk])):
                    if mark:
                        self.homes.setdefault((node.school_id, mark), node.household_id)

    def _address(self, row: StudentRow) -> str:
        """The student's address, else the first member's that is one (and not 同上)."""
        said = (row.address, *(member.address for member in row.members))
        return next((address for address in said if address and not address.startswith(("同", "一致"))), "")

    def _address_index(self, row: StudentRow) -> str:
        address = self.addresses[id(row)]
        if address not in self.address_of:
            self.address_of[address] = blind("address", address) if address else ""
        return self.address_of[address]

    @staticmethod
    def _elsewhere(unit: Any, column: str, indexes: Any, known: dict[str, StudentNode]) -> set[str]:
        return taken_elsewhere(unit, column, [index for index in indexes if index and index not in known])


def _phones(row: StudentRow) -> list[str]:
    return [phone for phone in (*(member.phone for member in row.members), row.phone) if phone]


def _members(row: StudentRow) -> list[MemberRow]:
    """Family members as they are stored: a phone without a name is “某某家长”, the student's own phone the first member's."""
    members = [
        member if member.name else MemberRow(f"{row.name}家长", member.relation, "", member.phone, member.is_guardian)
        for member in row.members
    ]
    if row.phone and not any(member.phone for member in members):
        first = members[0] if members else MemberRow(f"{row.name}家长")
        members[:1] = [MemberRow(first.name, first.relation, first.address, row.phone, first.is_guardian)]
    return members
