"""What the new class teacher is told about a class at its handover: how many, never who or why."""

from django.db.models import Q
from django.utils.translation import gettext as _

from jiafang.access.actors import Actor
from jiafang.lib import clock
from jiafang.roster.models import Care, Student
from jiafang.units.models import Handover


def summarise_handover(actor: Actor, verb: str, handover: Handover, detail: dict) -> None:
    """Projection of ``klass.hand_over``: fill ``summary["figures"]`` with counts of the class on that day.

    Kinds of care are not told apart here: the summary is read by more people than the children's files.
    """
    pupils = Student.objects.filter(klass=handover.klass, left_on__isnull=True)
    today = clock.today()
    cared = Care.objects.filter(Q(ends__isnull=True) | Q(ends__gt=today), student__in=pupils, begins__lte=today)
    handover.summary = handover.summary | {
        "figures": [
            {"label": _("学生"), "n": pupils.count(), "unit": _("人")},
            {"label": _("住校"), "n": pupils.filter(study=Student.Study.BOARDING).count(), "unit": _("人")},
            {"label": _("登记了关爱类别"), "n": cared.values("student").distinct().count(), "unit": _("人")},
        ]
    }
    handover.save(update_fields=["summary"])
