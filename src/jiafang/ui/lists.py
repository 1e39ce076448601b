"""Lists declared once: filters from the address, sortable columns, pages, bulk actions and export of what is shown.

    VISITS = ListPage(
        columns=[Column("family", _("家庭"), sort="household__pk", href=lambda v: v.href), …],
        filters=[Search("name__contains"), Choice("state", _("状态"), VisitState.choices)],
        order="-starts_at",
    )
    return VISITS.answer(request, selectors.visits(request.actor), {"crumbs": …})

A list asks the database at most three times: count, page, and what the rows' own ``select_related`` leaves open.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from datetime import time as clock_time
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from jiafang.lib import clock

Rows = QuerySet | Sequence[Any]
SIZES = (25, 50, 100)
FILTERS_SHOWN = 5
EXPORT_LIMIT = 20_000


def look_up(row: Any, dotted: str) -> Any:
    """``row.a.b`` through attributes, keys and calls without arguments; ``None`` where the way ends."""
    for name in dotted.replace("__", ".").split("."):
        row = row.get(name) if isinstance(row, dict) else getattr(row, name, None)
        if callable(row):
            row = row()
        if row is None:
            return None
    return row


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``value`` gives what is shown (default: the dotted ``key``), ``export`` what goes into Excel.

    ``sort`` is an ORM lookup, or a key function for rows in memory. ``kind``: "" text, "num" figures to the right,
    "chip" a state. ``template`` renders a cell of its own, given ``row`` and ``value``. ``phone`` says where it stands
    on a card: "title", "side" (top right), "hide", else a line with its label.
    """

    key: str
    label: Any
    value: Callable[[Any], Any] | None = None
    sort: str | Callable[[Any], Any] = ""
    href: Callable[[Any], str] | None = None
    kind: str = ""
    template: str = ""
    phone: str = ""
    export: Callable[[Any], Any] | None = None

    def of(self, row: Any) -> Any:
        return self.value(row) if self.value else look_up(row, self.key)

    def shown(self, row: Any) -> dict:
        """Context of the cell's partial."""
        href = self.href(row) if self.href else ""
        return {"row": row, "value": self.of(row), "href": href, "kind": self.kind, "template": self.template}

    def exported(self, row: Any) -> Any:
        if self.export:
            return self.export(row)
        display = getattr(row, f"get_{self.key}_display", None)
        return display() if display else self.of(row)


@dataclass(slots=True)
class Choice:
    """One of a few: ``choices`` are pairs, or a function of the request that gives them.

    Filters by ``lookup`` (default: the key), or by ``apply(rows, value)``. A value not on offer is ignored.
    """

    key: str
    label: Any
    choices: Any
    lookup: str = ""
    apply: Callable[[Rows, str], Rows] | None = None
    template = "ui/filter_choice.html"

    def read(self, request: HttpRequest) -> dict:
        offered = self.choices(request) if callable(self.choices) else self.choices
        offered = [(str(value), label) for value, label in offered]
        given = request.GET.get(self.key, "")
        return {"options": offered, "value": given if given in dict(offered) else ""}

    def narrow(self, rows: Rows, state: dict) -> Rows:
        value = state["value"]
        if not value:
            return rows
        if self.apply:
            return self.apply(rows, value)
        lookup = self.lookup or self.key
        if isinstance(rows, QuerySet):
            return rows.filter(**{lookup: value})
        return [row for row in rows if str(look_up(row, lookup)) == value]


@dataclass(slots=True)
class Search:
    """Words in any of ``lookups`` (with operator, e.g. ``student__name__contains``), or by ``apply(rows, words)``."""

    lookups: Any = ()
    key: str = "q"
    label: Any = field(default_factory=lambda: _("查找"))
    apply: Callable[[Rows, str], Rows] | None = None
    template = "ui/filter_search.html"

    def read(self, request: HttpRequest) -> dict:
        return {"value": request.GET.get(self.key, "").strip()[:60]}

    def narrow(self, rows: Rows, state: dict) -> Rows:
        words = state["value"]
        if not words:
            return rows
        if self.apply:
            return self.apply(rows, words)
        lookups = (self.lookups,) if isinstance(self.lookups, str) else self.lookups
        if isinstance(rows, QuerySet):
            q = Q()
            for lookup in lookups:
                q |= Q(**{lookup: words})
            return rows.filter(q)
        return [row for row in rows if any(words in str(look_up(row, lookup) or "") for lookup in lookups)]


@dataclass(slots=True)
class DateRange:
    """From one day to another, both in. ``moments`` when the column holds a time of day too."""

    key: str
    label: Any
    lookup: str = ""
    moments: bool = False
    template = "ui/filter_dates.html"

    def read(self, request: HttpRequest) -> dict:
        def day(name: str) -> date | None:
            try:
                return date.fromisoformat(request.GET.get(name, ""))
            except ValueError:
                return None

        begins, ends = day(f"{self.key}_from"), day(f"{self.key}_to")
        return {"begins": begins, "ends": ends, "value": begins or ends}

    def narrow(self, rows: Rows, state: dict) -> Rows:
        if not state["value"]:
            return rows
        begins, ends, lookup = state["begins"], state["ends"], self.lookup or self.key
        after = ends + timedelta(days=1) if ends else None
        if self.moments:
            begins = clock.at(begins, clock_time()) if begins else None
            after = clock.at(after, clock_time()) if after else None
        if isinstance(rows, QuerySet):
            rows = rows.filter(**{f"{lookup}__gte": begins}) if begins else rows
            return rows.filter(**{f"{lookup}__lt": after}) if after else rows
        kept = ((row, look_up(row, lookup)) for row in rows)
        return [row for row, at in kept if at and (not begins or at >= begins) and (not after or at < after)]


@dataclass(frozen=True, slots=True)
class Bulk:
    """Something done to the chosen rows: their ids are POSTed to ``url`` as ``ids``. ``confirm`` asks first."""

    label: Any
    url: str
    icon: str = "check"
    confirm: Any = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says: what it is for and the next step."""

    icon: str = "list"
    title: Any = field(default_factory=lambda: _("这里还没有内容"))
    text: Any = ""
    action_url: str = ""
    action_label: Any = ""


@dataclass(slots=True)
class Heading:
    """A column's head as shown: where a click on it leads and how the list is sorted by it now."""

    column: Column
    href: str = ""
    sorted: str = ""  # "", "ascending", "descending"


@dataclass(slots=True)
class Line:
    """A row with its address and its id for bulk actions."""

    row: Any
    href: str
    id: Any


@dataclass(slots=True)
class Listing:
    """A list as a template shows it."""

    declared: "ListPage"
    headings: list[Heading]
    filters: list[tuple[Any, dict]]
    page: Page
    lines: list[Line]
    count: int
    narrowed: bool
    query: str
    sizes: list[dict]
    previous_href: str
    next_href: str
    export_href: str
    bulk: Sequence[Bulk]
    sorts: list[dict]

    @property
    def extra_filters(self) -> range:
        """Filters beyond the first few wait behind a button, unless one of them is at work."""
        beyond = range(FILTERS_SHOWN, len(self.filters))
        return range(0) if any(self.filters[n][1]["value"] for n in beyond) else beyond

    @property
    def columns(self) -> Sequence[Column]:
        return self.declared.columns


@dataclass(slots=True)
class ListPage:
    """The declaration. ``row_href`` opens a row; ``export(request, headers, rows)`` answers with the workbook."""

    columns: Sequence[Column]
    filters: Sequence[Choice | Search | DateRange] = ()
    order: str = ""
    row_href: Callable[[Any], str] | None = None
    row_id: str = "pk"
    bulk: Sequence[Bulk] = ()
    export: Callable[[HttpRequest, list[str], Iterable[list]], HttpResponse] | None = None
    empty: Empty = field(default_factory=Empty)
    size: int = SIZES[0]

    def answer(
        self,
        request: HttpRequest,
        rows: Rows,
        context: dict | None = None,
        *,
        template: str = "web/list.html",
        bulk: Sequence[Bulk] | None = None,
        empty: Empty | None = None,
    ) -> HttpResponse:
        """The page, or the workbook when ``?export=1`` asks for it and the list offers one."""
        if self.export and request.GET.get("export"):
            return self._export(request, rows)
        listing = self.listing(request, rows, bulk=bulk)
        return render(request, template, {"listing": listing, "empty": empty or self.empty} | (context or {}))

    def listing(self, request: HttpRequest, rows: Rows, *, bulk: Sequence[Bulk] | None = None) -> Listing:
        """The part of the rows the address asks for, ready to show."""
        states = [(f, f.read(request)) for f in self.filters]
        rows, key = self._sorted(request, self._narrowed(rows, states))
        size = self._size(request)
        page = Paginator(rows, size).get_page(request.GET.get("page"))
        lines = [
            Line(row, self.row_href(row) if self.row_href else "", look_up(row, self.row_id))
            for row in page.object_list
        ]

        def href(**changes: Any) -> str:
            kept = {k: v for k, v in request.GET.items() if v and k not in {"page", "export", *changes}}
            return "?" + urlencode(kept | {k: v for k, v in changes.items() if v})

        return Listing(
            declared=self,
            headings=[self._heading(column, key, href) for column in self.columns],
            filters=[(f, state | {"id": f"filter-{f.key}"}) for f, state in states],
            page=page,
            lines=lines,
            count=page.paginator.count,
            narrowed=any(state["value"] for _f, state in states),
            query=urlencode({k: v for k, v in request.GET.items() if v and k not in {"page", "export"}}),
            sizes=[{"n": n, "href": href(size=n), "current": n == size} for n in SIZES],
            previous_href=href(page=page.previous_page_number()) if page.has_previous() else "",
            next_href=href(page=page.next_page_number()) if page.has_next() else "",
            export_href=href(export=1) if self.export else "",
            bulk=self.bulk if bulk is None else bulk,
            sorts=self._sorts(key),
        )

    @staticmethod
    def _narrowed(rows: Rows, states: list) -> Rows:
        for one, state in states:
            rows = one.narrow(rows, state)
        return rows

    def _size(self, request: HttpRequest) -> int:
        asked = request.GET.get("size", "")
        return int(asked) if asked in {str(n) for n in SIZES} else self.size

    def _sorted(self, request: HttpRequest, rows: Rows) -> tuple[Rows, str]:
        """The rows in the order asked for, and that order's key; equal rows keep a fixed order by pk."""
        key = request.GET.get("sort", "") or self.order
        column = next((c for c in self.columns if c.sort and c.key == key.lstrip("-")), None)
        down = key.startswith("-")
        if isinstance(rows, QuerySet):
            if column and isinstance(column.sort, str):
                rows = rows.order_by(f"{'-' if down else ''}{column.sort}", "pk")
            elif not rows.ordered:
                rows = rows.order_by("pk")
            return rows, key if column else ""
        if column is None:
            return rows, ""

        def value(row: Any) -> Any:
            return column.sort(row) if callable(column.sort) else look_up(row, column.sort)

        known = [row for row in rows if value(row) is not None]
        unknown = [row for row in rows if value(row) is None]
        return sorted(known, key=value, reverse=down) + unknown, key

    def _sorts(self, key: str) -> list[dict]:
        """The orders a phone chooses from, where there are no heads to click on; the first stands for the given order."""
        known = [] if key else [{"key": "", "label": _("原来的顺序"), "down": False, "current": True}]
        for column in self.columns:
            for sign in ("", "-") if column.sort else ():
                one = f"{sign}{column.key}"
                known.append({"key": one, "label": column.label, "down": bool(sign), "current": one == key})
        return known if len(known) > 1 else []

    @staticmethod
    def _heading(column: Column, key: str, href: Callable[..., str]) -> Heading:
        if not column.sort:
            return Heading(column)
        mine = key.lstrip("-") == column.key
        down = mine and not key.startswith("-")
        state = ("ascending" if down else "descending") if mine else ""
        return Heading(column, href(sort=f"-{column.key}" if down else column.key), state)

    def _export(self, request: HttpRequest, rows: Rows) -> HttpResponse:
        states = [(f, f.read(request)) for f in self.filters]
        rows, _key = self._sorted(request, self._narrowed(rows, states))
        headers = [str(c.label) for c in self.columns]
        return self.export(request, headers, ([c.exported(row) for c in self.columns] for row in rows[:EXPORT_LIMIT]))
