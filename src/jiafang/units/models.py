"""Units, school years and calendar, staff and appointments."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiafang.access.fence import PathField
from jiafang.access.roles import Role
from jiafang.access.vault import SealedTextField
from jiafang.lib import clock, dates
from jiafang.lib.ids import uuid7
from jiafang.units.states import BusyKind, DayKind, GradeStyle


class Unit(models.Model):
    """A node of the tree. A class keeps its identity for life: its grade follows from the cohort's year of entry."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("教育局")
        SCHOOL = "school", _("学校")
        DIVISION = "division", _("学部")
        COHORT = "cohort", _("年级（入学届）")
        KLASS = "klass", _("班级")

    class Stage(models.TextChoices):
        PRIMARY = "primary", _("小学")
        JUNIOR = "junior", _("初中")
        SENIOR = "senior", _("高中")

    GradeStyle = GradeStyle

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    path = PathField(max_length=120, unique=True, editable=False)
    code = models.CharField(_("学校标识码"), max_length=20, blank=True)
    name = models.CharField(_("名称"), max_length=80, blank=True)
    stage = models.CharField(_("学段"), max_length=10, choices=Stage, blank=True)
    entered = models.PositiveSmallIntegerField(_("入学年份"), null=True, blank=True)
    number = models.PositiveSmallIntegerField(_("班号"), null=True, blank=True)
    grade_style = models.CharField(_("年级叫法"), max_length=12, choices=GradeStyle, default=GradeStyle.NUMBER)
    primary_years = models.PositiveSmallIntegerField(_("小学学制"), default=6)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("单位")
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="unit_code_once"),
            models.UniqueConstraint(
                fields=["parent", "kind", "stage", "entered"],
                condition=Q(kind="cohort"),
                name="unit_cohort_once",
            ),
            models.UniqueConstraint(
                fields=["parent", "number"], condition=Q(kind="klass"), name="unit_klass_number_once"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What people call it today: 七年级1班 for a class, 七年级 for a cohort, else its name."""
        if self.kind == self.Kind.KLASS:
            return self.name or f"{self._grade()}{self.number}班"
        if self.kind == self.Kind.COHORT:
            return self.name or self._grade()
        return self.name

    def _grade(self, on=None) -> str:
        return dates.grade_name(self.stage, self.entered, on or clock.today(), self.grade_style, self.primary_years)


class Term(models.Model):
    """A term of a bureau's school year, e.g. 2025-2026-2. Terms of one bureau do not overlap (held by the service)."""

    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="terms")
    year = models.PositiveSmallIntegerField(_("学年起始年"))
    part = models.PositiveSmallIntegerField(_("学期"), choices=[(1, _("第一学期")), (2, _("第二学期"))])
    begins = models.DateField(_("开始"))
    ends = models.DateField(_("结束"))

    class Meta:
        verbose_name = _("学期")
        ordering = ["begins"]
        constraints = [
            models.UniqueConstraint(fields=["bureau", "year", "part"], name="term_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="term_ends_after_begin"),
        ]

    def __str__(self) -> str:
        return f"{self.year}—{self.year + 1}学年{self.get_part_display()}"


class CalendarDay(models.Model):
    """A day that differs from its weekday, for a bureau or one school; the school's row wins."""

    Kind = DayKind

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="calendar_days")
    day = models.DateField(_("日期"))
    kind = models.CharField(_("性质"), max_length=8, choices=Kind)
    note = models.CharField(_("说明"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("校历")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="calendar_day_once")]


class Staff(models.Model):
    """A person who works in a unit. Rights come from appointments, not from being here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    home = models.ForeignKey(Unit, models.PROTECT, related_name="staff", verbose_name=_("所在单位"))
    account = models.OneToOneField("access.Account", models.SET_NULL, null=True, blank=True, related_name="staff")
    name = models.CharField(_("姓名"), max_length=40)
    pinyin = models.CharField(max_length=160, blank=True, db_index=True)
    number = models.CharField(_("工号"), max_length=30, blank=True)
    sex = models.CharField(_("性别"), max_length=1, default="0")
    subject = models.CharField(_("任教学科"), max_length=30, blank=True)
    title = models.CharField(_("职务"), max_length=40, blank=True)
    party_member = models.BooleanField(_("党员"), default=False)
    phone = SealedTextField(_("手机"))
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)
    left_on = models.DateField(_("离校日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("教职工")
        ordering = ["pinyin", "name"]
        constraints = [
            models.UniqueConstraint(fields=["home", "number"], condition=~Q(number=""), name="staff_number_once")
        ]

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """任职: a role at a unit over the days [begins, ends), open when null. Every right follows from these."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="appointments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments")
    role = models.CharField(_("职务"), max_length=20, choices=Role)
    subject = models.CharField(_("学科"), max_length=30, blank=True)
    begins = models.DateField(_("起"))
    ends = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        indexes = [models.Index(fields=["unit", "role"], name="appointment_unit_role")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("begins")),
                name="appointment_ends_after_begin",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(role="class_teacher", ends__isnull=True),
                name="one_open_class_teacher",
            ),
        ]


class Handover(models.Model):
    """更换班主任: the file of a class moves with the post; the new teacher acknowledges a summary."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    klass = models.ForeignKey(Unit, models.PROTECT, related_name="handovers")
    old = models.ForeignKey(Staff, models.PROTECT, related_name="+", null=True)
    new = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    on = models.DateField(_("交接日期"))
    note = models.TextField(_("交接说明"), blank=True)
    summary = models.JSONField(default=dict)
    acknowledged_at = models.DateTimeField(_("确认时间"), null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("班主任交接")
        ordering = ["-created_at"]


class BusyPeriod(models.Model):
    """When a teacher cannot go: lessons, after-school service, evening study, duty; weekly, within dates."""

    Kind = BusyKind

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="busy_periods")
    weekday = models.PositiveSmallIntegerField(_("星期"))  # 1 Monday … 7 Sunday
    starts = models.TimeField(_("开始"))
    ends = models.TimeField(_("结束"))
    kind = models.CharField(_("事由"), max_length=14, choices=Kind)

    class Meta:
        verbose_name = _("占用时段")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="busy_weekday"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="busy_ends_after_start"),
        ]
