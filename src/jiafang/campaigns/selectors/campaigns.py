"""Campaigns a person may read, and the schools in them. A school sees a campaign once it was opened for that school."""

from django.db.models import Count, Q, QuerySet

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.fence import path_q
from jiafang.access.roles import BUREAU
from jiafang.campaigns import templates_shipped
from jiafang.campaigns.models import Campaign, CampaignItem, Deliverable, LeaderQuota, SchoolCampaign
from jiafang.campaigns.states import CampaignState
from jiafang.lib.errors import not_found
from jiafang.lib.paths import parents
from jiafang.paperwork.forms import ANNEX_2
from jiafang.units import selectors as units
from jiafang.units.models import Unit

# Record forms that ship, by the code a template names them with.
SHIPPED_FORMS = {"annex_2": ANNEX_2}


def _mine(actor: Actor) -> Q:
    if actor.is_system:
        return Q()
    bureaus = tuple(post.path for post in actor.posts if post.role in BUREAU)
    q = path_q("bureau__path", bureaus)
    schools = [up for post in actor.posts if post.role not in BUREAU for up in (*parents(post.path), post.path)]
    entered = SchoolCampaign.objects.filter(Q(school__path__in=schools) | path_q("school__path", bureaus)).values(
        "campaign"
    )
    return q | (Q(pk__in=entered) & ~Q(state=CampaignState.DRAFT))


def campaigns(actor: Actor) -> QuerySet[Campaign]:
    """Campaigns the actor may read, newest first, each with ``school_count``."""
    rows = Campaign.objects.filter(_mine(actor)).select_related("bureau", "term")
    return rows.annotate(school_count=Count("schools", distinct=True)).order_by("-created_at")


def current(actor: Actor) -> QuerySet[Campaign]:
    """Open campaigns of the actor's bureau or school, the newest first."""
    return campaigns(actor).filter(state=CampaignState.OPEN).order_by("-opened_at")


def campaign(actor: Actor, pk) -> Campaign:
    """One campaign the actor may read, else ``not_found``."""
    found = campaigns(actor).filter(pk=pk).first()
    if found is None:
        raise not_found()
    return found


def _schools(actor: Actor) -> QuerySet[SchoolCampaign]:
    rows = SchoolCampaign.objects.select_related("campaign__bureau", "campaign__term", "school")
    if actor.is_system:
        return rows
    q = path_q("school__path", tuple(post.path for post in actor.posts))
    q |= Q(school__path__in=[up for post in actor.posts for up in parents(post.path)])
    return rows.filter(q)


def school_campaigns(actor: Actor, campaign_: Campaign | None = None) -> QuerySet[SchoolCampaign]:
    """Schools in campaigns, as far as the actor belongs to them or stands above them; by school name."""
    rows = _schools(actor).filter(campaign=campaign_) if campaign_ else _schools(actor)
    return rows.order_by("school__name", "school_id")


def school_campaign(actor: Actor, pk) -> SchoolCampaign:
    """One school's campaign, with campaign and school, else ``not_found``."""
    found = _schools(actor).filter(pk=pk).first()
    if found is None:
        raise not_found()
    return found


def current_at(school: Unit) -> QuerySet[SchoolCampaign]:
    """Open campaigns of one school, the newest first, with campaign and school."""
    rows = SchoolCampaign.objects.filter(school=school, campaign__state=CampaignState.OPEN)
    return rows.select_related("campaign__bureau", "campaign__term", "school").order_by("-campaign__opened_at")


def items_of(campaign_: Campaign) -> dict[str, list[CampaignItem]]:
    """``{kind: [items by number]}`` in one query."""
    out: dict[str, list[CampaignItem]] = {}
    for row in CampaignItem.objects.filter(campaign=campaign_):
        out.setdefault(row.kind, []).append(row)
    return out


def deliverables_of(campaign_: Campaign) -> QuerySet[Deliverable]:
    return Deliverable.objects.filter(campaign=campaign_)


def suggestions_for(campaign_: Campaign, target: str) -> list[templates_shipped.Suggestion]:
    """What the campaign's template offers a "school" or the "campaign" as a suggestion."""
    if campaign_.template not in templates_shipped.CODES:
        return []
    return [s for s in templates_shipped.load(campaign_.template).suggestions if s.target == target]


def quotas(school_campaign_: SchoolCampaign) -> QuerySet[LeaderQuota]:
    """Leaders with the least number of visits they take part in."""
    return (
        LeaderQuota.objects.filter(school_campaign=school_campaign_).select_related("staff").order_by("staff__pinyin")
    )


def may_edit(actor: Actor, campaign_: Campaign) -> bool:
    return policy.can(actor, "campaign.edit", path=campaign_.bureau.path)


def bureau_to_create_in(actor: Actor) -> Unit:
    """The bureau a person creates campaigns for; a stranger to that gets ``not_found``."""
    path = next((p.path for p in actor.posts if policy.can(actor, "campaign.create", path=p.path)), None)
    if path is None:
        raise not_found()
    return units.by_path(path)


def templates() -> list[templates_shipped.CampaignTemplate]:
    """The shipped templates."""
    return templates_shipped.every()


def template(code: str) -> templates_shipped.CampaignTemplate:
    """One shipped template, else ``not_found``."""
    return templates_shipped.load(code)


def shipped_form_title(shipped: templates_shipped.CampaignTemplate) -> str:
    """The title of the record form a template brings, "" when its document gives none."""
    return SHIPPED_FORMS[shipped.form].title if shipped.form else ""
