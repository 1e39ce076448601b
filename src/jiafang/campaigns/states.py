"""States of a campaign and of a school's plan, each with its one table of transitions (verb: from, to)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CampaignState(TextChoices):
    DRAFT = "draft", _("草稿")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")


CAMPAIGN = {
    "campaign.edit": ({CampaignState.DRAFT, CampaignState.OPEN}, None),
    "campaign.open": ({CampaignState.DRAFT}, CampaignState.OPEN),
    "campaign.close": ({CampaignState.OPEN}, CampaignState.CLOSED),
}


class PlanState(TextChoices):
    DRAFT = "draft", _("起草中")
    APPROVED = "approved", _("校内已审定")
    SEALED = "sealed", _("已盖章扫描")
    SUBMITTED = "submitted", _("已报送")
    RECEIVED = "received", _("已接收")
    RETURNED = "returned", _("退回修改")
    FILED = "filed", _("已备案")


PLAN = {
    "plan.edit": ({PlanState.DRAFT, PlanState.RETURNED, PlanState.APPROVED}, PlanState.DRAFT),
    "plan.approve": ({PlanState.DRAFT}, PlanState.APPROVED),
    "plan.seal": ({PlanState.APPROVED, PlanState.SEALED}, PlanState.SEALED),
    "plan.submit": ({PlanState.SEALED}, PlanState.SUBMITTED),
    "plan.receive": ({PlanState.SUBMITTED}, PlanState.RECEIVED),
    "plan.return": ({PlanState.SUBMITTED, PlanState.RECEIVED}, PlanState.RETURNED),
    "plan.file": ({PlanState.RECEIVED}, PlanState.FILED),
}
