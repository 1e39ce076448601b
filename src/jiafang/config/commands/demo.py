"""``jiafang demo``."""

import argparse


def demo(options: argparse.Namespace) -> int:
    """Make the demo district in an empty database."""
    from jiafang.demo.build import build

    return build(district=options.district, students=options.students, seed=options.seed, finished=options.finished)
