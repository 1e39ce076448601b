"""What a school adds to a campaign: rules of its own, never weaker than the campaign's, and its leaders' quotas."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.roles import LEADERS, Role
from jiafang.campaigns.models import LeaderQuota, SchoolCampaign
from jiafang.campaigns.selectors.rules import STRICTNESS
from jiafang.campaigns.states import CampaignState, Pair
from jiafang.lib.errors import Problem
from jiafang.units import selectors as units
from jiafang.units.models import Staff

RULES = (
    "record_hours", "pair", "approval", "levels", "full_round_each_term", "visit_from", "visit_until",
    "max_outings_per_week", "visit_minutes", "second_gap_days", "hours_home", "hours_online", "hours_companion",
)  # fmt: skip


def locked_school(school_campaign: SchoolCampaign) -> SchoolCampaign:
    """The row of a school in a campaign, locked, with campaign and school; closed campaigns change no more."""
    rows = SchoolCampaign.objects.select_for_update(of=("self",)).select_related("campaign__bureau", "school")
    row = rows.filter(pk=school_campaign.pk).first()
    if row is None:
        raise Problem("not_found")
    return row


def demand_open(row: SchoolCampaign) -> None:
    if row.campaign.state != CampaignState.OPEN:
        raise Problem("state", _("活动已经结束，不能再修改。"))


@transaction.atomic
def set_school_rules(actor: Actor, *, school_campaign: SchoolCampaign, **changes: Any) -> SchoolCampaign:
    """Set any of ``RULES``; one that is weaker than the campaign's is refused with the campaign's own figure."""
    row = locked_school(school_campaign)
    policy.demand(actor, "campaign.set_school_rules", path=row.school.path)
    demand_open(row)
    if unknown := set(changes) - set(RULES):
        raise ValueError(f"no such rule: {unknown}")
    for name, value in changes.items():
        setattr(row, name, value)
    faults = {name: [text] for name, test in CHECKS.items() if (text := test(row))}
    if faults:
        raise Problem("invalid", _("有 %d 处要改：学校的规定只能比活动更严。") % len(faults), faults)
    row.save(update_fields=[*changes])
    audit.record(
        actor, "campaign.set_school_rules", path=row.school.path, target=row, detail={"fields": sorted(changes)}
    )
    return row


def _hours(row: SchoolCampaign) -> str:
    most = row.campaign.record_hours
    if row.record_hours is None:
        return ""
    if not 1 <= row.record_hours <= 720:
        return _("记录时限填 1 到 720 小时，不作规定就留空。")
    if most is not None and row.record_hours > most:
        return _("活动规定 %d 小时内，学校只能定得更短。") % most
    return ""


def _pair(row: SchoolCampaign) -> str:
    if not row.pair:
        return ""
    if row.pair not in Pair.values:
        return _("请从列表里选择。")
    if STRICTNESS.index(row.pair) < STRICTNESS.index(row.campaign.pair):
        return _("活动的规定是“%s”，学校不能放宽。") % Pair(row.campaign.pair).label
    return ""


def _from(row: SchoolCampaign) -> str:
    if row.visit_from and not row.campaign.begins <= row.visit_from <= row.campaign.ends:
        return _("要在活动时间（%(from)s 至 %(to)s）以内。") % {"from": row.campaign.begins, "to": row.campaign.ends}
    return ""


def _until(row: SchoolCampaign) -> str:
    if row.visit_until and not row.campaign.begins <= row.visit_until <= row.campaign.ends:
        return _("要在活动时间（%(from)s 至 %(to)s）以内。") % {"from": row.campaign.begins, "to": row.campaign.ends}
    if row.visit_from and row.visit_until and row.visit_until < row.visit_from:
        return _("不能早于家访开始的日期。")
    return ""


def _between(name: str, least: float, most: float, message: str) -> Callable[[SchoolCampaign], str]:
    def test(row: SchoolCampaign) -> str:
        value = getattr(row, name)
        return "" if value is None or least <= value <= most else _(message)

    return test


CHECKS: dict[str, Callable[[SchoolCampaign], str]] = {
    "record_hours": _hours,
    "pair": _pair,
    "visit_from": _from,
    "visit_until": _until,
    "max_outings_per_week": _between("max_outings_per_week", 1, 7, "每周外出填 1 到 7 次。"),
    "visit_minutes": _between("visit_minutes", 10, 180, "每户时长填 10 到 180 分钟。"),
    "second_gap_days": _between("second_gap_days", 1, 180, "间隔填 1 到 180 天。"),
    "hours_home": _between("hours_home", 0, 20, "折算课时填 0 到 20。"),
    "hours_online": _between("hours_online", 0, 20, "折算课时填 0 到 20。"),
    "hours_companion": _between("hours_companion", 0, 20, "折算课时填 0 到 20。"),
}


@transaction.atomic
def set_quota(
    actor: Actor, *, school_campaign: SchoolCampaign, staff: Staff, min_visits: int | None
) -> LeaderQuota | None:
    """书记校长带头、中层示范: a leader of this school takes part in at least so many visits; null or 0 takes it away."""
    row = locked_school(school_campaign)
    policy.demand(actor, "campaign.set_school_rules", path=row.school.path)
    demand_open(row)
    if not units.posts_under(row.school.path, *LEADERS, Role.GRADE_HEAD).filter(staff=staff).exists():
        raise Problem("invalid", _("只能给本校的书记、校长和中层干部定次数。"), {"staff": [_("请从列表里选择。")]})
    if min_visits is not None and not 0 <= min_visits <= 200:
        raise Problem("invalid", _("次数填 0 到 200。"), {"min_visits": [_("次数填 0 到 200。")]})
    quota = None
    if min_visits:
        quota, _made = LeaderQuota.objects.update_or_create(
            school_campaign=row, staff=staff, defaults={"min_visits": min_visits}
        )
    else:
        LeaderQuota.objects.filter(school_campaign=row, staff=staff).delete()
    audit.record(
        actor, "campaign.set_school_rules", path=row.school.path, target=row,
        detail={"quota_of": str(staff.pk), "n": min_visits or 0},
    )  # fmt: skip
    return quota
