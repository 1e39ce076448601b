"""A campaign under way in the cast's district: some visits held, one recorded, one late."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from jiafang.access.fence import system_fence
from jiafang.campaigns import services as campaigns
from jiafang.campaigns.models import Campaign
from jiafang.lib import clock
from jiafang.reports.services import recount_all
from jiafang.roster.services import note_care
from jiafang.visits.models import Record, Visit, VisitStudent
from tests.cast import SYSTEM


@dataclass
class World:
    cast: object
    campaign: Campaign

    def visit(
        self, key, *, mode="home", days=3, submitted=True, due_hours=48, who="ban", companion="ke", state="recorded"
    ):
        """A held visit of one child ``days`` ago, written as rows."""
        child = self.cast.students[key]
        held = clock.now() - timedelta(days=days)
        visit = Visit.objects.create(
            campaign=self.campaign, school=child.school, household=child.household, mode=mode, state=state,
            lead=self.cast.staff[who], companion=self.cast.staff[companion] if companion else None, starts_at=held,
            ends_at=held, held_from=held, held_until=held, due_at=held + timedelta(hours=due_hours),
        )  # fmt: skip
        part = VisitStudent.objects.create(visit=visit, student=child, klass=child.klass)
        if submitted:
            Record.objects.create(
                visit_student=part, form=self.campaign.forms.get(), state="submitted", due_at=visit.due_at,
                first_submitted_at=held + timedelta(hours=1),
            )  # fmt: skip
        return visit


@pytest.fixture
def world(cast):
    today = clock.today()
    with system_fence("a campaign under way"):
        campaign = campaigns.create_from_template(
            SYSTEM, bureau=cast.bureau, template="b", begins=today - timedelta(30), ends=today + timedelta(30),
            form="annex_2",
        )  # fmt: skip
        campaigns.open_campaign(SYSTEM, campaign=campaign, schools=[cast.school, cast.other_school])
        world = World(cast, campaign)
        note_care(SYSTEM, student=cast.students["a"], kind="poverty", reason="金丝雀贫困")
        world.visit("a")
        world.visit("b", mode="online", companion=None)
        world.visit("c", submitted=False, state="held", who="ban2", companion="ke2")
        recount_all(campaign)
        yield world
