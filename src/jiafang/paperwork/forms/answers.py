"""Answers to a record form: checked on the server, digested, shown, and carried over to another version."""

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from jiafang.lib.errors import Problem

from .schema import AUTO_SOURCES, DEFAULT_LENGTH, TEXT_KINDS, Field, FormSchema

SHANGHAI = ZoneInfo("Asia/Shanghai")

# Control characters break Word's XML; bidirectional marks can make a name read as another one.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]"
)
_MISSING = object()


@dataclass(frozen=True, slots=True)
class VisitHeader:
    """What the visit itself says, ready to print; an empty string where it says nothing.

    `companion` may hold several names joined by “、”; `visit_mode` of a family that declined is “未上门（原因）”.
    """

    school: str = ""
    teacher: str = ""
    klass: str = ""
    student: str = ""
    guardian: str = ""
    companion: str = ""
    visit_time: str = ""
    visit_mode: str = ""


assert tuple(item.name for item in fields(VisitHeader)) == AUTO_SOURCES


def clean_text(value: str) -> str:
    """The text as it is kept: NFC, one kind of line end, without invisible characters or blank ends."""
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    value = _UNPRINTABLE.sub("", value)
    return unicodedata.normalize("NFC", value).strip(" \n\t\u3000")


def validate_answers(schema: FormSchema, answers: Any, *, final: bool) -> dict[str, Any]:
    """The answers as they are kept: in the form's order, without empty ones.

    A draft (`final=False`) may be incomplete and its text too long, so that nothing typed is lost; but it must be
    of the right kind. Raises `Problem("invalid")` with a sentence for every field at fault. Unknown keys and
    answers to fields that the visit itself fills in are refused.
    """
    if not isinstance(answers, Mapping):
        raise Problem("invalid", _("记录的内容读不出来。"))
    faults: dict[str, list[str]] = {}
    asked = {item.key: item for item in schema.asked}
    for key in answers:
        if key not in asked:
            known = isinstance(key, str) and schema.field(key)
            faults[str(key)[:60]] = [_("这一栏由系统填写，不用再填。") if known else _("表格里没有这一栏。")]
    cleaned: dict[str, Any] = {}
    for key, item in asked.items():
        try:
            value = _clean(item, answers.get(key, _MISSING), final)
        except ValueError as fault:
            faults[key] = [str(fault)]
            continue
        if value not in ("", [], None):
            cleaned[key] = value
        elif final and item.required and item.kind != "auto":
            faults[key] = [_("“%(label)s”还没有填。") % {"label": item.label}]
    if faults:
        raise Problem("invalid", _("有 %(count)d 栏要改。") % {"count": len(faults)}, fields=faults)
    return cleaned


def _clean(item: Field, value: Any, final: bool) -> Any:
    """One answer; raises ValueError with the sentence to show."""
    if value is _MISSING or value is None:
        return None
    if item.kind in (*TEXT_KINDS, "auto"):
        return _clean_words(item, value, final)
    if item.kind == "multi_choice":
        return _clean_choices(item, value)
    if item.kind == "number":
        return _clean_number(item, value)
    if not isinstance(value, str):
        raise ValueError(_("“%(label)s”填写的内容不对。") % {"label": item.label})
    value = value.strip()
    if item.kind == "choice":
        if value and value not in {option.code for option in item.options}:
            raise ValueError(_("请在“%(label)s”的选项里选一个。") % {"label": item.label})
        return value
    return _clean_time(item, value)


def _clean_words(item: Field, value: Any, final: bool) -> str:
    if not isinstance(value, str):
        raise ValueError(_("“%(label)s”要填文字。") % {"label": item.label})
    text = clean_text(value)
    if item.kind != "long_text":
        text = re.sub(r"\s*\n\s*", " ", text)
    longest = item.max_length or DEFAULT_LENGTH[item.kind]
    # A draft keeps an overlong text (up to ten times the limit): the writer shortens it before submitting.
    if len(text) > (longest if final else longest * 10):
        raise ValueError(
            _("“%(label)s”最多 %(most)d 个字，现在有 %(now)d 个字。")
            % {"label": item.label, "most": longest, "now": len(text)}
        )
    return text


def _clean_choices(item: Field, value: Any) -> list[str]:
    codes = [option.code for option in item.options]
    if not isinstance(value, (list, tuple)) or any(code not in codes for code in value):
        raise ValueError(_("请在“%(label)s”的选项里选。") % {"label": item.label})
    return [code for code in codes if code in value]


def _clean_number(item: Field, value: Any) -> int | float | None:
    try:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip()
            if not value:
                return None
            if len(value) > 20:
                raise ValueError
            value = float(value)
        if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > 1e12:
            raise ValueError
    except ValueError:
        raise ValueError(_("“%(label)s”要填数字。") % {"label": item.label}) from None
    value = int(value) if value == int(value) else value
    if item.minimum is not None and value < item.minimum:
        raise ValueError(_("“%(label)s”不能小于 %(least)g。") % {"label": item.label, "least": item.minimum})
    if item.maximum is not None and value > item.maximum:
        raise ValueError(_("“%(label)s”不能大于 %(most)g。") % {"label": item.label, "most": item.maximum})
    return value


def _clean_time(item: Field, value: str) -> str:
    """Local time of Shanghai, to the minute, as `YYYY-MM-DDTHH:MM`."""
    if not value:
        return ""
    try:
        when = datetime.fromisoformat(value)
        if when.tzinfo is not None:
            when = when.astimezone(SHANGHAI).replace(tzinfo=None)
        if not 1900 <= when.year <= 2199:
            raise ValueError
    except (ValueError, OverflowError):
        raise ValueError(_("“%(label)s”要填日期和时间。") % {"label": item.label}) from None
    return when.isoformat(timespec="minutes")


def answers_digest(answers: Mapping[str, Any]) -> str:
    """The SHA-256 (64 hex digits) of the answers in canonical JSON; empty answers and key order make no difference."""
    kept = {key: value for key, value in answers.items() if value not in ("", [], None)}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def chinese_time(value: datetime | str) -> str:
    """A moment as a form shows it, “2021年4月3日 19:05”; takes an aware or local datetime or its ISO text."""
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    if when.tzinfo is not None:
        when = when.astimezone(SHANGHAI)
    return f"{when.year}年{when.month}月{when.day}日 {when:%H:%M}"


def shown_value(item: Field, answers: Mapping[str, Any], header: VisitHeader) -> str:
    """The answer as text for paper, Excel and screen; what the visit says where a person wrote nothing."""
    value = answers.get(item.key) if item.asked else None
    if value in ("", [], None):
        return clean_text(getattr(header, item.auto)) if item.auto else ""
    labels = {option.code: option.label for option in item.options}
    if item.kind == "choice":
        return labels.get(value, value)
    if item.kind == "multi_choice":
        return "、".join(labels.get(code, code) for code in value)
    if item.kind == "date_time":
        return chinese_time(value)
    if item.kind == "number":
        return f"{value:.12g}" if isinstance(value, float) else str(value)
    # Old rows may date from before a character was refused; paper must never fail on them.
    return clean_text(value)


def migrate_answers(old: FormSchema, new: FormSchema, answers: Mapping[str, Any]) -> tuple[dict, dict]:
    """Carry the answers of one version over to another.

    Returns (answers that fit the new version, answers left over). A key that is gone, or whose new field does not
    take the old answer, is left over unchanged, for a person to settle: nothing written is lost.
    """
    fitting: dict[str, Any] = {}
    left: dict[str, Any] = {}
    asked = {item.key: item for item in new.asked}
    for key, value in answers.items():
        target, source = asked.get(key), old.field(key)
        if target is None:
            left[key] = value
            continue
        if target.kind in TEXT_KINDS and source and source.kind not in TEXT_KINDS:
            value = shown_value(source, answers, VisitHeader())
        try:
            moved = _clean(target, value, False)
        except ValueError:
            left[key] = answers[key]
            continue
        fitting[key] = moved
        # Text that the new kind joins or shortens would be lost silently.
        if isinstance(value, str) and isinstance(moved, str) and len(moved) < len(clean_text(value)):
            left[key] = answers[key]
    return {item.key: fitting[item.key] for item in new.asked if item.key in fitting}, left
