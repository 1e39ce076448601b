"""``jiafang import-roster`` and ``jiafang roster-template``."""

import argparse
from pathlib import Path


def import_roster(options: argparse.Namespace) -> int:
    """Import files for a school; exit status 1 when anything was refused."""
    from jiafang.roster import commands

    return commands.import_roster(
        [Path(f) for f in options.files], school=options.school, dry_run=options.dry_run, as_json=options.json
    )


def roster_template(options: argparse.Namespace) -> int:
    """Write the blank workbook."""
    from jiafang.roster import commands

    return commands.roster_template(Path(options.out))
