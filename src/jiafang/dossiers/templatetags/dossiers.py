"""One tag: where a child under care stands with the visits the rules ask for."""

from django import template
from django.utils.translation import gettext_lazy as _

from jiafang.dossiers import selectors
from jiafang.ui.states import Chip

register = template.Library()

STATUSES = {
    selectors.MISSING: Chip(_("还要安排"), "amber", "calendar-plus"),
    selectors.PLANNED: Chip(_("已安排"), "blue", "calendar-event"),
    selectors.REACHED: Chip(_("已达到"), "green", "check"),
    selectors.NO_RULE: Chip(_("没有次数要求"), "grey", "minus"),
}


@register.inclusion_tag("ui/chip.html")
def status_chip(status: str) -> dict:
    """The chip of a ledger row's status."""
    return {"chip": STATUSES[status]}
