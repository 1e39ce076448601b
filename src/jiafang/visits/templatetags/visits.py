"""Small words of visit pages: who is visited, and how long a record still has."""

from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from jiafang.lib import clock

register = template.Library()


@register.filter
def children(visit) -> str:
    """The children of a visit, as far as the reader sees them."""
    return "、".join(child.student.name for child in visit.visit_students.all())


@register.filter
def classes(visit) -> str:
    """Their classes, each once."""
    return "、".join(dict.fromkeys(child.klass.label for child in visit.visit_students.all()))


@register.filter
def time_left(due: datetime | None) -> str:
    """“还有 5 小时到期”, in minutes near the end, in days far from it; “已超过 3 小时” afterwards."""
    if due is None:
        return ""
    seconds = (due - clock.now()).total_seconds()
    amount = _amount(abs(seconds))
    return _("还有 %s到期") % amount if seconds >= 0 else _("已超过 %s") % amount


def _amount(seconds: float) -> str:
    if seconds < 3600:
        return _("%d 分钟") % (seconds // 60)
    if seconds < 72 * 3600:
        return _("%d 小时") % (seconds // 3600)
    return _("%d 天") % (seconds // 86400)


@register.filter
def seconds_left(due: datetime | None) -> int:
    """For the countdown on the page, which must not trust the phone's clock."""
    return int((due - clock.now()).total_seconds()) if due else 0
