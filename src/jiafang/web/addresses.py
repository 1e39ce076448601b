"""Addresses of pages in other rooms, tolerant of rooms that are not installed."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: Any, query: str = "") -> str:
    """The address of a page with a query perhaps, or "" when its room has no such page."""
    try:
        found = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{found}?{query}" if query else found
