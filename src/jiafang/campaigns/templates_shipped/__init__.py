"""The two campaign templates that ship, as data: each says what its document says; what is open stays empty.

``asks`` names what the document leaves open and a bureau must settle; ``suggestions`` are what single schools or the
other document do, offered as such and never applied by themselves.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jiafang.lib.errors import not_found

FOLDER = Path(__file__).parent
CODES = ("b", "c")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``target`` is "campaign" or "school"; ``source`` says whose habit it is."""

    target: str
    field: str
    value: Any
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class CampaignTemplate:
    """``campaign`` holds the columns of ``Campaign``, ``items`` maps a kind to ``[(text, forbids)]``, ``form`` is the
    code of a shipped record form or "" when the document gives none."""

    code: str
    name: str
    source: str
    about: str
    campaign: dict[str, Any]
    items: dict[str, list[tuple[str, bool]]]
    categories: list[dict[str, Any]]
    deliverables: list[dict[str, Any]]
    form: str
    asks: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]


@cache
def load(code: str) -> CampaignTemplate:
    """The template of that code, else ``not_found``. Dates are the document's own; shared between callers, so copy."""
    if code not in CODES:
        raise not_found()
    data = json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    return CampaignTemplate(
        code=data["code"],
        name=data["name"],
        source=data["source"],
        about=data["about"],
        campaign=data["campaign"] | {side: _day(data["campaign"][side]) for side in ("begins", "ends")},
        items={
            kind: [(row["text"], row.get("forbids", False)) for row in rows] for kind, rows in data["items"].items()
        },
        categories=data["categories"],
        deliverables=[row | {"due": _day(row["due"])} for row in data["deliverables"]],
        form=data["form"] or "",
        asks=tuple(data["asks"]),
        suggestions=tuple(
            Suggestion(row["for"], row["field"], row["value"], row["text"], row["source"])
            for row in data["suggestions"]
        ),
    )


def every() -> list[CampaignTemplate]:
    return [load(code) for code in CODES]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
