"""Which characters the embedded fonts can't print, so that a paper says so instead of hiding it."""

import struct
import unicodedata
from functools import cache
from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path, serif_path

_INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Mn"}


def missing_glyphs(text: str) -> str:
    """The visible characters of the text that no embedded font has, each once, in order."""
    covered = _covered()
    return "".join(
        sign
        for sign in dict.fromkeys(text)
        if ord(sign) not in covered and unicodedata.category(sign) not in _INVISIBLE
    )


@cache
def _covered() -> frozenset[int]:
    return frozenset().union(*(_code_points(path) for path in (sans_path(), serif_path())))


def _code_points(path: Path) -> set[int]:
    """Code points in the font's full Unicode map (OpenType `cmap`, platform 3, encoding 10, format 12)."""
    with path.open("rb") as font:
        count = struct.unpack(">4xH6x", font.read(12))[0]
        tables = {tag: (at, size) for tag, at, size in struct.iter_unpack(">4s4xII", font.read(16 * count))}
        at, size = tables[b"cmap"]
        font.seek(at)
        cmap = font.read(size)
    for index in range(struct.unpack_from(">H", cmap, 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * index)
        if (platform, encoding) == (3, 10):
            groups = struct.unpack_from(">I", cmap, offset + 12)[0]
            ranges = struct.iter_unpack(">III", cmap[offset + 16 : offset + 16 + 12 * groups])
            return {code for first, last, _glyph in ranges for code in range(first, last + 1)}
    raise ValueError(f"{path.name} has no full Unicode map")
