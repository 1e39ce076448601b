"""Copies the front-end files the pages use from node_modules to static/vendor, and draws the icon sprite.

Whole files as their makers built them, mostly global builds: a strict CSP leaves no room for an import map.
It neither bundles nor changes them, except that links to source maps, which are not copied, are taken out.
"""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"

# file in node_modules -> file in static/vendor; a folder is copied whole
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/images": "leaflet/images",
    "@event-calendar/build/dist/event-calendar.min.css": "event-calendar/event-calendar.min.css",
    "@event-calendar/build/dist/event-calendar.min.js": "event-calendar/event-calendar.min.js",
    "idb/build/index.js": "idb/idb.js",
    "signature_pad/dist/signature_pad.umd.min.js": "signature_pad/signature_pad.umd.min.js",
}
ICONS = NODE_MODULES / "@tabler" / "icons" / "icons"
LOOKS = {
    "filled": 'fill="currentColor"',
    "outline": 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"',
}
SOURCE_MAP = re.compile(r"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$")


def copy_files() -> None:
    """Copy every entry of FILES; a missing source is an error, so no upgrade drops one silently."""
    for source, target in FILES.items():
        origin, goal = NODE_MODULES / source, VENDOR / target
        goal.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, goal)
        else:
            goal.write_text(SOURCE_MAP.sub("\n", origin.read_text(encoding="utf-8")), encoding="utf-8")


def icon_names() -> list[str]:
    """Names in tools/icons.txt, without comments."""
    lines = (ROOT / "tools" / "icons.txt").read_text(encoding="utf-8").splitlines()
    return sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})


def symbol(name: str) -> str:
    """One Tabler icon as an SVG symbol; `name` may end in `-filled`."""
    style, base = ("filled", name.removesuffix("-filled")) if name.endswith("-filled") else ("outline", name)
    drawing = (ICONS / style / f"{base}.svg").read_text(encoding="utf-8")
    inner = re.sub(r"\s*\n\s*", "", re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.S)[1])
    return f'<symbol id="{name}" viewBox="0 0 24 24" {LOOKS[style]}>{inner}</symbol>'


def draw_sprite() -> None:
    """Write icons.svg; used as `<svg class="icon"><use href="…/vendor/icons.svg#home"></use></svg>`."""
    symbols = "\n".join(symbol(name) for name in icon_names())
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    (VENDOR / "icons.svg").write_text(sprite, encoding="utf-8")


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    copy_files()
    draw_sprite()


if __name__ == "__main__":
    main()
