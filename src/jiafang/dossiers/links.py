"""Addresses of pages in other rooms, empty while a room is not installed."""

from typing import Any

from django.urls import NoReverseMatch, reverse


def address(name: str, *args: Any) -> str:
    """The address of a page by its name, ``""`` when there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
