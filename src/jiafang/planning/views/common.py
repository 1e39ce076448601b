"""What every page of a school's timetable shares: the school's campaign, crumbs and the row of pages."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from jiafang.planning.selectors import timetable
from jiafang.ui.parts import Crumb


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    icon: str
    href: str
    current: bool


_TABS = (
    ("overview", "layout-grid", lambda: _("概览"), ""),
    ("calendar", "calendar", lambda: _("日历"), ""),
    ("table", "list", lambda: _("清单"), ""),
    ("chart", "table", lambda: _("任务图"), ""),
    ("left", "help-circle", lambda: _("没排上的"), "timetable.run"),
    ("prepare", "adjustments", lambda: _("准备"), "timetable.prepare"),
    ("outlook", "bulb", lambda: _("如果……"), "timetable.run"),
)


def page(
    request: HttpRequest, row: Any, template: str, context: dict, *, here: str = "", crumb: str = ""
) -> HttpResponse:
    """Render a page under the school's tabs; ``crumb`` names a page below one of them."""
    may = {
        verb.rpartition(".")[2]: timetable.may(request.actor, verb, row)
        for verb in ("timetable.run", "timetable.prepare", "timetable.publish", "timetable.absence")
    }
    tabs = [
        Tab(label(), icon, reverse(f"planning:{name}", args=[row.pk]), name == here)
        for name, icon, label, verb in _TABS
        if not verb or timetable.may(request.actor, verb, row)
    ]
    home = reverse("planning:overview", args=[row.pk])
    crumbs = [Crumb(_("家访安排"), home if here != "overview" or crumb else "")]
    if crumb:
        crumbs.append(Crumb(crumb))
    elif here != "overview":
        crumbs += [Crumb(tab.label) for tab in tabs if tab.current]
    status = context.pop("status", 200)
    base = {"row": row, "school": row.school, "campaign": row.campaign, "tabs": tabs, "may": may, "crumbs": crumbs}
    return render(request, f"planning/{template}", base | context, status=status)
