"""What goes into a visit's papers: one record form, the class's bound book, the ledger. Opening is audited first."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.access.reading import open_sealed
from jiafang.campaigns import selectors as campaigns
from jiafang.campaigns.models import SchoolCampaign
from jiafang.campaigns.selectors import Rules
from jiafang.lib import clock, codes, dates
from jiafang.lib.errors import Problem, not_found
from jiafang.lib.paths import outermost, within
from jiafang.paperwork.forms import ANNEX_2, FormSchema, VisitHeader, chinese_time, parse_schema, shown_value
from jiafang.paperwork.papers import WorkbookCover, WorkbookEntry, render_record_pdf, render_workbook_pdf
from jiafang.paperwork.sheet import VISIT_LEDGER, write_ledger
from jiafang.paperwork.word import render_record_docx, render_workbook_docx
from jiafang.roster import selectors as roster
from jiafang.units import selectors as units
from jiafang.units.models import Unit
from jiafang.visits import selectors
from jiafang.visits.models import Record, RecordVersion, Visit, VisitStudent
from jiafang.visits.outlines import outline_text
from jiafang.visits.states import DONE, RecordState, VisitState

HANDED_IN = (RecordState.SUBMITTED, RecordState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One record as a form shows it: ``lines`` are (field, text) in the form's order."""

    child: VisitStudent
    record: Record | None
    schema: FormSchema
    answers: dict[str, Any]
    header: VisitHeader

    @property
    def lines(self) -> list[tuple[Any, str]]:
        return [(item, shown_value(item, self.answers, self.header)) for item in self.schema.fields]


def header_of(child: VisitStudent, visit: Visit, rules: Rules, guardian: str = "") -> VisitHeader:
    """What the visit itself says on a form; a family that declined stands as 未上门（原因）."""
    when = visit.held_from or visit.starts_at
    mode = rules.mode_label(visit.mode)
    if visit.state == VisitState.DECLINED:
        mode = f"未上门（{visit.reason}）"
    return VisitHeader(
        school=visit.school.label,
        teacher=visit.lead.name if visit.lead else "",
        klass=child.klass.label,
        student=child.student.name,
        guardian=guardian,
        companion="、".join(person.name for person in (visit.companion, visit.extra) if person),
        visit_time=chinese_time(when) if when else "",
        visit_mode=mode,
    )


def _guardian(child: VisitStudent, people: dict) -> str:
    """The first guardian's name, for 家长姓名 until the teacher says who was met."""
    found = people.get(child.student_id, ())
    return next((person.name for person in found if person.is_guardian), found[0].name if found else "")


def sheet(actor: Actor, record_pk: Any, *, verb: str = "visit.read_record") -> Sheet:
    """One record opened for reading or printing, after the policy and with a row of audit; drafts only for writers."""
    row = Record.objects.filter(pk=record_pk).select_related("form").first()
    if row is None:
        raise not_found()
    child = selectors.visit_student(actor, row.visit_student_id)
    ties = selectors.relations(actor, child.visit)
    path = selectors.path_of(child)
    if row.state not in HANDED_IN and not policy.can(actor, "visit.save_draft", path=path, relations=ties):
        raise Problem("state", _("这份记录还没有提交。"))
    (text,) = open_sealed(actor, verb, [row.answers], path=path, target=row, relations=ties)
    return _sheet(child, row, parse_schema(row.form.schema), json.loads(text or "{}"))


def sheet_to_write(actor: Actor, child: VisitStudent) -> tuple[Sheet, Any]:
    """The form to write on and its id: the record as it stands, else a fresh one with 家访准备 from the outline."""
    row = getattr(child, "record", None)
    if row is not None:
        page = sheet(actor, row.pk)
        return page, page.record.form_id
    form = selectors.form_of(child.visit)
    schema = parse_schema(form.schema)
    asked = schema.field("preparation")
    sections, _revision = outline_of(actor, child) if asked is not None and asked.asked else ([], 0)
    return _sheet(child, None, schema, {"preparation": outline_text(sections)} if sections else {}), form.pk


def _sheet(child: VisitStudent, record: Record | None, schema: FormSchema, answers: dict) -> Sheet:
    people = roster.guardians_of([child.student])
    rules = selectors.rules_for(child.visit)
    return Sheet(child, record, schema, answers, header_of(child, child.visit, rules, _guardian(child, people)))


def record_file(actor: Actor, record_pk: Any, kind: str) -> tuple[str, bytes]:
    """``(file name, bytes)`` of one record form, ``kind`` "pdf" or "docx"."""
    page = sheet(actor, record_pk, verb="visit.print_record")
    render = render_record_pdf if kind == "pdf" else render_record_docx
    return f"家访记录表_{page.header.klass}_{page.header.student}.{kind}", render(
        page.schema, page.answers, page.header
    )


@dataclass(frozen=True, slots=True)
class TwoTexts:
    """A record beside a text that could not be applied: ``fields`` are (field, standing text, other text, differs)."""

    sheet: Sheet
    version: RecordVersion
    other: dict[str, Any]

    @property
    def fields(self) -> list[tuple[Any, str, str, bool]]:
        out = []
        for item in self.sheet.schema.asked:
            mine, other = (shown_value(item, a, self.sheet.header) for a in (self.sheet.answers, self.other))
            out.append((item, mine, other, mine != other))
        return out


def two_texts(actor: Actor, version_pk: Any) -> TwoTexts:
    """Both texts of a conflict, for who may settle it."""
    version = RecordVersion.objects.filter(pk=version_pk, conflict=True).select_related("by").first()
    if version is None:
        raise not_found()
    page = sheet(actor, version.record_id)
    path, ties = selectors.path_of(page.child), selectors.relations(actor, page.child.visit)
    policy.demand(actor, "visit.settle_conflict", path=path, relations=ties)
    (text,) = open_sealed(actor, "visit.read_record", [version.answers], path=path, target=version, relations=ties)
    return TwoTexts(page, version, json.loads(text or "{}"))


def versions_of(actor: Actor, record_pk: Any) -> tuple[Sheet, list[tuple[RecordVersion, list[tuple[Any, str]]]]]:
    """The record and every writing of it, newest first, as (version, [(field, text)]); for who may settle texts."""
    page = sheet(actor, record_pk)
    path, ties = selectors.path_of(page.child), selectors.relations(actor, page.child.visit)
    policy.demand(actor, "visit.settle_conflict", path=path, relations=ties)
    rows = list(RecordVersion.objects.filter(record=page.record).select_related("by").order_by("-saved_at", "-pk"))
    texts = open_sealed(
        actor, "visit.read_record", [row.answers for row in rows], path=path, target=page.record, relations=ties
    )
    out = []
    for row, text in zip(rows, texts, strict=True):
        answers = json.loads(text or "{}")
        lines = [(item, shown_value(item, answers, VisitHeader())) for item in page.schema.asked]
        out.append((row, [(item, shown) for item, shown in lines if shown]))
    return page, out


@dataclass(frozen=True, slots=True)
class Contact:
    """Where the family lives or wishes to meet, and whom to call: (guardian's name, relation, phone)."""

    address: str
    place: str
    phones: tuple[tuple[str, str, str], ...]


def contact(actor: Actor, visit: Visit) -> Contact:
    """Address, meeting place and phones, each as far as the reader may know it; every opening is written down."""
    children = list(visit.visit_students.all())
    ties = selectors.relations(actor, visit)
    path = selectors.path_of(children[0])
    sealed = [visit.household.address, visit.place]
    address, place = open_sealed(actor, "household.read_place", sealed, path=path, target=visit, relations=ties)
    phones: tuple = ()
    if policy.can(actor, "student.read_contact", path=path, relations=ties):
        people = [one for rows in roster.guardians_of([c.student for c in children]).values() for one in rows]
        numbers = open_sealed(
            actor, "student.read_contact", [one.phone for one in people], path=path, target=visit, relations=ties
        )
        known = {number: (one.name, _relation(one.relation), number)
                 for one, number in zip(people, numbers, strict=True) if number}  # fmt: skip
        phones = tuple(known.values())
    return Contact(address, place, phones)


def _relation(code: str) -> str:
    return codes.RELATION.label(code) if code else ""


def outline_of(actor: Actor, child: VisitStudent) -> tuple[list[dict[str, str]], int]:
    """The outline's sections and its revision; none yet: ``([], 0)``."""
    row = getattr(child, "outline", None)
    if row is None:
        return [], 0
    ties = selectors.relations(actor, child.visit)
    path = selectors.path_of(child)
    (text,) = open_sealed(actor, "visit.read_record", [row.body], path=path, target=row, relations=ties)
    return json.loads(text or "[]"), row.revision


def _opened(actor: Actor, verb: str, children: Sequence[VisitStudent], path: str, target: Any = None) -> dict:
    """``{child pk: answers}`` of handed-in records, opened at once under one row of audit."""
    rows = [child for child in children if getattr(child, "record", None) and child.record.state in HANDED_IN]
    texts = open_sealed(actor, verb, [child.record.answers for child in rows], path=path, target=target)
    return {child.pk: json.loads(text or "{}") for child, text in zip(rows, texts, strict=True)}


def _with_answers(rows):
    """The children of visits as papers need them, the sealed answers included."""
    people = ("visit__lead", "visit__companion", "visit__extra", "visit__school", "visit__campaign")
    return rows.select_related("student__klass", "klass", "record__form", *people)


def workbook_file(actor: Actor, klass: Unit, part: SchoolCampaign, kind: str) -> tuple[str, bytes]:
    """The class's 家访工作记录本: everybody in the contents, a page for each record handed in."""
    policy.demand(actor, "visit.print_workbook", path=klass.path)
    rules = campaigns.rules(part)
    rows = VisitStudent.objects.filter(visit__campaign=part.campaign_id, klass=klass)
    rows = rows.filter(visit__state__in=[*DONE, VisitState.DECLINED])
    children = list(_with_answers(rows).order_by("visit__held_from", "visit__starts_at", "student__class_number"))
    pupils = list(roster.students_of(actor, klass))
    people = roster.guardians_of({*pupils, *(child.student for child in children)})
    answers = _opened(actor, "visit.print_workbook", children, klass.path, klass)
    schemas: dict[Any, FormSchema] = {}
    entries = []
    for child in children:
        schema = ANNEX_2
        if child.pk in answers:
            form = child.record.form
            if form.pk not in schemas:
                schemas[form.pk] = parse_schema(form.schema)
            schema = schemas[form.pk]
        header = header_of(child, child.visit, rules, _guardian(child, people))
        entries.append(WorkbookEntry(schema, header, answers.get(child.pk)))
    visited = {child.student_id for child in children}
    label, school = klass.label, part.school.label
    entries += [
        WorkbookEntry(ANNEX_2, VisitHeader(school=school, klass=label, student=pupil.name))
        for pupil in pupils
        if pupil.pk not in visited
    ]
    keeper = units.class_teacher(klass)
    year = dates.school_year(clock.today())
    cover = WorkbookCover(
        school=school, klass=label, school_year=f"{year}—{year + 1}学年", custodians=(keeper.name,) if keeper else (),
        campaign=part.campaign.title, period=f"{rules.begins:%Y.%m.%d}—{rules.ends:%Y.%m.%d}",
        printed_on=clock.today(),
    )  # fmt: skip
    body = render_workbook_pdf(cover, entries) if kind == "pdf" else render_workbook_docx(cover, entries)
    return f"家访工作记录本_{label}.{kind}", body


def ledger_file(actor: Actor, pks: Sequence[Any]) -> tuple[str, bytes]:
    """家访台账 of visits (pks), as far as the actor may export them: a line for each child."""
    bases = outermost({post.path for post in actor.posts if policy.can(actor, "visit.export_ledger", path=post.path)})
    if not bases:
        raise Problem("not_allowed")
    rows: list[VisitStudent] = []
    for at in range(0, len(pks), 500):
        rows += _with_answers(VisitStudent.objects.filter(visit__in=pks[at : at + 500]))
    rows = [row for row in rows if any(within(selectors.path_of(row), base) for base in bases)]
    rows.sort(key=lambda row: (row.visit.held_from or row.visit.starts_at, row.klass.path, str(row.pk)))
    answers: dict = {}
    for base in bases:
        mine = [row for row in rows if within(selectors.path_of(row), base)]
        with transaction.atomic():
            audit.record(actor, "visit.export_ledger", path=base, detail={"rows": len(mine)})
        answers |= _opened(actor, "visit.export_ledger", mine, base)
    people: dict = {}
    for at in range(0, len(rows), 500):
        people |= roster.guardians_of([row.student for row in rows[at : at + 500]])
    target = io.BytesIO()
    write_ledger(target, "家访台账", VISIT_LEDGER, _ledger_lines(rows, answers, people))
    return f"家访台账_{clock.today():%Y%m%d}.xlsx", target.getvalue()


def _ledger_lines(rows: Iterable[VisitStudent], answers: dict, people: dict) -> Iterator[dict[str, Any]]:
    known: dict[tuple, Rules] = {}
    for row in rows:
        visit = row.visit
        key = (visit.campaign_id, visit.school_id)
        if key not in known:
            known[key] = selectors.rules_for(visit)
        header = header_of(row, visit, known[key], _guardian(row, people))
        said = answers.get(row.pk, {})
        when = visit.held_from or visit.starts_at
        yield {
            "date": when.astimezone(clock.TZ).date() if when else None,
            "klass": header.klass,
            "student": header.student,
            "teacher": header.teacher,
            "companion": header.companion,
            "mode": header.visit_mode,
            "guardian": said.get("guardian") or header.guardian,
            "summary": visit.theme or _first(said.get("process", "")),
            "demands": said.get("demands", ""),
            "handling": said.get("follow_up", ""),
            "remarks": said.get("remarks", "") or str(visit.moment.label),
        }


def _first(text: str, longest: int = 60) -> str:
    """The beginning of a long text, as a summary."""
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else f"{flat[: longest - 2]}……"
