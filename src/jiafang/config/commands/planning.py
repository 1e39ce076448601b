"""``jiafang plan``."""

import argparse


def plan(options: argparse.Namespace) -> int:
    """Plan one school and show what came out; ``--publish`` makes it visible to the teachers."""
    from jiafang.planning import commands

    return commands.plan(campaign=options.campaign, school=options.school, publish=options.publish)
