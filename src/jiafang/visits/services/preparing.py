"""Before the visit: the outline, drafted from the file once and then the teacher's own."""

import json
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit
from jiafang.access.actors import Actor
from jiafang.access.reading import open_sealed
from jiafang.access.roles import Role
from jiafang.campaigns import selectors as campaigns
from jiafang.campaigns.models import CampaignItem
from jiafang.campaigns.selectors import Rules
from jiafang.lib import clock
from jiafang.lib.errors import Problem, not_found
from jiafang.paperwork.forms import clean_text
from jiafang.roster import selectors as roster
from jiafang.roster.models import Student
from jiafang.units import selectors as units
from jiafang.visits import outlines, selectors
from jiafang.visits.models import Outline, Visit, VisitStudent
from jiafang.visits.services.common import child_of, demand_for
from jiafang.visits.states import AHEAD, DONE, VisitState

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


@transaction.atomic
def draft_outline(actor: Actor, *, visit_student: VisitStudent) -> list[dict[str, str]]:
    """A first outline from the student's file, as far as this reader may know it; nothing is saved.

    Opens what the family asked for in earlier records, hence one row of audit.
    """
    child = child_of(visit_student.pk)
    visit = child.visit
    demand_for(actor, "visit.prepare", child)
    rules = selectors.rules_for(visit)
    items = {kind: [item.text for item in rows] for kind, rows in campaigns.items_of(visit.campaign).items()}
    care = roster.care_by_student(actor, [child.student]).get(child.student_id, [])
    klass = child.student.klass or child.klass
    teachers = units.posts_at(klass, Role.SUBJECT_TEACHER).order_by("subject")
    return outlines.draft(
        outlines.Facts(
            student=child.student.name,
            klass=klass.label,
            theme=visit.theme,
            tasks=items.get(CampaignItem.Kind.TASK, ()),
            contents=items.get(CampaignItem.Kind.CONTENT, ()),
            into_home=items.get(CampaignItem.Kind.INTO_HOME, ()),
            kinds=[str(kind) for kind, _row in care],
            before=_before(actor, child, rules),
            teachers=[(post.subject, post.staff.name) for post in teachers if post.staff_id != actor.staff_id],
            siblings=Student.objects.filter(household=child.student.household_id, left_on__isnull=True).count() - 1,
            boarding=child.student.study == Student.Study.BOARDING,
        )
    )


def _before(actor: Actor, child: VisitStudent, rules: Rules) -> list[outlines.Before]:
    """Up to three earlier visits to the child, newest first, with what the family asked for where a record says so."""
    rows = VisitStudent.objects.filter(student=child.student_id, visit__state__in=DONE, visit__held_from__isnull=False)
    rows = list(rows.exclude(pk=child.pk).select_related("visit", "record").order_by("-visit__held_from")[:3])
    sealed = [getattr(row, "record", None) and row.record.answers for row in rows]
    ties = selectors.relations(actor, child.visit)
    path = selectors.path_of(child)
    opened = open_sealed(actor, "visit.read_record", sealed, path=path, target=child.visit, relations=ties)
    return [
        outlines.Before(
            day=row.visit.held_from.astimezone(clock.TZ).date(),
            mode=rules.mode_label(row.visit.mode),
            demands=str(json.loads(text or "{}").get("demands", "")),
        )
        for row, text in zip(rows, opened, strict=True)
    ]


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
