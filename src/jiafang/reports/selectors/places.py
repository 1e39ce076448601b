"""Which campaign and unit a page of figures is about, and whether this reader may ask."""

from dataclasses import dataclass

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.campaigns.models import Campaign
from jiafang.lib.errors import not_found
from jiafang.lib.paths import parents, within
from jiafang.reports.models import Release
from jiafang.units import selectors as units
from jiafang.units.models import Unit


@dataclass(frozen=True, slots=True)
class Place:
    """A unit in a campaign, with the way down to it as far as the reader may see, and what lies under it."""

    campaign: Campaign
    unit: Unit
    way: tuple[Unit, ...]
    others: tuple[Campaign, ...] = ()
    may_export: bool = False
    may_release: bool = False

    @property
    def above_school(self) -> bool:
        return self.unit.kind == Unit.Kind.BUREAU

    @property
    def whole(self) -> bool:
        """Whether figures of people exist here: from the school upwards."""
        return self.unit.kind in (Unit.Kind.BUREAU, Unit.Kind.SCHOOL)


def _campaigns(path: str):
    """Campaigns of the bureaus at or above a unit, newest first; drafts have no figures."""
    rows = Campaign.objects.filter(bureau__path__in=[*parents(path), path]).exclude(state="draft")
    return rows.order_by("-begins", "-created_at")


def first_place(actor: Actor) -> tuple[Campaign, Unit] | None:
    """The newest campaign of the highest unit whose figures the actor reads."""
    paths = sorted(p.path for p in actor.posts if policy.can(actor, "figures.read", path=p.path))
    for path in sorted(paths, key=lambda p: (p.count("."), p)):
        campaign = _campaigns(path).first()
        if campaign is not None:
            return campaign, units.by_path(path)
    return None


def newest_campaign(actor: Actor, unit: int) -> Campaign:
    """The newest campaign a unit takes part in, for a reader of its figures; else ``not_found``."""
    where = units.unit(unit)
    policy.demand(actor, "figures.read", path=where.path)
    found = _campaigns(where.path).first()
    if found is None:
        raise not_found()
    return found


def place(actor: Actor, campaign, unit: int) -> Place:
    """The page's subject; a foreign campaign or unit is not found."""
    where = units.unit(unit)
    policy.demand(actor, "figures.read", path=where.path)
    running = list(_campaigns(where.path))
    found = next((c for c in running if c.pk == campaign), None)
    if found is None or not within(where.path, found.bureau.path):
        raise not_found()
    way = tuple(u for u in units.ancestors(where.path) if policy.can(actor, "figures.read", path=u.path))
    return Place(
        found,
        where,
        way,
        tuple(c for c in running if c.pk != found.pk),
        policy.can(actor, "figures.export", path=where.path),
        policy.can(actor, "figures.release", path=where.path),
    )


def may_release(actor: Actor, where: Place) -> None:
    policy.demand(actor, "figures.release", path=where.unit.path)


def releases(where: Place) -> list[Release]:
    return list(Release.objects.filter(campaign=where.campaign, path=where.unit.path).select_related("by"))


def bureau_place(actor: Actor) -> Place | None:
    """The newest campaign of the actor's bureau; ``not_found`` for somebody without a bureau's post."""
    policy.demand(actor, "campaign.read_progress")
    found = first_place(actor)
    if found is None:
        return None
    here = place(actor, found[0].pk, found[1].pk)
    if not here.above_school:
        raise not_found()
    return here
