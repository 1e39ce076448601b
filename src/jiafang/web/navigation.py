"""The side navigation of each role, as one table; an entry whose page the reader may not open is not shown."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiafang.access import policy
from jiafang.access.actors import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """A place: its words, icon (name in the sprite), address name and the verb that opens it (none: everybody)."""

    label: object
    icon: str
    url: str
    verb: str = ""


ENTRIES = (Entry(_("今日待办"), "home", "web:today"),)


def menu(actor: Actor, here: str) -> list[dict]:
    """The entries the actor may open: ``{"label", "icon", "href", "current"}``."""
    out = []
    for entry in ENTRIES:
        if entry.verb and not policy.can(actor, entry.verb):
            continue
        href = reverse(entry.url)
        out.append(
            {"label": entry.label, "icon": entry.icon, "href": href,
             "current": here == href or (href != "/" and here.startswith(href))}
        )  # fmt: skip
    return out
