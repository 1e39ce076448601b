"""Outings, visits, the child's part in each, outline, record with every version, and the conduct self-check."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiafang.access.fence import Fenced, PathField
from jiafang.access.vault import SealedTextField
from jiafang.campaigns.states import Mode
from jiafang.lib import clock
from jiafang.lib.ids import uuid7
from jiafang.visits.states import Moment, Origin, RecordState, VisitState, moment_of


class Outing(Fenced):
    """One evening's way: who leaves the school with whom, and is back when. Its visits hang on it in order."""

    FENCE = "visits__visit_students__student__klass__path"
    FENCE_MANY = True
    FENCE_SHARED = "visits"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="outings")
    school = models.ForeignKey("units.Unit", models.PROTECT, related_name="outings")
    day = models.DateField(_("日期"))
    leaves = models.TimeField(_("出发"))
    back = models.TimeField(_("返回"))
    slot = models.CharField(max_length=40, blank=True)  # id of the planner's slot
    lead = models.ForeignKey("units.Staff", models.PROTECT, related_name="outings_led")
    companion = models.ForeignKey("units.Staff", models.PROTECT, null=True, blank=True, related_name="+")
    extra = models.ForeignKey("units.Staff", models.PROTECT, null=True, blank=True, related_name="+")
    departed_at = models.DateTimeField(_("出发"), null=True, blank=True)
    returned_at = models.DateTimeField(_("平安返回"), null=True, blank=True)

    class Meta(Fenced.Meta):
        verbose_name = _("外出")
        indexes = [models.Index(fields=["school", "day"], name="outing_school_day")]


class Visit(Fenced):
    """A visit to a household: one for siblings, with one record for each child."""

    FENCE = "visit_students__student__klass__path"
    FENCE_MANY = True
    FENCE_SHARED = "pk"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    campaign = models.ForeignKey("campaigns.Campaign", models.PROTECT, related_name="visits")
    school = models.ForeignKey("units.Unit", models.PROTECT, related_name="visits")
    household = models.ForeignKey("roster.Household", models.PROTECT, related_name="visits")
    outing = models.ForeignKey(Outing, models.SET_NULL, null=True, blank=True, related_name="visits")
    position = models.PositiveSmallIntegerField(default=1)  # order on the outing
    mode = models.CharField(_("家访形式"), max_length=8, choices=Mode)
    origin = models.CharField(_("缘起"), max_length=14, choices=Origin, default=Origin.ROUND)
    theme = models.CharField(_("主题"), max_length=80, blank=True)
    round = models.PositiveSmallIntegerField(_("第几次"), default=1)
    lead = models.ForeignKey("units.Staff", models.PROTECT, null=True, related_name="visits_led")
    companion = models.ForeignKey("units.Staff", models.PROTECT, null=True, blank=True, related_name="+")
    extra = models.ForeignKey("units.Staff", models.PROTECT, null=True, blank=True, related_name="+")
    slot = models.CharField(max_length=40, blank=True)
    starts_at = models.DateTimeField(_("约定开始"), null=True, blank=True)
    ends_at = models.DateTimeField(_("约定结束"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=VisitState, default=VisitState.PLANNED)
    published_at = models.DateTimeField(null=True)
    appointed_at = models.DateTimeField(_("约定于"), null=True)
    held_from = models.DateTimeField(_("实际开始"), null=True)
    held_until = models.DateTimeField(_("实际结束"), null=True)
    due_at = models.DateTimeField(_("记录期限"), null=True)  # of its records, see ``deadlines``; null: no rule
    reason = models.CharField(_("未上门原因"), max_length=200, blank=True)
    place = SealedTextField(_("另选地点"))
    created_at = models.DateTimeField(default=clock.now)

    class Meta(Fenced.Meta):
        verbose_name = _("家访")
        indexes = [
            models.Index(fields=["school", "campaign", "state"], name="visit_school_state"),
            models.Index(fields=["campaign", "starts_at"], name="visit_starts"),
            models.Index(fields=["lead", "state"], name="visit_lead"),
            models.Index(fields=["companion", "state"], name="visit_companion"),
            models.Index(fields=["state", "due_at"], name="visit_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(lead__isnull=True) | Q(companion__isnull=True) | ~Q(lead=F("companion")),
                name="visit_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "appointed"]) | Q(starts_at__isnull=False, lead__isnull=False),
                name="visit_ahead_has_time_and_lead",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "recorded", "confirmed", "archived"]) | Q(held_from__isnull=False),
                name="visit_held_has_time",
            ),
        ]

    @property
    def moment(self) -> VisitState | Moment:
        """What is to be shown as the state now."""
        alone = self.companion_id is None and self.extra_id is None
        return moment_of(self.state, starts_at=self.starts_at, due_at=self.due_at, alone=alone)

    @property
    def team(self) -> str:
        """Who goes, the lead first."""
        return "、".join(person.name for person in (self.lead, self.companion, self.extra) if person)


class VisitStudent(Fenced):
    """A child in a visit; the fence of a visit goes through here. ``klass`` is the class at that time."""

    FENCE = "student__klass__path"
    FENCE_SHARED = "visit"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="visit_students")
    student = models.ForeignKey("roster.Student", models.PROTECT, related_name="visit_students")
    klass = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")

    class Meta(Fenced.Meta):
        verbose_name = _("受访学生")
        constraints = [models.UniqueConstraint(fields=["visit", "student"], name="visit_student_once")]


class Outline(Fenced):
    """个性化家访提纲: drafted from the file, edited by the teacher; it becomes 家访准备 of the record."""

    FENCE = "visit_student__student__klass__path"
    FENCE_SHARED = "visit_student__visit"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit_student = models.OneToOneField(VisitStudent, models.CASCADE, related_name="outline")
    body = SealedTextField(_("提纲"))  # JSON list of {"title", "text"}
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey("units.Staff", models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(Fenced.Meta):
        verbose_name = _("家访提纲")


class Record(Fenced):
    """家访记录表 of one child in one visit. The answers that stand are those of ``revision``; all are kept."""

    FENCE = "visit_student__student__klass__path"
    FENCE_SHARED = "visit_student__visit"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)  # made by the client with PUT
    visit_student = models.OneToOneField(VisitStudent, models.CASCADE, related_name="record")
    form = models.ForeignKey("campaigns.FormTemplate", models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=RecordState, default=RecordState.DRAFT)
    answers = SealedTextField(_("内容"))  # JSON by the form's schema
    digest = models.CharField(max_length=64, blank=True)
    revision = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField(_("填写期限"), null=True)  # the visit's, as it stood at the first submission
    first_submitted_at = models.DateTimeField(_("首次提交"), null=True)
    submitted_by = models.ForeignKey("units.Staff", models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("同行确认"), null=True)
    confirmed_by = models.ForeignKey("units.Staff", models.SET_NULL, null=True, related_name="+")
    remark = models.CharField(_("退回意见"), max_length=300, blank=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(Fenced.Meta):
        verbose_name = _("家访记录")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(first_submitted_at__isnull=False),
                name="record_submitted_has_time",
            )
        ]


class RecordVersion(Fenced):
    """Every writing of a record; saves of one person within two minutes share a row.

    ``conflict`` marks one that could not be applied (it met a newer save, or a record already closed); a person
    settles it. ``stray`` ones came from somebody whose right had ended meanwhile.
    """

    FENCE = "record__visit_student__student__klass__path"
    FENCE_SHARED = "record__visit_student__visit"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="versions")
    base_revision = models.PositiveIntegerField(default=0)
    answers = SealedTextField()
    digest = models.CharField(max_length=64)
    conflict = models.BooleanField(default=False)
    stray = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True)
    by = models.ForeignKey("units.Staff", models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)
    client_time = models.DateTimeField(null=True)
    clock_off = models.BooleanField(default=False)  # the phone's clock was more than five minutes off

    class Meta(Fenced.Meta):
        verbose_name = _("记录版本")
        ordering = ["saved_at", "pk"]


class SelfCheck(models.Model):
    """One conduct self-check per outing (or online visit) and person, item by item."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outing = models.ForeignKey(Outing, models.CASCADE, null=True, related_name="self_checks")
    visit = models.ForeignKey(Visit, models.CASCADE, null=True, related_name="self_checks")  # online: no outing
    staff = models.ForeignKey("units.Staff", models.CASCADE, related_name="self_checks")
    path = PathField(max_length=120)
    answers = models.JSONField()  # {conduct item number: kept?}
    all_kept = models.BooleanField()
    note = SealedTextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("守则自查")
        constraints = [
            models.UniqueConstraint(fields=["outing", "staff"], condition=Q(outing__isnull=False), name="check_outing"),
            models.UniqueConstraint(fields=["visit", "staff"], condition=Q(visit__isnull=False), name="check_visit"),
            models.CheckConstraint(
                condition=Q(outing__isnull=False, visit__isnull=True) | Q(outing__isnull=True, visit__isnull=False),
                name="check_of_one_thing",
            ),
        ]
