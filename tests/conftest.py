"""What every test stands on: a cache in memory, folders thrown away, and the small world of the cast."""

import pytest


@pytest.fixture(autouse=True)
def _quick(settings, tmp_path):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.ANCHORS = tmp_path / "anchors"
    settings.FILES = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        }
    }


@pytest.fixture
def cast(db):
    """The fixed cast of people in a small district, see ``tests/cast.py``."""
    from tests.cast import Cast

    return Cast.build()
