"""Sealed text opens only where it was sealed, and only under a verb."""

import pytest
from django.db import connection

from jiafang.access.fence import fenced, system_fence
from jiafang.access.models import AuditRow
from jiafang.access.reading import open_sealed
from jiafang.access.vault import SealBroken, Sealed, blind, seal, token, unseal
from jiafang.lib.errors import Problem
from jiafang.roster.kinds import CareKind, kind_of
from jiafang.roster.models import Student


def test_what_was_sealed_opens_in_its_place_only():
    blob = seal("身份证", "t/c/1")
    assert unseal(blob, "t/c/1") == "身份证"
    for other in ("t/c/2", "t/d/1", "u/c/1"):
        with pytest.raises(SealBroken):
            unseal(blob, other)
    with pytest.raises(SealBroken):
        unseal(blob[:-1] + bytes([blob[-1] ^ 1]), "t/c/1")


def test_two_seals_of_one_text_differ_and_blind_indexes_agree():
    assert seal("a", "x") != seal("a", "x")
    assert blind("phone", "1") == blind("phone", "1") != blind("id", "1")
    assert len({token(k) for k in CareKind}) == len(CareKind)
    assert all(kind_of(token(k)) == k for k in CareKind)


def test_the_database_holds_no_plain_text(cast):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, student_number FROM roster_student")
        for row in cursor.fetchall():
            assert all("金丝雀".encode() not in bytes(value) for value in row)


def test_an_attribute_never_prints_its_text(cast):
    with system_fence("look"):
        child = Student.objects.get(pk=cast.students["a"].pk)
    assert isinstance(child.id_number, Sealed)
    assert f"{child.id_number} {child.id_number!r}" == "••• •••"


def test_opening_asks_the_policy_and_is_written_down(cast):
    ban, path = cast.actor("ban"), cast.klass.path
    with fenced(ban.reach):
        child = Student.objects.get(pk=cast.students["a"].pk)
        assert open_sealed(ban, "student.read_identity", [child.id_number], path=path, target=child) == ["金丝雀a证"]
    row = AuditRow.objects.filter(verb="student.read_identity").get()
    assert (row.staff_id, row.target_id, row.detail) == (ban.staff_id, str(child.pk), {"n": 1})


@pytest.mark.parametrize("who", ["ke", "ban2", "wai", "yi", "ju", "xin"])
def test_who_has_no_verb_opens_nothing_and_leaves_no_row(cast, who):
    child = cast.students["a"]
    with pytest.raises(Problem) as refused:
        open_sealed(cast.actor(who), "student.read_identity", [child.id_number], path=cast.klass.path)
    assert refused.value.code == "denied"
    assert not AuditRow.objects.filter(verb="student.read_identity").exists()


def test_a_value_copied_to_another_row_does_not_open(cast):
    a, b = cast.students["a"], cast.students["b"]
    with connection.cursor() as cursor, system_fence("tamper"):
        cursor.execute("UPDATE roster_student SET id_number = (SELECT id_number FROM roster_student WHERE id = %s)"
                       " WHERE id = %s", [_db(a.pk), _db(b.pk)])  # fmt: skip
        stolen = Student.objects.get(pk=b.pk)
    with pytest.raises(SealBroken):
        open_sealed(cast.actor("ban"), "student.read_identity", [stolen.id_number], path=cast.klass.path)


def _db(pk):
    return pk.hex if connection.vendor == "sqlite" else pk
