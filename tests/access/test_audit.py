"""The chain notices every way of rewriting the past."""

import pytest
from django.db import connection, transaction

from jiafang.access import audit
from jiafang.access.fence import system_fence
from jiafang.access.models import AuditHead, AuditRow
from jiafang.roster.services import note_care
from tests.cast import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scope(cast):
    """The school's chain, with some acts in it."""
    with system_fence("acts"):
        for kind in ("poverty", "learning", "migrant"):
            note_care(SYSTEM, student=cast.students["a"], kind=kind)
    return audit.scope_of(cast.school.path)


def last(scope):
    return AuditRow.objects.filter(scope=scope).order_by("-seq").first()


def test_an_untouched_chain_is_clean(scope):
    assert list(audit.verify()) == []
    assert AuditHead.objects.get(scope=scope).seq == last(scope).seq >= 3


def test_schools_have_chains_of_their_own(cast, scope):
    assert audit.scope_of(cast.klass.path) == scope
    assert audit.scope_of(cast.other_klass.path) != scope


def test_an_edited_row_is_noticed(scope):
    row = AuditRow.objects.filter(scope=scope)[1]
    AuditRow.objects.filter(pk=row.pk).update(who="别人")
    assert any(f"第 {row.seq} 条被改动" in fault for fault in audit.verify())


def test_a_deleted_row_is_noticed(scope):
    row = AuditRow.objects.filter(scope=scope).order_by("seq")[1]
    row.delete()
    assert any("第 2 条缺失" in fault for fault in audit.verify())


def test_a_truncated_end_is_noticed(scope):
    last(scope).delete()
    assert any("链头" in fault for fault in audit.verify())


def test_a_truncated_end_with_a_forged_head_is_noticed_by_the_anchor(scope):
    last(scope).delete()
    row = last(scope)
    AuditHead.objects.filter(scope=scope).update(seq=row.seq, mac=row.mac)
    assert any("锚点" in fault for fault in audit.verify())


def test_an_emptied_table_is_noticed(scope):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_auditrow")
        cursor.execute("DELETE FROM access_audithead")
    assert any("截去" in fault for fault in audit.verify())


def test_an_act_that_fails_leaves_no_row(cast, scope):
    before = last(scope).seq

    class Stop(Exception):
        pass

    with pytest.raises(Stop), transaction.atomic(), system_fence("fails"):
        note_care(SYSTEM, student=cast.students["a"], kind="disability")
        raise Stop
    assert last(scope).seq == before
    assert list(audit.verify()) == []


def test_recording_outside_a_transaction_is_a_mistake(cast):
    with pytest.raises(RuntimeError):
        audit.record(SYSTEM, "unit.manage", path=cast.school.path)
