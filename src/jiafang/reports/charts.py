"""What the dashboard's charts show; the page draws them and puts the same numbers in a table beneath."""

from django.urls import reverse
from django.utils.translation import gettext as _

from jiafang.access.actors import Actor
from jiafang.reports import selectors


def of_unit(actor: Actor, place) -> list[dict]:
    """Coverage side by side, 生次 week by week, participation by tier, mode of visits."""
    out = []
    rows = selectors.side_by_side(actor, place.campaign, place.unit, ("coverage", "online", "on_site"))
    if len(rows) > 1:
        # sorted by value, so that the line of the target is read at a glance; the table keeps the usual order
        ordered = sorted(rows, key=lambda r: r.figures["coverage"].percent or 0)
        out.append(
            {
                "kind": "bars",
                "title": _("家访覆盖率"),
                "unit": "%",
                "target": 100,
                "name_label": _("学校") if place.above_school else _("班级"),
                "names": [r.unit.label for r in ordered],
                "series": [{"name": _("覆盖率"), "values": [_round(r.figures["coverage"].percent) for r in ordered]}],
                "hrefs": {
                    str(n): reverse("reports:unit", args=[place.campaign.pk, r.unit.pk]) for n, r in enumerate(ordered)
                },
            }
        )
    weeks = selectors.trend(actor, place.campaign, place.unit)
    if weeks:
        out.append(
            {
                "kind": "line",
                "title": _("家访进展"),
                "unit": _("生次"),
                "name_label": _("周（星期一）"),
                "names": [week for week, _n, _t in weeks],
                "series": [
                    {"name": _("累计"), "values": [total for _w, _n, total in weeks]},
                    {"name": _("本周"), "values": [n for _w, n, _t in weeks]},
                ],
            }
        )
    if place.whole:
        tiers = selectors.tier_participation(actor, place.campaign, place.unit)
        out.append(
            {
                "kind": "bars",
                "title": _("分层参与率"),
                "unit": "%",
                "target": 100,
                "name_label": _("层次"),
                "names": [f"{name}（{out_}/{all_}）" for _code, name, out_, all_ in tiers],
                "series": [
                    {"name": _("参与率"), "values": [_round(100 * o / a if a else None) for _c, _n, o, a in tiers]}
                ],
            }
        )
    if len(rows) > 1:
        out.append(
            {
                "kind": "stack",
                "title": _("家访形式"),
                "unit": _("生次"),
                "name_label": _("学校") if place.above_school else _("班级"),
                "names": [r.unit.label for r in rows],
                "series": [
                    {"name": _("线上"), "values": [r.figures["online"].numerator for r in rows]},
                    {"name": _("实地"), "values": [r.figures["on_site"].numerator for r in rows]},
                ],
            }
        )
    return out


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
