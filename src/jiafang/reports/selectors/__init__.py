"""Figures of a unit in a campaign, the rows behind them, and whether the rollups still say what the rows say."""

from jiafang.reports.selectors.categories import category_figures
from jiafang.reports.selectors.evidence import evidence
from jiafang.reports.selectors.faults import rollup_faults
from jiafang.reports.selectors.figures import Figure, figures, side_by_side, tier_participation, trend
from jiafang.reports.selectors.late import late_by_school, late_count, late_rows
from jiafang.reports.selectors.places import (
    Place,
    bureau_place,
    first_place,
    may_release,
    newest_campaign,
    place,
    releases,
)
from jiafang.reports.selectors.progress import progress

# Columns of the table side by side on the page; the workbook has all indicators.
COLUMNS = (
    "coverage", "pupil_visits", "online", "on_site", "special_reached", "special_second", "records_complete",
    "records_on_time", "participation",
)  # fmt: skip

__all__ = [
    "COLUMNS", "Figure", "Place", "bureau_place", "category_figures", "evidence", "figures", "first_place", "late_by_school",
    "late_count", "late_rows", "may_release", "newest_campaign", "place", "progress", "releases", "rollup_faults", "side_by_side",
    "tier_participation", "trend",
]  # fmt: skip
