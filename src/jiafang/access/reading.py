"""Opening sealed columns: policy first, one audit row for the whole list, then the text."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.vault import Sealed, texts


def open_sealed(
    actor: Actor,
    verb: str,
    values: Sequence[Sealed | None],
    *,
    path: str,
    target: Any = None,
    relations: frozenset[str] = frozenset(),
) -> list[str]:
    """The texts of ``values`` (``""`` for none), after ``verb`` was granted at ``path`` and the reading written down."""
    policy.demand(actor, verb, path=path, relations=relations)
    if any(values):
        with transaction.atomic():
            audit.record(actor, verb, path=path, target=target, detail={"n": sum(map(bool, values))})
    return texts(values)
