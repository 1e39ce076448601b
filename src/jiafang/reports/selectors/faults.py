"""A full recount against the stored rollups."""

from collections.abc import Iterator

from jiafang.campaigns.models import Campaign
from jiafang.reports.models import ClassRollup
from jiafang.reports.selectors.counted import counted


def rollup_faults() -> Iterator[str]:
    """Every class whose rollup differs from a recount of its rows; needs ``system_fence``."""
    for campaign in Campaign.objects.filter(begins__isnull=False, ends__isnull=False):
        stored = {r.klass_id: r for r in ClassRollup.objects.filter(campaign=campaign).select_related("klass")}
        for klass, fresh in counted(campaign, stored).items():
            if stored[klass].counts != fresh:
                wrong = sorted(k for k in fresh.keys() | stored[klass].counts.keys()
                               if fresh.get(k) != stored[klass].counts.get(k))  # fmt: skip
                yield f"{campaign.title}：{stored[klass].klass.label}（{klass}）的汇总与明细不符：{'、'.join(wrong)}"
