"""From nothing to a published timetable, and who may not."""

import pytest

from jiafang.access.fence import system_fence
from jiafang.lib.errors import Problem
from jiafang.planning import services
from jiafang.planning.models import PlanRun
from jiafang.planning.selectors import build
from jiafang.planning.states import RunState
from jiafang.visits.models import Outing, Visit, VisitStudent


def test_a_school_is_planned_accepted_and_published(world):
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    assert run.state == RunState.DONE, run.message
    assert run.summary["placed"] == 3 and run.summary["unplaced"] == 0
    world.sound(build(world.sc), run.plan)

    written = world.act("zhong", services.accept, run=run)
    assert (written.new, written.changed) == (3, 0)
    with system_fence("test"):
        assert set(Visit.objects.values_list("state", flat=True)) == {"planned"}
        assert VisitStudent.objects.count() == 3
        assert Outing.objects.count() == run.summary["outings"]
    assert world.act("xiao", services.publish, school_campaign=world.sc) == 3
    assert world.act("xiao", services.publish, school_campaign=world.sc) == 0


def test_what_stands_is_kept_by_the_next_run(world):
    world.published()
    with system_fence("test"):
        before = {v.pk: (v.starts_at, v.lead_id, v.companion_id, v.outing_id) for v in Visit.objects.all()}
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    built = build(world.sc)
    world.sound(built, run.plan, built.keep)
    written = world.act("xiao", services.accept, run=run)
    assert (written.new, written.changed, written.same, written.gone) == (0, 0, 3, 0)
    with system_fence("test"):
        assert before == {v.pk: (v.starts_at, v.lead_id, v.companion_id, v.outing_id) for v in Visit.objects.all()}


@pytest.mark.parametrize("who", ["ju", "de", "ban", "ke", "nian", "xin", "wai", "waixiao", "yi"])
def test_only_the_schools_own_leaders_plan(world, who):
    for service in (services.run, services.run_now, services.publish, services.prepare):
        with pytest.raises(Problem) as refused:
            world.act(who, service, school_campaign=world.sc)
        assert refused.value.code == "denied"
    assert not PlanRun.objects.exists()
