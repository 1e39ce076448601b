"""Students, their households, guardians, enrolments, care and files; all behind the fence."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiafang.access.fence import Fenced, PathField
from jiafang.access.vault import SealedTextField
from jiafang.lib import clock
from jiafang.lib.ids import uuid7
from jiafang.roster.kinds import CareKind, kind_of


class Household(Fenced):
    """The family that is visited once: a home, in one school's eyes. Siblings share it after a person confirmed it."""

    FENCE = "students__klass__path"
    FENCE_MANY = True
    FENCE_SHARED = "visits"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey("units.Unit", models.PROTECT, related_name="households")
    address = SealedTextField(_("住址"))
    address_index = models.CharField(max_length=32, blank=True, db_index=True)
    lat = models.FloatField(_("纬度（WGS-84）"), null=True, blank=True)
    lon = models.FloatField(_("经度（WGS-84）"), null=True, blank=True)
    confirmed = models.BooleanField(_("同住已确认"), default=True)

    class Meta(Fenced.Meta):
        verbose_name = _("家庭")


class Student(Fenced):
    """A child. ``klass`` is today's class (null once left); the dated history stands in ``Enrolment``."""

    FENCE = "klass__path"
    FENCE_SHARED = "visit_students__visit"

    class Study(models.TextChoices):
        DAY = "1", _("走读")
        BOARDING = "2", _("住校")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey("units.Unit", models.PROTECT, related_name="students", null=True)
    klass = models.ForeignKey("units.Unit", models.PROTECT, related_name="klass_students", null=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="students")
    name = models.CharField(_("姓名"), max_length=60)
    pinyin = models.CharField(max_length=200, blank=True, db_index=True)
    sex = models.CharField(_("性别"), max_length=1, default="0")
    born = models.DateField(_("出生日期"), null=True)
    ethnic = models.CharField(_("民族"), max_length=2, blank=True)
    id_type = models.CharField(_("身份证件类型"), max_length=2, blank=True)
    id_number = SealedTextField(_("身份证件号"))
    id_index = models.CharField(max_length=32, blank=True)
    student_number = SealedTextField(_("全国学籍号"))  # a G number contains the ID number, so it is sealed too
    number_index = models.CharField(max_length=32, blank=True)
    aux_number = models.CharField(_("学籍辅号"), max_length=30, blank=True)
    class_number = models.CharField(_("班内学号"), max_length=10, blank=True)
    entered_on = models.DateField(_("入学年月"), null=True)
    study = models.CharField(_("就读方式"), max_length=1, choices=Study, default=Study.DAY)
    left_on = models.DateField(_("离校日期"), null=True)

    class Meta(Fenced.Meta):
        verbose_name = _("学生")
        constraints = [
            models.UniqueConstraint(fields=["number_index"], condition=~Q(number_index=""), name="student_number_once"),
            models.UniqueConstraint(fields=["id_index"], condition=~Q(id_index=""), name="student_id_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Enrolment(Fenced):
    """A student's stay in a class over the days [begins, ends); grade changes add none, because a class is its entry cohort."""

    FENCE = "student__klass__path"
    FENCE_SHARED = "student__visit_students__visit"

    student = models.ForeignKey(Student, models.CASCADE, related_name="enrolments")
    klass = models.ForeignKey("units.Unit", models.PROTECT, related_name="enrolments")
    begins = models.DateField(_("起"))
    ends = models.DateField(_("止"), null=True)
    reason = models.CharField(_("变动原因"), max_length=30, blank=True)

    class Meta(Fenced.Meta):
        verbose_name = _("就读")
        constraints = [
            models.UniqueConstraint(fields=["student"], condition=Q(ends__isnull=True), name="one_open_enrolment"),
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gte=F("begins")), name="enrolment_dates"),
        ]


class Guardian(Fenced):
    """家庭成员 1, 2 …: name and relation (GB/T 4761); the phone is sealed and found by its blind index."""

    FENCE = "student__klass__path"
    FENCE_SHARED = "student__visit_students__visit"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    student = models.ForeignKey(Student, models.CASCADE, related_name="guardians")
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("姓名"), max_length=60)
    relation = models.CharField(_("关系"), max_length=2, blank=True)
    phone = SealedTextField(_("电话"))
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)
    is_guardian = models.BooleanField(_("是否监护人"), default=True)

    class Meta(Fenced.Meta):
        verbose_name = _("家长")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["student", "position"], name="guardian_position_once")]


class Care(Fenced):
    """A kind of care a child needs over the days [begins, ends), with a sealed reason. The kind is stored as a keyed token."""

    FENCE = "student__klass__path"

    class Source(models.TextChoices):
        EXPORT = "export", _("学籍")
        SURVEY = "survey", _("班主任摸排")
        TEACHER = "teacher", _("老师登记")

    class Level(models.TextChoices):
        NONE = "", _("未分级")
        ONE = "1", _("一级")
        TWO = "2", _("二级")
        THREE = "3", _("三级")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    student = models.ForeignKey(Student, models.CASCADE, related_name="cares")
    token = models.CharField(max_length=16)
    level = models.CharField(_("分级"), max_length=1, choices=Level, default=Level.NONE, blank=True)
    reason = SealedTextField(_("情况说明"))
    source = models.CharField(_("来源"), max_length=8, choices=Source, default=Source.TEACHER)
    responsible = models.ForeignKey("units.Staff", models.SET_NULL, null=True, blank=True, related_name="+")
    begins = models.DateField(_("起"))
    ends = models.DateField(_("止"), null=True)

    class Meta(Fenced.Meta):
        verbose_name = _("关爱类别")
        indexes = [models.Index(fields=["token"], name="care_token")]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "token"], condition=Q(ends__isnull=True), name="one_open_care_of_a_kind"
            ),
        ]

    @property
    def kind(self) -> CareKind | None:
        return kind_of(self.token)


class StudentFile(Fenced):
    """A paper in a child's file; the bytes are a ``paperwork.StoredFile``."""

    FENCE = "student__klass__path"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    student = models.ForeignKey(Student, models.CASCADE, related_name="files")
    stored = models.OneToOneField("paperwork.StoredFile", models.PROTECT, related_name="+")
    title = models.CharField(_("名称"), max_length=80)
    added_by = models.ForeignKey("units.Staff", models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta(Fenced.Meta):
        verbose_name = _("档案文件")
        ordering = ["-added_at"]


class RosterImport(models.Model):
    """One file of one import: previewed, then applied whole or not at all; undone while nothing hangs on it."""

    class State(models.TextChoices):
        READING = "reading", _("正在读取")
        PREVIEWED = "previewed", _("待确认")
        APPLYING = "applying", _("正在写入")
        APPLIED = "applied", _("已导入")
        REFUSED = "refused", _("未导入")
        UNDONE = "undone", _("已撤销")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")  # a school, or the bureau for several
    path = PathField(max_length=120)
    stored = models.ForeignKey("paperwork.StoredFile", models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(_("文件"), max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    mapping = models.JSONField(default=dict)  # {sheet: {column: field}} chosen in the wizard
    counts = models.JSONField(default=dict)  # {"new", "changed", "unchanged", "errors"} by sheet
    errors = models.JSONField(default=list)  # cell errors; values that identify a child are masked
    undo = SealedTextField()  # what to put back, JSON
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    by = models.ForeignKey("units.Staff", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("名册导入")
        ordering = ["-created_at"]
