"""States of a planning run."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RunState(TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("正在排")
    DONE = "done", _("待采用")
    ACCEPTED = "accepted", _("已采用")
    DISCARDED = "discarded", _("未采用")
    CANCELLED = "cancelled", _("已停止")
    FAILED = "failed", _("未排成")


RUN = {
    "timetable.cancel": ({RunState.QUEUED, RunState.RUNNING}, RunState.CANCELLED),
    "timetable.accept": ({RunState.DONE}, RunState.ACCEPTED),
    "timetable.discard": ({RunState.DONE, RunState.FAILED}, RunState.DISCARDED),
}
