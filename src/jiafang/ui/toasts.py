"""A short word after an act, with ten seconds to take it back: for a page that follows, or for an htmx answer."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse


def tell(request: HttpRequest, text: str, *, undo: str = "", bad: bool = False) -> None:
    """Show ``text`` on the next page. ``undo`` is an address that takes the act back when it is POSTed."""
    level = messages.WARNING if bad else messages.SUCCESS
    messages.add_message(request, level, text, extra_tags=f"undo:{undo}" if undo else "")


def with_toast(response: HttpResponse, text: str, *, undo: str = "", bad: bool = False) -> HttpResponse:
    """The same on the page that stands, carried by an htmx answer."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": str(text), "undo": undo, "bad": bad}})
    return response
