"""Figures by care category, protected like every small group."""

from collections import defaultdict
from dataclasses import dataclass

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.campaigns.models import Campaign, CareCategory
from jiafang.reports.indicators import THRESHOLD
from jiafang.reports.selectors.figures import rollups
from jiafang.units.models import Unit


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """One category as printed: children, those reached, 生次 that count. ``＜5`` where it must not be said."""

    name: str
    special: bool
    students: str
    reached: str
    visits: str
    percent: float | None


def category_figures(actor: Actor, campaign: Campaign, unit: Unit) -> list[CategoryFigures]:
    """Every category of the campaign. A child with two kinds stands in both, so they do not add up."""
    policy.demand(actor, "figures.read", path=unit.path)
    named = policy.can(actor, "figures.open_rows", path=unit.path)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rollups(campaign, [unit.path]):
        for code, cell in row.counts.get("categories", {}).items():
            sums[code] = [a + b for a, b in zip(sums[code], cell, strict=True)]
    out = []
    for category in CareCategory.objects.filter(campaign=campaign):
        students, reached, visits = sums[category.code]
        cells = [students, reached, students - reached]
        hide = not named and any(0 < n < THRESHOLD for n in cells)
        small = f"＜{THRESHOLD}"
        out.append(
            CategoryFigures(
                category.name,
                category.special,
                small if hide and students < THRESHOLD else f"{students:,}",
                small if hide else f"{reached:,}",
                small if hide or (not named and 0 < visits < THRESHOLD) else f"{visits:,}",
                None if hide or not students else 100 * reached / students,
            )
        )
    return out
