"""一校一策 on its way: written, 校内审定, 盖章扫描, 报送, 接收 or 退回, 备案. ``states.PLAN`` says what may follow what."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.campaigns.models import PlanVersion, SchoolPlan
from jiafang.campaigns.selectors.drafting import CODES, SECTIONS
from jiafang.campaigns.services.schools import demand_open
from jiafang.campaigns.states import PLAN, after
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.paperwork.forms import clean_text
from jiafang.paperwork.services import SCANS, store

LONGEST = 20_000
MOST_TASKS = 40


def _begin(actor: Actor, plan: SchoolPlan, verb: str, *, at_bureau: bool = False) -> tuple[SchoolPlan, str, str]:
    """The locked row, the path the act belongs to and the state after ``verb``; policy and state are checked."""
    rows = SchoolPlan.objects.select_for_update(of=("self",))
    row = rows.select_related("school_campaign__campaign__bureau", "school_campaign__school").filter(pk=plan.pk).first()
    if row is None:
        raise Problem("not_found")
    path = row.school_campaign.school.path
    policy.demand(actor, verb, path=row.school_campaign.campaign.bureau.path if at_bureau else path)
    demand_open(row.school_campaign)
    return row, path, after(PLAN, verb, row.state)


@transaction.atomic
def edit_plan(actor: Actor, *, plan: SchoolPlan, section: str, text: str, base: int) -> int:
    """Save one section as it is being typed; returns its new revision.

    ``base`` is the revision the writer began from. When somebody else saved in between, nothing is overwritten:
    ``Problem("stale")`` carries the other text and its revision.
    """
    row, path, state = _begin(actor, plan, "plan.edit")
    if section not in CODES:
        raise Problem("not_found")
    text = clean_text(text)
    if len(text) > LONGEST:
        raise Problem("too_large", _("这一部分最多 %d 个字。") % LONGEST)
    there, now = row.sections.get(section, ""), row.revisions.get(section, 0)
    if text == there:
        return now
    if base != now:
        raise Problem(
            "stale",
            _("另一个人刚改过这一部分，您写的还留在这里。请对照后再保存。"),
            extra={"text": there, "revision": now},
        )
    row.sections[section], row.revisions[section] = text, now + 1
    row.state, row.updated_at = state, clock.now()
    row.save(update_fields=["sections", "revisions", "state", "updated_at"])
    audit.record(actor, "plan.edit", path=path, target=row, detail={"section": section})
    return now + 1


@transaction.atomic
def edit_tasks(actor: Actor, *, plan: SchoolPlan, tasks: Sequence[Mapping[str, object]]) -> SchoolPlan:
    """Replace the bars of the task chart: ``name``, ``owner``, ``begins``, ``ends`` (days, both in)."""
    row, path, state = _begin(actor, plan, "plan.edit")
    if len(tasks) > MOST_TASKS:
        raise Problem("invalid", _("任务最多 %d 项。") % MOST_TASKS)
    faults: dict[str, list[str]] = {}
    kept = []
    for number, task in enumerate(tasks):
        name, owner = (clean_text(str(task.get(key) or "")) for key in ("name", "owner"))
        begins, ends = task.get("begins"), task.get("ends")
        if not name or len(name) > 40 or len(owner) > 40:
            faults[f"tasks.{number}"] = [_("请填写任务名称，名称和责任人各不超过 40 个字。")]
        elif not isinstance(begins, date) or not isinstance(ends, date):
            faults[f"tasks.{number}"] = [_("请填写开始和结束日期。")]
        elif ends < begins:
            faults[f"tasks.{number}"] = [_("结束日期不能早于开始日期。")]
        else:
            kept.append({"name": name, "owner": owner, "begins": begins.isoformat(), "ends": ends.isoformat()})
    if faults:
        raise Problem("invalid", _("任务图有 %d 项要改。") % len(faults), faults)
    if kept == row.tasks:
        return row
    row.tasks, row.state, row.updated_at = kept, state, clock.now()
    row.save(update_fields=["tasks", "state", "updated_at"])
    audit.record(actor, "plan.edit", path=path, target=row, detail={"tasks": len(kept)})
    return row


@transaction.atomic
def approve_plan(actor: Actor, *, plan: SchoolPlan) -> SchoolPlan:
    """校内审定: the text as it stands is kept as a version. Every section but the attachments must say something."""
    row, path, state = _begin(actor, plan, "plan.approve")
    empty = [
        (code, str(head)) for code, head, _hint in SECTIONS if code != "attachments" and not row.sections.get(code)
    ]
    faults = {code: [_("“%s”还没有写。") % head] for code, head in empty}
    if not row.tasks:
        faults["tasks"] = [_("任务图里还没有任务。")]
    if faults:
        raise Problem("invalid", _("方案还有 %d 处没有写，写完再审定。") % len(faults), faults)
    last = row.versions.order_by("-version").values_list("version", flat=True).first() or 0
    row.state, row.version, row.stamped, row.approved_by_id = state, last + 1, None, actor.staff_id
    row.remark, row.updated_at = "", clock.now()
    row.save(update_fields=["state", "version", "stamped", "approved_by", "remark", "updated_at"])
    PlanVersion.objects.create(
        plan=row, version=row.version, sections=row.sections, tasks=row.tasks, by_id=actor.staff_id
    )
    audit.record(actor, "plan.approve", path=path, target=row, detail={"version": row.version})
    return row


@transaction.atomic
def seal_plan(actor: Actor, *, plan: SchoolPlan, name: str, body: bytes) -> SchoolPlan:
    """Attach the scan of the stamped paper (PDF, JPG or PNG, told by its bytes) to the approved version."""
    row, path, state = _begin(actor, plan, "plan.seal")
    row.stamped = store(path=path, name=name, body=body, allowed=SCANS)
    row.state, row.updated_at = state, clock.now()
    row.save(update_fields=["stamped", "state", "updated_at"])
    row.versions.filter(version=row.version).update(stamped=row.stamped)
    audit.record(actor, "plan.seal", path=path, target=row, detail={"version": row.version, "bytes": row.stamped.size})
    return row


@transaction.atomic
def submit_plan(actor: Actor, *, plan: SchoolPlan) -> SchoolPlan:
    """报送: the bureau sees it from now on. Lateness counts from the first time."""
    row, path, state = _begin(actor, plan, "plan.submit")
    row.state, row.submitted_at = state, clock.now()
    row.first_submitted_at = row.first_submitted_at or row.submitted_at
    row.save(update_fields=["state", "submitted_at", "first_submitted_at"])
    audit.record(actor, "plan.submit", path=path, target=row, detail={"version": row.version})
    return row


@transaction.atomic
def receive_plan(actor: Actor, *, plan: SchoolPlan) -> SchoolPlan:
    """接收: the bureau has it in hand."""
    row, path, state = _begin(actor, plan, "plan.receive", at_bureau=True)
    row.state = state
    row.save(update_fields=["state"])
    audit.record(actor, "plan.receive", path=path, target=row, detail={"version": row.version})
    return row


@transaction.atomic
def return_plan(actor: Actor, *, plan: SchoolPlan, remark: str) -> SchoolPlan:
    """退回: with a remark that says what to mend."""
    row, path, state = _begin(actor, plan, "plan.return", at_bureau=True)
    remark = clean_text(remark)
    if not remark:
        raise Problem("invalid", _("请写明要修改的地方。"), {"remark": [_("请写明要修改的地方。")]})
    if len(remark) > 2000:
        raise Problem("invalid", _("退回意见最多 2000 个字。"), {"remark": [_("最多 2000 个字。")]})
    row.state, row.remark = state, remark
    row.save(update_fields=["state", "remark"])
    audit.record(actor, "plan.return", path=path, target=row, detail={"version": row.version})
    return row


@transaction.atomic
def file_plan(actor: Actor, *, plan: SchoolPlan) -> SchoolPlan:
    """备案: the plan stands and changes no more."""
    row, path, state = _begin(actor, plan, "plan.file", at_bureau=True)
    row.state = state
    row.save(update_fields=["state"])
    audit.record(actor, "plan.file", path=path, target=row, detail={"version": row.version})
    return row
