"""One tag: a row's figure by its code."""

from django import template

register = template.Library()


@register.simple_tag
def figure_of(row, code: str):
    """``row.figures[code]``, or ``None`` where the unit has no such figure."""
    return row.figures.get(code)
