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
from jiafang.campaigns.services.plans import (
    approve_plan,
    edit_plan,
    edit_tasks,
    file_plan,
    receive_plan,
    return_plan,
    seal_plan,
    submit_plan,
)
from jiafang.campaigns.services.schools import set_quota, set_school_rules

__all__ = [
    "Line",
    "acknowledge_conduct",
    "add_schools",
    "approve_plan",
    "close_campaign",
    "create_from_campaign",
    "create_from_template",
    "design_form",
    "edit_campaign",
    "edit_plan",
    "edit_tasks",
    "file_plan",
    "open_campaign",
    "receive_plan",
    "return_plan",
    "seal_plan",
    "set_categories",
    "set_deliverables",
    "set_items",
    "set_quota",
    "set_school_rules",
    "submit_plan",
]
