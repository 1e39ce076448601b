# ruff: noqa: E402 - Django must be set up before anything of it is imported
"""A program for ``test_kill``: writes to a database of its own until it is killed; see there. Words: prepare, write, job."""

import os
import random
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.config.kill_settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connections, transaction

from jiafang.access.fence import system_fence
from jiafang.config import reactions
from jiafang.roster import services as roster
from jiafang.roster.models import Care, Student
from tests.cast import SYSTEM, Cast

reactions.JOBS["care.note"] = "tests.config.kill_writer.end_slowly"


def end_slowly(_actor, target_id: str) -> None:
    """A repeatable job: ends a care once, whatever happens to the worker in between."""
    import time

    time.sleep(1.5)
    with system_fence("job"), transaction.atomic():
        care = Care.objects.select_for_update(of=("self",)).get(pk=target_id)
        if care.ends is None:
            roster.end_care(SYSTEM, care=care)


def prepare() -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    cast = Cast.build()
    from datetime import timedelta

    from jiafang.campaigns import services as campaigns
    from jiafang.lib import clock

    today = clock.today()
    with system_fence("prepare"):
        campaign = campaigns.create_from_template(
            SYSTEM, bureau=cast.bureau, template="c", begins=today - timedelta(30), ends=today + timedelta(30)
        )
        campaigns.open_campaign(SYSTEM, campaign=campaign, schools=[cast.school])


def write() -> None:
    """Children come, get care noted and ended, and move: several tables and a rollup in each transaction."""
    reactions.JOBS.clear()
    rng = random.Random(os.getpid())
    with system_fence("write until killed"):
        klasses = list({s.klass_id: s.klass for s in Student.objects.select_related("klass")}.values())
        n = 0
        while True:
            n += 1
            child = Cast.add_student(f"k{os.getpid()}-{n}", rng.choice(klasses), n)
            care = roster.note_care(SYSTEM, student=child, kind=rng.choice(["poverty", "learning"]), reason="x" * 200)
            if rng.random() < 0.5:
                roster.end_care(SYSTEM, care=care)
            if rng.random() < 0.3:
                same_school = [k for k in klasses if k.path.split(".")[:2] == child.klass.path.split(".")[:2]]
                roster.move_student(SYSTEM, student=child, klass=rng.choice(same_school))


def job() -> None:
    """Note one care, which queues its job in the same transaction; a second one rolls back and must leave no job."""
    with system_fence("queue a job"):
        child = Student.objects.first()
        roster.note_care(SYSTEM, student=child, kind="migrant")
        try:
            with transaction.atomic():
                roster.note_care(SYSTEM, student=child, kind="learning")
                raise KeyboardInterrupt
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        call_command("qcluster")
    else:
        {"prepare": prepare, "write": write, "job": job}[sys.argv[1]]()
    connections.close_all()
