"""The tree of units. Units are no personal data; who may see what hangs on them is the fence's to say."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from jiafang.access.actors import Actor
from jiafang.access.fence import path_q
from jiafang.access.roles import READERS
from jiafang.lib.errors import not_found
from jiafang.lib.paths import parents
from jiafang.units.models import Unit


def unit(pk: int, *, kind: str | None = None) -> Unit:
    """The unit, or ``not_found``."""
    found = Unit.objects.filter(pk=pk, **({"kind": kind} if kind else {})).first()
    if found is None:
        raise not_found()
    return found


def by_path(path: str) -> Unit:
    found = Unit.objects.filter(path=path).first()
    if found is None:
        raise not_found()
    return found


def under(paths: str | Iterable[str], kind: str | None = None) -> QuerySet[Unit]:
    """Open units in the subtrees of ``paths``, in tree order."""
    paths = (paths,) if isinstance(paths, str) else tuple(paths)
    rows = Unit.objects.filter(path_q("path", paths), closed_on__isnull=True)
    return (rows.filter(kind=kind) if kind else rows).order_by("stage", F("entered").desc(), "number", "path")


def ancestors(path: str) -> QuerySet[Unit]:
    return Unit.objects.filter(path__in=[*parents(path), path]).order_by("path")


def school_of(unit_: Unit) -> Unit | None:
    """The school a unit is or lies in."""
    if unit_.kind == Unit.Kind.SCHOOL:
        return unit_
    return next((u for u in ancestors(unit_.path) if u.kind == Unit.Kind.SCHOOL), None)


def bureau_of(unit_: Unit) -> Unit:
    """The nearest bureau at or above a unit."""
    return [u for u in ancestors(unit_.path) if u.kind == Unit.Kind.BUREAU][-1]


def schools_of(actor: Actor) -> QuerySet[Unit]:
    """Schools in which the actor holds a post, or which lie under one."""
    q = path_q("path", tuple(p.path for p in actor.posts))
    for post in actor.posts:
        q |= Q(path__in=parents(post.path))
    if actor.is_system:
        q = Q()
    return Unit.objects.filter(q, kind=Unit.Kind.SCHOOL, closed_on__isnull=True).order_by("name")


def classes_of(actor: Actor) -> QuerySet[Unit]:
    """Classes whose children the actor reads."""
    return under([p.path for p in actor.posts if p.role in READERS], Unit.Kind.KLASS)
