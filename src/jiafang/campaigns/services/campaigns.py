"""A bureau makes a campaign from a template or an earlier one, edits it, opens it for schools and closes it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.campaigns import templates_shipped
from jiafang.campaigns.dates import Period, shifted
from jiafang.campaigns.models import (
    Campaign,
    CampaignItem,
    CareCategory,
    Deliverable,
    FormTemplate,
    Mode,
    Pair,
    SchoolCampaign,
    SchoolPlan,
)
from jiafang.campaigns.selectors.campaigns import SHIPPED_FORMS
from jiafang.campaigns.selectors.drafting import draft_sections, draft_tasks
from jiafang.campaigns.states import CAMPAIGN, CampaignState, after
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.lib.paths import within
from jiafang.paperwork.forms import parse_schema, schema_dict
from jiafang.units.models import Term, Unit

EDITABLE = (
    "title", "document_number", "basis", "purpose", "parent_campaign", "scope_note", "begins", "ends", "term", "modes",
    "mode_words", "pair", "pair_words", "cover_all", "record_hours", "annual_sheet", "conduct_title",
)  # fmt: skip
COPIED = tuple(name for name in EDITABLE if name not in ("title", "term", "begins", "ends"))


def locked(campaign: Campaign) -> Campaign:
    """The campaign's row, locked, with its bureau; ``not_found`` when it is gone."""
    row = (
        Campaign.objects.select_for_update(of=("self",)).select_related("bureau", "term").filter(pk=campaign.pk).first()
    )
    if row is None:
        raise Problem("not_found")
    return row


def check(campaign: Campaign) -> None:
    """What must hold of a campaign at any time, with a sentence for every field at fault."""
    faults: dict[str, list[str]] = {}
    if not campaign.title.strip():
        faults["title"] = [_("请填写活动名称。")]
    if campaign.begins and campaign.ends and campaign.ends < campaign.begins:
        faults["ends"] = [_("结束日期不能早于开始日期。")]
    if unknown := [mode for mode in campaign.modes if mode not in Mode.values]:
        faults["modes"] = [_("没有“%s”这种家访形式。") % "、".join(map(str, unknown))]
    if campaign.pair not in Pair.values:
        faults["pair"] = [_("请从列表里选择。")]
    if campaign.record_hours is not None and not 1 <= campaign.record_hours <= 720:
        faults["record_hours"] = [_("记录时限填 1 到 720 小时，不作规定就留空。")]
    if campaign.term and not within(campaign.bureau.path, campaign.term.bureau.path):
        faults["term"] = [_("请选择本局的学期。")]
    if faults:
        raise Problem("invalid", _("有 %d 处要改。") % len(faults), faults)


@transaction.atomic
def create_from_template(
    actor: Actor,
    *,
    bureau: Unit,
    template: str,
    title: str = "",
    term: Term | None = None,
    begins: date | None = None,
    ends: date | None = None,
    form: str = "",
    deliverables: Sequence[tuple[str, date | None]] | None = None,
    **changes: Any,
) -> Campaign:
    """A draft with exactly what the template's document says; its dates moved into ``term``.

    What the document leaves open stays empty unless given: ``begins``, ``ends``, ``form`` (code of a shipped form),
    ``deliverables`` (title, due) and any editable column in ``changes``.
    """
    policy.demand(actor, "campaign.create", path=bureau.path)
    shipped = templates_shipped.load(template)
    facts = {name: value for name, value in shipped.campaign.items() if name not in ("title", "begins", "ends")}
    move = shifted(Period(shipped.campaign["begins"], shipped.campaign["ends"]), _period(term))
    campaign = Campaign(
        bureau=bureau, template=template, title=title.strip() or shipped.campaign["title"], term=term,
        begins=begins or move(shipped.campaign["begins"]), ends=ends or move(shipped.campaign["ends"]), **facts,
    )  # fmt: skip
    _change(campaign, changes)
    campaign.save(force_insert=True)
    CampaignItem.objects.bulk_create(
        CampaignItem(campaign=campaign, kind=kind, number=number, text=text, forbids=forbids)
        for kind, rows in shipped.items.items()
        for number, (text, forbids) in enumerate(rows, 1)
    )
    CareCategory.objects.bulk_create(
        CareCategory(campaign=campaign, number=number, **row) for number, row in enumerate(shipped.categories, 1)
    )
    wanted = [(row["code"], row["title"], move(row["due"])) for row in shipped.deliverables]
    if deliverables is not None:
        wanted = [(f"d{number}", name, due) for number, (name, due) in enumerate(deliverables, 1)]
    Deliverable.objects.bulk_create(Deliverable(campaign=campaign, code=c, title=t, due=d) for c, t, d in wanted)
    if code := form or shipped.form:
        if code not in SHIPPED_FORMS:
            raise Problem("invalid", _("没有这种记录表。"), {"form": [_("请从列表里选择。")]})
        FormTemplate.objects.create(campaign=campaign, schema=schema_dict(SHIPPED_FORMS[code]))
    audit.record(actor, "campaign.create", path=bureau.path, target=campaign, detail={"template": template})
    return campaign


@transaction.atomic
def create_from_campaign(
    actor: Actor, *, bureau: Unit, source: Campaign, title: str = "", term: Term | None = None, **changes: Any
) -> Campaign:
    """A draft like an earlier campaign of the same bureau or one above it, its dates moved into ``term``."""
    policy.demand(actor, "campaign.create", path=bureau.path)
    if not within(bureau.path, source.bureau.path):
        raise Problem("not_found")
    move = shifted(Period(source.begins, source.ends), _period(term))
    campaign = Campaign(
        bureau=bureau, template=source.template, title=title.strip() or source.title, term=term,
        begins=move(source.begins), ends=move(source.ends), **{name: getattr(source, name) for name in COPIED},
    )  # fmt: skip
    _change(campaign, changes)
    campaign.save(force_insert=True)
    for model in (CampaignItem, CareCategory, Deliverable):
        rows = list(model.objects.filter(campaign=source))
        for row in rows:
            row.pk, row.campaign, row._state.adding = None, campaign, True
            if model is Deliverable:
                row.due = move(row.due)
        model.objects.bulk_create(rows)
    if form := FormTemplate.objects.filter(campaign=source, school__isnull=True).order_by("-version").first():
        FormTemplate.objects.create(campaign=campaign, schema=form.schema)
    audit.record(actor, "campaign.create", path=bureau.path, target=campaign, detail={"from": str(source.pk)})
    return campaign


def _period(term: Term | None) -> Period:
    return Period(term.begins, term.ends) if term else Period(None, None)


def _change(campaign: Campaign, changes: Mapping[str, Any]) -> None:
    if unknown := set(changes) - set(EDITABLE):
        raise ValueError(f"not editable: {unknown}")
    for name, value in changes.items():
        setattr(campaign, name, value)
    check(campaign)


@transaction.atomic
def edit_campaign(actor: Actor, *, campaign: Campaign, **changes: Any) -> Campaign:
    """Change any column. Another ``term`` moves the dates of a draft, deliverables too, unless dates are given."""
    row = locked(campaign)
    policy.demand(actor, "campaign.edit", path=row.bureau.path)
    after(CAMPAIGN, "campaign.edit", row.state)
    term = changes.get("term")
    if term and term.pk != row.term_id and row.state == CampaignState.DRAFT:
        move = shifted(Period(row.begins, row.ends), _period(term))
        if (changes.get("begins"), changes.get("ends")) in ((None, None), (row.begins, row.ends)):
            changes |= {"begins": move(row.begins), "ends": move(row.ends)}
        for due in Deliverable.objects.filter(campaign=row, due__isnull=False):
            due.due = move(due.due)
            due.save(update_fields=["due"])
    _change(row, changes)
    if row.state == CampaignState.OPEN:
        _check_ready(row)
    row.save(update_fields=[*changes])
    audit.record(actor, "campaign.edit", path=row.bureau.path, target=row, detail={"fields": sorted(changes)})
    return row


def _check_ready(campaign: Campaign) -> None:
    """What an open campaign needs beyond ``check``."""
    faults: dict[str, list[str]] = {}
    if campaign.begins is None:
        faults["begins"] = [_("请填写开始日期。")]
    if campaign.ends is None:
        faults["ends"] = [_("请填写结束日期。")]
    if not campaign.modes:
        faults["modes"] = [_("请至少选择一种家访形式。")]
    for category in CareCategory.objects.filter(campaign=campaign):
        if category.modes and not set(category.modes) & set(campaign.modes):
            faults.setdefault("categories", []).append(_("“%s”要求的家访形式不在活动允许的形式里。") % category.name)
    if not FormTemplate.objects.filter(campaign=campaign, school__isnull=True).exists():
        faults["form"] = [_("请选择或设计家访记录表。")]
    if faults:
        raise Problem("invalid", _("活动还不能开始，有 %d 处要补上。") % len(faults), faults)


@transaction.atomic
def open_campaign(actor: Actor, *, campaign: Campaign, schools: Iterable[Unit]) -> Campaign:
    """The campaign begins for ``schools``: each gets its row and a plan drafted from the campaign's words."""
    row = locked(campaign)
    policy.demand(actor, "campaign.open", path=row.bureau.path)
    state = after(CAMPAIGN, "campaign.open", row.state)
    check(row)
    _check_ready(row)
    _enter(row, schools)
    if not row.schools.exists():
        raise Problem("invalid", _("请至少选择一所学校。"), {"schools": [_("请至少选择一所学校。")]})
    row.state, row.opened_at = state, clock.now()
    row.save(update_fields=["state", "opened_at"])
    audit.record(actor, "campaign.open", path=row.bureau.path, target=row, detail={"schools": row.schools.count()})
    return row


@transaction.atomic
def add_schools(actor: Actor, *, campaign: Campaign, schools: Iterable[Unit]) -> int:
    """Further schools join a campaign that runs; returns how many."""
    row = locked(campaign)
    policy.demand(actor, "campaign.edit", path=row.bureau.path)
    if row.state != CampaignState.OPEN:
        raise Problem("state", _("活动开始以后才能添加学校。"))
    added = _enter(row, schools)
    audit.record(actor, "campaign.edit", path=row.bureau.path, target=row, detail={"schools_added": added})
    return added


def _enter(campaign: Campaign, schools: Iterable[Unit]) -> int:
    there = set(SchoolCampaign.objects.filter(campaign=campaign).values_list("school_id", flat=True))
    fresh = {school.pk: school for school in schools if school.pk not in there}
    for school in fresh.values():
        if school.kind != Unit.Kind.SCHOOL or school.closed_on or not within(school.path, campaign.bureau.path):
            raise Problem("invalid", _("“%s”不是本局的学校。") % school, {"schools": [_("只能选择本局的学校。")]})
    rows = SchoolCampaign.objects.bulk_create(
        SchoolCampaign(campaign=campaign, school=school) for school in fresh.values()
    )
    sections, tasks = draft_sections(campaign), draft_tasks(campaign)
    SchoolPlan.objects.bulk_create(SchoolPlan(school_campaign=row, sections=sections, tasks=tasks) for row in rows)
    return len(rows)


@transaction.atomic
def close_campaign(actor: Actor, *, campaign: Campaign) -> Campaign:
    """The campaign ends; everything stays readable, nothing of it changes any more."""
    row = locked(campaign)
    policy.demand(actor, "campaign.close", path=row.bureau.path)
    row.state, row.closed_at = after(CAMPAIGN, "campaign.close", row.state), clock.now()
    row.save(update_fields=["state", "closed_at"])
    audit.record(actor, "campaign.close", path=row.bureau.path, target=row)
    return row


@transaction.atomic
def design_form(actor: Actor, *, campaign: Campaign, schema: Mapping, school: Unit | None = None) -> FormTemplate:
    """A new version of the record form: the campaign's (``school`` null), or a school's own design.

    What the system fills in by itself (who, which class, when, how) stays in every school's form: it costs nobody
    time, and the ledgers rest on it. Records written on an older version keep it.
    """
    row = locked(campaign)
    policy.demand(actor, "campaign.design_form" if school else "campaign.edit", path=(school or row.bureau).path)
    after(CAMPAIGN, "campaign.edit", row.state)
    forms = FormTemplate.objects.filter(campaign=row)
    last = forms.filter(school=school).order_by("-version").first()
    version = last.version + 1 if last else 1
    parsed = parse_schema({**schema, "version": version})
    if school is not None:
        if not SchoolCampaign.objects.filter(campaign=row, school=school).exists():
            raise Problem("not_found")
        base = forms.filter(school__isnull=True).order_by("-version").first()
        kept = {f.auto: f for f in parse_schema(base.schema).fields if f.auto} if base else {}
        missing = [f.label for auto, f in kept.items() if auto not in {own.auto for own in parsed.fields}]
        if missing:
            raise Problem("invalid", _("表格缺少由系统自动填写的栏目：%s。") % "、".join(missing), {"fields": missing})
    if not any(field.kind == "long_text" for field in parsed.fields):
        raise Problem("invalid", _("表格里至少要有一栏写家访情况。"), {"fields": [_("请添加一栏长文字。")]})
    form = FormTemplate.objects.create(campaign=row, school=school, version=version, schema=schema_dict(parsed))
    detail = {"form_version": version}
    if school:
        audit.record(actor, "campaign.design_form", path=school.path, target=form, detail=detail)
    else:
        audit.record(actor, "campaign.edit", path=row.bureau.path, target=row, detail=detail)
    return form
