"""Showing that a datum is there without showing it."""

from __future__ import annotations

from .names import split


def mask_name(name: str) -> str:
    """王小明 → 王**, 欧阳娜娜 → 欧阳**. Always two stars: in a class the length of a name tells too much."""
    return f"{split(name)[0]}**" if name else ""


def mask_phone(number: str) -> str:
    """"13800138000" → "138****8000"; of other numbers only the last three digits stay."""
    if not number:
        return ""
    mobile = len(number) == 11 and number[0] == "1"
    return f"{number[:3]}****{number[-4:]}" if mobile else f"****{number[-3:]}"


def mask_id(number: str) -> str:
    """150203201309070012 → 150***********0012: no birth date stays. Short numbers keep two characters."""
    if len(number) < 15:
        return "*" * 6 + number[-2:] if len(number) > 4 else "*" * len(number)
    kept = 4 if number[0] in "GJL" else 3
    return f"{number[:kept]}{'*' * (len(number) - kept - 4)}{number[-4:]}"
