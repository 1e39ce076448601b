"""What a school has told the planner so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from jiafang.access.roles import LEADERS, Role
from jiafang.campaigns import selectors as campaigns
from jiafang.campaigns.models import LeaderQuota, SchoolCampaign
from jiafang.lib.errors import not_found
from jiafang.planning.models import Absence, FamilyWish, PlanSettings, Relief, Window
from jiafang.planning.selectors.facts import settings_of, windows_of
from jiafang.roster import selectors as roster
from jiafang.roster.models import Household
from jiafang.units import selectors as units
from jiafang.units.models import Unit

WHYS = Absence.Why.choices


@dataclass(frozen=True, slots=True)
class Preparation:
    settings: PlanSettings
    windows: Sequence[Window]
    reliefs: Sequence[Relief]
    quotas: Sequence[LeaderQuota]
    absences: Sequence[Absence]
    wishes: int

    @property
    def by_weekday(self) -> list[tuple[int, list[Window]]]:
        return [(day, list(found)) for day, found in groupby(self.windows, key=lambda w: w.weekday)]

    @property
    def twice(self) -> str:
        names = {c.code: c.name for c in campaigns.categories_of(self.settings.school_campaign.campaign)}
        return "、".join(names[code] for code in self.settings.twice if code in names)


def preparation(row: SchoolCampaign) -> Preparation:
    """Everything on the preparing page."""
    return Preparation(
        settings_of(row), windows_of(row), list(Relief.objects.filter(school_campaign=row).select_related("staff")),
        list(campaigns.quotas(row)), list(Absence.objects.filter(school_campaign=row).select_related("staff")),
        FamilyWish.objects.filter(campaign=row.campaign_id).count(),
    )  # fmt: skip


def leaders(row: SchoolCampaign) -> list[tuple[str, str]]:
    """Those for whom a quota can be set, as choices."""
    posts = units.posts_under(row.school.path, *LEADERS, Role.GRADE_HEAD)
    return list({str(post.staff_id): post.staff.name for post in posts}.items())


def unled(row: SchoolCampaign) -> list[str]:
    """Classes with children but without a class teacher, in tree order."""
    path = row.school.path
    led = {post.unit_id for post in units.posts_under(path, Role.CLASS_TEACHER)}
    filled = set(roster.enrolled(path).values_list("klass", flat=True))
    found = units.under(path, Unit.Kind.KLASS).select_related("parent")
    return [klass.label for klass in found if klass.pk in filled and klass.pk not in led]


def absence(row: SchoolCampaign, pk: int) -> Absence:
    found = Absence.objects.select_related("school_campaign").filter(school_campaign=row, pk=pk).first()
    if found is None:
        raise not_found()
    return found


def wish(row: SchoolCampaign, household: Household) -> Any:
    """What this family said for this campaign, or nothing."""
    return FamilyWish.objects.filter(campaign=row.campaign_id, household=household).first()
