"""The record form designed: by the bureau for a campaign, by a school for itself. Every save is a new version."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jiafang.access import policy
from jiafang.campaigns import selectors, services
from jiafang.campaigns.forms import rows_of
from jiafang.campaigns.views.common import crumbs, school_crumbs
from jiafang.lib.errors import Problem
from jiafang.paperwork.forms import schema_dict
from jiafang.ui import toasts
from jiafang.ui.parts import Crumb

FIELD_KINDS = [
    ("long_text", gettext_lazy("长文字")), ("text", gettext_lazy("短文字")), ("person", gettext_lazy("姓名")),
    ("number", gettext_lazy("数字")), ("date_time", gettext_lazy("日期时间")), ("choice", gettext_lazy("单选")),
    ("multi_choice", gettext_lazy("多选")),
]  # fmt: skip


@require_http_methods(["GET", "POST"])
def school_form(request: HttpRequest, pk) -> HttpResponse:
    """A school's own design, begun from the form it writes on now."""
    row = selectors.school_campaign(request.actor, pk)
    policy.demand(request.actor, "campaign.design_form", path=row.school.path)
    context = {"school": row.school, "crumbs": school_crumbs(row, Crumb(_("记录表")))}
    return _design(
        request, row.campaign, row.school, selectors.form_for(row), reverse("campaigns:school", args=[row.pk]), context
    )


@require_http_methods(["GET", "POST"])
def record_form(request: HttpRequest, pk) -> HttpResponse:
    """The campaign's form; where the document gives none, the printed one of the other document is offered."""
    found = selectors.campaign(request.actor, pk)
    policy.demand(request.actor, "campaign.edit", path=found.bureau.path)
    now = selectors.form_of(found)
    onward = reverse("campaigns:campaign", args=[found.pk])
    if request.method == "POST" and (code := request.POST.get("adopt")):
        if code not in selectors.SHIPPED_FORMS:
            raise Problem("not_found")
        services.design_form(request.actor, campaign=found, schema=schema_dict(selectors.SHIPPED_FORMS[code]))
        toasts.tell(request, _("已采用。"))
        return redirect(onward)
    context = {
        "offered": [] if now else list(selectors.SHIPPED_FORMS.items()),
        "crumbs": crumbs(found, Crumb(_("记录表"))),
    }
    return _design(request, found, None, now, onward, context)


def _design(request: HttpRequest, campaign, school, now, onward: str, context: dict[str, Any]) -> HttpResponse:
    fields = now.schema["fields"] if now else []
    title, problem = now.schema["title"] if now else "", None
    if request.method == "POST":
        title = request.POST.get("title", "")
        fields = _posted_fields(request, {f["key"]: f for f in fields})
        schema = {"format": 1, "key": "school_form" if school else "campaign_form", "title": title, "fields": fields}
        try:
            services.design_form(request.actor, campaign=campaign, school=school, schema=schema)
            toasts.tell(request, _("已保存为新版本，之后写的记录用新表。"))
            return redirect(onward)
        except Problem as raised:
            if raised.code != "invalid":
                raise
            problem = raised
    faults = [_place(name, texts, fields) for name, texts in problem.fields.items()] if problem else []
    context |= {
        "campaign": campaign, "now": now, "title": title, "problem": problem, "faults": faults, "kinds": FIELD_KINDS,
        "onward": onward, "fields": [f | {"words": "、".join(o["label"] for o in f.get("options", []))} for f in fields],
    }  # fmt: skip
    return render(request, "campaigns/form.html", context, status=422 if problem else 200)


def _place(name: str, texts: list[str], fields: list[dict]) -> str:
    parts = name.split(".")
    if parts[0] == "fields" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(fields):
        return f"{fields[int(parts[1])].get('label') or _('第 %d 栏') % (int(parts[1]) + 1)}：{'；'.join(texts)}"
    return "；".join(texts)


def _posted_fields(request: HttpRequest, there: dict[str, dict]) -> list[dict]:
    """The fields as sent; what the page does not ask about a field stays as it was."""
    out, taken = [], set(there)
    for sent in rows_of(request.POST, "key", "label", "kind", "required", "hint", "options"):
        if not sent["label"].strip():
            continue
        field = dict(there.get(sent["key"], {}))
        if not field:
            number = next(n for n in range(1, 1000) if f"own_{n}" not in taken)
            taken.add(f"own_{number}")
            field = {"key": f"own_{number}", "kind": sent["kind"], "span": 6 if sent["kind"] == "long_text" else 3}
            if sent["kind"] == "long_text":
                field["lines"] = 5
        field["label"] = sent["label"].strip()
        field["required"] = sent["required"] == "1"
        field["hint"] = sent["hint"].strip()
        if field["kind"] in ("choice", "multi_choice"):
            old = {o["label"]: o["code"] for o in field.get("options", [])}
            labels = list(
                dict.fromkeys(filter(None, (w.strip() for w in sent["options"].replace("，", "、").split("、"))))
            )
            field["options"] = [{"code": old.get(w) or f"o{n}_{len(old)}", "label": w} for n, w in enumerate(labels, 1)]
        out.append(field)
    return out
