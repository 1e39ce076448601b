"""Who has read the conduct code (阅知) and may go out, and who has not yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.campaigns.models import Campaign, CampaignItem, ConductAcknowledgement, SchoolCampaign
from jiafang.lib.paths import within
from jiafang.units import selectors as units
from jiafang.units.models import Staff


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One person of a school; ``at`` is null when the code was not read yet."""

    staff: Staff
    tier: str
    at: datetime | None


def conduct_of(campaign: Campaign) -> QuerySet[CampaignItem]:
    """The conduct code line by line, numbered as in the document."""
    return CampaignItem.objects.filter(campaign=campaign, kind=CampaignItem.Kind.CONDUCT).order_by("number")


def _valid(campaign: Campaign) -> QuerySet[ConductAcknowledgement]:
    return ConductAcknowledgement.objects.filter(campaign=campaign, revision=campaign.conduct_revision)


def acknowledged_at(staff_id, campaign: Campaign) -> datetime | None:
    """When this person read the code as it stands now."""
    return _valid(campaign).filter(staff_id=staff_id).values_list("at", flat=True).first()


def may_go_out(staff: Staff | object, campaign: Campaign) -> bool:
    """Whether this person (or staff id) may take part in an outing: the code was read, or the campaign has none."""
    return not not_yet_read([getattr(staff, "pk", staff)], campaign)


def not_yet_read(staff_ids: Iterable, campaign: Campaign) -> set:
    """Of ``staff_ids`` those who must read the code before going out; two queries for any number."""
    ids = {pk for pk in staff_ids if pk is not None}
    if not ids or not conduct_of(campaign).exists():
        return set()
    return ids - set(_valid(campaign).filter(staff_id__in=ids).values_list("staff_id", flat=True))


def acknowledgements(actor: Actor, school_campaign: SchoolCampaign) -> list[Acknowledged]:
    """Everybody with a post in the school (a grade head: in that grade), those who have not read it first, then by
    tier and name; three queries."""
    school, verb = school_campaign.school, "conduct.read_acknowledgements"
    own = (p.path for p in actor.posts if within(p.path, school.path) and policy.can(actor, verb, path=p.path))
    path = school.path if policy.can(actor, verb, path=school.path) else next(own, school.path)
    policy.demand(actor, verb, path=path)
    read = dict(_valid(school_campaign.campaign).values_list("staff_id", "at"))
    tiers = units.tiers(path)
    people = [Acknowledged(p, tiers[p.pk], read.get(p.pk)) for p in units.staff_of(school) if p.pk in tiers]
    order = {"heads": 0, "middle": 1, "class_teachers": 2, "others": 3}
    return sorted(people, key=lambda row: (row.at is not None, order[row.tier], row.staff.pinyin))


def read_counts(campaign: Campaign) -> dict[str, int]:
    """``{school path: people who read the code}``, counted where they were at that time."""
    out: dict[str, int] = {}
    for path in _valid(campaign).values_list("path", flat=True):
        out[path] = out.get(path, 0) + 1
    return out
