"""Two texts of one record: a person reads both and says what stands; both stay kept."""

import json

import pytest

from jiafang.access.fence import system_fence
from jiafang.access.vault import texts
from jiafang.lib.errors import Problem
from jiafang.visits.models import RecordVersion
from jiafang.visits.services import settle_conflict
from tests.visits.conftest import FULL


@pytest.fixture
def met(road):
    """A draft, and a second text that met it."""
    visit = road.held("a")
    road.send("ban", visit, {"process": "先写的"})
    return road.send("ban", visit, {"process": "后写的"})


def test_the_chosen_text_stands_and_both_are_kept(road, met):
    record = road.act(
        "ban", settle_conflict, version=met.conflict, answers={"process": "先写的；后写的"}, base_revision=1
    )
    with system_fence("look"):
        kept = [json.loads(t)["process"] for t in texts(v.answers for v in RecordVersion.objects.all())]
    assert record.revision == 2
    assert kept == ["先写的", "后写的", "先写的；后写的"]
    assert road.fresh(met.conflict).settled_at is not None


def test_the_record_may_stay_as_it_is(road, met):
    assert road.act("ban", settle_conflict, version=met.conflict, answers=None, base_revision=1).revision == 1
    assert road.fresh(met.conflict).settled_at is not None


def test_who_decides_on_an_old_view_is_told(road, met):
    with pytest.raises(Problem) as refused:
        road.act("ban", settle_conflict, version=met.conflict, answers={"process": "丙"}, base_revision=0)
    assert refused.value.code == "stale"
    assert road.fresh(met.conflict).settled_at is None


def test_a_submitted_record_stays_complete(road):
    visit = road.held("a")
    record = road.submitted(visit)
    met = road.send("ban", visit, {"process": "另写"}, record_id=record.pk)
    with pytest.raises(Problem) as refused:
        road.act("ban", settle_conflict, version=met.conflict, answers={"process": "另写"}, base_revision=1)
    assert refused.value.code == "invalid"
    settled = road.act(
        "ban", settle_conflict, version=met.conflict, answers=FULL | {"process": "另写"}, base_revision=1
    )
    assert (settled.state, settled.revision) == ("submitted", 2)


@pytest.mark.parametrize(("who", "code"), [("ke", "not_allowed"), ("xiao", "not_allowed"), ("wai", "not_found")])
def test_only_who_writes_settles(road, met, who, code):
    with pytest.raises(Problem) as refused:
        road.act(who, settle_conflict, version=met.conflict, answers=None, base_revision=1)
    assert refused.value.code == code
