"""A campaign's rules as rows, each school's additions, its plan with versions, and who has read the conduct code."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiafang.access.fence import PathField
from jiafang.campaigns.states import CampaignState, ItemKind, Pair, PlanState
from jiafang.campaigns.states import Mode as Mode  # rooms above name a visit's mode by it
from jiafang.lib import clock
from jiafang.lib.ids import uuid7


class Campaign(models.Model):
    """What a bureau opens. B and C differ by rows only. Null means: the document does not say."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bureau = models.ForeignKey("units.Unit", models.PROTECT, related_name="campaigns")
    template = models.CharField(max_length=20, blank=True)  # code of the shipped template it began from
    title = models.CharField(_("活动名称"), max_length=100)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    basis = models.TextField(_("依据"), blank=True)
    purpose = models.TextField(_("活动意义"), blank=True)
    parent_campaign = models.CharField(_("上级活动"), max_length=200, blank=True)
    scope_note = models.TextField(_("活动范围"), blank=True)
    begins = models.DateField(_("开始"), null=True, blank=True)
    ends = models.DateField(_("结束"), null=True, blank=True)
    term = models.ForeignKey("units.Term", models.PROTECT, null=True, blank=True, related_name="campaigns")
    modes = models.JSONField(_("家访形式"), default=list)  # codes of Mode, allowed for an ordinary visit
    mode_words = models.JSONField(default=dict)  # {code of Mode: what the document calls it}
    pair = models.CharField(_("两人同行"), max_length=10, choices=Pair, default=Pair.FREE)
    pair_words = models.CharField(_("两人同行的原文"), max_length=100, blank=True)
    cover_all = models.BooleanField(_("覆盖全体在校学生"), default=True)
    record_hours = models.PositiveSmallIntegerField(_("记录时限（小时）"), null=True, blank=True)
    annual_sheet = models.BooleanField(_("教师年度家访情况表"), default=False)
    conduct_title = models.CharField(_("守则名称"), max_length=60, blank=True)
    conduct_revision = models.PositiveSmallIntegerField(default=1)  # a changed code is to be read again
    state = models.CharField(_("状态"), max_length=8, choices=CampaignState, default=CampaignState.DRAFT)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("活动")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(begins__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("begins")),
                name="campaign_dates",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(begins__isnull=False, ends__isnull=False),
                name="open_campaign_has_dates",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CampaignItem(models.Model):
    """A numbered line of the document: core task, content, conduct rule, 四进家庭, meeting, tier, publicity, output."""

    Kind = ItemKind

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=14, choices=Kind)
    number = models.PositiveSmallIntegerField(_("序号"))
    text = models.TextField(_("内容"))
    forbids = models.BooleanField(_("不能"), default=False)

    class Meta:
        verbose_name = _("活动条目")
        ordering = ["kind", "number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "kind", "number"], name="item_once")]


class CareCategory(models.Model):
    """A campaign's category: a named set of atomic kinds with the modes that satisfy it and a minimum a term."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="categories")
    code = models.CharField(max_length=30)
    name = models.CharField(_("名称"), max_length=60)
    kinds = models.JSONField(_("包含的类别"), default=list)  # codes of roster.kinds.CareKind
    modes = models.JSONField(_("算数的家访形式"), default=list)  # empty: any mode the campaign allows
    min_visits = models.PositiveSmallIntegerField(_("每学期至少次数"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("优先级"), default=2)
    special = models.BooleanField(_("特殊群体"), default=True)  # false: 重点随访
    number = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("关爱类别")
        ordering = ["-special", "number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="category_once")]

    def __str__(self) -> str:
        return self.name


class Deliverable(models.Model):
    """报送材料: what every school hands in, by when."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="deliverables")
    code = models.CharField(max_length=30)
    title = models.CharField(_("材料"), max_length=80)
    due = models.DateField(_("截止"), null=True, blank=True)

    class Meta:
        verbose_name = _("报送材料")
        ordering = ["due", "code"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="deliverable_once")]


class FormTemplate(models.Model):
    """A version of the record form; a school's own design belongs to that school. Never edited once used."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="forms")
    school = models.ForeignKey("units.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    schema = models.JSONField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("记录表模板")
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "school", "version"], name="form_version_once", nulls_distinct=False
            )
        ]


class SchoolCampaign(models.Model):
    """One school in one campaign, with the stricter rules it adds. Null: the campaign's rule stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="schools")
    school = models.ForeignKey("units.Unit", models.PROTECT, related_name="school_campaigns")
    record_hours = models.PositiveSmallIntegerField(_("记录时限（小时）"), null=True, blank=True)
    pair = models.CharField(_("两人同行"), max_length=10, choices=Pair, blank=True)
    approval = models.BooleanField(_("记录须学校审核"), default=False)
    levels = models.BooleanField(_("三级分类"), default=False)
    full_round_each_term = models.BooleanField(_("每学期一次全员家访"), default=False)
    visit_from = models.DateField(_("家访自"), null=True, blank=True)
    visit_until = models.DateField(_("家访至"), null=True, blank=True)
    max_outings_per_week = models.PositiveSmallIntegerField(_("每位老师每周外出上限"), default=2)
    visit_minutes = models.PositiveSmallIntegerField(_("每户时长（分钟）"), default=30)
    second_gap_days = models.PositiveSmallIntegerField(_("两次家访至少间隔（天）"), default=28)
    # 家访工作量折算为课时, by the school's own rule; null: not counted
    hours_home = models.DecimalField(_("上门一次折算课时"), max_digits=4, decimal_places=2, null=True, blank=True)
    hours_online = models.DecimalField(_("线上一次折算课时"), max_digits=4, decimal_places=2, null=True, blank=True)
    hours_companion = models.DecimalField(_("同行一次折算课时"), max_digits=4, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("学校活动")
        constraints = [models.UniqueConstraint(fields=["campaign", "school"], name="school_campaign_once")]


class SchoolPlan(models.Model):
    """一校一策: the school's plan, section by section, and where it stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school_campaign = models.OneToOneField(SchoolCampaign, models.CASCADE, related_name="plan")
    sections = models.JSONField(default=dict)  # {section code: text}
    revisions = models.JSONField(default=dict)  # {section code: how often saved}, so that two writers notice each other
    tasks = models.JSONField(default=list)  # 时间表、任务图: [{"name", "owner", "begins", "ends"}], ISO days, both in
    state = models.CharField(_("状态"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    stamped = models.ForeignKey("paperwork.StoredFile", models.PROTECT, null=True, related_name="+")
    remark = models.TextField(_("退回意见"), blank=True)
    approved_by = models.ForeignKey("units.Staff", models.SET_NULL, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    first_submitted_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("一校一策实施方案")


class PlanVersion(models.Model):
    """What a plan said when it was approved; kept."""

    plan = models.ForeignKey(SchoolPlan, models.CASCADE, related_name="versions")
    version = models.PositiveSmallIntegerField()
    sections = models.JSONField()
    tasks = models.JSONField(default=list)
    stamped = models.ForeignKey("paperwork.StoredFile", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey("units.Staff", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("方案版本")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["plan", "version"], name="plan_version_once")]


class ConductAcknowledgement(models.Model):
    """阅知: a teacher has read the conduct code of a campaign. No pledge, no signature."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="acknowledgements")
    staff = models.ForeignKey("units.Staff", models.CASCADE, related_name="acknowledgements")
    path = PathField(max_length=120)  # the school at that time, for counting
    revision = models.PositiveSmallIntegerField(default=1)  # of the code that was read
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("守则阅知")
        constraints = [models.UniqueConstraint(fields=["campaign", "staff"], name="acknowledged_once")]


class LeaderQuota(models.Model):
    """书记校长带头、中层示范: how many visits a leader takes part in."""

    school_campaign = models.ForeignKey(SchoolCampaign, models.CASCADE, related_name="quotas")
    staff = models.ForeignKey("units.Staff", models.CASCADE, related_name="+")
    min_visits = models.PositiveSmallIntegerField(_("至少参加次数"), default=1)

    class Meta:
        verbose_name = _("带头家访")
        constraints = [models.UniqueConstraint(fields=["school_campaign", "staff"], name="quota_once")]
