"""What the pages of a campaign share: crumbs, tabs and the way from a campaign to one's own school in it."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from jiafang.access import policy
from jiafang.campaigns import selectors
from jiafang.ui.parts import Crumb


def crumbs(campaign=None, *more: Crumb) -> list[Crumb]:
    out = [Crumb(_("活动"), reverse("campaigns:list"))]
    if campaign is not None:
        out.append(Crumb(campaign.title, reverse("campaigns:campaign", args=[campaign.pk]) if more else ""))
    return [*out, *more]


def school_crumbs(row, *more: Crumb) -> list[Crumb]:
    link = reverse("campaigns:school", args=[row.pk]) if more else ""
    return crumbs(row.campaign, Crumb(row.school.name, link), *more)


def tabs(request: HttpRequest, campaign, here: str) -> list[dict]:
    """The tabs of a campaign's page that this reader may open."""
    places = [
        ("rules", _("规则"), "campaigns:campaign", ""),
        ("progress", _("学校进度"), "campaigns:plans", "campaign.read_progress"),
        ("deliverables", _("报送材料"), "campaigns:campaign_deliverables", ""),
        ("conduct", _("守则"), "campaigns:campaign_conduct", ""),
    ]
    return [
        {"label": label, "href": reverse(url, args=[campaign.pk]), "current": code == here}
        for code, label, url, verb in places
        if not verb or policy.can(request.actor, verb, path=campaign.bureau.path)
    ]


def own_school(request: HttpRequest, campaign):
    """The reader's school in this campaign, when there is exactly one."""
    rows = list(selectors.school_campaigns(request.actor, campaign)[:2])
    return rows[0] if len(rows) == 1 else None
