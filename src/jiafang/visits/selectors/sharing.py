"""Who goes along on a visit: the fence's other half, and a person's relation to one visit."""

from django.db.models import F, Q, QuerySet

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.roles import COMPANION, EXTRA, LEAD, Role
from jiafang.lib import clock
from jiafang.visits.models import Visit, VisitStudent
from jiafang.visits.states import VisitState


def shared_with(staff_id) -> QuerySet:
    """Pks of the visits a person takes part in, published ones only.

    A file moves with the post: visits made while the person was class teacher of one of their classes are no longer
    shared once that post has ended (a new post there opens them again by itself).
    """
    team = Q(lead_id=staff_id) | Q(companion_id=staff_id) | Q(extra_id=staff_id)
    handed_on = VisitStudent._base_manager.filter(
        Q(visit__starts_at__isnull=True) | Q(visit__starts_at__date__lte=F("klass__appointments__ends")),
        klass__appointments__staff_id=staff_id,
        klass__appointments__role=Role.CLASS_TEACHER,
        klass__appointments__ends__lte=clock.today(),
    )
    rows = Visit._base_manager.filter(team).exclude(state=VisitState.PLANNED)
    return rows.exclude(pk__in=handed_on.values("visit")).values("pk")


def relations(actor: Actor, visit: Visit) -> frozenset[str]:
    """What the actor is to this visit: lead, companion, extra."""
    team = ((LEAD, visit.lead_id), (COMPANION, visit.companion_id), (EXTRA, visit.extra_id))
    return frozenset(code for code, staff_id in team if staff_id is not None and staff_id == actor.staff_id)


def path_of(visit_student: VisitStudent) -> str:
    """The path of the child's class of today, under which the file stands; needs ``student__klass`` and ``klass``."""
    return (visit_student.student.klass or visit_student.klass).path


def may(actor: Actor, verb: str, visit: Visit) -> bool:
    """Whether the actor may do ``verb`` to the visit: through a post over one of its children, or going along."""
    ties = relations(actor, visit)
    return any(policy.can(actor, verb, path=path_of(child), relations=ties) for child in visit.visit_students.all())
