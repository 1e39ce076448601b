"""One word, one colour and one icon for each state, wherever it is shown; which state a thing is in is its room's to say."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Chip:
    """What a reader sees of a state: ``tone`` is grey, blue, teal, amber, red or green; ``icon`` a name in the sprite."""

    label: Any
    tone: str = "grey"
    icon: str = "circle"


CHIPS: dict[str, Chip] = {
    # visits
    "planned": Chip(_("待安排"), "grey", "circle-dashed"),
    "unplanned": Chip(_("待安排"), "grey", "circle-dashed"),
    "published": Chip(_("已安排"), "grey", "calendar"),
    "appointed": Chip(_("已预约"), "blue", "calendar-event"),
    "today": Chip(_("今日"), "teal", "bolt"),
    "tonight": Chip(_("今晚"), "teal", "moon"),
    "held": Chip(_("待填记录"), "amber", "pencil"),
    "record_due": Chip(_("待填记录"), "amber", "pencil"),
    "late": Chip(_("已逾期"), "red", "alert-triangle"),
    "overdue": Chip(_("已逾期"), "red", "alert-triangle"),
    "recorded": Chip(_("待确认"), "amber", "user-check"),
    "handed_in": Chip(_("已提交"), "blue", "send"),
    "passed": Chip(_("时间已过"), "amber", "clock"),
    "confirmed": Chip(_("已确认"), "green", "check"),
    "archived": Chip(_("已归档"), "green", "archive"),
    "declined": Chip(_("未上门"), "grey", "ban"),
    "cancelled": Chip(_("已取消"), "grey", "x"),
    "missed": Chip(_("未成行"), "amber", "alert-circle"),
    # records, plans, campaigns, deliverables
    "draft": Chip(_("草稿"), "grey", "pencil"),
    "open": Chip(_("进行中"), "teal", "player-play"),
    "closed": Chip(_("已结束"), "grey", "lock"),
    "submitted": Chip(_("已提交"), "blue", "send"),
    "returned": Chip(_("退回修改"), "amber", "arrow-back-up"),
    "approved": Chip(_("已审定"), "teal", "check"),
    "sealed": Chip(_("已盖章"), "teal", "rubber-stamp"),
    "received": Chip(_("已接收"), "blue", "cloud-check"),
    "filed": Chip(_("已备案"), "green", "archive"),
    "due": Chip(_("快到期"), "amber", "hourglass"),
    # runs and other work in the background
    "queued": Chip(_("排队中"), "grey", "hourglass"),
    "running": Chip(_("正在进行"), "teal", "refresh"),
    "done": Chip(_("已完成"), "green", "check"),
    "accepted": Chip(_("已采用"), "green", "checks"),
    "discarded": Chip(_("未采用"), "grey", "x"),
    "failed": Chip(_("未成功"), "red", "alert-circle"),
    "undone": Chip(_("已撤销"), "grey", "arrow-back-up"),
    # imports
    "reading": Chip(_("正在读取"), "grey", "hourglass"),
    "previewed": Chip(_("待确认"), "amber", "eye"),
    "applying": Chip(_("正在写入"), "teal", "refresh"),
    "applied": Chip(_("已导入"), "green", "check"),
    "refused": Chip(_("未导入"), "red", "alert-circle"),
    # outings
    "out": Chip(_("外出中"), "blue", "walk"),
    "returned_safe": Chip(_("平安返回"), "green", "shield-check"),
    "overdue_return": Chip(_("未报平安"), "red", "alert-triangle"),
}


def chip_of(state: Any, label: Any = "") -> Chip:
    """The chip of a state: a key of ``CHIPS``, a choice, or a thing with ``state`` and ``get_state_display``.

    The room's own word wins over the table's, the table's colour and icon stand; an unknown state is a grey word.
    """
    if hasattr(state, "get_state_display"):
        state, label = state.state, label or state.get_state_display()
    elif hasattr(state, "label"):
        state, label = state.value, label or state.label
    known = CHIPS.get(str(state))
    if known is None:
        return Chip(label or state)
    return Chip(label or known.label, known.tone, known.icon)
