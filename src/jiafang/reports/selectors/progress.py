"""A bureau's schools beside each other, with what is late in each."""

from dataclasses import dataclass

from django.urls import reverse

from jiafang.access.actors import Actor
from jiafang.reports.selectors.figures import Figure, side_by_side
from jiafang.reports.selectors.late import late_by_school
from jiafang.reports.selectors.places import Place
from jiafang.units.models import Unit

PROGRESS = ("coverage", "special_reached", "records_complete", "records_on_time", "participation", "acknowledged")


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One school: its figures, the records past their time, and where it opens."""

    unit: Unit
    figures: dict[str, Figure]
    late: int
    href: str


def progress(actor: Actor, place: Place) -> list[SchoolRow]:
    """All schools of the campaign under the place's bureau."""
    late = {unit.pk: n for unit, n in late_by_school(actor, place.campaign, place.unit)}
    return [
        SchoolRow(
            row.unit,
            row.figures,
            late.get(row.unit.pk, 0),
            reverse("reports:unit", args=[place.campaign.pk, row.unit.pk]),
        )
        for row in side_by_side(actor, place.campaign, place.unit, PROGRESS)
    ]
