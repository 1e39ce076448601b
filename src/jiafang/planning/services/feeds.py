"""A teacher's private calendar address: made, made anew, taken back. Only its digest is kept."""

import hashlib
import secrets

from django.db import transaction

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.planning.models import Feed
from jiafang.units import selectors as units


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(actor: Actor) -> str:
    """A new address of the actor's own (the old one ends); returns its token, which is never shown again."""
    staff = _myself(actor)
    token = secrets.token_urlsafe(32)
    feed, _made = Feed.objects.update_or_create(staff=staff, defaults={"digest": digest_of(token)})
    audit.record(actor, "timetable.feed", path=staff.home.path, target=feed)
    return token


@transaction.atomic
def revoke_feed(actor: Actor) -> bool:
    """The address ends; whether there was one."""
    staff = _myself(actor)
    count, _by_model = Feed.objects.filter(staff=staff).delete()
    if count:
        audit.record(actor, "timetable.feed", path=staff.home.path, target=staff, detail={"revoke": True})
    return bool(count)


def _myself(actor: Actor):
    policy.demand(actor, "timetable.feed")
    return units.staff(actor.staff_id)
