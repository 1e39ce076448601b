"""What the timetable's pages say of a state: before publishing a visit is 待公布, not 待安排."""

from datetime import date

from django import template
from django.utils.translation import gettext as _

from jiafang.planning.selectors import timetable
from jiafang.planning.selectors.wording import WEEKDAYS
from jiafang.ui.states import Chip, chip_of
from jiafang.visits.states import VisitState

register = template.Library()
register.filter("family", timetable.family)
register.filter("klass_names", timetable.klass_names)


@register.inclusion_tag("ui/chip.html")
def trip_chip(state: str) -> dict:
    """A chip with the word a teacher knows."""
    if state == VisitState.PLANNED:
        return {"chip": Chip(_("待公布"), "amber", "eye-off")}
    return {"chip": chip_of(VisitState(state) if state in VisitState.values else state)}


@register.filter
def weekday(number: int) -> str:
    """1 → 周一"""
    return _("周") + WEEKDAYS[number - 1]


@register.filter
def day(iso: str) -> date | None:
    """The day an ISO text means, for the date filter."""
    return date.fromisoformat(iso) if iso else None
