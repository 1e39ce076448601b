"""Figures of a unit: class rollups added up, people and conduct counted for the school; small groups protected."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.fence import path_q, system_fence
from jiafang.access.roles import BUREAU, TIER_LABELS, TIERS
from jiafang.campaigns.models import Campaign, ConductAcknowledgement
from jiafang.reports.indicators import BY_CODE, CLASS_PARTS, INDICATORS, SCHOOL_PARTS, THRESHOLD, Indicator
from jiafang.reports.models import ClassRollup, Release
from jiafang.units import selectors as units
from jiafang.units.models import Unit
from jiafang.visits.models import Outing, SelfCheck, Visit
from jiafang.visits.states import DONE


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one unit. ``hidden``: too small for this reader, printed ＜5 and never given as a number;
    ``gap``: what is too small is the rest up to the denominator."""

    indicator: Indicator
    numerator: int | None
    denominator: int | None
    hidden: bool = False
    rows: bool = False  # whether this reader may open rows behind it (masked ones, for a bureau)
    gap: bool = False

    @property
    def percent(self) -> float | None:
        """0–100, or ``None`` for a plain count, an empty denominator or a hidden figure."""
        if self.hidden or not self.indicator.denominator or not self.denominator or self.numerator is None:
            return None
        return 100 * self.numerator / self.denominator

    @property
    def text(self) -> str:
        """What is printed: ``98.5%``, ``1,449``, ``＜5`` or ``还差＜5``."""
        if self.hidden:
            return _("还差＜%d") % THRESHOLD if self.gap else f"＜{THRESHOLD}"
        if self.indicator.denominator:
            return "—" if self.percent is None else f"{_percent(self.percent)}%"
        return f"{self.numerator:,}"

    @property
    def parts_text(self) -> str:
        """``13,380 / 13,583``, or empty."""
        if self.hidden or not self.indicator.denominator:
            return ""
        return f"{self.numerator:,} / {self.denominator:,}"


def _percent(value: float) -> str:
    """Never rounds up to 100 what is not whole."""
    if 99.95 <= value < 100:
        return "99.9"
    return f"{value:.1f}".removesuffix(".0")


def rollups(campaign: Campaign, paths: Iterable[str]) -> list[ClassRollup]:
    return list(ClassRollup.objects.filter(path_q("path", tuple(paths)), campaign=campaign).only("path", "counts"))


def add_up(rows: Iterable[ClassRollup]) -> Counter:
    """Class parts summed."""
    total: Counter = Counter(dict.fromkeys(CLASS_PARTS, 0))
    for row in rows:
        for part in CLASS_PARTS:
            total[part] += row.counts.get(part, 0)
    return total


def people(campaign: Campaign, path: str) -> dict:
    """``{staff pk: (school path, tier, went out?, acknowledged?)}`` of everybody with a post below ``path``."""
    held: dict = defaultdict(set)
    home: dict = {}
    for staff, role, home_path in (
        units.posts_under(path).exclude(role__in=BUREAU).values_list("staff_id", "role", "staff__home__path")
    ):
        held[staff].add(role)
        home[staff] = home_path
    out: set = set()
    for team in Visit.objects.filter(campaign=campaign, state__in=DONE, school__path__startswith=path).values_list(
        "lead_id", "companion_id", "extra_id"
    ):
        out |= set(team)
    read = set(
        ConductAcknowledgement.objects.filter(campaign=campaign, staff__in=held).values_list("staff_id", flat=True)
    )
    return {pk: (home[pk], units.tier_of(roles), pk in out, pk in read) for pk, roles in held.items()}


def conduct(campaign: Campaign, path: str) -> dict[str, Counter]:
    """``{school path: parts}`` of self-checks: made, all kept, needed."""
    by: dict[str, Counter] = defaultdict(Counter)
    made = SelfCheck.objects.filter(
        Q(outing__campaign=campaign) | Q(visit__campaign=campaign), path__startswith=path
    ).values_list("path", "all_kept")
    for school, kept in made:
        by[school]["checks"] += 1
        by[school]["checks_kept"] += kept
    done = Visit.objects.filter(outing=OuterRef("pk"), state__in=DONE)
    outings = Outing.objects.filter(campaign=campaign, school__path__startswith=path).filter(Exists(done))
    for school, lead, companion, extra in outings.values_list("school__path", "lead_id", "companion_id", "extra_id"):
        by[school]["checks_needed"] += sum(x is not None for x in (lead, companion, extra))
    alone = Visit.objects.filter(
        campaign=campaign, state__in=DONE, outing__isnull=True, school__path__startswith=path
    ).values("school__path")
    for row in alone.annotate(n=Count("pk")):
        by[row["school__path"]]["checks_needed"] += row["n"]
    return by


def school_parts(campaign: Campaign, path: str) -> dict[str, Counter]:
    """``{school path: SCHOOL_PARTS}`` for every school at or below ``path``."""
    by: dict[str, Counter] = defaultdict(lambda: Counter(dict.fromkeys(SCHOOL_PARTS, 0)))
    schools = sorted(Unit.objects.filter(path__startswith=path, kind=Unit.Kind.SCHOOL).values_list("path", flat=True))
    with system_fence("people and conduct figures"):
        for home, _tier, out, read in people(campaign, path).values():
            school = next((s for s in schools if home.startswith(s)), None)
            if school:
                by[school].update(staff=1, staff_out=out, acknowledged=read)
        for school, parts in conduct(campaign, path).items():
            by[school].update(parts)
    return by


def _rights(actor: Actor, path: str) -> tuple[bool, bool]:
    """(may open rows, may open masked rows)."""
    return policy.can(actor, "figures.open_rows", path=path), policy.can(actor, "figures.open_masked_rows", path=path)


def make_figure(indicator: Indicator, parts: Counter, *, rows: bool, masked: bool, released: bool = False) -> Figure:
    """Protects a sensitive figure from a reader without its rows: 1–4 is hidden, and so is all but 1–4."""
    top = parts[indicator.numerator]
    base = parts[indicator.denominator] if indicator.denominator else None
    small = 0 < top < THRESHOLD or (base is not None and 0 < base < THRESHOLD)
    gap = not small and base is not None and 0 < base - top < THRESHOLD
    hide = indicator.sensitive and not rows and not released and (small or gap)
    opens = bool(indicator.evidence) and (rows or (masked and not indicator.sensitive))
    return Figure(indicator, None if hide else top, None if hide else base, hide, opens, hide and gap)


def _released(campaign: Campaign, path: str) -> set[str]:
    return set(Release.objects.filter(campaign=campaign, path=path).values_list("indicator", flat=True))


def figures(actor: Actor, campaign: Campaign, unit: Unit, codes: Sequence[str] = ()) -> list[Figure]:
    """The indicators of a unit (all, or ``codes`` in that order). People's indicators exist from the school upwards."""
    policy.demand(actor, "figures.read", path=unit.path)
    parts = add_up(rollups(campaign, [unit.path]))
    whole = unit.kind in (Unit.Kind.BUREAU, Unit.Kind.SCHOOL)
    if whole:
        for school in school_parts(campaign, unit.path).values():
            parts.update(school)
    rows, masked = _rights(actor, unit.path)
    released = _released(campaign, unit.path)
    wanted = [BY_CODE[c] for c in codes] if codes else INDICATORS
    return [
        make_figure(i, parts, rows=rows, masked=masked, released=i.code in released)
        for i in wanted
        if whole or i.level == "class"
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """One school, grade or class beside others."""

    unit: Unit
    figures: dict[str, Figure]


def side_by_side(actor: Actor, campaign: Campaign, unit: Unit, codes: Sequence[str] = ()) -> list[Row]:
    """A bureau's schools, a school's classes, a grade's classes: one row each, never ranked.

    When a single cell of a column would be hidden, the next smallest is hidden too, or the total would give it away.
    """
    policy.demand(actor, "figures.read", path=unit.path)
    schools = unit.kind == Unit.Kind.BUREAU
    members = list(units.under(unit.path, Unit.Kind.SCHOOL if schools else Unit.Kind.KLASS))
    if schools:
        inside = set(campaign.schools.values_list("school_id", flat=True))
        members = [m for m in members if m.pk in inside]
    sums: dict[str, Counter] = {m.path: Counter(dict.fromkeys(CLASS_PARTS, 0)) for m in members}
    order = sorted(sums)
    for row in rollups(campaign, [unit.path]):
        home = row.path if row.path in sums else next((p for p in order if row.path.startswith(p)), None)
        if home:
            sums[home].update({part: row.counts.get(part, 0) for part in CLASS_PARTS})
    if schools:
        for path, parts in school_parts(campaign, unit.path).items():
            if path in sums:
                sums[path].update(parts)
    rows_open, masked = _rights(actor, unit.path)
    wanted = [BY_CODE[c] for c in codes] if codes else INDICATORS
    wanted = [i for i in wanted if schools or i.level == "class"]
    table = {
        m.path: {i.code: make_figure(i, sums[m.path], rows=rows_open, masked=masked) for i in wanted} for m in members
    }
    for indicator in wanted:
        _second_suppression([table[m.path] for m in members], indicator)
    return [Row(m, table[m.path]) for m in members]


def _second_suppression(rows: list[dict[str, Figure]], indicator: Indicator) -> None:
    hidden = [r for r in rows if r[indicator.code].hidden]
    if len(hidden) != 1:
        return
    shown = [r for r in rows if not r[indicator.code].hidden and r[indicator.code].numerator]
    if shown:
        least = min(shown, key=lambda r: r[indicator.code].numerator or 0)
        least[indicator.code] = Figure(indicator, None, None, True, least[indicator.code].rows)


def trend(actor: Actor, campaign: Campaign, unit: Unit) -> list[tuple[str, int, int]]:
    """``(Monday, 生次 in that week, 生次 so far)`` over the campaign."""
    policy.demand(actor, "figures.read", path=unit.path)
    weeks: Counter = Counter()
    for row in rollups(campaign, [unit.path]):
        weeks.update(row.counts.get("weeks", {}))
    out, total = [], 0
    for week in sorted(weeks):
        total += weeks[week]
        out.append((week, weeks[week], total))
    return out


def tier_participation(actor: Actor, campaign: Campaign, unit: Unit) -> list[tuple[str, object, int, int]]:
    """``(tier, its name, went out, all)`` in the order 书记校长、中层、班主任、其他教师."""
    policy.demand(actor, "figures.read", path=unit.path)
    went: Counter = Counter()
    everybody: Counter = Counter()
    with system_fence("participation by tier"):
        for _home, tier, out, _read in people(campaign, unit.path).values():
            everybody[tier] += 1
            went[tier] += out
    return [(code, TIER_LABELS[code], went[code], everybody[code]) for code, _members in TIERS]
