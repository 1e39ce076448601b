"""Chromium against a live server with the cast in it: two sizes, light and dark, pictures in var/shots/."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

SHOTS = Path(__file__).resolve().parents[2] / "var" / "shots"
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; ``JIAFANG_CHROMIUM`` names it, else the one on the path."""
    path = os.environ.get("JIAFANG_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.skip("no Chromium on this machine")
    # Playwright runs a loop in this thread; the ORM of the tests is called beside it, never inside.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def live(live_server, cast):
    """The running site with the cast in its database: ``live.url``."""
    return live_server


@pytest.fixture(params=list(SIZES))
def size(request) -> str:
    """Ask for it to run a test on a desk and on a phone."""
    return request.param


@pytest.fixture
def open_page(browser, live) -> Iterator[Callable[..., Page]]:
    """``open_page("phone", dark=True)``: a fresh page of that size whose faults fail the test at its end."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def make(size: str = "desktop", *, dark: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport=SIZES[size],
            color_scheme="dark" if dark else "light",
            has_touch=size == "phone",
            is_mobile=size == "phone",
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=live.url,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def page(open_page, size) -> Page:
    """A page of each size."""
    return open_page(size)


@pytest.fixture
def sign_in(live, cast) -> Callable[[Page, str], Page]:
    """``sign_in(page, "ban")``: that person's session, without the form."""

    def into(page: Page, who: str) -> Page:
        client = Client()
        client.force_login(cast.staff[who].account)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live.url}])
        return page

    return into


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """``shot(page, "today-phone")`` keeps a picture for people to look at."""

    def take(page: Page, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    return take
