"""The lines of a campaign: numbered items, care categories and what schools hand in; each list is replaced whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.campaigns.models import Campaign, CampaignItem, CareCategory, Deliverable
from jiafang.campaigns.services.campaigns import locked
from jiafang.campaigns.states import CAMPAIGN, after
from jiafang.lib.errors import Problem
from jiafang.roster.kinds import CareKind


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a numbered list; ``forbids`` marks a “不能” of the conduct code."""

    text: str
    forbids: bool = False


def _editable(actor: Actor, campaign: Campaign) -> Campaign:
    row = locked(campaign)
    policy.demand(actor, "campaign.edit", path=row.bureau.path)
    after(CAMPAIGN, "campaign.edit", row.state)
    return row


@transaction.atomic
def set_items(actor: Actor, *, campaign: Campaign, kind: str, lines: Sequence[Line]) -> None:
    """Replace the lines of one kind. A changed conduct code is to be read again by everybody before going out."""
    row = _editable(actor, campaign)
    if kind not in CampaignItem.Kind.values:
        raise Problem("invalid", _("没有这种条目。"), {"kind": [_("请从列表里选择。")]})
    lines = [Line(line.text.strip(), line.forbids) for line in lines if line.text.strip()]
    old = list(CampaignItem.objects.filter(campaign=row, kind=kind).order_by("number"))
    if [(item.text, item.forbids) for item in old] == [(line.text, line.forbids) for line in lines]:
        return
    CampaignItem.objects.filter(campaign=row, kind=kind).delete()
    CampaignItem.objects.bulk_create(
        CampaignItem(campaign=row, kind=kind, number=number, text=line.text, forbids=line.forbids)
        for number, line in enumerate(lines, 1)
    )
    if kind == CampaignItem.Kind.CONDUCT:
        row.conduct_revision += 1
        row.save(update_fields=["conduct_revision"])
    audit.record(actor, "campaign.edit", path=row.bureau.path, target=row, detail={"items": kind, "n": len(lines)})


@transaction.atomic
def set_categories(actor: Actor, *, campaign: Campaign, categories: Iterable[Mapping[str, Any]]) -> None:
    """Replace the care categories: mappings with ``name``, ``kinds`` and, if wished, ``code``, ``modes``,
    ``min_visits``, ``priority``, ``special``. A category whose code stays keeps its row."""
    row = _editable(actor, campaign)
    faults: dict[str, list[str]] = {}
    there = {category.code: category for category in CareCategory.objects.filter(campaign=row)}
    wanted = []
    for number, given in enumerate(categories, 1):
        category = there.pop(given.get("code") or "", None) or CareCategory(campaign=row, code=given.get("code") or "")
        category.name, category.kinds, category.number = given["name"].strip(), list(given["kinds"]), number
        category.modes = list(given.get("modes", category.modes))
        category.min_visits = given.get("min_visits", category.min_visits)
        category.priority = given.get("priority", category.priority)
        category.special = given.get("special", category.special)
        if not category.name or not category.kinds or set(category.kinds) - set(CareKind.values):
            faults[f"categories.{number - 1}"] = [_("请填写名称，并至少选择一种类别。")]
        if set(category.modes) - set(row.modes):
            faults[f"categories.{number - 1}"] = [_("只能选择活动允许的家访形式。")]
        wanted.append(category)
    if faults:
        raise Problem("invalid", _("有 %d 类要改。") % len(faults), faults)
    taken = {category.code for category in wanted}
    CareCategory.objects.filter(pk__in=[category.pk for category in there.values()]).delete()
    for category in wanted:
        if not category.code:
            category.code = next(code for n in range(1, 1000) if (code := f"own_{n}") not in taken)
            taken.add(category.code)
        category.save()
    audit.record(actor, "campaign.edit", path=row.bureau.path, target=row, detail={"categories": len(wanted)})


@transaction.atomic
def set_deliverables(actor: Actor, *, campaign: Campaign, deliverables: Iterable[tuple[str, str, date | None]]) -> None:
    """Replace what schools hand in: ``(code or "", title, due)``; the code "plan" is the school's 一校一策."""
    row = _editable(actor, campaign)
    wanted = [(code, title.strip(), due) for code, title, due in deliverables if title.strip()]
    taken = {code for code, _title, _due in wanted if code}
    keep = []
    for code, title, due in wanted:
        if not code:
            code = next(c for n in range(1, 1000) if (c := f"d{n}") not in taken)
            taken.add(code)
        Deliverable.objects.update_or_create(campaign=row, code=code, defaults={"title": title, "due": due})
        keep.append(code)
    Deliverable.objects.filter(campaign=row).exclude(code__in=keep).delete()
    audit.record(actor, "campaign.edit", path=row.bureau.path, target=row, detail={"deliverables": len(keep)})
