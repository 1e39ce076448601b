"""The planner's work in the background; repeatable, because the queue may bring a job twice."""

from typing import Any

from jiafang.access.actors import Actor
from jiafang.planning.services import running


def run(actor: Actor, target_id: Any) -> None:
    """Work off a queued run."""
    running.work(target_id)
