"""What every verb on a visit begins with: the row locked through the fence, the policy asked, the state checked."""

from typing import Any

from django.utils.translation import gettext as _

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.campaigns import selectors as campaigns
from jiafang.lib.errors import Problem, not_found
from jiafang.visits import selectors
from jiafang.visits.models import Outing, Record, Visit, VisitStudent
from jiafang.visits.states import RECORD, VISIT, RecordState, VisitState


def locked(actor: Actor, verb: str, visit: Visit) -> Visit:
    """The visit, locked, after ``verb`` was granted; a foreign one is not found."""
    found = Visit.objects.select_for_update(of=("self",)).filter(pk=visit.pk).exclude(state=VisitState.PLANNED).first()
    if found is None:
        raise not_found()
    if not selectors.may(actor, verb, found):
        raise refusal(actor, found)
    return found


def locked_record(actor: Actor, verb: str, record: Record) -> Record:
    """The record with its visit, both locked, after ``verb`` was granted for that child."""
    found = Record.objects.filter(pk=record.pk).values_list("visit_student__visit", "visit_student").first()
    if found is None:
        raise not_found()
    # Always the visit first: two verbs on one visit then wait for each other instead of dying in each other's arms.
    visit = Visit.objects.select_for_update(of=("self",)).filter(pk=found[0]).first()
    row = Record.objects.select_for_update(of=("self",)).filter(pk=record.pk).first()
    if visit is None or row is None:
        raise not_found()
    row.visit_student = child_of(found[1])
    row.visit_student.visit = visit
    demand_for(actor, verb, row.visit_student)
    return row


def child_of(pk: Any) -> VisitStudent:
    """A child's part in a visit with all that a path and a printed form need, through the fence."""
    rows = VisitStudent.objects.select_related("student__klass", "klass", "visit__campaign", "visit__school")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise not_found()
    return found


def demand_for(actor: Actor, verb: str, child: VisitStudent) -> None:
    """Demand ``verb`` at the child's class or by the actor's part in the visit; an insider is told so plainly."""
    ties = selectors.relations(actor, child.visit)
    if not policy.can(actor, verb, path=selectors.path_of(child), relations=ties):
        raise refusal(actor, child.visit)


def refusal(actor: Actor, visit: Visit) -> Problem:
    """What somebody is told who may not do this: nothing at all, unless the visit is his or hers to read."""
    return Problem("not_allowed" if selectors.may(actor, "visit.read", visit) else "denied")


def audit_path(visit: Visit) -> str:
    """Where an act on a visit is written down: the class of its first child."""
    child = visit.visit_students.select_related("student__klass", "klass").order_by("pk").first()
    return selectors.path_of(child) if child else visit.school.path


def step(verb: str, visit: Visit) -> None:
    """Move the visit by the table of transitions; raises ``Problem("state")`` with the state in words."""
    sources, target = VISIT[verb]
    if visit.state not in sources:
        raise Problem("state", _("这次家访现在是“%s”，不能这样操作。") % visit.get_state_display())
    if target is not None:
        visit.state = target


def step_record(verb: str, record: Record) -> None:
    """Move the record by its table; raises ``Problem("state")`` with the state in words."""
    sources, target = RECORD[verb]
    if record.state not in sources:
        raise Problem("state", _("这份记录现在是“%s”，不能这样操作。") % RecordState(record.state).label)
    if target is not None:
        record.state = target


def must_have_read_the_code(actor: Actor, campaign) -> None:
    """Nobody goes out before having read the conduct code of the campaign."""
    if not actor.is_system and not campaigns.may_go_out(actor.staff_id, campaign):
        raise Problem("not_allowed", _("出发前请先阅读本活动的行为守则，并点“已阅知”。"), extra={"todo": "conduct"})


def locked_outing(actor: Actor, verb: str, outing: Outing) -> Outing:
    """The outing, locked; only those who go on it pass."""
    found = Outing.objects.select_for_update(of=("self",)).select_related("school").filter(pk=outing.pk).first()
    if found is None:
        raise not_found()
    policy.demand(actor, verb, path=found.school.path, relations=selectors.relations(actor, found))
    return found
