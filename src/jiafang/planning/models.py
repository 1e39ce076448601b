"""What a school tells the planner beyond its rosters, and each run with the files it read and wrote."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiafang.access.fence import Fenced
from jiafang.lib import clock
from jiafang.lib.ids import uuid7
from jiafang.planning.states import RunState


class Window(models.Model):
    """A weekly time in which a school's teachers go out, e.g. Wednesday 17:30–20:30."""

    school_campaign = models.ForeignKey("campaigns.SchoolCampaign", models.CASCADE, related_name="windows")
    name = models.CharField(_("名称"), max_length=30)
    weekday = models.PositiveSmallIntegerField(_("星期"))  # 1 Monday … 7 Sunday
    starts = models.TimeField(_("出发不早于"))
    ends = models.TimeField(_("返回不晚于"))

    class Meta:
        verbose_name = _("家访时段")
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="window_ends_after_start"),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="window_weekday"),
        ]


class PlanSettings(models.Model):
    """How a school wants its plan made where the campaign leaves the choice to it."""

    class Ordinary(models.TextChoices):
        HOME = "home", _("上门")
        ONLINE = "online", _("线上")

    school_campaign = models.OneToOneField("campaigns.SchoolCampaign", models.CASCADE, related_name="plan_settings")
    ordinary_mode = models.CharField(
        _("一般学生的家访形式"), max_length=8, choices=Ordinary, default=Ordinary.HOME
    )  # where the campaign allows both; a family's wish and a category's rule come first
    twice = models.JSONField(_("需要再访的类别"), default=list)  # codes of CareCategory visited a second time
    special_percent = models.PositiveSmallIntegerField(_("特殊群体首访完成于前（%）"), default=50)
    everyone_goes = models.BooleanField(_("每位任课老师至少参加一次"), default=True)
    boarders_at_weekends = models.BooleanField(_("住校生家庭安排在周五晚和周末"), default=True)
    weeks_off = models.JSONField(_("不安排家访的周"), default=list)  # Mondays, ISO

    class Meta:
        verbose_name = _("排程设置")
        constraints = [
            models.CheckConstraint(
                condition=Q(special_percent__gte=10, special_percent__lte=100), name="special_percent"
            )
        ]


class Absence(models.Model):
    """Days on which a teacher (or, without one, the whole school) cannot go: illness, school event, weather."""

    class Why(models.TextChoices):
        ILL = "ill", _("请假")
        EVENT = "event", _("学校活动")
        WEATHER = "weather", _("天气原因")

    school_campaign = models.ForeignKey("campaigns.SchoolCampaign", models.CASCADE, related_name="absences")
    staff = models.ForeignKey("units.Staff", models.CASCADE, null=True, blank=True, related_name="+")
    begins = models.DateField(_("自"))
    ends = models.DateField(_("至"))  # included
    starts = models.TimeField(_("只是这个时段"), null=True, blank=True)  # of the slot that is lost; null: all day
    why = models.CharField(_("原因"), max_length=8, choices=Why)

    class Meta:
        verbose_name = _("不能外出的日子")
        ordering = ["begins", "pk"]
        constraints = [models.CheckConstraint(condition=Q(ends__gte=F("begins")), name="absence_dates")]


class Relief(models.Model):
    """照顾有特殊困难的教师: fewer outings, only near, only certain days. The reason is not asked."""

    school_campaign = models.ForeignKey("campaigns.SchoolCampaign", models.CASCADE, related_name="reliefs")
    staff = models.ForeignKey("units.Staff", models.CASCADE, related_name="+")
    factor = models.DecimalField(_("工作量系数"), max_digits=3, decimal_places=2, default=1)  # (0, 1]
    max_km = models.DecimalField(_("最远（公里）"), max_digits=4, decimal_places=1, null=True, blank=True)
    weekdays = models.JSONField(_("只在星期"), default=list)  # empty: any
    max_outings_per_week = models.PositiveSmallIntegerField(_("每周外出上限"), null=True, blank=True)

    class Meta:
        verbose_name = _("教师照顾")
        constraints = [
            models.UniqueConstraint(fields=["school_campaign", "staff"], name="relief_once"),
            models.CheckConstraint(condition=Q(factor__gt=0, factor__lte=1), name="relief_factor"),
        ]


class FamilyWish(Fenced):
    """What a family said: days and windows that suit, mode, a person's note. Respected, not only preferred, if hard."""

    FENCE = "household__students__klass__path"
    FENCE_MANY = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="+")
    household = models.ForeignKey("roster.Household", models.CASCADE, related_name="wishes")
    weekdays = models.JSONField(_("方便的星期"), default=list)
    mode = models.CharField(_("家访形式"), max_length=8, blank=True)
    not_before = models.DateField(_("不早于"), null=True, blank=True)
    hard = models.BooleanField(_("只能这些时间"), default=False)

    class Meta(Fenced.Meta):
        verbose_name = _("家长意愿")
        constraints = [models.UniqueConstraint(fields=["campaign", "household"], name="wish_once")]


class PlanRun(models.Model):
    """One run of the planner for one school: its input, progress and result. Ids only, no names."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school_campaign = models.ForeignKey("campaigns.SchoolCampaign", models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=RunState, default=RunState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    cost = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    problem = models.JSONField(null=True)  # jiafang-problem/1, its sets of slots written once (selectors.packing)
    plan = models.JSONField(null=True)  # jiafang-plan/1
    keep = models.JSONField(null=True)  # jiafang-plan/1: what stood when the run began, to be changed least
    summary = models.JSONField(default=dict)
    message = models.CharField(max_length=300, blank=True)
    stop_asked = models.BooleanField(default=False)
    by = models.ForeignKey("units.Staff", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("排程")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["school_campaign"],
                condition=Q(state__in=["queued", "running"]),
                name="one_run_at_a_time",
            )
        ]


class Feed(models.Model):
    """A teacher's private calendar address (iCalendar). Only the digest is kept; the feed carries no child's name."""

    staff = models.OneToOneField("units.Staff", models.CASCADE, related_name="feed")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("日历订阅")
