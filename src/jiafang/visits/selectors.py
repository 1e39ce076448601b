"""Visits, outings and records as others ask for them."""

from django.db.models import Q, QuerySet

from jiafang.visits.models import Visit


def shared_with(staff_id) -> QuerySet:
    """Pks of the visits a person takes part in, published ones only; the fence's other half."""
    team = Q(lead_id=staff_id) | Q(companion_id=staff_id) | Q(extra_id=staff_id)
    return Visit._base_manager.filter(team).exclude(state="planned").values("pk")
