"""An open campaign of each template in the cast's district, and services called as a person would."""

from datetime import timedelta

import pytest

from jiafang.access.fence import fenced
from jiafang.campaigns import services
from jiafang.campaigns.models import SchoolCampaign
from jiafang.lib import clock


@pytest.fixture
def act(cast):
    """``act("xiao", service, …)`` runs a service as that person, behind that person's fence."""

    def run(who, service, **given):
        actor = cast.actor(who)
        with fenced(actor.reach):
            return service(actor, **given)

    return run


@pytest.fixture
def dates():
    """A period around today, as a bureau would fill it in for template B."""
    today = clock.today()
    return {"begins": today - timedelta(30), "ends": today + timedelta(60)}


@pytest.fixture
def draft_b(cast, act, dates):
    return act("ju", services.create_from_template, bureau=cast.bureau, template="b", form="annex_2", **dates)


@pytest.fixture
def open_b(cast, act, draft_b):
    return act("ju", services.open_campaign, campaign=draft_b, schools=[cast.school, cast.other_school])


@pytest.fixture
def open_c(cast, act):
    term = cast.bureau.terms.get()
    draft = act("de", services.create_from_template, bureau=cast.bureau, template="c", term=term)
    return act("de", services.open_campaign, campaign=draft, schools=[cast.school, cast.other_school])


@pytest.fixture
def sc(cast, open_b):
    """The cast's school in template B's campaign."""
    return SchoolCampaign.objects.select_related("campaign__bureau", "school").get(campaign=open_b, school=cast.school)
