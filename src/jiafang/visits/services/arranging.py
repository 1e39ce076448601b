"""Before a visit: adding one by hand, agreeing the time by phone, a family that declines, calling off, taking up again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor, system
from jiafang.access.fence import system_fence
from jiafang.campaigns import selectors as campaigns
from jiafang.campaigns.models import SchoolCampaign
from jiafang.campaigns.selectors import Rules
from jiafang.campaigns.states import CampaignState, Mode
from jiafang.lib import clock
from jiafang.lib.errors import Problem, not_found
from jiafang.roster import selectors as roster
from jiafang.roster.models import Student
from jiafang.units import selectors as units
from jiafang.visits import selectors
from jiafang.visits.models import Visit, VisitStudent
from jiafang.visits.services.common import audit_path, locked, step
from jiafang.visits.services.outings import leave_outing, put_on_outing, refuse_clashes
from jiafang.visits.states import AHEAD, DONE, Origin, VisitState

# A visit that came about by itself may be entered afterwards, but not weeks later.
LATEST_ENTRY = timedelta(days=7)
LONGEST = timedelta(hours=4)


@transaction.atomic
def add_visit(
    actor: Actor,
    *,
    school_campaign: SchoolCampaign,
    students: Sequence[Student],
    mode: str,
    starts_at: datetime,
    lead: Any,
    ends_at: datetime | None = None,
    companion: Any = None,
    extra: Any = None,
    origin: str = Origin.OBSERVATION,
    theme: str = "",
    place: str = "",
    siblings: bool = True,
    appointed: bool = False,
) -> Visit:
    """One visit to one household: special, follow-up, observation, or urgent the same evening (``appointed``).

    ``lead``, ``companion`` and ``extra`` are staff ids. With ``siblings`` the other children of the (confirmed)
    household in this school belong to the visit too, whatever their class.
    """
    children = _children(actor, students, siblings)
    home = children[0].household
    campaign = school_campaign.campaign
    if home.school_id != school_campaign.school_id:
        raise not_found()
    if campaign.state != CampaignState.OPEN:
        raise Problem("state", _("活动还没有开始或已经结束。"))
    if origin not in Origin.values:
        raise Problem("invalid", fields={"origin": [_("请从列表里选择。")]})
    rules = campaigns.rules(school_campaign)
    visit = Visit(
        campaign=campaign, school=school_campaign.school, household=home, mode=mode, origin=origin, theme=theme.strip(),
        starts_at=starts_at, ends_at=ends_at or starts_at + timedelta(minutes=rules.visit_minutes),
        lead_id=lead, companion_id=companion or None, extra_id=extra or None,
        state=VisitState.APPOINTED if appointed else VisitState.PUBLISHED, published_at=clock.now(),
        appointed_at=clock.now() if appointed else None,
    )  # fmt: skip
    if place.strip():
        visit.place = place.strip()
    check_team(visit, rules)
    check_mode(visit, rules, _kinds(actor, children) if origin == Origin.SPECIAL else ())
    check_time(visit, rules)
    with system_fence("earlier visits to this home may have gone to a sibling's class"):
        earlier = Visit.objects.filter(household=home, campaign=campaign, state__in=[*AHEAD, *DONE])
        visit.round = earlier.count() + 1
    refuse_clashes(visit)
    put_on_outing(visit)
    visit.save(force_insert=True)
    for child in children:
        VisitStudent(visit=visit, student=child, klass=child.klass).save(force_insert=True)
    audit.record(
        actor, "visit.add", path=children[0].klass.path, target=visit,
        detail={"origin": origin, "mode": mode, "children": len(children), "appointed": appointed},
    )  # fmt: skip
    return visit


def _children(actor: Actor, students: Sequence[Student], siblings: bool) -> list[Student]:
    """The children of the visit, the asked ones first; all of one household, each granted to the actor."""
    pks = [student.pk for student in students]
    rows = Student.objects.select_for_update(of=("self",)).select_related("klass", "household").filter(pk__in=pks)
    asked = [row for row in rows.order_by("pk") if row.klass is not None and row.left_on is None]
    if not asked or len(asked) != len(set(pks)):
        raise not_found()
    for child in asked:
        policy.demand(actor, "visit.add", path=child.klass.path)
    if len({child.household_id for child in asked}) > 1:
        raise Problem("invalid", _("一次家访只去一个家庭，请把不同家庭的学生分开添加。"))
    home = asked[0].household
    if not siblings or not home.confirmed:
        return asked
    with system_fence("siblings may sit in classes out of the actor's reach; each class sees its own child"):
        rest = Student.objects.select_related("klass").filter(
            household=home, left_on__isnull=True, klass__isnull=False, school=home.school_id
        )
        return [*asked, *rest.exclude(pk__in=pks).order_by("pk")]


def _kinds(actor: Actor, children: Sequence[Student]) -> set[str]:
    with system_fence("a rule holds whether or not the actor may know the kind of care"):
        care = roster.care_by_student(_RULES, children)
    return {str(kind) for rows in care.values() for kind, _row in rows}


_RULES = system("rules of care categories")


def check_team(visit: Visit, rules: Rules) -> None:
    """Two different people where the campaign asks for two; all of this school and in office."""
    faults: dict[str, list[str]] = {}
    if not visit.lead_id:
        faults["lead"] = [_("请选择家访教师。")]
    if visit.mode != Mode.ONLINE and rules.two_teachers and not visit.companion_id:
        faults["companion"] = [_("本活动要求两人同行，请选择同行教师。")]
    team = [pk for pk in (visit.lead_id, visit.companion_id, visit.extra_id) if pk]
    if len(set(map(str, team))) < len(team):
        faults["companion"] = [_("同行教师不能和家访教师是同一个人。")]
    here = {str(pk) for pk in units.tiers(visit.school.path)}
    for field in ("lead", "companion", "extra"):
        pk = getattr(visit, f"{field}_id")
        if pk and str(pk) not in here:
            faults.setdefault(field, []).append(_("请选择本校在职的老师。"))
    if faults:
        raise Problem("invalid", next(iter(faults.values()))[0], faults)


def check_mode(visit: Visit, rules: Rules, kinds: Any = ()) -> None:
    """The way of visiting is one the campaign knows, and for a special visit one that satisfies every category."""
    allowed = rules.demand(kinds).modes if kinds else rules.modes
    if visit.mode not in allowed:
        words = "、".join(rules.mode_label(mode) for mode in allowed)
        sentence = _("这次家访可选的形式是：%s。") % words
        raise Problem("invalid", sentence, {"mode": [sentence]})


def check_time(visit: Visit, rules: Rules) -> None:
    """Within the campaign, of a sensible length, on one day, and not entered weeks after the fact."""
    begins, ends = visit.starts_at.astimezone(clock.TZ), visit.ends_at.astimezone(clock.TZ)
    message = ""
    if ends <= begins:
        message = _("结束时间要晚于开始时间。")
    elif ends - begins > LONGEST or begins.date() != ends.date():
        message = _("一次家访不超过 4 小时，并且在同一天结束。")
    elif not rules.begins <= begins.date() <= rules.ends:
        message = _("活动时间是%(from)s至%(to)s，请选这之间的日期。") % {"from": rules.begins, "to": rules.ends}
    elif begins < clock.now() - LATEST_ENTRY:
        message = _("补登家访最多往前 7 天。")
    if message:
        raise Problem("invalid", message, {"starts_at": [message]})


@transaction.atomic
def appoint(
    actor: Actor,
    *,
    visit: Visit,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    mode: str = "",
    place: str | None = None,
) -> Visit:
    """“电话已约好”: one tap when the planned time suits; else the other time, way or place the family wishes."""
    row = locked(actor, "visit.appoint", visit)
    step("visit.appoint", row)
    _rearrange(row, starts_at, ends_at, mode, place)
    row.appointed_at = clock.now()
    row.save()
    audit.record(
        actor, "visit.appoint", path=audit_path(row), target=row,
        detail={"moved": starts_at is not None, "mode": row.mode},
    )  # fmt: skip
    return row


def _rearrange(row: Visit, starts_at: datetime | None, ends_at: datetime | None, mode: str, place: str | None) -> None:
    rules = selectors.rules_for(row)
    if place is not None:
        row.place = place.strip()
    if mode and mode != row.mode:
        row.mode = mode
        check_mode(row, rules)
        check_team(row, rules)
    elif starts_at is None:
        return
    if starts_at is not None:
        length = row.ends_at - row.starts_at if row.ends_at else timedelta(minutes=rules.visit_minutes)
        row.starts_at, row.ends_at = starts_at, ends_at or starts_at + length
        row.slot = ""
    check_time(row, rules)
    refuse_clashes(row)
    put_on_outing(row)


@transaction.atomic
def decline(actor: Actor, *, visit: Visit, reason: str) -> Visit:
    """未上门（原因）: the family does not wish a visit; the reason stands on the form."""
    if not reason.strip():
        raise Problem("invalid", _("请写明未上门的原因。"), {"reason": [_("请写明原因。")]})
    return _end(actor, "visit.decline", visit, reason)


@transaction.atomic
def cancel(actor: Actor, *, visit: Visit, reason: str = "") -> Visit:
    """Called off by the school; it can be taken up again."""
    return _end(actor, "visit.cancel", visit, reason)


@transaction.atomic
def miss(actor: Actor, *, visit: Visit, reason: str = "") -> Visit:
    """It was agreed but did not come about: nobody at home, weather, illness."""
    return _end(actor, "visit.miss", visit, reason)


def _end(actor: Actor, verb: str, visit: Visit, reason: str) -> Visit:
    row = locked(actor, verb, visit)
    step(verb, row)
    row.reason = reason.strip()[:200]
    outing, row.outing = row.outing, None
    row.save()
    if outing is not None:
        leave_outing(row, outing)
    audit.record(actor, verb, path=audit_path(row), target=row)
    return row


@transaction.atomic
def reopen(actor: Actor, *, visit: Visit, starts_at: datetime | None = None) -> Visit:
    """A declined, cancelled or missed visit is taken up again, at its old time if that is still to come."""
    row = locked(actor, "visit.reopen", visit)
    step("visit.reopen", row)
    if starts_at is None and (row.starts_at is None or row.starts_at < clock.now()):
        raise Problem("invalid", _("原定时间已过，请选新的时间。"), {"starts_at": [_("请选新的时间。")]})
    row.reason, row.appointed_at = "", None
    row.published_at = row.published_at or clock.now()
    _rearrange(row, starts_at or row.starts_at, None, "", None)
    check_team(row, selectors.rules_for(row))
    row.save()
    audit.record(actor, "visit.reopen", path=audit_path(row), target=row)
    return row
