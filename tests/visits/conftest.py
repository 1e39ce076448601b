"""A running campaign in the cast's school, and visits in it made by one line."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from jiafang.access.fence import fenced, system_fence
from jiafang.campaigns.models import (
    Campaign,
    CampaignItem,
    CareCategory,
    ConductAcknowledgement,
    FormTemplate,
    SchoolCampaign,
)
from jiafang.lib import clock
from jiafang.paperwork.forms import ANNEX_2, answers_digest, schema_dict
from jiafang.visits.models import Outing, Visit, VisitStudent
from jiafang.visits.services import Sent, hold, save_draft
from tests.cast import Cast

FULL = {"preparation": "带上作业", "process": "谈了作息", "demands": "无"}


@dataclass
class Road:
    """The cast with a campaign of B's kind: two go together, 48 hours for the record, conduct code of two lines."""

    cast: Cast
    campaign: Campaign
    part: SchoolCampaign
    form: FormTemplate

    def visit(
        self, *keys: str, lead="ban", companion="ke", state="appointed", hours=-2, mode="home", **fields
    ) -> Visit:
        """A visit to the children ``keys``, starting ``hours`` from now, on an outing of its own when not online."""
        starts = fields.pop("starts_at", clock.now() + timedelta(hours=hours))
        people = {"lead": self.cast.staff[lead], "companion": self.cast.staff[companion] if companion else None}
        with system_fence("test visit"):
            outing = None
            if mode != "online":
                outing = Outing.objects.create(
                    campaign=self.campaign, school=self.cast.school, day=starts.astimezone(clock.TZ).date(),
                    leaves="16:00", back="21:00", **people,
                )  # fmt: skip
            held = {}
            if state in ("held", "recorded", "confirmed", "archived"):
                ends = starts + timedelta(minutes=30)
                held = {"held_from": starts, "held_until": ends, "due_at": ends + timedelta(hours=48)}
            visit = Visit.objects.create(
                campaign=self.campaign, school=self.cast.school, outing=outing, mode=mode, state=state,
                household=self.cast.students[keys[0]].household, starts_at=starts,
                ends_at=starts + timedelta(minutes=30), **people, **(held | fields),
            )  # fmt: skip
            for key in keys:
                child = self.cast.students[key]
                VisitStudent.objects.create(visit=visit, student=child, klass=child.klass)
        return visit

    def child(self, visit: Visit, key: str | None = None) -> VisitStudent:
        with system_fence("test"):
            rows = VisitStudent.objects.filter(visit=visit)
            return (rows.filter(student=self.cast.students[key]) if key else rows).first()

    def send(self, who: str, visit: Visit, answers=None, *, key=None, record_id=None, base=0, submit=False, **more):
        """One save as a page would send it."""
        answers = FULL if answers is None else answers
        sent = Sent(
            record_id=record_id or uuid4(), visit_student_id=self.child(visit, key).pk, answers=answers,
            base_revision=base, digest=answers_digest(answers), submit=submit, **more,
        )  # fmt: skip
        return self.act(who, save_draft, sent=sent)

    def submitted(self, visit: Visit, key: str | None = None):
        return self.send("ban", visit, submit=True, key=key).record

    def held(self, *keys: str, **fields) -> Visit:
        visit = self.visit(*keys, **fields)
        return self.act("ban", hold, visit=visit)

    def act(self, who: str, service, **given):
        """A verb as that person does it in a request."""
        actor = self.cast.actor(who)
        with fenced(actor.reach):
            return service(actor, **given)

    def fresh(self, row):
        with system_fence("look"):
            return type(row).objects.get(pk=row.pk)


@pytest.fixture
def noon():
    """A lesson day at noon, so that a visit two hours ago or in three hours is still today."""
    with clock.freeze(datetime(2026, 4, 15, 12, 0, tzinfo=clock.TZ)):
        yield clock.now()


@pytest.fixture
def road(noon, cast) -> Road:
    today = clock.today()
    campaign = Campaign.objects.create(
        bureau=cast.bureau, title="家访", begins=today - timedelta(50), ends=today + timedelta(50), state="open",
        modes=["home", "online"], pair="required", record_hours=48, opened_at=clock.now(),
    )  # fmt: skip
    for number, text in ((1, "仪表整洁"), (2, "严禁收礼吃请")):
        CampaignItem.objects.create(campaign=campaign, kind="conduct", number=number, text=text, forbids=number == 2)
    for number, text in enumerate(("了解家庭情况", "反馈在校表现", "宣传教育政策"), start=1):
        CampaignItem.objects.create(campaign=campaign, kind="task", number=number, text=text)
    CareCategory.objects.create(campaign=campaign, code="orphan", name="孤儿", kinds=["orphan"], modes=["home"])
    form = FormTemplate.objects.create(campaign=campaign, schema=schema_dict(ANNEX_2))
    part = SchoolCampaign.objects.create(campaign=campaign, school=cast.school)
    for key in ("ban", "ban2", "ke"):
        ConductAcknowledgement.objects.create(campaign=campaign, staff=cast.staff[key], path=cast.school.path)
    return Road(cast, campaign, part, form)
