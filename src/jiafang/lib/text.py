"""Cleaning text as people type it: widths, odd blanks, names, headings. Changes no wording."""

from __future__ import annotations

import re

_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Blanks of every kind become an ordinary space; marks of no width vanish.
_BLANKS = dict.fromkeys((0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_NOTHING = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))
_CONTROL = {code: None for code in (*range(0x20), 0x7F) if code not in (0x09, 0x0A, 0x0D)}
_TIDY = _BLANKS | _NOTHING | _CONTROL
_CODE = _TIDY | _HALF
_DOTS = {ord(dot): "·" for dot in "•‧∙・･⋅●˙᛫▪.．。"}
_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_GAP = re.compile(rf"(?<=[{_HAN}·]) +(?=[{_HAN}·])")
_SPACES = re.compile(r"[ \t]+")


def tidy(text: str) -> str:
    """Prose with ordinary blanks only, ends trimmed; punctuation keeps its width, lines stay lines."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TIDY)
    return text.strip()


def half(text: str) -> str:
    """Like `tidy`, and full-width letters, digits and punctuation become half-width: "１－男" → "1-男"."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return text.translate(_CODE).strip()


def code(text: str) -> str:
    """A number or code: half-width, no blanks inside, capitals, no leading quote."""
    cleaned = half(text)
    if not cleaned.isalnum():
        cleaned = "".join(cleaned.split()).lstrip("'‘’`")
    return cleaned.upper()


def name(text: str) -> str:
    """A person's name: "张　三" → "张三", "阿卜杜拉•买买提" → "阿卜杜拉·买买提"."""
    cleaned = half(text).replace("\n", " ")
    if cleaned.isalpha() and not cleaned.isascii():
        return cleaned
    if not cleaned.isascii():  # "J. Smith" keeps its full stop
        cleaned = cleaned.translate(_DOTS)
    return _HAN_GAP.sub("", _SPACES.sub(" ", cleaned)).strip("· ")


def heading(text: str) -> str:
    """A table heading as a key: no blanks, notes in brackets, marks or punctuation; small letters."""
    cleaned = half(text).lower()
    cleaned = re.sub(
        r"\((?:必填|选填|可选|可不填|如有|非必填|填写?[^)]*|请[^)]*|按[^)]*|例[^)]*|格式[^)]*)\)",
        "",
        cleaned,
    )
    return re.sub(r"[\s*#:,.;、。，；：/\\|_\-—()\[\]【】“”\"'?!★☆※]+", "", cleaned)


def words_of(text: str) -> list[str]:
    """A list written as one line of words."""
    return text.split()


def has_han(text: str) -> bool:
    """Whether any Chinese character stands in the text."""
    return re.search(f"[{_HAN}]", text) is not None
