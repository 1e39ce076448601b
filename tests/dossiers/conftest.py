"""The cast with a running campaign that asks two visits for poverty, and visits and care made by one line."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from jiafang.access.fence import fenced, system_fence
from jiafang.campaigns.models import Campaign, CareCategory, FormTemplate, SchoolCampaign
from jiafang.lib import clock
from jiafang.paperwork.forms import ANNEX_2, schema_dict
from jiafang.roster import services
from jiafang.visits.models import Record, Visit, VisitStudent
from tests.cast import SYSTEM, Cast

SECRET = "金丝雀说明"


@dataclass
class Desk:
    """Pages as people of the cast see them."""

    cast: Cast
    campaign: Campaign
    form: FormTemplate

    def get(self, who: str, name: str, *args, query: str = "", **headers):
        return self.cast.client(who).get(reverse(f"dossiers:{name}", args=args) + query, **headers)

    def post(self, who: str, name: str, *args, data=None, query: str = "", **headers):
        return self.cast.client(who).post(reverse(f"dossiers:{name}", args=args) + query, data or {}, **headers)

    def text(self, who: str, name: str, *args, query: str = "") -> str:
        answer = self.get(who, name, *args, query=query)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def act(self, who: str, service, **given):
        actor = self.cast.actor(who)
        with fenced(actor.reach):
            return service(actor, **given)

    def care(self, key: str, kind: str, reason: str = SECRET, **given):
        with system_fence("test care"):
            return services.note_care(SYSTEM, student=self.cast.students[key], kind=kind, reason=reason, **given)

    def visit(self, key: str, state: str = "held", days: float = -1, mode: str = "home", record: str = "") -> Visit:
        """One visit by ban and ke, ``days`` from now, with a record in a state if one is named."""
        child = self.cast.students[key]
        starts = clock.now() + timedelta(days=days)
        done = state in ("held", "recorded", "confirmed", "archived")
        with system_fence("test visit"):
            visit = Visit.objects.create(
                campaign=self.campaign, school=child.school, household=child.household, mode=mode, state=state,
                starts_at=starts, ends_at=starts + timedelta(minutes=30), lead=self.cast.staff["ban"],
                companion=self.cast.staff["ke"], held_from=starts if done else None,
                due_at=starts + timedelta(hours=48) if done else None,
            )  # fmt: skip
            part = VisitStudent.objects.create(visit=visit, student=child, klass=child.klass)
            if record:
                sent = clock.now() if record != "draft" else None
                Record.objects.create(visit_student=part, form=self.form, state=record, first_submitted_at=sent)
        return visit

    def child(self, key: str, klass=None, n: int = 50, **facts):
        """One more child, with the canary in every field."""
        with system_fence("test child"):
            self.cast.students[key] = Cast.add_student(key, klass or self.cast.klass, n, **facts)
        return self.cast.students[key]

    def fresh(self, row):
        with system_fence("look"):
            return type(row).objects.get(pk=row.pk)


@pytest.fixture
def noon():
    with clock.freeze(datetime(2026, 4, 15, 12, 0, tzinfo=clock.TZ)):
        yield


@pytest.fixture
def desk(noon, cast) -> Desk:
    today = clock.today()
    campaign = Campaign.objects.create(
        bureau=cast.bureau, title="千名教师访万家", begins=today - timedelta(50), ends=today + timedelta(50), state="open",
        modes=["home", "online"], pair="required", record_hours=48, cover_all=False, opened_at=clock.now(),
    )  # fmt: skip
    CareCategory.objects.create(
        campaign=campaign, code="poverty", name="贫困", kinds=["poverty"], modes=["home"], min_visits=2
    )
    CareCategory.objects.create(
        campaign=campaign, code="mind", name="心理异常", kinds=["psychological"], modes=["home"], min_visits=3
    )
    form = FormTemplate.objects.create(campaign=campaign, schema=schema_dict(ANNEX_2))
    SchoolCampaign.objects.create(campaign=campaign, school=cast.school)
    return Desk(cast, campaign, form)
