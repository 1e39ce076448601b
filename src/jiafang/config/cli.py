"""The ``jiafang`` command: thin words around the functions of the rooms."""

import os
import sys


def main() -> None:
    """Run ``jiafang COMMAND``; unknown words go to Django's own commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiafang.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["jiafang", *sys.argv[1:]])


if __name__ == "__main__":
    main()
