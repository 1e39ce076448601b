"""Figures of a unit in a campaign, the rows behind them, and whether the rollups still say what the rows say."""

from jiafang.reports.selectors.faults import rollup_faults
from jiafang.reports.selectors.figures import Figure, figures, side_by_side, tier_participation, trend

__all__ = ["Figure", "figures", "rollup_faults", "side_by_side", "tier_participation", "trend"]
