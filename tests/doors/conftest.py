"""The world is built once, before any test of its own: its files lie where the settings of the tests say."""

import pytest


@pytest.fixture(autouse=True)
def _files(settings, _quick):
    location = str(settings.HOME / "files")
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": location}}
    }
