"""The choices of a campaign, and the states of it and of a school's plan with their tables of transitions."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiafang.lib.errors import Problem


class Mode(TextChoices):
    HOME = "home", gettext_lazy("上门家访")
    ONLINE = "online", gettext_lazy("线上家访")
    OTHER = "other", gettext_lazy("另选地点")


class Pair(TextChoices):
    REQUIRED = "required", gettext_lazy("必须两人同行")
    ENCOURAGED = "encouraged", gettext_lazy("提倡两人同行")
    FREE = "free", gettext_lazy("不作要求")


class ItemKind(TextChoices):
    TASK = "task", gettext_lazy("核心任务")
    CONTENT = "content", gettext_lazy("活动内容")
    CONDUCT = "conduct", gettext_lazy("行为守则")
    INTO_HOME = "into_home", gettext_lazy("四进家庭")
    MEETING = "meeting", gettext_lazy("会议")
    TIER = "tier", gettext_lazy("队伍机制")
    PUBLICITY = "publicity", gettext_lazy("宣传")
    OUTPUT = "output", gettext_lazy("成果")
    PLAN_SECTION = "plan_section", gettext_lazy("方案内容")


class CampaignState(TextChoices):
    DRAFT = "draft", gettext_lazy("草稿")
    OPEN = "open", gettext_lazy("进行中")
    CLOSED = "closed", gettext_lazy("已结束")


CAMPAIGN = {
    "campaign.edit": ({CampaignState.DRAFT, CampaignState.OPEN}, None),
    "campaign.open": ({CampaignState.DRAFT}, CampaignState.OPEN),
    "campaign.close": ({CampaignState.OPEN}, CampaignState.CLOSED),
}


class PlanState(TextChoices):
    DRAFT = "draft", gettext_lazy("起草中")
    APPROVED = "approved", gettext_lazy("校内已审定")
    SEALED = "sealed", gettext_lazy("已盖章扫描")
    SUBMITTED = "submitted", gettext_lazy("已报送")
    RECEIVED = "received", gettext_lazy("已接收")
    RETURNED = "returned", gettext_lazy("退回修改")
    FILED = "filed", gettext_lazy("已备案")


PLAN = {
    "plan.edit": ({PlanState.DRAFT, PlanState.RETURNED, PlanState.APPROVED}, PlanState.DRAFT),
    "plan.approve": ({PlanState.DRAFT}, PlanState.APPROVED),
    "plan.seal": ({PlanState.APPROVED, PlanState.SEALED}, PlanState.SEALED),
    "plan.submit": ({PlanState.SEALED}, PlanState.SUBMITTED),
    "plan.receive": ({PlanState.SUBMITTED}, PlanState.RECEIVED),
    "plan.return": ({PlanState.SUBMITTED, PlanState.RECEIVED}, PlanState.RETURNED),
    "plan.file": ({PlanState.RECEIVED}, PlanState.FILED),
}

Table = Mapping[str, tuple[set, TextChoices | None]]


def may(table: Table, verb: str, state: str) -> bool:
    """Whether ``verb`` is possible in ``state``."""
    return state in table[verb][0]


def after(table: Table, verb: str, state: str) -> str:
    """The state after ``verb``; raises ``Problem("state")`` when it is not possible now."""
    if not may(table, verb, state):
        label = type(next(iter(table[verb][0])))(state).label
        raise Problem("state", _("现在的状态是“%s”，不能这样做。") % label)
    return table[verb][1] or state
