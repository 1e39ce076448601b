"""Before the visit: the outline, drafted from the file once and then the teacher's own."""

import json
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit
from jiafang.access.actors import Actor
from jiafang.lib import clock
from jiafang.lib.errors import Problem, not_found
from jiafang.paperwork.forms import clean_text
from jiafang.visits import selectors
from jiafang.visits.models import Outline, Visit, VisitStudent
from jiafang.visits.services.common import child_of, demand_for
from jiafang.visits.states import AHEAD, VisitState

MAX_SECTIONS, MAX_TITLE, MAX_TEXT = 20, 40, 3000


@transaction.atomic
def prepare(
    actor: Actor, *, visit_student: VisitStudent, body: Sequence[dict[str, str]], base_revision: int = 0
) -> Outline:
    """Keep the outline ``[{"title", "text"}]``; ``stale`` when somebody saved another text since ``base_revision``."""
    visit = Visit.objects.select_for_update(of=("self",)).filter(pk=visit_student.visit_id).first()
    if visit is None:
        raise not_found()
    child = child_of(visit_student.pk)
    child.visit = visit
    demand_for(actor, "visit.prepare", child)
    if visit.state not in AHEAD | {VisitState.HELD}:
        raise Problem("state", _("这次家访现在是“%s”，提纲不再改动。") % visit.get_state_display())
    sections = _clean(body)
    text = json.dumps(sections, ensure_ascii=False)
    row = Outline.objects.filter(visit_student=child).first()
    fresh = row is None
    if fresh:
        row = Outline(visit_student=child, revision=0)
    elif row.revision != base_revision:
        raise Problem("stale", _("提纲刚被别的老师改过。您写的还在这一页上，请看过对方的再保存。"),
                      extra={"revision": row.revision})  # fmt: skip
    row.body = text
    row.revision += 1
    row.by_id, row.updated_at = actor.staff_id, clock.now()
    row.save(force_insert=fresh)
    audit.record(actor, "visit.prepare", path=selectors.path_of(child), target=row, detail={"revision": row.revision})
    return row


def _clean(body: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    if not isinstance(body, list) or len(body) > MAX_SECTIONS:
        raise Problem("invalid", _("提纲最多 %d 段。") % MAX_SECTIONS)
    out = []
    for part in body:
        if not isinstance(part, dict) or not all(isinstance(part.get(key, ""), str) for key in ("title", "text")):
            raise Problem("invalid", _("提纲的内容读不出来。"))
        title, text = clean_text(part.get("title", "")), clean_text(part.get("text", ""))
        if len(title) > MAX_TITLE or len(text) > MAX_TEXT:
            raise Problem("invalid", _("提纲每段最多 %d 个字。") % MAX_TEXT)
        if title or text:
            out.append({"title": title, "text": text})
    return out
