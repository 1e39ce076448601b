"""The planner's sentences as a teacher reads them: names for ids, days for slots, no figures of the planner's own."""

import re
from collections.abc import Callable, Container, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiafang.planning.selectors.problem import Built
from jiafang.planning.selectors.slots import Slot

_COST = re.compile(r"（代价[^）]*）| \(cost [^)]*\)")
_UUID = re.compile(r"[“\"]?\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b[”\"]?")
_SLOT = re.compile(r"\b(\d+-\d{6}-\d{4})\b")
_GAP = re.compile(r"(?<=[\u4e00-\u9fff）]) (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) (?=\d+月)")
WEEKDAYS = "一二三四五六日"


def day_words(slot: Slot) -> str:
    """3月12日（周四）17:30"""
    return f"{slot.day.month}月{slot.day.day}日（周{WEEKDAYS[slot.weekday - 1]}）{slot.starts:%H:%M}"


def said(item: Mapping[str, Any]) -> str:
    """A reason, help or broken rule of the planner in the reader's language; plans of old may lack the English."""
    english = get_language() and not get_language().startswith("zh")
    return (item.get("english") if english else "") or item.get("text", "")


def sentence(text: str, staff: Mapping[str, str], slot: Callable[[str], str], visits: Container[str]) -> str:
    """Put names of ``staff``, days of slots and “another visit” in the place of ids."""

    def person(match: re.Match) -> str:
        if match[1] in staff:
            return _("%s老师") % staff[match[1]]
        return _("前一次家访") if match[1] in visits else _("另一次家访")

    text = _UUID.sub(person, _COST.sub("", text))
    return _GAP.sub("", _SLOT.sub(lambda match: slot(match[1]) or _("另一个时段"), text))


def namer(built: Built) -> Callable[[str], str]:
    """A function that puts names and days into a sentence about a problem just built."""
    names = {str(pk): name for pk, name in built.facts.names.items()}

    def slot(name: str) -> str:
        found = built.slots.get(name)
        return day_words(found) if found else ""

    return lambda text: sentence(text, names, slot, built.wanted)


def people_in(text: str, built: Built) -> str:
    """Names of the teachers whose ids stand in a sentence."""
    names = {str(pk): name for pk, name in built.facts.names.items()}
    return "、".join(dict.fromkeys(names[pk] for pk in _UUID.findall(text) if pk in names))
