"""A school in a campaign: its own rules, record form, leaders' quotas, and who has read the conduct code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.access import policy
from jiafang.access.roles import LEADERS, TIER_LABELS, Role
from jiafang.campaigns import selectors, services
from jiafang.campaigns.forms import SchoolRulesForm, rows_of
from jiafang.campaigns.states import CampaignState
from jiafang.campaigns.views.common import crumbs, school_crumbs, tabs
from jiafang.lib.errors import Problem
from jiafang.ui import toasts
from jiafang.ui.forms import told
from jiafang.ui.lists import Choice, Column, Empty, ListPage, Search
from jiafang.ui.parts import Crumb
from jiafang.units import selectors as units


@require_GET
def school(request: HttpRequest, pk) -> HttpResponse:
    """One school's part of a campaign."""
    row = selectors.school_campaign(request.actor, pk)
    rules = selectors.rules(row)
    try:
        plan = selectors.plan_of(request.actor, row)
    except Problem:
        plan = None  # not for this reader yet
    may_rule = policy.can(request.actor, "campaign.set_school_rules", path=row.school.path)
    people = selectors.acknowledgements(request.actor, row) if policy.can(
        request.actor, "conduct.read_acknowledgements", path=row.school.path) else None  # fmt: skip
    context = {
        "row": row, "campaign": row.campaign, "said": selectors.school_rules(row, rules), "plan": plan, "may_rule": may_rule,
        "form": selectors.form_for(row), "crumbs": school_crumbs(row), "quotas": selectors.quotas(row),
        "leaders": _leaders(row) if may_rule else [], "open": row.campaign.state == CampaignState.OPEN,
        "people": people, "read": sum(p.at is not None for p in people) if people is not None else 0,
        "categories": selectors.category_lines(rules.categories, row.campaign),
        "steps": plan_steps(plan) if plan else [],
    }  # fmt: skip
    return render(request, "campaigns/school.html", context)


def _leaders(row) -> list:
    """Leaders of the school with the quota they have, each person once."""
    held = {q.staff_id: q.min_visits for q in selectors.quotas(row)}
    seen = {}
    for post in units.posts_under(row.school.path, *LEADERS, Role.GRADE_HEAD):
        seen.setdefault(
            post.staff_id, {"staff": post.staff, "role": post.get_role_display(), "n": held.get(post.staff_id, "")}
        )
    return list(seen.values())


STEPS = (
    ("draft", gettext_lazy("起草")), ("approved", gettext_lazy("校内审定")), ("sealed", gettext_lazy("盖章扫描")),
    ("submitted", gettext_lazy("报送")), ("received", gettext_lazy("接收")), ("filed", gettext_lazy("备案")),
)  # fmt: skip


def plan_steps(plan) -> list[dict]:
    """The way of a plan as a line of steps: done, the present one, still ahead."""
    state = plan.plan.state
    # A state names the step that was taken; what is being worked on is the one after it.
    now = 0 if state in ("draft", "returned") else [code for code, _label in STEPS].index(state) + 1
    return [{"label": label, "done": n < now, "now": n == now} for n, (_code, label) in enumerate(STEPS)]


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, pk) -> HttpResponse:
    """The school's own rules, never weaker than the campaign's."""
    row = selectors.school_campaign(request.actor, pk)
    policy.demand(request.actor, "campaign.set_school_rules", path=row.school.path)
    names = list(SchoolRulesForm.base_fields)
    form = SchoolRulesForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_school_rules(request.actor, school_campaign=row, **form.cleaned_data)
            toasts.tell(request, _("已保存"))
            return redirect("campaigns:school", row.pk)
        except Problem as problem:
            told(form, problem)
    context = {
        "row": row, "form": form, "campaign": row.campaign, "said": selectors.campaign_rules(row.campaign, None),
        "suggestions": selectors.suggestions_for(row.campaign, "school"), "crumbs": school_crumbs(row, Crumb(_("本校规定"))),
    }  # fmt: skip
    return render(request, "campaigns/school_rules.html", context, status=422 if form.errors else 200)


@require_POST
def quotas(request: HttpRequest, pk) -> HttpResponse:
    """How many visits each leader takes part in."""
    row = selectors.school_campaign(request.actor, pk)
    policy.demand(request.actor, "campaign.set_school_rules", path=row.school.path)
    people = {str(leader["staff"].pk): leader for leader in _leaders(row)}
    for given in rows_of(request.POST, "staff", "min_visits"):
        leader = people.get(given["staff"])
        if leader is None:
            raise Problem("not_found")
        wanted = int(given["min_visits"]) if given["min_visits"].isdigit() else 0
        if wanted != (leader["n"] or 0):
            services.set_quota(request.actor, school_campaign=row, staff=leader["staff"], min_visits=wanted)
    toasts.tell(request, _("已保存"))
    return redirect("campaigns:school", row.pk)


ACKNOWLEDGED = ListPage(
    columns=[
        Column("name", gettext_lazy("姓名"), value=lambda r: r.staff.name, sort=lambda r: r.staff.pinyin, phone="title"),
        Column("tier", gettext_lazy("队伍"), value=lambda r: TIER_LABELS[r.tier], sort=lambda r: r.tier),
        Column("at", gettext_lazy("阅知时间"), template="campaigns/cell_read.html", sort=lambda r: r.at, phone="side"),
    ],
    filters=[
        Search(apply=lambda rows, words: [r for r in rows if words in r.staff.name or words.lower() in r.staff.pinyin]),
        Choice("read", gettext_lazy("阅知"), [("no", gettext_lazy("还没有阅知")), ("yes", gettext_lazy("已阅知"))],
               apply=lambda rows, value: [r for r in rows if (r.at is not None) == (value == "yes")]),
        Choice("tier", gettext_lazy("队伍"), list(TIER_LABELS.items()), apply=lambda rows, value: [r for r in rows if r.tier == value]),
    ],
    row_id="staff.pk",
    empty=Empty("users", gettext_lazy("没有符合条件的老师"), gettext_lazy("换个条件再看看。")),
    size=50,
)  # fmt: skip


@require_GET
def acknowledgements(request: HttpRequest, pk) -> HttpResponse:
    """Who has read the conduct code, and who has not yet."""
    row = selectors.school_campaign(request.actor, pk)
    people = selectors.acknowledgements(request.actor, row)
    context = {"row": row, "crumbs": school_crumbs(row, Crumb(_("守则阅知"))), "total": len(people),
               "read": sum(p.at is not None for p in people)}  # fmt: skip
    return ACKNOWLEDGED.answer(request, people, context, template="campaigns/acknowledgements.html")


@require_GET
def conduct_now(request: HttpRequest) -> HttpResponse:
    """The code of the newest open campaign; with none, the list of campaigns says so."""
    newest = selectors.current(request.actor).first()
    return redirect("campaigns:campaign_conduct", newest.pk) if newest else redirect("campaigns:list")


@require_GET
def conduct(request: HttpRequest, pk) -> HttpResponse:
    """The conduct code as it is printed, with 阅知 for teachers."""
    found = selectors.campaign(request.actor, pk)
    lines = list(selectors.conduct_of(found))
    schools = list(selectors.school_campaigns(request.actor, found)[:2])
    reader = policy.can(request.actor, "conduct.acknowledge") and found.state != CampaignState.DRAFT and bool(schools)
    own = schools[0] if len(schools) == 1 else None
    context = {
        "campaign": found, "lines": lines, "reader": reader, "at": selectors.acknowledged_at(request.actor.staff_id, found),
        "tabs": tabs(request, found, "conduct"), "crumbs": crumbs(found, Crumb(found.conduct_title or _("守则"))),
        "may_edit": selectors.may_edit(request.actor, found) and found.state != CampaignState.CLOSED,
        "own": own, "may_list": own is not None and policy.can(request.actor, "conduct.read_acknowledgements"),
    }  # fmt: skip
    return render(request, "campaigns/conduct.html", context)


@require_POST
def acknowledge(request: HttpRequest, pk) -> HttpResponse:
    found = selectors.campaign(request.actor, pk)
    services.acknowledge_conduct(request.actor, campaign=found)
    toasts.tell(request, _("已阅知，可以参加外出家访了。"))
    return redirect("campaigns:campaign_conduct", found.pk)
