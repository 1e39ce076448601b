"""A finished campaign whose figures come out as a real programme published them, as rows and nothing but rows.

13 583 files; first visits 10 580 online and 3 003 on site, counted by pupil; 1 449 visits to the six categories, being
1 208 pupils and 241 second visits. For another number of students the same shares are used.
"""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from jiafang.access.roles import Role
from jiafang.campaigns.models import FormTemplate, SchoolCampaign
from jiafang.campaigns.states import Mode
from jiafang.demo.history import PERFECT, History, guardian_names
from jiafang.lib import clock
from jiafang.roster.kinds import CareKind, tokens
from jiafang.roster.models import Care, Student
from jiafang.units import selectors as units
from jiafang.visits.models import Outing, Visit, VisitStudent
from jiafang.visits.states import Origin, VisitState

STUDENTS, ON_SITE, SPECIAL_SECOND = 13583, 3003, 241
SIX = tokens(
    (
        CareKind.ORPHAN, CareKind.SINGLE_PARENT, CareKind.LEFT_BEHIND, CareKind.LEFT_BEHIND_ONE,
        CareKind.LEFT_BEHIND_BOTH, CareKind.POVERTY, CareKind.LEARNING, CareKind.PSYCHOLOGICAL,
    )
)  # fmt: skip


@dataclass(slots=True)
class Home:
    """A household with its children enrolled in the district."""

    pk: object
    school: int
    children: list
    special: int = 0


def homes() -> list[Home]:
    special = set(Care.objects.filter(token__in=SIX, ends__isnull=True).values_list("student_id", flat=True))
    found: dict = {}
    rows = Student.objects.filter(left_on__isnull=True).order_by("pk")
    for pk, household, school, klass in rows.values_list("pk", "household_id", "school_id", "klass_id"):
        home = found.setdefault(household, Home(household, school, []))
        home.children.append((pk, klass))
        home.special += pk in special
    return list(found.values())


def choose(all_homes: list[Home], seed: int) -> tuple[set, set]:
    """Households visited at home (first visits of exactly the published number of pupils), and those visited twice."""
    r = random.Random(seed)
    total = sum(len(h.children) for h in all_homes)
    on_site = round(total * ON_SITE / STUDENTS)
    twice = round(total * SPECIAL_SECOND / STUDENTS)
    shuffled = sorted(all_homes, key=lambda h: str(h.pk))
    r.shuffle(shuffled)
    # Homes with a child of the six must be entered; the rest fills up to the number, larger households first.
    chosen, left = set(), on_site
    for home in sorted(shuffled, key=lambda h: (-bool(h.special), -len(h.children))):
        if (home.special or len(home.children) <= left) and left >= len(home.children):
            chosen.add(home.pk)
            left -= len(home.children)
    second, missing = set(), twice
    for home in sorted(shuffled, key=lambda h: (-h.special, -len(h.children))):
        if home.pk in chosen and 0 < home.special <= missing:
            second.add(home.pk)
            missing -= home.special
    return chosen, second


class Teams:
    """Class teacher and a subject teacher of each class, taking turns so that everybody takes part."""

    def __init__(self, path: str):
        self.heads: dict = {}
        self.others: dict = defaultdict(list)
        for post in units.posts_under(path, Role.CLASS_TEACHER, Role.SUBJECT_TEACHER):
            if post.role == Role.CLASS_TEACHER:
                self.heads[post.unit_id] = post.staff_id
            else:
                self.others[post.unit_id].append(post.staff_id)
        everybody = set(units.posts_under(path).values_list("staff_id", flat=True))
        busy = set(self.heads.values()) | {s for group in self.others.values() for s in group}
        self.leaders = sorted(everybody - busy, key=str)
        self.turn: dict = defaultdict(int)

    def of(self, klass) -> tuple:
        """(lead, companion): the class teacher with the next subject teacher, or leader, of the school."""
        lead = self.heads[klass]
        group = [s for s in self.others[klass] if s != lead] + self.leaders
        group = [s for s in group if s != lead]
        self.turn[klass] += 1
        return lead, group[(self.turn[klass] - 1) % len(group)]


def finish(school_campaign: SchoolCampaign, form: FormTemplate, hours: int | None, mine: list[Home],
           entered: set, twice: set, seed: int) -> History:  # fmt: skip
    """All visits of one school, held and recorded within the campaign."""
    campaign, school = school_campaign.campaign, school_campaign.school
    story = History(school_campaign, form, hours, PERFECT, seed)
    teams = Teams(school.path)
    r = random.Random(seed)
    days = (min(campaign.ends, clock.today() - timedelta(days=4)) - campaign.begins).days
    outings, visits, parts, plan = [], [], [], []
    for home in mine:
        first = campaign.begins + timedelta(days=r.randrange(max(1, days // 2)))
        on_site = home.pk in entered
        plan.append((home, first, Mode.HOME if on_site else Mode.ONLINE, 1))
        if home.pk in twice:
            plan.append((home, first + timedelta(days=max(1, min(28, days // 2))), Mode.HOME, 2))
    for home, day, mode, turn in plan:
        visit = _visit(campaign, school, home, day, mode, turn, teams, r)
        if mode == Mode.HOME:
            outings.append(_outing(visit, day))
            visit.outing = outings[-1]
        visits.append(visit)
        parts += [VisitStudent(visit=visit, student_id=pk, klass_id=klass) for pk, klass in home.children]
    Outing.objects.bulk_create(outings, batch_size=500)
    Visit.objects.bulk_create(visits, batch_size=500)
    VisitStudent.objects.bulk_create(parts, batch_size=500)
    by_visit: dict = defaultdict(list)
    for part in parts:
        by_visit[part.visit_id].append(part)
    guardians = guardian_names(parts)
    for visit in visits:
        story.hold(visit, by_visit[visit.pk], guardians)
    story.acknowledge()
    story.write()
    return story


def _visit(campaign, school, home: Home, day: date, mode: str, turn: int, teams: Teams, r: random.Random) -> Visit:
    lead, companion = teams.of(home.children[0][1])
    starts = clock.at(day, time(18, r.choice((0, 15, 30))))
    return Visit(
        campaign=campaign, school=school, household_id=home.pk, mode=mode, round=turn, lead_id=lead,
        companion_id=companion, starts_at=starts, ends_at=starts + timedelta(minutes=35),
        origin=Origin.SPECIAL if home.special else Origin.ROUND, state=VisitState.PUBLISHED,
        published_at=datetime.combine(campaign.begins, time(9), clock.TZ),
    )  # fmt: skip


def _outing(visit: Visit, day: date) -> Outing:
    return Outing(
        campaign=visit.campaign, school=visit.school, day=day, leaves=time(17, 40), back=time(19, 40),
        lead_id=visit.lead_id, companion_id=visit.companion_id,
    )  # fmt: skip
