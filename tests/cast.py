"""The fixed cast: one small district, a second school and a foreign district, with a canary in every child's fields.

``cast.client("ban")`` is a signed-in browser of that person, ``cast.actor("ban")`` the person as services see it.
People: ju 局管理员, de 德育科, xiao 校长, zhong 中层, nian 年级组长, ban 班主任 of klass, ban2 班主任 of klass2 (same school),
ke 科任 of klass (companion), ke2 科任 of klass2, xin 心理教师, wai 外校班主任, waixiao 外校校长, yi 外区局管理员, jiu 前班主任 (post ended).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.test import Client

from jiafang.access.actors import Actor, system
from jiafang.access.fence import system_fence
from jiafang.access.roles import Role
from jiafang.lib import clock
from jiafang.roster import services as roster
from jiafang.roster.models import Student
from jiafang.units import selectors as units_selectors
from jiafang.units import services as units
from jiafang.units.models import Staff, Unit

PASSWORD = "correct-horse-9"
CANARY = "金丝雀"
SYSTEM = system("test world")


@dataclass
class Cast:
    bureau: Unit
    school: Unit
    other_school: Unit
    foreign_bureau: Unit
    foreign_school: Unit
    klass: Unit
    klass2: Unit
    other_klass: Unit
    foreign_klass: Unit
    staff: dict[str, Staff] = field(default_factory=dict)
    students: dict[str, Student] = field(default_factory=dict)

    @classmethod
    def build(cls) -> "Cast":
        with system_fence("test world"):
            return cls._build()

    @classmethod
    def _build(cls) -> "Cast":
        today = clock.today()
        year = today.year if today.month >= 8 else today.year - 1

        def unit(parent, kind, **fields):
            return units.add_unit(SYSTEM, parent=parent, kind=kind, **fields)

        def school(parent, name, code):
            top = unit(parent, "school", name=name, code=code, stage="junior", lat=40.65, lon=109.84)
            cohort = unit(top, "cohort", entered=year)
            return top, [unit(cohort, "klass", number=n) for n in (1, 2)]

        bureau = unit(None, "bureau", name="鹿区教育局")
        units.add_term(
            SYSTEM, bureau=bureau, year=year, part=1, begins=today - timedelta(60), ends=today + timedelta(90)
        )
        top, (klass, klass2) = school(bureau, "鹿区一中", "2115000001")
        other, (other_klass, _) = school(bureau, "鹿区二中", "2115000002")
        foreign = unit(None, "bureau", name="外区教育局")
        far, (far_klass, _) = school(foreign, "外区一中", "2115000003")
        cast = cls(bureau, top, other, foreign, far, klass, klass2, other_klass, far_klass)

        begins = today - timedelta(100)
        for key, name, home, role, at in (
            ("ju", "局青", bureau, Role.BUREAU_ADMIN, bureau),
            ("de", "德宁", bureau, Role.BUREAU_OFFICER, bureau),
            ("xiao", "肖校", top, Role.PRINCIPAL, top),
            ("zhong", "钟层", top, Role.MIDDLE_LEADER, top),
            ("nian", "年岩", top, Role.GRADE_HEAD, klass.parent),
            ("ban", "班和", top, Role.CLASS_TEACHER, klass),
            ("ban2", "班蓝", top, Role.CLASS_TEACHER, klass2),
            ("ke", "柯仁", top, Role.SUBJECT_TEACHER, klass),
            ("ke2", "柯礼", top, Role.SUBJECT_TEACHER, klass2),
            ("xin", "辛理", top, Role.COUNSELLOR, top),
            ("wai", "外川", other, Role.CLASS_TEACHER, other_klass),
            ("waixiao", "外峰", other, Role.PRINCIPAL, other),
            ("yi", "易区", foreign, Role.BUREAU_ADMIN, foreign),
        ):
            person = units.add_staff(SYSTEM, home=home, name=name, number=key)
            units.issue_account(SYSTEM, staff=person, username=key, password=PASSWORD)
            units.appoint(SYSTEM, staff=person, unit=at, role=role, subject="数学", begins=begins)
            cast.staff[key] = person
        old = units.add_staff(SYSTEM, home=top, name="旧洋", number="jiu")
        units.issue_account(SYSTEM, staff=old, username="jiu", password=PASSWORD)
        units.appoint(SYSTEM, staff=old, unit=klass2, role=Role.GRADE_HEAD, begins=begins, ends=today)
        cast.staff["jiu"] = old

        for key, at, n in (
            ("a", klass, 1),
            ("b", klass, 2),
            ("c", klass2, 3),
            ("w", other_klass, 4),
            ("f", far_klass, 5),
        ):
            cast.students[key] = cast.add_student(key, at, n)
        return cast

    @staticmethod
    def add_student(key: str, klass: Unit, n: int, **facts) -> Student:
        """A child whose every field carries the canary and its key, so that a leak names itself."""
        mark = f"{CANARY}{key}"
        given = {
            "name": f"{mark}名",
            "sex": "1",
            "born": date(2012, 1, 1 + n % 28),
            "id_number": f"{mark}证",
            "student_number": f"{mark}籍",
            "class_number": str(n),
            "address": f"{mark}址",
            "lat": 40.65 + n / 500,
            "lon": 109.84 + n / 700,
            "guardians": (roster.GuardianFacts(f"{mark}家长", "51", f"{mark}电话"),),
        } | facts
        return roster.add_student(SYSTEM, klass=klass, facts=roster.StudentFacts(**given))

    def actor(self, key: str) -> Actor:
        """The person with today's posts."""
        self.staff[key].account.refresh_from_db()
        return units_selectors.actor_of(self.staff[key].account)

    def client(self, key: str) -> Client:
        """A signed-in browser."""
        client = Client()
        client.force_login(self.staff[key].account)
        return client
