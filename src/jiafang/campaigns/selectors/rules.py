"""The rules that hold in one school: the campaign's, made stricter by what the school added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jiafang.campaigns.models import Campaign, CareCategory, FormTemplate, SchoolCampaign
from jiafang.campaigns.states import Mode, Pair
from jiafang.roster.kinds import CareKind, tokens

STRICTNESS = (Pair.FREE, Pair.ENCOURAGED, Pair.REQUIRED)


@dataclass(frozen=True, slots=True)
class Category:
    """A campaign's category resolved: ``modes`` are those that satisfy it, ``tokens`` how its kinds are stored."""

    pk: int
    code: str
    name: str
    kinds: tuple[str, ...]
    tokens: tuple[str, ...]
    modes: tuple[str, ...]
    min_visits: int
    priority: int
    special: bool


@dataclass(frozen=True, slots=True)
class Demand:
    """What holds for one child: how often a term, in which modes, how urgently, and by which categories."""

    min_visits: int
    modes: tuple[str, ...]
    priority: int
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything visits, planning and reports ask of a campaign in one school. Hours null: no time limit is set;
    ``visit_from`` … ``visit_until`` both in; ``min_visits`` is what every enrolled child gets a term (0: not said)."""

    campaign_id: object
    school_campaign_id: object
    school_id: int
    title: str
    begins: date
    ends: date
    visit_from: date
    visit_until: date
    modes: tuple[str, ...]
    mode_words: dict[str, str]
    pair: str
    record_hours: int | None
    cover_all: bool
    min_visits: int
    full_round_each_term: bool
    approval: bool
    levels: bool
    annual_sheet: bool
    max_outings_per_week: int
    visit_minutes: int
    second_gap_days: int
    hours_home: Decimal | None
    hours_online: Decimal | None
    hours_companion: Decimal | None
    categories: tuple[Category, ...]

    @property
    def two_teachers(self) -> bool:
        """Whether a visit at a home needs two; an online visit never does."""
        return self.pair == Pair.REQUIRED

    def mode_label(self, mode: str) -> str:
        """What this campaign calls a way of visiting."""
        return self.mode_words.get(mode) or str(Mode(mode).label)

    def categories_for(self, kinds: Iterable[str]) -> tuple[Category, ...]:
        held = {str(kind) for kind in kinds}
        return tuple(category for category in self.categories if held & set(category.kinds))

    def demand(self, kinds: Iterable[str]) -> Demand:
        """The strictest of the campaign's rule and the rules of every category the child's ``kinds`` fall under."""
        found = self.categories_for(kinds)
        modes = tuple(mode for mode in self.modes if all(mode in category.modes for category in found))
        return Demand(
            min_visits=max([self.min_visits, *(category.min_visits for category in found)]),
            modes=modes or self.modes,
            priority=max([0, *(category.priority for category in found)]),
            categories=found,
        )

    def class_hours(self, mode: str, *, companion: bool = False) -> Decimal | None:
        """Class hours one visit counts for by the school's rule, ``None`` when the school set none."""
        if companion:
            return self.hours_companion
        return self.hours_online if mode == Mode.ONLINE else self.hours_home


def categories_of(campaign: Campaign) -> tuple[Category, ...]:
    """The campaign's categories, special ones first, in one query."""
    return _resolved(campaign, CareCategory.objects.filter(campaign=campaign))


def _resolved(campaign: Campaign, rows: Iterable[CareCategory]) -> tuple[Category, ...]:
    return tuple(
        Category(
            pk=row.pk,
            code=row.code,
            name=row.name,
            kinds=tuple(row.kinds),
            tokens=tuple(tokens(row.kinds)),
            modes=tuple(row.modes or campaign.modes),
            min_visits=row.min_visits or 0,
            priority=row.priority,
            special=row.special,
        )
        for row in rows
    )


def category_tokens(campaign: Campaign, *, special: bool | None = True) -> dict[str, tuple[str, ...]]:
    """``{category code: stored tokens}``; by default of the special categories, ``None`` for all."""
    return {
        category.code: category.tokens
        for category in categories_of(campaign)
        if special is None or category.special is special
    }


def kinds_named(kinds: Iterable[str]) -> str:
    """Kinds as people read them, joined by “、”."""
    return "、".join(str(CareKind(kind).label) for kind in kinds)


def rules(school_campaign: SchoolCampaign) -> Rules:
    """The rules of one school, in one query (two when the campaign is not loaded yet)."""
    return _rules(school_campaign, categories_of(school_campaign.campaign))


def rules_of_schools(campaign: Campaign) -> dict[int, Rules]:
    """``{school pk: Rules}`` of every school in the campaign, in two queries."""
    categories = categories_of(campaign)
    rows = SchoolCampaign.objects.filter(campaign=campaign)
    for row in rows:
        row.campaign = campaign
    return {row.school_id: _rules(row, categories) for row in rows}


def _rules(row: SchoolCampaign, categories: tuple[Category, ...]) -> Rules:
    campaign = row.campaign
    hours = [value for value in (campaign.record_hours, row.record_hours) if value is not None]
    pair = max((p for p in (campaign.pair, row.pair) if p), key=STRICTNESS.index)
    begins, ends = campaign.begins, campaign.ends
    return Rules(
        campaign_id=campaign.pk,
        school_campaign_id=row.pk,
        school_id=row.school_id,
        title=campaign.title,
        begins=begins,
        ends=ends,
        # A campaign whose dates moved after the school had set its own must not be widened by them.
        visit_from=min(max(row.visit_from or begins, begins), ends),
        visit_until=max(min(row.visit_until or ends, ends), begins),
        modes=tuple(campaign.modes),
        mode_words=campaign.mode_words,
        pair=pair,
        record_hours=min(hours) if hours else None,
        cover_all=campaign.cover_all,
        min_visits=1 if campaign.cover_all or row.full_round_each_term else 0,
        full_round_each_term=row.full_round_each_term,
        approval=row.approval,
        levels=row.levels,
        annual_sheet=campaign.annual_sheet,
        max_outings_per_week=row.max_outings_per_week,
        visit_minutes=row.visit_minutes,
        second_gap_days=row.second_gap_days,
        hours_home=row.hours_home,
        hours_online=row.hours_online,
        hours_companion=row.hours_companion,
        categories=categories,
    )


def form_for(school_campaign: SchoolCampaign) -> FormTemplate | None:
    """The record form a school writes on now: its own newest version, else the campaign's; ``None`` before opening."""
    rows = FormTemplate.objects.filter(campaign_id=school_campaign.campaign_id)
    own = rows.filter(school_id=school_campaign.school_id).order_by("-version").first()
    return own or rows.filter(school__isnull=True).order_by("-version").first()


def form_of(campaign: Campaign) -> FormTemplate | None:
    """The campaign's own record form, newest version."""
    return FormTemplate.objects.filter(campaign=campaign, school__isnull=True).order_by("-version").first()
