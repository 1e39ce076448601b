"""The side navigation of each role, as one table; an entry whose page the reader may not open is not shown."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.roles import BUREAU, LEADERS, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """A place: its words, icon (name in the sprite), address name and the verb that opens it (none: everybody)."""

    label: Any
    icon: str
    url: str
    verb: str = ""


TODAY = Entry(_("今日待办"), "home", "web:today")
VISITS = Entry(_("家访"), "route", "visits:list", "visit.read")
OUTINGS = Entry(_("家访"), "route", "visits:list")  # those who go along, whose right is the visit itself
CAMPAIGNS = Entry(_("活动"), "flag", "campaigns:list", "campaign.read")
CONDUCT = Entry(_("守则与培训"), "shield-check", "campaigns:conduct", "conduct.acknowledge")
CARE = Entry(_("关爱帮扶"), "heart-handshake", "dossiers:care", "care.read")

# Each role's places in the order of its week; a person with two posts gets both, each place once.
MENUS: tuple[tuple[frozenset[str], tuple[Entry, ...]], ...] = (
    (
        frozenset({Role.CLASS_TEACHER}),
        (
            TODAY,
            VISITS,
            Entry(_("我的班级"), "users", "dossiers:classes", "student.list"),
            Entry(_("家访安排"), "calendar-week", "planning:school", "timetable.read"),
            Entry(_("告知书与守则"), "file-text", "campaigns:conduct", "conduct.acknowledge"),
            CARE,
            Entry(_("本班统计"), "chart-bar", "reports:dashboard", "figures.read"),
        ),
    ),
    (
        LEADERS | {Role.GRADE_HEAD},
        (
            TODAY,
            CAMPAIGNS,
            Entry(_("家访安排"), "calendar-week", "planning:school", "timetable.read"),
            VISITS,
            Entry(_("班级与学生"), "users", "dossiers:classes", "student.list"),
            CARE,
            Entry(_("统计"), "chart-bar", "reports:dashboard", "figures.read"),
            Entry(_("学生与家长名册"), "file-import", "roster:imports", "roster.import"),
            Entry(_("学校设置"), "settings", "units:school", "unit.manage"),
        ),
    ),
    (
        frozenset({Role.COUNSELLOR, Role.GUIDE}),
        (
            TODAY,
            Entry(_("重点关爱台账"), "heart-handshake", "dossiers:care", "care.read"),
            OUTINGS,
            CONDUCT,
        ),
    ),
    (frozenset({Role.SUBJECT_TEACHER}), (TODAY, OUTINGS, CONDUCT)),
    (
        BUREAU,
        (
            TODAY,
            CAMPAIGNS,
            Entry(_("学校进度"), "school", "reports:schools", "campaign.read_progress"),
            Entry(_("报送"), "send", "campaigns:deliverables", "plan.receive"),
            Entry(_("统计与简报"), "chart-bar", "reports:dashboard", "figures.read"),
            Entry(_("学生与家长名册"), "file-import", "roster:imports", "roster.import"),
            Entry(_("系统管理"), "settings", "units:school", "unit.manage"),
        ),
    ),
)


def entries(actor: Actor) -> list[Entry]:
    """The places of the actor's roles, each address once."""
    found: dict[str, Entry] = {}
    for roles, places in MENUS:
        if actor.roles & roles:
            for place in places:
                found.setdefault(place.url, place)
    return list(found.values()) or [TODAY]


def menu(actor: Actor, here: str) -> list[dict]:
    """The entries the actor may open: ``{"label", "icon", "href", "current"}``; the deepest match is current."""
    out = []
    for entry in entries(actor):
        if entry.verb and not policy.can(actor, entry.verb):
            continue
        try:
            href = reverse(entry.url)
        except NoReverseMatch:  # a room that is not installed has no place
            continue
        out.append({"label": entry.label, "icon": entry.icon, "href": href, "current": False})
    fitting = [e for e in out if here == e["href"] or (e["href"] != "/" and here.startswith(e["href"]))]
    if fitting:
        max(fitting, key=lambda e: len(e["href"]))["current"] = True
    return out
