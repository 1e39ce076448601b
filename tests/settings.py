"""Settings of the tests: the product's own, with a data folder and keys apart from a developer's."""

import os
from pathlib import Path

# Read by the product's settings, hence set before they are imported; `make test` names a throw-away folder.
os.environ.setdefault("JIAFANG_HOME", str(Path(__file__).resolve().parent.parent / "var" / "tests"))
os.environ["JIAFANG_TEST"] = "1"

from jiafang.config.settings import *  # noqa: F403

# The cast signs in hundreds of times; how slow a real password hash is, is not what these tests ask.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
