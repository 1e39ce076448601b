"""A run of the planner: asked for, worked off in the background with progress, stopped, given up."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.campaigns.models import SchoolCampaign
from jiafang.lib import clock
from jiafang.lib.errors import Problem, not_found
from jiafang.planner import InputError, Plan, dump_plan, load_plan, solve
from jiafang.planning.models import PlanRun
from jiafang.planning.selectors.packing import pack
from jiafang.planning.selectors.problem import Built, build
from jiafang.planning.selectors.summary import summary_of
from jiafang.planning.services.preparing import open_for, report_absence
from jiafang.planning.states import RUN, RunState

log = logging.getLogger(__name__)
TELL_EVERY = 1.0  # seconds between two looks at the row while the planner works
LONGEST = 120.0  # seconds the planner may search and prove
Tell = Callable[[int, int, float, float | None], None]
OVER = frozenset({RunState.DONE, RunState.ACCEPTED, RunState.DISCARDED, RunState.CANCELLED, RunState.FAILED})


@transaction.atomic
def run(actor: Actor, *, school_campaign: SchoolCampaign) -> PlanRun:
    """Queue a run; what was planned before stays where it can. The job does the work."""
    row = _ask(actor, "timetable.run", school_campaign)
    audit.record(actor, "timetable.run", path=row.school_campaign.school.path, target=row)
    return row


@transaction.atomic
def replan(actor: Actor, *, school_campaign: SchoolCampaign, **absence: Any) -> PlanRun:
    """Note that somebody (``staff``), or nobody, can go on some days, and queue a run that changes the least.

    What a family wishes, or who moved in or out, stands in its own tables: then no ``absence`` is given.
    """
    if absence:
        report_absence(actor, school_campaign=school_campaign, **absence)
    return run(actor, school_campaign=school_campaign)


def run_now(
    actor: Actor, *, school_campaign: SchoolCampaign, progress: Tell | None = None, prove: bool = False
) -> PlanRun:
    """The same at once, for the command line and the demo; returns the finished run."""
    with transaction.atomic():
        row = _ask(actor, "timetable.run_now", school_campaign)
        audit.record(actor, "timetable.run_now", path=row.school_campaign.school.path, target=row)
    return work(row.pk, progress=progress, prove=prove)


def _ask(actor: Actor, verb: str, school_campaign: SchoolCampaign) -> PlanRun:
    row = open_for(actor, verb, school_campaign)
    PlanRun.objects.filter(school_campaign=row, state=RunState.DONE).update(state=RunState.DISCARDED)
    try:
        with transaction.atomic():
            return PlanRun.objects.create(school_campaign=row, by_id=actor.staff_id)
    except IntegrityError as busy:
        raise Problem("conflict", _("这所学校正在排，请等它排完，或者先停止。")) from busy


def locked_run(actor: Actor, verb: str, run: PlanRun) -> PlanRun:
    """The run, locked, after ``verb`` was granted at its school."""
    rows = PlanRun.objects.select_for_update(of=("self",)).select_related("school_campaign__school")
    row = rows.select_related("school_campaign__campaign").defer("problem").filter(pk=run.pk).first()
    if row is None:
        raise not_found()
    policy.demand(actor, verb, path=row.school_campaign.school.path)
    return row


def step(verb: str, row: PlanRun) -> None:
    """Move a run by its table; raises ``Problem("state")`` with the state in words."""
    sources, target = RUN[verb]
    if row.state not in sources:
        raise Problem("state", _("这次排程现在是“%s”，不能这样操作。") % row.get_state_display())
    row.state = target


@transaction.atomic
def cancel(actor: Actor, *, run: PlanRun) -> PlanRun:
    """Stop: a queued run at once; a running one keeps the best it has; asked twice it is given up."""
    row = locked_run(actor, "timetable.cancel", run)
    if row.state == RunState.RUNNING and not row.stop_asked:
        row.stop_asked = True
    else:
        step("timetable.cancel", row)
        row.finished_at = clock.now()
    row.save(update_fields=["state", "stop_asked", "finished_at"])
    audit.record(actor, "timetable.cancel", path=row.school_campaign.school.path, target=row)
    return row


@transaction.atomic
def discard(actor: Actor, *, run: PlanRun) -> PlanRun:
    """The plan is not wanted; nothing changes."""
    row = locked_run(actor, "timetable.discard", run)
    step("timetable.discard", row)
    row.save(update_fields=["state"])
    audit.record(actor, "timetable.discard", path=row.school_campaign.school.path, target=row)
    return row


def work(run_id: Any, *, progress: Tell | None = None, prove: bool = True) -> PlanRun:
    """Work a queued run off. A run that is over stays as it is, so a job that comes twice changes nothing.

    The row is claimed, told about and finished in short transactions of their own; the planner works outside them.
    """
    with transaction.atomic():
        row = PlanRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
        if row is None or row.state in OVER:
            return row
        row.state, row.done, row.total, row.message = RunState.RUNNING, 0, 0, ""
        row.save(update_fields=["state", "done", "total", "message"])
    try:
        built = _built(row)
        plan = _solve(row, built, progress, prove)
    except Problem as why:
        return _finish(row, message=str(why))
    except InputError as why:
        return _finish(row, message=_("学校的数据排不了：%s") % why.text)
    except Exception:
        log.exception("planning run %s", run_id)
        return _finish(row, message=_("排程时出了点问题，已记录下来，请稍后再试。"))
    return _finish(row, built, plan)


def _built(row: PlanRun) -> Built:
    rows = SchoolCampaign.objects.select_related("campaign__bureau", "school")
    built = build(rows.get(pk=row.school_campaign_id))
    if not built.facts.slots:
        raise Problem("invalid", _("没有可用的家访时段：请先设好每周时段，并检查家访起止日期和校历。"))
    if not built.problem["visits"]:
        raise Problem("invalid", _("没有要安排的家访：本校学生都已访到，或者名册还是空的。"))
    return built


def _solve(row: PlanRun, built: Built, progress: Tell | None, prove: bool) -> Plan:
    told, searched, stop = 0.0, False, False

    def tell(done: int, total: int, cost: float, gap: float | None) -> None:
        nonlocal told, searched, stop
        if progress is not None:
            progress(done, total, cost, gap)
        over = done >= total  # only the proof is left, which may take a while
        if over == searched and monotonic() - told < TELL_EVERY:
            return
        told, searched = monotonic(), over
        mine = PlanRun.objects.filter(pk=row.pk)
        mine.update(done=done, total=total, cost=cost, bound=None if gap is None else cost * (1 - gap))
        stop = mine.filter(state=RunState.RUNNING, stop_asked=False).first() is None

    keep = load_plan(built.keep) if built.keep else None
    # How near the best a plan is says something of a plan made afresh, not of one that was to change little.
    prove = prove and keep is None
    problem, usual = built.loaded(), {"keep": keep, "seconds": LONGEST, "progress": tell, "cancel": lambda: stop}
    try:
        return solve(problem, prove=prove, **usual)
    except Exception:
        if not prove:
            raise
        log.exception("proof of planning run %s", row.pk)  # without its proof the plan is as good
        return solve(problem, **usual)


def _finish(run: PlanRun, built: Built | None = None, plan: Plan | None = None, message: str = "") -> PlanRun:
    with transaction.atomic():
        row = PlanRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if row.state in OVER:
            return row
        row.finished_at, row.message = clock.now(), message[:300]
        if plan is None:
            row.state = RunState.FAILED
        else:
            row.state, row.done, row.total = RunState.DONE, row.total or 1, row.total or 1
            row.problem, row.plan, row.keep = pack(built.problem), dump_plan(plan), built.keep
            row.cost, row.bound = plan.cost, plan.bound
            row.summary = summary_of(built, row.plan)
        row.save()
    return row
