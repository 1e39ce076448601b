"""Puts a published timetable some weeks into its life: visits held, recorded, confirmed, late, declined; in bulk.

Writes rows directly, because a year of clicks would take a year; every row is as the services would have left it,
and one audit row a school says that this happened.
"""

import json
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from jiafang.access import audit
from jiafang.access.actors import system
from jiafang.campaigns.models import Campaign, CampaignItem, ConductAcknowledgement, FormTemplate, SchoolCampaign
from jiafang.demo import words
from jiafang.lib import clock
from jiafang.paperwork.forms import answers_digest
from jiafang.roster.models import Guardian
from jiafang.units import selectors as units
from jiafang.visits import deadlines
from jiafang.visits.models import Outing, Record, RecordVersion, SelfCheck, Visit, VisitStudent
from jiafang.visits.states import RecordState, VisitState

ACTOR = system("示范数据")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Luck:
    """How well the school keeps its promises: shares of what goes right."""

    held: float = 0.97
    submitted: float = 0.97
    on_time: float = 0.94
    confirmed: float = 0.9
    kept: float = 0.995
    acknowledged: float = 0.97
    appointed: float = 0.45


PERFECT = Luck(1, 1, 1, 1, 1, 1, 1)


class History:
    """Rows of one school waiting to be written together."""

    def __init__(self, school_campaign: SchoolCampaign, form: FormTemplate, hours: int | None, luck: Luck, seed: int):
        self.campaign: Campaign = school_campaign.campaign
        self.school = school_campaign.school
        self.form, self.hours, self.luck = form, hours, luck
        self.random = random.Random(seed)
        self.now = clock.now()
        self.visits: list[Visit] = []
        self.outings: dict[object, Outing] = {}
        self.records: list[Record] = []
        self.versions: list[RecordVersion] = []
        self.checks: list[SelfCheck] = []
        rules = CampaignItem.objects.filter(campaign=self.campaign, kind=CampaignItem.Kind.CONDUCT)
        self.conduct = list(rules.values_list("number", flat=True))

    @transaction.atomic
    def write(self) -> None:
        fields = ["state", "held_from", "held_until", "due_at", "appointed_at", "reason"]
        Visit.objects.bulk_update(self.visits, fields, batch_size=BATCH)
        Outing.objects.bulk_update(list(self.outings.values()), ["departed_at", "returned_at"], batch_size=BATCH)
        Record.objects.bulk_create(self.records, batch_size=BATCH)
        RecordVersion.objects.bulk_create(self.versions, batch_size=BATCH)
        SelfCheck.objects.bulk_create(self.checks, batch_size=BATCH)
        audit.record(
            ACTOR, "demo.history", path=self.school.path, target=self.campaign,
            detail={"visits": len(self.visits), "records": len(self.records)},
        )  # fmt: skip

    def acknowledge(self) -> None:
        """The staff has read the code before the first outing."""
        people = set(units.posts_under(self.school.path).values_list("staff_id", flat=True))
        at = clock.at(self.campaign.begins, datetime.min.time()) - timedelta(days=2)
        out = {v.lead_id for v in self.visits} | {v.companion_id for v in self.visits}
        ConductAcknowledgement.objects.bulk_create(
            [
                ConductAcknowledgement(campaign=self.campaign, staff_id=pk, path=self.school.path, at=at)
                for pk in sorted(people, key=str)
                if pk in out or self.random.random() < self.luck.acknowledged
            ],
            ignore_conflicts=True,
        )

    def decline(self, visit: Visit) -> None:
        visit.state = VisitState.DECLINED
        visit.reason = self.random.choice(("家长近期在外地，改期再约", "家中有病人，暂不方便", "家长希望到学校面谈"))
        self.visits.append(visit)

    def appoint(self, visit: Visit) -> None:
        visit.state = VisitState.APPOINTED
        visit.appointed_at = self.now - timedelta(hours=self.random.randint(2, 60))
        self.visits.append(visit)

    def hold(self, visit: Visit, parts: list[VisitStudent], guardians: dict) -> None:
        """The visit was made when planned; its records came in as luck would have it."""
        r, luck = self.random, self.luck
        visit.held_from, visit.held_until = visit.starts_at, visit.ends_at
        visit.appointed_at = visit.starts_at - timedelta(days=2)
        returned = visit.outing.returned_at if visit.outing else None
        visit.due_at = deadlines.due_time(ended=visit.held_until, returned=returned, hours=self.hours)
        visit.state = VisitState.HELD
        submitted = self._submitted_at(visit)
        if submitted is not None and submitted < self.now:
            confirmed = visit.companion_id is not None and r.random() < luck.confirmed
            confirmed_at = submitted + timedelta(hours=r.randint(1, 12)) if confirmed else None
            if confirmed_at and confirmed_at > self.now:
                confirmed_at = None
            visit.state = VisitState.CONFIRMED if confirmed_at else VisitState.RECORDED
            for part in parts:
                self._record(visit, part, submitted, confirmed_at, guardians.get(part.student_id, ""))
        self.visits.append(visit)
        self._check(visit)

    def _submitted_at(self, visit: Visit) -> datetime | None:
        r, luck = self.random, self.luck
        if r.random() >= luck.submitted:
            return None
        limit = timedelta(hours=self.hours or 48)
        share = r.betavariate(2, 3) * 0.95 if r.random() < luck.on_time else 1 + r.random()
        return visit.held_until + timedelta(seconds=int(limit.total_seconds() * share))

    def _record(self, visit: Visit, part: VisitStudent, submitted, confirmed, guardian: str) -> None:
        r = self.random
        answers = {
            "guardian": guardian,
            "preparation": words.PREPARATION,
            "process": r.choice(words.PROCESS),
            "demands": r.choice(words.DEMANDS),
        }
        body, digest = json.dumps(answers, ensure_ascii=False), answers_digest(answers)
        record = Record(
            visit_student=part, form=self.form, digest=digest, due_at=visit.due_at, first_submitted_at=submitted,
            state=RecordState.CONFIRMED if confirmed else RecordState.SUBMITTED, submitted_by_id=visit.lead_id,
            confirmed_at=confirmed, confirmed_by_id=visit.companion_id if confirmed else None, updated_at=submitted,
        )  # fmt: skip
        record.answers = body
        version = RecordVersion(record=record, digest=digest, by_id=visit.lead_id, saved_at=submitted)
        version.answers = body
        self.records.append(record)
        self.versions.append(version)

    def _check(self, visit: Visit) -> None:
        at = visit.held_until + timedelta(minutes=40)
        if visit.outing_id is None:
            self._one_check(visit.lead_id, at, visit=visit)
        elif visit.outing_id not in self.outings:
            outing = visit.outing
            outing.departed_at = clock.at(outing.day, outing.leaves)
            outing.returned_at = clock.at(outing.day, outing.back)
            self.outings[outing.pk] = outing
            for person in filter(None, (outing.lead_id, outing.companion_id, outing.extra_id)):
                self._one_check(person, at, outing=outing)

    def _one_check(self, person, at, *, outing=None, visit=None) -> None:
        answers = {str(n): True for n in self.conduct}
        kept = self.random.random() < self.luck.kept
        if not kept and self.conduct:
            answers[str(self.random.choice(self.conduct))] = False
        self.checks.append(
            SelfCheck(outing=outing, visit=visit, staff_id=person, path=self.school.path, answers=answers,
                      all_kept=kept, at=min(at, self.now))
        )  # fmt: skip


def guardian_names(parts: list[VisitStudent]) -> dict:
    """``{student pk: first guardian's name}``."""
    rows = Guardian.objects.filter(student__in=[p.student_id for p in parts], position=1)
    return dict(rows.values_list("student_id", "name"))


def live(school_campaign: SchoolCampaign, form: FormTemplate, hours: int | None, *, luck: Luck, seed: int) -> History:
    """Play the school's published visits up to this moment."""
    story = History(school_campaign, form, hours, luck, seed)
    visits = list(
        Visit.objects.filter(campaign=story.campaign, school=story.school, state=VisitState.PUBLISHED)
        .select_related("outing")
        .order_by("starts_at", "position", "pk")
    )
    parts: dict[object, list[VisitStudent]] = defaultdict(list)
    for part in VisitStudent.objects.filter(visit__in=[v.pk for v in visits if v.ends_at < story.now]):
        parts[part.visit_id].append(part)
    guardians = guardian_names([p for group in parts.values() for p in group])
    soon = story.now + timedelta(days=8)
    for visit in visits:
        if visit.ends_at < story.now:
            if story.random.random() < luck.held:
                story.hold(visit, parts[visit.pk], guardians)
            else:
                story.decline(visit)
        elif visit.starts_at < soon and story.random.random() < luck.appointed:
            story.appoint(visit)
    story.acknowledge()
    story.write()
    return story
