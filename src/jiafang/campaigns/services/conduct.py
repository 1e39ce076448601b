"""阅知: a teacher says that the conduct code was read. No pledge, no signature."""

from django.db import transaction

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.roles import BUREAU
from jiafang.campaigns.models import Campaign, ConductAcknowledgement, SchoolCampaign
from jiafang.campaigns.states import CampaignState
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.lib.paths import parents


@transaction.atomic
def acknowledge_conduct(actor: Actor, *, campaign: Campaign) -> ConductAcknowledgement:
    """The actor has read the code as it stands now; saying it again changes nothing."""
    posts = [up for post in actor.posts if post.role not in BUREAU for up in (*parents(post.path), post.path)]
    school = SchoolCampaign.objects.filter(campaign=campaign, school__path__in=posts).order_by("school_id")
    path = school.values_list("school__path", flat=True).first()
    if path is None or actor.staff_id is None:
        raise Problem("denied")
    policy.demand(actor, "conduct.acknowledge", path=_held(actor, path))
    revision, state = Campaign.objects.values_list("conduct_revision", "state").get(pk=campaign.pk)
    if state == CampaignState.DRAFT:
        raise Problem("denied")
    row, fresh = ConductAcknowledgement.objects.select_for_update().get_or_create(
        campaign=campaign, staff_id=actor.staff_id, defaults={"path": path, "revision": revision}
    )
    if not fresh and row.revision == revision:
        return row
    if not fresh:
        row.path, row.revision, row.at = path, revision, clock.now()
        row.save(update_fields=["path", "revision", "at"])
    audit.record(actor, "conduct.acknowledge", path=path, target=row, detail={"revision": revision})
    return row


def _held(actor: Actor, school: str) -> str:
    """The path of the actor's own post in that school: most posts stand below the school, at a class."""
    return next(post.path for post in actor.posts if post.path.startswith(school) or school.startswith(post.path))
