"""A run in the background: progress, stop, a job that comes twice, one run at a time."""

import pytest
from django_q.models import OrmQ

from jiafang import planner
from jiafang.access.models import AuditRow
from jiafang.lib.errors import Problem
from jiafang.planning import jobs, services
from jiafang.planning.models import PlanRun
from jiafang.planning.services import running
from jiafang.planning.states import RunState


def ask(world):
    return world.act("xiao", services.run, school_campaign=world.sc)


def test_a_run_is_queued_in_the_acts_transaction_and_worked_off_by_its_job(world):
    run = ask(world)
    assert run.state == RunState.QUEUED and OrmQ.objects.count() == 1
    assert AuditRow.objects.filter(verb="timetable.run").count() == 1
    world.act("xiao", jobs.run, target_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE and run.done == run.total and run.summary["placed"] == 3


def test_a_job_that_comes_twice_changes_nothing(world):
    run = ask(world)
    world.act("xiao", jobs.run, target_id=run.pk)
    first = PlanRun.objects.values().get(pk=run.pk)
    world.act("xiao", jobs.run, target_id=run.pk)
    assert PlanRun.objects.values().get(pk=run.pk) == first


def test_a_job_killed_on_the_way_is_done_when_it_comes_again(world):
    run = ask(world)
    PlanRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING, done=7, total=90)
    world.act("xiao", jobs.run, target_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE and run.summary["placed"] == 3


def test_only_one_run_at_a_time_in_a_school(world):
    ask(world)
    with pytest.raises(Problem) as refused:
        ask(world)
    assert refused.value.code == "conflict" and PlanRun.objects.count() == 1


def test_a_new_run_gives_the_unaccepted_one_up(world):
    first = world.act("xiao", services.run_now, school_campaign=world.sc)
    ask(world)
    first.refresh_from_db()
    assert first.state == RunState.DISCARDED


def test_a_queued_run_is_stopped_at_once_and_its_job_does_nothing(world):
    run = ask(world)
    world.act("zhong", services.cancel, run=run)
    world.act("xiao", jobs.run, target_id=run.pk)
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED and run.plan is None


def test_a_running_one_is_asked_to_stop_and_asked_twice_given_up(world):
    run = ask(world)
    PlanRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    run = world.act("xiao", services.cancel, run=run)
    assert run.state == RunState.RUNNING and run.stop_asked
    run = world.act("xiao", services.cancel, run=run)
    assert run.state == RunState.CANCELLED


def test_without_windows_the_run_says_what_is_missing(world):
    world.act("xiao", services.set_windows, school_campaign=world.sc, windows=[])
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    assert run.state == RunState.FAILED and "时段" in run.message


def test_a_stranger_cannot_stop_accept_or_discard(world):
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    for who in ("ban", "ke", "ju", "waixiao"):
        for service in (services.cancel, services.accept, services.discard):
            with pytest.raises(Problem) as refused:
                world.act(who, service, run=run)
            assert refused.value.code == "denied"
    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_a_discarded_plan_changes_nothing_and_cannot_be_accepted(world):
    run = world.act("xiao", services.run_now, school_campaign=world.sc)
    world.act("xiao", services.discard, run=run)
    with pytest.raises(Problem) as refused:
        world.act("xiao", services.accept, run=run)
    assert refused.value.code == "state"


def test_a_closed_campaign_is_not_planned(world):
    type(world.sc.campaign).objects.filter(pk=world.sc.campaign_id).update(state="closed")
    with pytest.raises(Problem) as refused:
        ask(world)
    assert refused.value.code == "state"


def test_a_proof_that_fails_costs_nobody_the_plan(world, monkeypatch):
    def solve(problem, *, prove=False, **options):
        if prove:
            raise ArithmeticError("no proof")
        return planner.solve(problem, **options)

    monkeypatch.setattr(running, "solve", solve)
    run = ask(world)
    services.work(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE and run.summary["placed"] == 3 and run.bound is None
