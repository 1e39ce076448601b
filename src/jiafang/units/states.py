"""The choices of units, calendar and timetable."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GradeStyle(TextChoices):
    NUMBER = "number", _("七年级")
    STAGE = "stage", _("初一")


class DayKind(TextChoices):
    LESSON = "lesson", _("上课日")
    REST = "rest", _("休息日")
    HOLIDAY = "holiday", _("节假日")
    MAKEUP = "makeup", _("调休上班日")
    EXAM = "exam", _("考试日")


class BusyKind(TextChoices):
    LESSON = "lesson", _("上课")
    AFTER_SCHOOL = "after_school", _("课后服务")
    EVENING_STUDY = "evening_study", _("晚自习")
    DUTY = "duty", _("值班")
