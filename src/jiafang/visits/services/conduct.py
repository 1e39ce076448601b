"""The conduct self-check: one for each outing (online: each visit) and person, item by item."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit
from jiafang.access.actors import Actor
from jiafang.campaigns import selectors as campaigns
from jiafang.campaigns.states import Mode
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.visits.models import Outing, SelfCheck, Visit
from jiafang.visits.services.common import locked, locked_outing
from jiafang.visits.states import DONE


@transaction.atomic
def check_conduct(
    actor: Actor,
    *,
    outing: Outing | None = None,
    visit: Visit | None = None,
    answers: Mapping[int, bool],
    note: str = "",
) -> SelfCheck:
    """Answer every line of the code (kept or not) after the outing or the online visit; again corrects one's own."""
    if (outing is None) == (visit is None):
        raise ValueError("an outing or an online visit")
    if outing is not None:
        row = locked_outing(actor, "visit.check_conduct", outing)
        made = row.returned_at is not None or row.visits.filter(state__in=DONE).exists()
        path = row.school.path
    else:
        row = locked(actor, "visit.check_conduct", visit)
        if row.mode != Mode.ONLINE:
            raise Problem("state", _("上门家访按每次外出自查一次。"))
        made = row.state in DONE
        path = row.school.path
    if not made:
        raise Problem("state", _("家访完成后再做守则自查。"))
    numbers = [item.number for item in campaigns.conduct_of(row.campaign)]
    missing = {str(n): [_("请选择。")] for n in numbers if n not in answers}
    if missing:
        raise Problem("invalid", _("还有 %d 条没有选择。") % len(missing), missing)
    kept = {str(n): bool(answers[n]) for n in numbers}
    check = SelfCheck.objects.filter(outing=outing, visit=visit, staff=actor.staff_id).first()
    fresh = check is None
    if fresh:
        check = SelfCheck(outing=outing, visit=visit, staff_id=actor.staff_id, path=path)
    check.answers, check.all_kept, check.at = kept, all(kept.values()), clock.now()
    check.note = note.strip()
    check.save(force_insert=fresh)
    audit.record(actor, "visit.check_conduct", path=path, target=row, detail={"all_kept": check.all_kept})
    return check
