"""Verbs on campaigns, schools in them, plans and the conduct code."""

from jiafang.campaigns.services.campaigns import (
    add_schools,
    close_campaign,
    create_from_campaign,
    create_from_template,
    design_form,
    edit_campaign,
    open_campaign,
)
from jiafang.campaigns.services.conduct import acknowledge_conduct
from jiafang.campaigns.services.contents import Line, set_categories, set_deliverables, set_items
from jiafang.campaigns.services.schools import set_quota, set_school_rules

__all__ = [
    "Line",
    "acknowledge_conduct",
    "add_schools",
    "close_campaign",
    "create_from_campaign",
    "create_from_template",
    "design_form",
    "edit_campaign",
    "open_campaign",
    "set_categories",
    "set_deliverables",
    "set_items",
    "set_quota",
    "set_school_rules",
]
