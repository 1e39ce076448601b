"""Asks axe-core about a page, and whether it fits a narrow phone."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST = 360
TARGET = 44


def assert_accessible(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """No violation of WCAG 2.2 AA; ``without`` names rules that do not apply here."""
    # evaluated by the debugger, so that the page keeps its strict policy
    page.evaluate(AXE.read_text(encoding="utf-8"))
    options = {"runOnly": {"type": "tag", "values": RULES}, "rules": {rule: {"enabled": False} for rule in without}}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    told = [
        f"{v['id']}: {v['help']}\n    "
        + "\n    ".join(f"{n['html'][:160]} — {n['failureSummary']}" for n in v["nodes"][:4])
        for v in found
    ]
    assert not told, f"{page.url}\n" + "\n".join(told)


def assert_fits(page: Page) -> None:
    """Nothing scrolls sideways at 360 px, and what a thumb presses is 44 px high (links in running text aside)."""
    height = page.viewport_size["height"]
    page.set_viewport_size({"width": SMALLEST, "height": height})
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
            [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.tagName + '.' + e.className).slice(0, 5)"""
    )
    assert not wide, f"{page.url} scrolls sideways: {wide}"
    small = page.evaluate(
        """target => [...document.querySelectorAll(`button, .btn, select, input:not([type=hidden], [type=checkbox],
            [type=radio]), .line, .bottom a, .figure-body`)].map(e => [e, e.getBoundingClientRect()])
            .filter(([e, r]) => r.height && r.height < target - 0.5 && !e.closest('toast-note'))
            .map(([e, r]) => `${e.tagName}.${e.className} ${r.height}`)""",
        TARGET,
    )
    assert not small, f"{page.url} has small targets: {small}"
