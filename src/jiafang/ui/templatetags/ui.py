"""Template tags of the components; each renders one partial of ``templates/ui/``. See docs/frontend.md."""

import json
from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString

from jiafang.ui.states import chip_of

register = template.Library()


class Remember(template.Node):
    """Renders its content once and keeps it, so that a title can stand in the head and on the page."""

    def __init__(self, name: str, nodelist: template.NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context) -> str:
        context[self.name] = SafeString(self.nodelist.render(context).strip())
        return ""


@register.tag
def remember(parser, token):
    """``{% remember heading %}…{% endremember %}``"""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return Remember(name, nodelist)


@register.simple_tag
def icon(name: str, label: str = "") -> str:
    """An icon of the sprite; decoration unless it carries a ``label``."""
    href = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.inclusion_tag("ui/chip.html")
def chip(state: Any, label: Any = "") -> dict:
    """A state as one word, one colour, one icon: ``{% chip visit %}`` or ``{% chip "late" %}``."""
    return {"chip": chip_of(state, label)}


@register.inclusion_tag("ui/page_title.html")
def page_title(
    title: Any,
    where: Any = "",
    state: Any = None,
    action_url: str = "",
    action_label: Any = "",
    action_icon: str = "plus",
) -> dict:
    """A title line of its own, for a page inside a page; ``web/base.html`` draws the page's from its blocks."""
    return {
        "title": title,
        "where": where,
        "state": state,
        "action_url": action_url,
        "action_label": action_label,
        "action_icon": action_icon,
    }


@register.inclusion_tag("ui/figures.html")
def figures(items: list) -> dict:
    """A strip of three to five ``Figure`` s, each the way to its rows."""
    return {"figures": items}


@register.inclusion_tag("ui/crumbs.html")
def crumbs(items: list) -> dict:
    """The way down the unit tree: ``Crumb`` s."""
    return {"crumbs": items}


@register.inclusion_tag("ui/empty.html")
def empty(icon: str, title: Any, text: Any = "", action_url: str = "", action_label: Any = "") -> dict:
    """What this page is for and the next step, where there is nothing yet."""
    return {"icon": icon, "title": title, "text": text, "action_url": action_url, "action_label": action_label}


@register.inclusion_tag("ui/progress.html", takes_context=True)
def progress(context, work) -> dict:
    """Long work with counts and a way to stop it, asked again until it is finished. ``work`` is a ``Progress``."""
    return {"work": work, "csrf_token": context.get("csrf_token")}


_CONTROLS = (
    ((forms.CheckboxSelectMultiple, forms.RadioSelect), "choices"),
    ((forms.CheckboxInput,), "form-check-input"),
    ((forms.Select,), "form-select"),
)


@register.inclusion_tag("ui/field.html")
def field(bound: forms.BoundField, *, help: bool = True, **attrs: Any) -> dict:
    """A form field: label above, help under it, errors beside it. Extra words become attributes of the control."""
    widget = bound.field.widget
    css = next((css for kinds, css in _CONTROLS if isinstance(widget, kinds)), "form-control")
    attrs = {name.replace("_", "-"): value for name, value in attrs.items()}
    attrs["class"] = " ".join(filter(None, [css, widget.attrs.get("class"), "is-invalid" if bound.errors else ""]))
    return {
        "field": bound,
        "help": bound.help_text if help else "",
        "control": bound.as_widget(attrs=attrs),
        "group": isinstance(widget, (forms.CheckboxSelectMultiple, forms.RadioSelect)),
        "check": isinstance(widget, forms.CheckboxInput),
    }


@register.inclusion_tag("ui/errors.html")
def errors(form: forms.BaseForm) -> dict:
    """All errors of a form summed on top, each the way to its field."""
    return {"form": form, "fields": [f for f in form if f.errors]}


@register.inclusion_tag("ui/pagination.html")
def pagination(listing) -> dict:
    """Pages, page size and count of a ``Listing``."""
    return {"listing": listing}


@register.simple_tag
def cell(column, row) -> str:
    """One cell of a list; with nothing around it, so that an empty one can be left out on a card."""
    return SafeString(render_to_string("ui/cell.html", column.shown(row)).strip())


@register.inclusion_tag("ui/chart.html")
def chart(spec: dict) -> dict:
    """A chart with its table beneath; the vocabulary of ``spec`` stands in docs/frontend.md."""
    columns = [s["name"] for s in spec.get("series", ())]
    rows = [
        (name, [s["values"][n] for s in spec["series"]], (spec.get("hrefs") or {}).get(str(n), ""))
        for n, name in enumerate(spec.get("names", ()))
    ]
    return {
        "spec": spec,
        "data": json_script(spec),
        "columns": columns,
        "rows": rows,
        "library": static("vendor/echarts/echarts.min.js"),
    }


@register.inclusion_tag("ui/map.html")
def map_view(spec: dict) -> dict:
    """Places and ways on a plain ground; the list of the places stands beneath."""
    return {"spec": spec, "data": json_script(spec), "library": static("vendor/leaflet/leaflet.js")}


@register.filter
def as_json(value: Any) -> str:
    """For an attribute that a component reads."""
    return json.dumps(value, ensure_ascii=False)
