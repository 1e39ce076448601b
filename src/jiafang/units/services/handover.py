"""更换班主任: one post ends and another begins; the files of the class move with the post."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.roles import Role
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.lib.paths import within
from jiafang.units import selectors
from jiafang.units.models import Appointment, Handover, Staff, Unit


@transaction.atomic
def hand_over(
    actor: Actor,
    *,
    klass: Unit,
    new: Staff,
    on: date | None = None,
    note: str = "",
    summary: dict | None = None,
) -> Handover:
    """The old post ends and the new one begins on the day ``on`` (today: at once, open sessions included)."""
    policy.demand(actor, "klass.hand_over", path=klass.path)
    on = on or clock.today()
    school = selectors.school_of(klass)
    if not within(new.home.path, school.path) or new.left_on:
        raise Problem("invalid", _("新班主任须是本校在职老师。"), {"new": [_("请从列表里选择。")]})
    posts = Appointment.objects.select_for_update(of=("self",)).select_related("staff").order_by("begins")
    old_posts = list(posts.filter(Q(ends__isnull=True) | Q(ends__gt=on), unit=klass, role=Role.CLASS_TEACHER))
    if any(post.begins > on for post in old_posts):
        raise Problem("invalid", _("交接日期不能早于现任班主任开始的日期。"), {"on": [_("请选晚一些的日期。")]})
    if any(post.staff_id == new.pk for post in old_posts):
        raise Problem("conflict", _("%s已经是这个班的班主任。") % new.name)
    for post in old_posts:
        post.ends = on
        post.save(update_fields=["ends"])
    Appointment.objects.create(staff=new, unit=klass, role=Role.CLASS_TEACHER, begins=on)
    row = Handover.objects.create(
        klass=klass,
        old=old_posts[0].staff if old_posts else None,
        new=new,
        on=on,
        note=note,
        summary=summary or {},
    )
    audit.record(actor, "klass.hand_over", path=klass.path, target=row)
    return row


@transaction.atomic
def acknowledge_handover(actor: Actor, *, handover: Handover) -> Handover:
    """The new class teacher has read the summary."""
    row = Handover.objects.select_for_update(of=("self",)).select_related("klass").get(pk=handover.pk)
    if row.new_id != actor.staff_id:
        raise Problem("denied")
    policy.demand(actor, "klass.acknowledge_handover", path=row.klass.path)
    if row.acknowledged_at is None:
        row.acknowledged_at = clock.now()
        row.save(update_fields=["acknowledged_at"])
        audit.record(actor, "klass.acknowledge_handover", path=row.klass.path, target=row)
    return row
