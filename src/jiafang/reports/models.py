"""Class rollups: counts of one class in one campaign, recounted in the transaction of every write that touches them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jiafang.access.fence import PathField
from jiafang.lib import clock


class ClassRollup(models.Model):
    """Counts by indicator part, e.g. ``{"students": 45, "visited": 40}``; nothing in it depends on the clock."""

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="rollups")
    klass = models.ForeignKey("units.Unit", models.CASCADE, related_name="rollups")
    path = PathField(max_length=120, db_index=True)
    counts = models.JSONField(default=dict)
    recounted_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("班级汇总")
        constraints = [models.UniqueConstraint(fields=["campaign", "klass"], name="rollup_once")]


class Release(models.Model):
    """A recorded decision to publish one small total although it is below the threshold (劝返1名)."""

    campaign = models.ForeignKey("campaigns.Campaign", models.CASCADE, related_name="releases")
    path = PathField(max_length=120)
    indicator = models.CharField(max_length=40)
    reason = models.CharField(_("理由"), max_length=200)
    by = models.ForeignKey("units.Staff", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("公布决定")
        constraints = [models.UniqueConstraint(fields=["campaign", "path", "indicator"], name="release_once")]
