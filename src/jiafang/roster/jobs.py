"""Work of the roster that runs behind the page."""

from jiafang.access.actors import Actor
from jiafang.roster import importers
from jiafang.roster.selectors.imports import roster_import


def write_import(actor: Actor, target_id: str) -> None:
    """Write an import somebody said yes to. Run twice after a crash, it finds the first run's work and stops."""
    importers.apply_import(actor, roster_import(actor, target_id))
