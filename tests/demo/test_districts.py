"""The demo districts: a small one under way, and the finished one whose figures are those a real programme published."""

import json
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

from jiafang.access.actors import system
from jiafang.access.fence import system_fence
from jiafang.campaigns.models import Campaign
from jiafang.config.commands.safety import faults
from jiafang.demo.build import build
from jiafang.reports.selectors import figures
from jiafang.roster.models import Student
from jiafang.units.models import Unit
from jiafang.visits.models import Visit
from jiafang.visits.states import VisitState

ACTOR = system("test")


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


@pytest.mark.browser  # SQLite pass only: it is the long way through, not a matter of the database
@pytest.mark.django_db
def test_a_finished_district_has_the_published_figures(home):
    """B: 13 583 files; 10 580 online + 3 003 on site; 1 449 = 1 208 + 241 (20 %); everything kept 100 %."""
    assert build(district="baotou", finished=True) == 0
    with system_fence("figures"):
        campaign, bureau = Campaign.objects.get(), Unit.objects.get(kind=Unit.Kind.BUREAU)
        got = {f.indicator.code: f for f in figures(ACTOR, campaign, bureau)}
    assert (got["files"].numerator, got["files"].denominator) == (13583, 13583)
    assert (got["first_online"].numerator, got["first_on_site"].numerator) == (10580, 3003)
    special = got["special_second"]
    assert (special.denominator, special.numerator, got["special_visits"].numerator) == (1208, 241, 1449)
    assert special.text == "20%" and round(special.percent, 2) == 19.95
    for code in ("coverage", "participation", "conduct", "records_complete", "special_reached", "acknowledged"):
        assert got[code].text == "100%", code


@pytest.mark.django_db
def test_a_small_district_is_under_way_and_true(home):
    assert build(students=100, seed=3) == 0
    with system_fence("look"):
        assert Student.objects.count() == 100
        states = set(Visit.objects.values_list("state", flat=True))
        assert {VisitState.CONFIRMED, VisitState.PUBLISHED} <= states
        assert list(faults()) == []
    rows = json.loads((Path(django_settings.HOME) / "demo-signins.json").read_text())
    assert {r["role"] for r in rows} >= {"局系统管理员", "校长", "班主任", "科任教师", "心理教师"}
    client = Client()
    for row in rows[:3]:
        assert client.login(username=row["username"], password=row["password"])
        assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_a_demo_never_lands_on_real_data(home, cast):
    assert build(students=50) == 1
    with system_fence("look"):
        assert Student.objects.count() == len(cast.students)
