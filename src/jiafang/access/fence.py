"""The fence: which rows a person can see at all. Every model with personal data hangs behind it.

A person's posts of today give a ``Reach``: subtrees of the unit tree, and the visits he or she goes along on. It is
set once for each request or job; a fenced manager filters every query by it and raises when none is set. Work for
nobody in particular says so: ``with system_fence("nightly recount")``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.module_loading import import_string

from jiafang.lib.paths import upper


class FenceMissing(RuntimeError):
    """A fenced table was asked outside any request, job or ``system_fence``."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Subtrees whose rows may be read, and whose shared visits too. ``everything`` only through ``system_fence``."""

    paths: tuple[str, ...] = ()
    staff_id: Any = None
    everything: bool = False
    why: str = ""

    def holds(self, path: str) -> bool:
        return self.everything or any(path.startswith(p) for p in self.paths)


_reach: ContextVar[Reach | None] = ContextVar("reach", default=None)


def current_reach() -> Reach:
    reach = _reach.get()
    if reach is None:
        raise FenceMissing("no reach is set: use fenced(reach) or system_fence(why)")
    return reach


@contextmanager
def fenced(reach: Reach) -> Iterator[Reach]:
    """Everything inside sees only what ``reach`` holds."""
    mark = _reach.set(reach)
    try:
        yield reach
    finally:
        _reach.reset(mark)


@contextmanager
def system_fence(why: str) -> Iterator[Reach]:
    """Everything inside sees all rows; ``why`` is for the reader of the code and must say what for."""
    if not why:
        raise ValueError("say why")
    with fenced(Reach(everything=True, why=why)) as reach:
        yield reach


def path_q(lookup: str, paths: tuple[str, ...]) -> Q:
    """Rows whose ``lookup`` lies in one of the subtrees, as index ranges."""
    q = Q(pk__in=[])
    for path in paths:
        q |= Q(**{f"{lookup}__gte": path, f"{lookup}__lt": upper(path)})
    return q


class FencedManager(models.Manager):
    """Filters by the reach in force.

    The model says how a row hangs in the tree: ``FENCE`` (lookup to a unit's path), ``FENCE_MANY`` when that lookup
    crosses to many rows (then it becomes a subquery: no double rows), ``FENCE_SHARED`` (lookup to a visit's pk) when
    those who go along see the row too.
    """

    def get_queryset(self):
        reach = current_reach()
        rows = super().get_queryset()
        return rows if reach.everything else rows.filter(self.allowed(reach))

    def allowed(self, reach: Reach) -> Q:
        model = self.model
        q = path_q(model.FENCE, reach.paths)
        if model.FENCE_MANY and reach.paths:
            q = Q(pk__in=model._base_manager.filter(q).values("pk"))
        if model.FENCE_SHARED and reach.staff_id is not None:
            visits = import_string(settings.SHARED_VISITS)(reach.staff_id)
            if model.FENCE_SHARED == "pk":
                q |= Q(pk__in=visits)
            else:
                shared = model._base_manager.filter(**{f"{model.FENCE_SHARED}__in": visits})
                q |= Q(pk__in=shared.values("pk"))
        return q


class Fenced(models.Model):
    """Base of every model with personal data."""

    FENCE: ClassVar[str]
    FENCE_MANY: ClassVar[bool] = False
    FENCE_SHARED: ClassVar[str] = ""

    objects = FencedManager()

    class Meta:
        abstract = True


class PathField(models.CharField):
    """A unit's path. Compared byte by byte on every database, so that a subtree is a range of the index."""

    def db_parameters(self, connection):
        params = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            params["collation"] = "C"
        return params
