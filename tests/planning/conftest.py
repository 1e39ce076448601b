"""The cast's school in an open campaign of template B, with enough children and teachers to be planned."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from jiafang.access.fence import fenced, system_fence
from jiafang.campaigns import services as campaigns
from jiafang.campaigns.models import SchoolCampaign
from jiafang.lib import clock
from jiafang.planner import check_plan, load_plan, load_problem
from jiafang.planning import services
from jiafang.planning.selectors import build
from jiafang.roster import services as roster
from jiafang.roster.models import Household, Student
from tests.cast import SYSTEM, Cast

# Three days into the weeks; a Wednesday, so that part of the week lies ahead.
MONDAY = date(2026, 3, 2)


@dataclass
class World:
    """One school's planning, and shorthand to change and to plan it."""

    cast: Cast
    sc: SchoolCampaign

    def act(self, who, service, **given):
        """Run a service as that person, behind that person's fence."""
        actor = self.cast.actor(who)
        with fenced(actor.reach):
            return service(actor, **given)

    def rules(self, **fields):
        """Set columns of the school's campaign without asking anybody."""
        SchoolCampaign.objects.filter(pk=self.sc.pk).update(**fields)
        self.refresh()

    def refresh(self):
        self.sc = SchoolCampaign.objects.select_related("campaign__bureau", "school").get(pk=self.sc.pk)

    def built(self):
        self.refresh()
        return build(self.sc)

    def visit_of(self, key, nth=0):
        """The problem's visits to a child of the cast, by round."""
        built = self.built()
        student = self.cast.students[key]
        found = [w for w in built.wanted.values() if student.pk in {c.pk for c in w.group.children}]
        wanted = sorted(found, key=lambda w: w.round)[nth]
        return next(v for v in built.problem["visits"] if v["id"] == wanted.id)

    def rounds_of(self, key):
        student = self.cast.students[key]
        return [w for w in self.built().wanted.values() if student.pk in {c.pk for c in w.group.children}]

    def care(self, key, kind):
        with system_fence("test world"):
            roster.note_care(SYSTEM, student=self.cast.students[key], kind=kind)

    def family(self, key, **fields):
        with system_fence("test world"):
            Household.objects.filter(students=self.cast.students[key]).update(**fields)

    def student(self, key, **fields):
        with system_fence("test world"):
            Student.objects.filter(pk=self.cast.students[key].pk).update(**fields)

    def planned(self, who="xiao"):
        """A run worked off, accepted."""
        run = self.act(who, services.run_now, school_campaign=self.sc)
        assert run.state == "done", run.message
        self.act(who, services.accept, run=run)
        run.refresh_from_db()
        return run

    def published(self):
        run = self.planned()
        self.act("xiao", services.publish, school_campaign=self.sc)
        return run

    @staticmethod
    def sound(built, plan, keep=None):
        """Every rule held, every figure true, by the planner's own independent check."""
        found = check_plan(load_problem(built.problem), load_plan(plan), load_plan(keep) if keep else None)
        assert not found.violations, [str(v) for v in found.violations]


@pytest.fixture
def world(db):
    # A fixed today: which weekday it is must not decide what a test sees.
    with clock.freeze(MONDAY):
        cast = Cast.build()
        with system_fence("test world"):
            draft = campaigns.create_from_template(
                SYSTEM, bureau=cast.bureau, template="b", form="annex_2",
                begins=MONDAY - timedelta(7), ends=MONDAY + timedelta(48),
            )  # fmt: skip
            campaign = campaigns.open_campaign(SYSTEM, campaign=draft, schools=[cast.school, cast.other_school])
        sc = SchoolCampaign.objects.select_related("campaign__bureau", "school").get(
            campaign=campaign, school=cast.school
        )
        world = World(cast, sc)
        world.act("xiao", services.prepare, school_campaign=sc)
        yield world
