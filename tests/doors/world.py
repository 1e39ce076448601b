"""One of everything at four places: own class, another class of the school, another school, another district."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from django.db import transaction

from jiafang.access.fence import system_fence
from jiafang.access.roles import Role
from jiafang.campaigns import services as campaigns
from jiafang.campaigns.models import PlanVersion, SchoolCampaign, SchoolPlan
from jiafang.lib import clock
from jiafang.paperwork.services import store
from jiafang.planning.models import Absence, PlanRun
from jiafang.reports.services import recount_all
from jiafang.roster.models import RosterImport, StudentFile
from jiafang.roster.services import note_care
from jiafang.units import services as units
from jiafang.units.models import Appointment, Handover, Term
from jiafang.visits.models import Outing, Record, RecordVersion, Visit, VisitStudent
from tests.cast import CANARY, SYSTEM, Cast

PLACES = ("own", "same", "other", "foreign")


@dataclass
class World:
    cast: Cast
    things: dict[str, dict[str, Any]] = field(default_factory=dict)  # place → name → argument of an address

    @classmethod
    def build(cls) -> "World":
        cast = Cast.build()
        with system_fence("a world of doors"), transaction.atomic():
            world = cls(cast)
            world._people()
            home = world._campaign(cast.bureau, [cast.school, cast.other_school])
            away = world._campaign(cast.foreign_bureau, [cast.foreign_school])
            places = (
                ("own", home, cast.school, cast.klass, "a", "ban", "ke"),
                ("same", home, cast.school, cast.klass2, "c", "ban2", "ke2"),
                ("other", home, cast.other_school, cast.other_klass, "w", "wai", "wai2"),
                ("foreign", away, cast.foreign_school, cast.foreign_klass, "f", "yuan", "yuan2"),
            )
            for place in places:
                world._place(*place)
            recount_all(home)
            recount_all(away)
        return world

    def _people(self) -> None:
        cast, begins = self.cast, clock.today() - timedelta(100)
        for key, name, home, role, at in (
            ("wai2", "外雨", cast.other_school, Role.SUBJECT_TEACHER, cast.other_klass),
            ("yuan", "远江", cast.foreign_school, Role.CLASS_TEACHER, cast.foreign_klass),
            ("yuan2", "远湖", cast.foreign_school, Role.SUBJECT_TEACHER, cast.foreign_klass),
        ):
            person = units.add_staff(SYSTEM, home=home, name=name, number=key)
            units.issue_account(SYSTEM, staff=person, username=key, password="correct-horse-9")
            units.appoint(SYSTEM, staff=person, unit=at, role=role, begins=begins)
            cast.staff[key] = person

    def _campaign(self, bureau, schools):
        today = clock.today()
        campaign = campaigns.create_from_template(
            SYSTEM,
            bureau=bureau,
            template="b",
            begins=today - timedelta(30),
            ends=today + timedelta(30),
            form="annex_2",
        )
        campaigns.open_campaign(SYSTEM, campaign=campaign, schools=schools)
        return campaign

    def _place(self, place, campaign, school, klass, key, lead, companion) -> None:
        cast, now = self.cast, clock.now()
        child, staff = cast.students[key], cast.staff
        member = SchoolCampaign.objects.get(campaign=campaign, school=school)
        plan, _ = SchoolPlan.objects.get_or_create(school_campaign=member)
        plan.stamped = store(path=school.path, name="a.pdf", body=b"%PDF-1.4 x")
        plan.save()
        PlanVersion.objects.get_or_create(plan=plan, version=1, defaults={"sections": {}, "stamped": plan.stamped})
        care = note_care(SYSTEM, student=child, kind="psychological", reason=f"{CANARY}{key}心")
        stored = store(path=klass.path, name="b.pdf", body=b"%PDF-1.4 y")
        paper = StudentFile.objects.create(student=child, stored=stored, title=f"{CANARY}{key}文件")
        outing = Outing.objects.create(
            campaign=campaign, school=school, day=clock.today() + timedelta(1), leaves=time(17, 30), back=time(20),
            lead=staff[lead], companion=staff[companion],
        )  # fmt: skip
        team = {"lead": staff[lead], "companion": staff[companion], "campaign": campaign, "school": school}
        soon = now + timedelta(days=1)
        visit = Visit.objects.create(
            household=child.household, mode="home", state="published", outing=outing, starts_at=soon,
            ends_at=soon + timedelta(minutes=30), published_at=now, **team,
        )  # fmt: skip
        part = VisitStudent.objects.create(visit=visit, student=child, klass=klass)
        past = now - timedelta(days=3)
        held = Visit.objects.create(
            household=child.household, mode="home", state="recorded", starts_at=past, ends_at=past, held_from=past,
            held_until=past, due_at=past + timedelta(hours=48), **team,
        )  # fmt: skip
        done = VisitStudent.objects.create(visit=held, student=child, klass=klass)
        record = Record(
            visit_student=done, form=campaign.forms.get(), state="submitted", first_submitted_at=past,
            submitted_by=staff[lead], digest="0" * 64,
        )  # fmt: skip
        record.answers = f'{{"process": "{CANARY}{key}谈话", "demands": "无", "preparation": "x"}}'
        record.save(force_insert=True)
        conflict = RecordVersion(record=record, digest="1" * 64, conflict=True, by=staff[lead])
        conflict.answers = f'{{"process": "{CANARY}{key}另稿", "demands": "无", "preparation": "x"}}'
        conflict.save(force_insert=True)
        post = Appointment.objects.get(staff=staff[lead], unit=klass)
        run = PlanRun.objects.create(school_campaign=member, state="failed")
        self.things[place] = {
            "campaign": campaign.pk, "member": member.pk, "unit": klass.pk, "klass": klass.pk, "school": school.pk,
            "bureau": campaign.bureau_id, "student": child.pk, "household": child.household_id, "care": care.pk,
            "file": paper.pk, "outing": outing.pk, "visit": visit.pk, "part": part.pk, "record": record.pk,
            "conflict": conflict.pk, "run": run.pk, "staff": staff[companion].pk, "post": post.pk,
            "handover": Handover.objects.create(klass=klass, new=staff[lead], on=clock.today()).pk,
            "import": RosterImport.objects.create(unit=school, path=school.path, file_name="x.xlsx", state="previewed").pk,
            "absence": Absence.objects.create(
                school_campaign=member, begins=clock.today(), ends=clock.today(), why="event"
            ).pk,
            "term": getattr(Term.objects.filter(bureau=campaign.bureau).first(), "pk", 0),
        }  # fmt: skip
