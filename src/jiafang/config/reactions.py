"""The one page of what follows an action: projections in the same transaction, and jobs inserted in it.

``PROJECTIONS[verb]`` are functions ``(actor, verb, target, detail)`` that run at once under ``system_fence``.
``JOBS[verb]`` are dotted names of functions ``(actor, target_id)`` queued in the same transaction (the queue is a table
of the same database: both commit or neither). A job runs with the rights its causer has when it runs, and may run twice
after a crash, so each is written to be repeatable.
"""

from collections.abc import Callable

from django.utils.module_loading import import_string
from django_q.tasks import async_task

from jiafang.access.actors import Actor, system
from jiafang.access.fence import fenced, system_fence
from jiafang.units.selectors import actor_for_staff

_VISIT = ("jiafang.reports.services.after_visit",)
_STUDENT = ("jiafang.reports.services.after_student",)
_UNIT = ("jiafang.reports.services.after_unit",)
_CAMPAIGN = ("jiafang.reports.services.after_campaign",)

PROJECTIONS: dict[str, tuple[str, ...]] = {
    "klass.hand_over": (
        "jiafang.campaigns.services.following.summarise_handover",
        "jiafang.visits.services.following.after_handover",
    ),
    "visit.hold": _VISIT,
    "visit.submit_record": _VISIT,
    "visit.confirm_record": _VISIT,
    "visit.return_record": _VISIT,
    "visit.archive_record": _VISIT,
    "student.edit": _STUDENT,
    "care.note": _STUDENT,
    "care.end": _STUDENT,
    "roster.import": _UNIT,
    "roster.undo": _UNIT,
    "campaign.open": _CAMPAIGN,
    "campaign.edit": _CAMPAIGN,
}

JOBS: dict[str, str] = {
    "roster.queue_import": "jiafang.roster.jobs.write_import",
    "timetable.run": "jiafang.planning.jobs.run",
}

_loaded: dict[str, Callable] = {}


def follow(actor: Actor, verb: str, target, detail: dict) -> None:
    """Called by ``audit.record`` inside the act's transaction."""
    if names := PROJECTIONS.get(verb):
        with system_fence(f"projections of {verb}"):
            for name in names:
                if name not in _loaded:
                    _loaded[name] = import_string(name)
                _loaded[name](actor, verb, target, detail)
    if job := JOBS.get(verb):
        async_task("jiafang.config.reactions.work", job, str(target.pk), str(actor.staff_id or ""), actor.why)


def work(job: str, target_id: str, staff_id: str, why: str) -> None:
    """Run a queued job within the reach of whoever caused it; one who lost every post in between causes nothing."""
    actor = actor_for_staff(staff_id) if staff_id else system(why)
    if actor is None:
        return
    with fenced(actor.reach):
        import_string(job)(actor, target_id)
