"""School plans as each side may read them: the school its draft, others the version that was approved or submitted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.models import AuditRow
from jiafang.campaigns.models import Campaign, Deliverable, PlanVersion, SchoolCampaign, SchoolPlan
from jiafang.campaigns.selectors.drafting import SECTIONS
from jiafang.campaigns.states import PLAN, CampaignState, PlanState, may
from jiafang.lib import clock
from jiafang.lib.errors import not_found

# Deliverable that the school's 一校一策 answers.
PLAN_CODE = "plan"
BUREAU_VERBS = frozenset({"plan.receive", "plan.return", "plan.file"})


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    heading: str
    hint: str
    text: str
    revision: int


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as this reader sees it. ``version`` is null while the reader sees the draft itself; ``verbs`` are what
    this reader may do with it now."""

    plan: SchoolPlan
    sections: tuple[Section, ...]
    tasks: tuple[dict, ...]
    version: PlanVersion | None
    verbs: frozenset[str]
    due: date | None
    late_days: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of the bureau's list. ``late_days`` counts from the due day to the first submission, or to today."""

    plan: SchoolPlan
    due: date | None
    late_days: int
    verbs: frozenset[str]


def due_of(campaign: Campaign) -> date | None:
    """By when schools hand in their plan; null when the campaign does not say."""
    return Deliverable.objects.filter(campaign=campaign, code=PLAN_CODE).values_list("due", flat=True).first()


def late_days(plan: SchoolPlan, due: date | None) -> int:
    """Whole days after ``due``; 0 when in time or no day is set."""
    if due is None:
        return 0
    first: datetime | None = plan.first_submitted_at
    handed = first.astimezone(clock.TZ).date() if first else clock.today()
    return max(0, (handed - due).days)


def _verbs(actor: Actor, plan: SchoolPlan) -> frozenset[str]:
    row = plan.school_campaign
    if row.campaign.state != CampaignState.OPEN:
        return frozenset()
    return frozenset(
        verb
        for verb in PLAN
        if may(PLAN, verb, plan.state)
        and policy.can(actor, verb, path=row.campaign.bureau.path if verb in BUREAU_VERBS else row.school.path)
    )


def plan_of(actor: Actor, school_campaign: SchoolCampaign) -> PlanView:
    """The plan of a school. Its leaders read the draft; its teachers the last approved version; the bureau the last
    submitted one. Before there is one, ``not_found``. ``school_campaign`` comes from the selector, so it is in reach."""
    rows = SchoolPlan.objects.select_related("school_campaign__campaign__bureau", "school_campaign__school", "stamped")
    found = rows.filter(school_campaign=school_campaign).first()
    policy.demand(actor, "plan.read")
    if found is None:
        raise not_found()
    writer = policy.can(actor, "plan.edit", path=school_campaign.school.path)
    version = None if writer else _version(found, policy.can(actor, "plan.receive", path=school_campaign.school.path))
    if not writer and version is None:
        raise not_found()
    texts, tasks = (version.sections, version.tasks) if version else (found.sections, found.tasks)
    due = due_of(school_campaign.campaign)
    return PlanView(
        plan=found,
        sections=tuple(
            Section(code, str(heading), str(hint), texts.get(code, ""), found.revisions.get(code, 0))
            for code, heading, hint in SECTIONS
        ),
        tasks=tuple(tasks),
        version=version,
        verbs=_verbs(actor, found),
        due=due,
        late_days=late_days(found, due),
    )


def _version(plan: SchoolPlan, from_bureau: bool) -> PlanVersion | None:
    versions = PlanVersion.objects.filter(plan=plan).select_related("stamped", "by").order_by("-version")
    if from_bureau:
        if plan.submitted_at is None:
            return None
        # What was approved after the last submission is the school's own affair until it is handed in again.
        versions = versions.filter(at__lte=plan.submitted_at)
    return versions.first()


def versions_of(actor: Actor, plan: SchoolPlan) -> QuerySet[PlanVersion]:
    """Approved versions, newest first: for those who write the plan."""
    policy.demand(actor, "plan.edit", path=plan.school_campaign.school.path)
    return PlanVersion.objects.filter(plan=plan).select_related("by", "stamped")


def plans(actor: Actor, campaign: Campaign) -> list[PlanRow]:
    """Every school's plan of a campaign for its bureau, late ones first, then by school; two queries."""
    policy.demand(actor, "campaign.read_progress", path=campaign.bureau.path)
    rows: Iterable[SchoolPlan] = SchoolPlan.objects.filter(school_campaign__campaign=campaign).select_related(
        "school_campaign__school", "school_campaign__campaign__bureau", "stamped"
    )
    due = due_of(campaign)
    out = [PlanRow(plan, due, late_days(plan, due), _verbs(actor, plan)) for plan in rows]
    waiting = {PlanState.SUBMITTED: 0, PlanState.RECEIVED: 1}
    return sorted(
        out,
        key=lambda row: (
            waiting.get(row.plan.state, 2),
            -row.late_days if row.plan.first_submitted_at is None else 0,
            row.plan.school_campaign.school.name,
        ),
    )


def history_of(plan: SchoolPlan) -> QuerySet[AuditRow]:
    """What happened to the plan, newest first, without the many saves while it was written."""
    rows = AuditRow.objects.filter(target="campaigns.schoolplan", target_id=str(plan.pk))
    return rows.exclude(verb="plan.edit").order_by("-at", "-seq")
