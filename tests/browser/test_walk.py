"""Every place of every role's navigation: it opens, is accessible and fits a narrow phone."""

import pytest

from jiafang.web.navigation import menu
from tests.browser.axe import assert_accessible, assert_fits


@pytest.mark.parametrize("who", ["ban", "ke", "zhong", "xin", "ju"])
def test_every_place_of_a_role(page, sign_in, cast, size, shot, who):
    sign_in(page, who)
    places = [place["href"] for place in menu(cast.actor(who), "/") if place["href"] != "/"]
    assert places
    for href in places:
        answer = page.goto(href)
        assert answer.ok, f"{href} answers {answer.status}"
        shot(page, f"walk-{who}{href.replace('/', '-')}{size}")
        assert_accessible(page)
        if size == "phone":
            assert_fits(page)
            page.set_viewport_size({"width": 390, "height": 844})
