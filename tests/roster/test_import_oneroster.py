"""A OneRoster bundle comes in like any roster: schools' words, one way, nothing deleted, nothing half-imported."""

import io
import zipfile

import pytest

from jiafang.access.fence import system_fence
from jiafang.access.roles import Role
from jiafang.access.vault import texts
from jiafang.intake.reader import read_workbook
from jiafang.lib.errors import Problem
from jiafang.roster.models import Guardian, Student
from jiafang.units.models import Appointment, Staff
from tests.cast import CANARY
from tests.roster.sheets import bring_in, codes, id_number

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _all_rows():
    with system_fence("look at what was written"):
        yield


def bundle(version: str = "1.2", **more: str) -> bytes:
    """A school of one class: two children (one marked as gone), a class teacher, a principal, a guardian."""
    roles = version == "1.2"
    head = "sourcedId,status,enabledUser,familyName,givenName,identifier,sms,agentSourcedIds"
    files = {
        "manifest.csv": f"propertyName,value\noneroster.version,{version}\n",
        "orgs.csv": "sourcedId,status,name,type,identifier\no1,active,鹿区一中,school,2115000001\n",
        "classes.csv": "sourcedId,status,title,grades,classType,schoolSourcedId\n"
        "c1,active,七年级1班,07,homeroom,o1\nc2,active,数学走班,07,scheduled,o1\n",
        "users.csv": f"{head}{'' if roles else ',role,orgSourcedIds'}\n"
        + f"s1,active,true,单,雨欣,G{id_number(1)},,g1{'' if roles else ',student,o1'}\n"
        + f"s2,tobedeleted,true,走,远,G{id_number(2)},,{'' if roles else ',student,o1'}\n"
        + f"s3,active,true,高,校内号,2026-17,,{'' if roles else ',student,o1'}\n"
        + f"t1,active,true,班,新,T900,13900000001,{'' if roles else ',teacher,o1'}\n"
        + f"g1,active,true,单,大山,,13800000009,{'' if roles else ',guardian,o1'}\n",
        "enrollments.csv": "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role,primary\n"
        "e1,active,c1,o1,s1,student,false\ne2,active,c1,o1,s2,student,false\ne3,active,c1,o1,s3,student,false\n"
        "e4,active,c2,o1,s1,student,false\ne5,active,c1,o1,t1,teacher,true\n",
        "demographics.csv": "sourcedId,status,birthDate,sex\ns1,active,2013-09-07,female\n",
    } | more  # fmt: skip
    if roles:
        files["roles.csv"] = (
            "sourcedId,status,userSourcedId,roleType,role,orgSourcedId\nr1,active,s1,primary,student,o1\n"
            "r3,active,s3,primary,student,o1\nr2,active,t1,primary,teacher,o1\nr4,active,g1,primary,guardian,o1\n"
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(name, text)
    return out.getvalue()


def made() -> list[Student]:
    return list(Student.objects.exclude(name__contains=CANARY).order_by("name"))


@pytest.mark.parametrize("version", ["1.2", "1.1"])
def test_a_bundle_comes_in_whole_and_again_changes_nothing(cast, version):
    actor = cast.actor("xiao")
    _run, reports = bring_in(actor, cast.school, read_workbook(bundle(version), name="oneroster.zip"))
    assert codes(reports) == []
    child, other = sorted(made(), key=lambda s: s.name != "单雨欣")
    assert (child.klass, child.school, str(child.born)) == (cast.klass, cast.school, "2013-09-07")
    assert texts([child.student_number]) == ["G" + id_number(1)]
    assert (other.name, other.aux_number, other.number_index) == ("高校内号", "2026-17", "")
    guardian = Guardian.objects.get(student=child)
    assert (guardian.name, texts([guardian.phone])) == ("单大山", ["13800000009"])
    teacher = Staff.objects.get(number="T900")
    assert Appointment.objects.filter(staff=teacher, unit=cast.klass, role=Role.CLASS_TEACHER).exists()
    _run, reports = bring_in(actor, cast.school, read_workbook(bundle(version), name="oneroster.zip"))
    assert [(r.new, r.changed) for r in reports] == [(0, 0)] * len(reports)


def test_a_child_of_another_school_is_refused_with_the_whole_bundle(cast):
    orgs = "sourcedId,status,name,type,identifier\no1,active,鹿区二中,school,2115000002\n"
    _run, reports = bring_in(cast.actor("xiao"), cast.school, read_workbook(bundle(**{"orgs.csv": orgs}), name="o.zip"))
    assert codes(reports) != []
    assert made() == []


def test_a_zip_of_something_else_and_a_bomb_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("readme.txt", "x")
    with pytest.raises(Problem) as refused:
        read_workbook(out.getvalue(), name="a.zip")
    assert refused.value.code == "bad_type"
    bomb = "a,b\n" + "0,0\n" * 45_000_000
    with pytest.raises(Problem) as refused:
        read_workbook(bundle(**{"orgs.csv": bomb}), name="b.zip")
    assert refused.value.code == "hostile"
