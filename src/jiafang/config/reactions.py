"""The one page of what follows an action: projections in the same transaction, and jobs inserted in it.

``PROJECTIONS[verb]`` are functions ``(actor, verb, target, detail)`` that run at once under ``system_fence``.
``JOBS[verb]`` are dotted names of functions ``(target_id, staff_id)`` queued in the same transaction (the queue is a
table of the same database: both commit or neither), run with the reach of the person who caused them.
"""

from collections.abc import Callable

from django.utils.module_loading import import_string
from django_q.tasks import async_task

from jiafang.access.actors import Actor
from jiafang.access.fence import system_fence

PROJECTIONS: dict[str, tuple[str, ...]] = {}

JOBS: dict[str, str] = {}

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
        async_task(job, str(target.pk), str(actor.staff_id or ""))
