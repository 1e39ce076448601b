"""The bureau makes and edits campaigns."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from jiafang.access import policy
from jiafang.campaigns import selectors, services
from jiafang.campaigns.forms import BasicsForm, CreateForm, day_of, rows_of
from jiafang.campaigns.states import CampaignState, ItemKind, Mode
from jiafang.campaigns.views.common import crumbs, own_school, tabs
from jiafang.lib.errors import Problem
from jiafang.roster.kinds import CareKind
from jiafang.ui import toasts
from jiafang.ui.forms import told
from jiafang.ui.lists import Choice, Column, Empty, ListPage, Search
from jiafang.ui.parts import Crumb
from jiafang.units import selectors as units

CAMPAIGNS = ListPage(
    columns=[
        Column("title", gettext_lazy("活动"), sort="title", phone="title"),
        Column("document_number", gettext_lazy("文号"), phone="hide"),
        Column("begins", gettext_lazy("开始"), sort="begins"),
        Column("ends", gettext_lazy("结束"), sort="ends"),
        Column("school_count", gettext_lazy("学校"), kind="num", sort="school_count"),
        Column("state", gettext_lazy("状态"), value=lambda c: c, kind="chip", sort="state", phone="side"),
    ],
    filters=[Search(("title__contains", "document_number__contains")), Choice("state", gettext_lazy("状态"), CampaignState.choices)],
    row_href=lambda c: reverse("campaigns:campaign", args=[c.pk]),
    empty=Empty("flag", gettext_lazy("还没有家访活动"), gettext_lazy("教育局开展的家访活动会出现在这里。")),
)  # fmt: skip


@require_GET
def campaign_list(request: HttpRequest) -> HttpResponse:
    may_create = policy.can(request.actor, "campaign.create")
    empty = None
    if may_create:
        empty = Empty(
            "flag", _("还没有家访活动"), _("从两份现成的方案里选一份开始，或照以前的活动再办一次。"),
            reverse("campaigns:new"), _("新建活动"),
        )  # fmt: skip
    return CAMPAIGNS.answer(
        request, selectors.campaigns(request.actor), {"may_create": may_create, "crumbs": [Crumb(_("活动"))]},
        template="campaigns/list.html", empty=empty,
    )  # fmt: skip


@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """Where to begin from: a shipped template or an earlier campaign."""
    bureau = selectors.bureau_to_create_in(request.actor)
    earlier = [c for c in selectors.campaigns(request.actor)[:20] if c.bureau_id == bureau.pk]
    context = {"templates": selectors.templates(), "earlier": earlier, "crumbs": crumbs(None, Crumb(_("新建活动")))}
    return render(request, "campaigns/new.html", context)


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, template: str) -> HttpResponse:
    """What a template's document leaves open is asked here; the rest comes as it is printed."""
    bureau = selectors.bureau_to_create_in(request.actor)
    shipped = selectors.template(template)
    terms = list(units.terms(bureau))
    form = CreateForm(
        request.POST or None, terms=terms, asks=shipped.asks, own_form=selectors.shipped_form_title(shipped),
        initial={"title": shipped.campaign["title"], "document_number": shipped.campaign["document_number"],
                 "term": _current_term(bureau)},
    )  # fmt: skip
    rows = [{"title": row["title"], "due": row["due"]} for row in shipped.deliverables]
    if request.method == "POST":
        rows = [
            {"title": row["d_title"], "due": day_of(row["d_due"])} for row in rows_of(request.POST, "d_title", "d_due")
        ]
        if form.is_valid():
            given = form.cleaned_data
            asked = [(row["title"], row["due"]) for row in rows if row["title"].strip()]
            try:
                made = services.create_from_template(
                    request.actor, bureau=bureau, template=template, title=given["title"], term=given["term"],
                    begins=given["begins"], ends=given["ends"], form=given["form"],
                    document_number=given["document_number"],
                    deliverables=asked if "deliverables" in shipped.asks else None,
                )  # fmt: skip
                toasts.tell(request, _("草稿已建好，学校还看不到。核对后再开始。"))
                return redirect("campaigns:campaign", made.pk)
            except Problem as problem:
                told(form, problem)
    context = {
        "form": form, "template": shipped, "rows": rows, "asks_deliverables": "deliverables" in shipped.asks,
        "school_suggestions": [s for s in shipped.suggestions if s.target == "school"],
        "crumbs": crumbs(None, Crumb(_("新建活动"), reverse("campaigns:new")), Crumb(shipped.name)),
    }  # fmt: skip
    return render(request, "campaigns/create.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def create_like(request: HttpRequest, pk) -> HttpResponse:
    """The same again in another term."""
    bureau = selectors.bureau_to_create_in(request.actor)
    source = selectors.campaign(request.actor, pk)
    record = selectors.form_of(source)
    form = CreateForm(
        request.POST or None, terms=list(units.terms(bureau)), own_form=record.schema["title"] if record else "",
        initial={"title": source.title, "document_number": source.document_number, "term": _current_term(bureau)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        changes = {name: given[name] for name in ("begins", "ends") if given[name]}
        try:
            made = services.create_from_campaign(
                request.actor, bureau=bureau, source=source, title=given["title"], term=given["term"],
                document_number=given["document_number"], **changes,
            )  # fmt: skip
            toasts.tell(request, _("草稿已建好，学校还看不到。核对后再开始。"))
            return redirect("campaigns:campaign", made.pk)
        except Problem as problem:
            told(form, problem)
    context = {
        "form": form,
        "source": source,
        "crumbs": crumbs(None, Crumb(_("新建活动"), reverse("campaigns:new")), Crumb(source.title)),
    }
    return render(request, "campaigns/create.html", context, status=422 if form.errors else 200)  # fmt: skip


def _current_term(bureau) -> str:
    term = units.term_on(bureau)
    return str(term.pk) if term and term.bureau_id == bureau.pk else ""


@require_GET
def campaign(request: HttpRequest, pk) -> HttpResponse:
    """The rules as people read them."""
    found = selectors.campaign(request.actor, pk)
    form = selectors.form_of(found)
    said = selectors.campaign_rules(found, form)
    items = selectors.items_of(found)
    kinds = [k for k in ItemKind if k != ItemKind.CONDUCT]
    may_edit = selectors.may_edit(request.actor, found) and found.state != CampaignState.CLOSED
    context = {
        "campaign": found, "said": said, "missing": [s for s in said if s.missing], "may_edit": may_edit,
        "categories": selectors.category_lines(selectors.categories_of(found), found),
        "groups": [(k, k.label, items[k]) for k in kinds if items.get(k)],
        "unsaid": [(k, k.label) for k in kinds if not items.get(k)],
        "tabs": tabs(request, found, "rules"), "own": own_school(request, found), "crumbs": crumbs(found),
        "may_open": found.state == CampaignState.DRAFT and policy.can(request.actor, "campaign.open", path=found.bureau.path),
        "may_close": found.state == CampaignState.OPEN and policy.can(request.actor, "campaign.close", path=found.bureau.path),
    }  # fmt: skip
    return render(request, "campaigns/campaign.html", context)


def _to_edit(request: HttpRequest, pk):
    found = selectors.campaign(request.actor, pk)
    policy.demand(request.actor, "campaign.edit", path=found.bureau.path)
    return found


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk) -> HttpResponse:
    found = _to_edit(request, pk)
    initial = {name: getattr(found, name) for name in BasicsForm.base_fields if hasattr(found, name)}
    initial |= {"term": str(found.term_id or ""), "home_word": found.mode_words.get(Mode.HOME, ""),
                "online_word": found.mode_words.get(Mode.ONLINE, "")}  # fmt: skip
    form = BasicsForm(request.POST or None, terms=list(units.terms(found.bureau)), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_campaign(request.actor, campaign=found, **form.changes())
            toasts.tell(request, _("已保存"))
            return redirect("campaigns:campaign", found.pk)
        except Problem as problem:
            told(form, problem)
    context = {"form": form, "campaign": found, "crumbs": crumbs(found, Crumb(_("修改")))}
    return render(request, "campaigns/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_items(request: HttpRequest, pk, kind: str) -> HttpResponse:
    """The numbered lines of one kind."""
    found = _to_edit(request, pk)
    if kind not in ItemKind.values:
        raise Problem("not_found")
    lines = [services.Line(item.text, item.forbids) for item in selectors.items_of(found).get(kind, [])]
    if request.method == "POST":
        lines = [services.Line(row["text"], row["forbids"] == "1") for row in rows_of(request.POST, "text", "forbids")]
        services.set_items(request.actor, campaign=found, kind=kind, lines=lines)
        toasts.tell(request, _("已保存"))
        return redirect("campaigns:campaign_conduct" if kind == ItemKind.CONDUCT else "campaigns:campaign", found.pk)
    label = ItemKind(kind).label
    context = {
        "campaign": found, "kind": kind, "label": label, "lines": [*lines, services.Line("")],
        "conduct": kind == ItemKind.CONDUCT, "crumbs": crumbs(found, Crumb(label)),
    }  # fmt: skip
    return render(request, "campaigns/items.html", context)


@require_http_methods(["GET", "POST"])
def edit_categories(request: HttpRequest, pk) -> HttpResponse:
    found = _to_edit(request, pk)
    rows = [
        {"code": c.code, "name": c.name, "kinds": list(c.kinds), "modes": [m for m in c.modes if set(c.modes) != set(found.modes)],
         "min_visits": c.min_visits or "", "special": c.special, "priority": c.priority}
        for c in selectors.categories_of(found)
    ]  # fmt: skip
    faults: dict = {}
    if request.method == "POST":
        rows = _posted_categories(request)
        try:
            services.set_categories(
                request.actor, campaign=found,
                categories=[row | {"min_visits": int(row["min_visits"]) if row["min_visits"] else None} for row in rows],
            )  # fmt: skip
            toasts.tell(request, _("已保存"))
            return redirect("campaigns:campaign", found.pk)
        except Problem as problem:
            if problem.code != "invalid":
                raise
            faults = {int(name.split(".")[1]): texts[0] for name, texts in problem.fields.items()}
    context = {
        "campaign": found, "rows": [(n, row, faults.get(n, "")) for n, row in enumerate(rows)], "next": len(rows),
        "kinds": CareKind.choices, "modes": [(m, found.mode_words.get(m) or Mode(m).label) for m in found.modes],
        "faults": faults, "crumbs": crumbs(found, Crumb(_("关爱类别"))),
    }  # fmt: skip
    return render(request, "campaigns/categories.html", context, status=422 if faults else 200)


def _posted_categories(request: HttpRequest) -> list[dict]:
    """Rows are numbered, because each holds boxes that may all be empty."""
    out = []
    for number in request.POST.getlist("row"):
        least = request.POST.get(f"min_visits-{number}", "")
        name = request.POST.get(f"name-{number}", "").strip()
        if not name and not request.POST.get(f"code-{number}"):
            continue
        if name:
            out.append({
                "code": request.POST.get(f"code-{number}", ""), "name": name[:60],
                "kinds": request.POST.getlist(f"kinds-{number}"), "modes": request.POST.getlist(f"modes-{number}"),
                "min_visits": least if least.isdigit() and 0 < int(least) < 100 else "",
                "special": request.POST.get(f"special-{number}") == "1",
                "priority": 2 if request.POST.get(f"special-{number}") == "1" else 1,
            })  # fmt: skip
    return out


@require_http_methods(["GET", "POST"])
def edit_deliverables(request: HttpRequest, pk) -> HttpResponse:
    found = _to_edit(request, pk)
    if request.method == "POST":
        rows = rows_of(request.POST, "code", "title", "due")
        services.set_deliverables(
            request.actor,
            campaign=found,
            deliverables=[(r["code"][:30], r["title"][:80], day_of(r["due"])) for r in rows],
        )
        toasts.tell(request, _("已保存"))
        return redirect("campaigns:campaign_deliverables", found.pk)
    context = {
        "campaign": found,
        "rows": selectors.deliverables_of(found),
        "crumbs": crumbs(found, Crumb(_("报送材料"))),
    }
    return render(request, "campaigns/deliverables_edit.html", context)
