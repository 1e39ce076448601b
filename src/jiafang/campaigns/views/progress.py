"""The bureau opens and closes a campaign and sees how far each school has come with its plan."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.access import policy
from jiafang.campaigns import selectors, services
from jiafang.campaigns.states import CampaignState
from jiafang.campaigns.views.common import crumbs, own_school, tabs
from jiafang.lib.errors import Problem
from jiafang.ui import toasts
from jiafang.ui.lists import Choice, Column, Empty, ListPage, Search
from jiafang.ui.parts import Crumb, Figure
from jiafang.units import selectors as units


@require_http_methods(["GET", "POST"])
def open_campaign(request: HttpRequest, pk) -> HttpResponse:
    """Choose the schools and begin; in a campaign that runs, further schools join."""
    found = selectors.campaign(request.actor, pk)
    policy.demand(request.actor, "campaign.open", path=found.bureau.path)
    schools = list(units.under(found.bureau.path, "school"))
    entered = {row.school_id for row in selectors.school_campaigns(request.actor, found)}
    problem = None
    chosen = {str(s.pk) for s in schools}
    if request.method == "POST":
        chosen = set(request.POST.getlist("schools"))
        picked = [s for s in schools if str(s.pk) in chosen]
        try:
            if found.state == CampaignState.DRAFT:
                services.open_campaign(request.actor, campaign=found, schools=picked)
                toasts.tell(request, _("活动已开始，%d 所学校现在可以看到。") % len(picked))
            else:
                added = services.add_schools(request.actor, campaign=found, schools=picked)
                toasts.tell(request, _("已添加 %d 所学校。") % added)
            return redirect("campaigns:plans", found.pk)
        except Problem as raised:
            if raised.code not in ("invalid", "state"):
                raise
            problem = raised
    context = {
        "campaign": found, "entered": entered, "chosen": chosen, "problem": problem,
        "said": selectors.campaign_rules(found, selectors.form_of(found)),
        "stages": _by_stage(schools), "crumbs": crumbs(found, Crumb(_("开始活动") if found.state == CampaignState.DRAFT else _("添加学校"))),
    }  # fmt: skip
    return render(request, "campaigns/open.html", context, status=422 if problem else 200)


def _by_stage(schools: list) -> list[tuple[str, list]]:
    out: dict[str, list] = {}
    for school in schools:
        out.setdefault(school.get_stage_display() or _("其他"), []).append(school)
    return list(out.items())


@require_POST
def close(request: HttpRequest, pk) -> HttpResponse:
    found = selectors.campaign(request.actor, pk)
    services.close_campaign(request.actor, campaign=found)
    toasts.tell(request, _("活动已结束，内容仍可查看。"))
    return redirect("campaigns:campaign", found.pk)


PLANS = ListPage(
    columns=[
        Column("school", gettext_lazy("学校"), value=lambda r: r.plan.school_campaign.school.name,
               sort=lambda r: r.plan.school_campaign.school.name, phone="title"),
        Column("state", gettext_lazy("状态"), value=lambda r: r.plan, kind="chip", sort=lambda r: r.plan.state, phone="side",
               export=lambda r: r.plan.get_state_display()),
        Column("submitted", gettext_lazy("报送时间"), template="campaigns/cell_submitted.html",
               sort=lambda r: r.plan.first_submitted_at, export=lambda r: r.plan.first_submitted_at),
        Column("late", gettext_lazy("截止"), template="campaigns/cell_late.html", sort=lambda r: r.late_days,
               export=lambda r: r.late_days),
        Column("version", gettext_lazy("版本"), kind="num", value=lambda r: r.plan.version if r.plan.first_submitted_at else "",
               phone="hide"),
    ],
    filters=[
        Search(apply=lambda rows, words: [r for r in rows if words in r.plan.school_campaign.school.name]),
        Choice("state", gettext_lazy("状态"), [("late", gettext_lazy("逾期未报")), ("waiting", gettext_lazy("待接收")), ("filed", gettext_lazy("已备案"))],
               apply=lambda rows, value: [r for r in rows if _plan_group(r) == value]),
    ],
    row_href=lambda r: reverse(f"campaigns:{'plan' if r.plan.submitted_at else 'school'}", args=[r.plan.school_campaign_id]),
    row_id="plan.pk",
    empty=Empty("file-text", gettext_lazy("还没有学校"), gettext_lazy("活动开始后，各校的实施方案会出现在这里。")),
    size=50,
)  # fmt: skip


def _plan_group(row) -> str:
    if row.plan.state == "submitted":
        return "waiting"
    if row.plan.state == "filed":
        return "filed"
    return "late" if row.late_days and row.plan.first_submitted_at is None else ""


def _plan_figures(rows: list, base: str) -> list[Figure]:
    handed = sum(row.plan.first_submitted_at is not None for row in rows)
    count = {g: sum(_plan_group(row) == g for row in rows) for g in ("waiting", "late", "filed")}
    return [
        Figure(_("已报送方案"), handed, unit=_("所"), of=len(rows), href=base),
        Figure(_("待接收"), count["waiting"], unit=_("所"), href=f"{base}?state=waiting", tone="now" if count["waiting"] else ""),
        Figure(_("逾期未报"), count["late"], unit=_("所"), href=f"{base}?state=late", tone="late" if count["late"] else ""),
        Figure(_("已备案"), count["filed"], unit=_("所"), href=f"{base}?state=filed", tone="good" if count["filed"] else ""),
    ]  # fmt: skip


@require_GET
def plans(request: HttpRequest, pk) -> HttpResponse:
    """Every school's plan: who handed in, who is late."""
    found = selectors.campaign(request.actor, pk)
    rows = selectors.plans(request.actor, found)
    base = reverse("campaigns:plans", args=[found.pk])
    context = {
        "campaign": found, "tabs": tabs(request, found, "progress"), "crumbs": crumbs(found, Crumb(_("学校进度"))),
        "figures": _plan_figures(rows, base), "may_open": selectors.may_edit(request.actor, found),
    }  # fmt: skip
    return PLANS.answer(request, rows, context, template="campaigns/plans.html")


@require_GET
def all_deliverables(request: HttpRequest) -> HttpResponse:
    """The bureau's 报送 page: the plans of the newest open campaign."""
    newest = selectors.current(request.actor).first()
    if newest is None or not policy.can(request.actor, "campaign.read_progress", path=newest.bureau.path):
        return redirect("campaigns:list")
    return redirect("campaigns:plans", newest.pk)


@require_GET
def deliverables(request: HttpRequest, pk) -> HttpResponse:
    found = selectors.campaign(request.actor, pk)
    may_edit = selectors.may_edit(request.actor, found) and found.state != CampaignState.CLOSED
    context = {
        "campaign": found, "rows": selectors.deliverables_of(found), "tabs": tabs(request, found, "deliverables"),
        "may_edit": may_edit, "own": own_school(request, found), "crumbs": crumbs(found, Crumb(_("报送材料"))),
    }  # fmt: skip
    return render(request, "campaigns/deliverables.html", context)
