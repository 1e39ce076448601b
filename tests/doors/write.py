"""Writes ``table.txt`` from what the product answers now: ``python -m tests.doors.write``; then read the difference."""

import os
import sys
import tempfile

os.environ["JIAFANG_HOME"] = tempfile.mkdtemp()
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

if __name__ == "__main__":
    import django

    django.setup()
    from django.conf import settings
    from django.db import transaction
    from django.test.utils import get_runner, setup_test_environment

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    from tests.doors.test_doors import ADDRESSES, TABLE, World, found

    lines, leaks = ["# address method place: who is let in (tests/doors/test_doors.py)"], []
    with transaction.atomic():
        world = World.build()
        for name in sorted(ADDRESSES):
            mine, flown = found(world, name)
            lines += mine
            leaks += flown
            print(name, len(mine), file=sys.stderr)
        transaction.set_rollback(True)
    runner.teardown_databases(databases)
    TABLE.write_text("\n".join(lines) + "\n")
    print("\n".join(leaks) or "no leak")
