"""Every model, role and kind of care is paired with its Chinese word in the glossary."""

from pathlib import Path

import pytest
from django.apps import apps

from jiafang.access.roles import Role
from jiafang.roster.kinds import CareKind

GLOSSARY = (Path(__file__).resolve().parent.parent / "docs" / "glossary.md").read_text()
MODELS = [m for config in apps.get_app_configs() if config.name.startswith("jiafang.") for m in config.get_models()]


def pairs() -> dict[str, str]:
    """``{English: Chinese}`` of the glossary's tables."""
    rows = (line.strip("|").split("|") for line in GLOSSARY.splitlines() if line.startswith("| `"))
    return {cells[0].strip(" `"): cells[1].strip() for cells in rows}


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_a_model_is_paired(model):
    assert pairs().get(model.__name__) == str(model._meta.verbose_name)


@pytest.mark.parametrize("choice", [*Role, *CareKind], ids=str)
def test_roles_and_kinds_are_paired(choice):
    assert pairs().get(choice.value) == str(choice.label)
