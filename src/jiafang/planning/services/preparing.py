"""What a school tells the planner before a run: windows, weeks, relief, families' wishes, days nobody can go."""

from collections.abc import Sequence
from datetime import date, time
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.campaigns.models import Campaign, SchoolCampaign
from jiafang.campaigns.services.schools import demand_open, locked_school
from jiafang.campaigns.states import Mode
from jiafang.lib.errors import Problem, not_found
from jiafang.planning.models import Absence, FamilyWish, PlanSettings, Relief, Window
from jiafang.roster.models import Household
from jiafang.units import selectors as units
from jiafang.units.models import Staff

# After lessons on school days, two half days at the weekend: where most schools begin.
WINDOWS: tuple[tuple[str, int, time, time], ...] = (
    *(("", day, time(17, 30), time(20, 30)) for day in range(1, 6)),
    *(("", day, time(*begins), time(*ends)) for day in (6, 7) for begins, ends in (((8, 30), (11, 30)), ((14, 0), (17, 30)))),
)  # fmt: skip
EARLIEST, LATEST = time(6), time(22)
SETTINGS = ("ordinary_mode", "twice", "special_percent", "everyone_goes", "boarders_at_weekends", "weeks_off")


def open_for(actor: Actor, verb: str, school_campaign: SchoolCampaign) -> SchoolCampaign:
    """The school's row, locked, after ``verb`` was granted there and while the campaign is open."""
    row = locked_school(school_campaign)
    policy.demand(actor, verb, path=row.school.path)
    demand_open(row)
    return row


@transaction.atomic
def prepare(actor: Actor, *, school_campaign: SchoolCampaign, **changes: Any) -> PlanSettings:
    """Give the school the usual windows while it has none, and set any of ``SETTINGS``. Repeatable."""
    row = open_for(actor, "timetable.prepare", school_campaign)
    if unknown := set(changes) - set(SETTINGS):
        raise ValueError(f"no such setting: {unknown}")
    _check_settings(row, changes)
    if not Window.objects.filter(school_campaign=row).exists():
        _write_windows(row, WINDOWS)
    settings, _made = PlanSettings.objects.update_or_create(school_campaign=row, defaults=changes)
    audit.record(actor, "timetable.prepare", path=row.school.path, target=row, detail={"fields": sorted(changes)})
    return settings


def _check_settings(row: SchoolCampaign, changes: dict[str, Any]) -> None:
    faults = {}
    if changes.get("ordinary_mode", "home") not in PlanSettings.Ordinary.values:
        faults["ordinary_mode"] = [_("请从列表里选择。")]
    if not 10 <= changes.get("special_percent", 50) <= 100:
        faults["special_percent"] = [_("填 10 到 100。")]
    codes = set(row.campaign.categories.values_list("code", flat=True))
    if set(changes.get("twice", ())) - codes:
        faults["twice"] = [_("请从活动的关爱类别里选择。")]
    try:
        mondays = [date.fromisoformat(day).weekday() == 0 for day in changes.get("weeks_off", ())]
    except (TypeError, ValueError):
        mondays = [False]
    if not all(mondays):
        faults["weeks_off"] = [_("请从列表里选择。")]
    if faults:
        raise Problem("invalid", _("有 %d 处要改。") % len(faults), faults)


@transaction.atomic
def set_windows(
    actor: Actor, *, school_campaign: SchoolCampaign, windows: Sequence[tuple[str, int, time, time]]
) -> int:
    """Replace the school's windows ``(name, weekday 1–7, starts, ends)``; those of one day may not overlap."""
    row = open_for(actor, "timetable.prepare", school_campaign)
    for _name, weekday, starts, ends in windows:
        if not 1 <= weekday <= 7 or not EARLIEST <= starts < ends <= LATEST:
            raise Problem(
                "invalid", _("每个时段要在 6:00 到 22:00 之间，结束晚于开始。"), {"windows": [_("时间不对。")]}
            )
    ordered = sorted(windows, key=lambda window: (window[1], window[2]))
    for before, after in pairwise(ordered):
        if before[1] == after[1] and after[2] < before[3]:
            raise Problem("invalid", _("同一天的两个时段不能重叠。"), {"windows": [_("时段重叠。")]})
    _write_windows(row, ordered)
    audit.record(actor, "timetable.prepare", path=row.school.path, target=row, detail={"windows": len(ordered)})
    return len(ordered)


def _write_windows(row: SchoolCampaign, windows: Sequence[tuple[str, int, time, time]]) -> None:
    Window.objects.filter(school_campaign=row).delete()
    Window.objects.bulk_create(
        Window(school_campaign=row, name=name, weekday=weekday, starts=starts, ends=ends)
        for name, weekday, starts, ends in windows
    )


def _of_school(row: SchoolCampaign, staff: Staff) -> None:
    if not units.staff_of(row.school).filter(pk=staff.pk).exists():
        raise not_found()


@transaction.atomic
def set_relief(
    actor: Actor,
    *,
    school_campaign: SchoolCampaign,
    staff: Staff,
    factor: float | None = 1,
    max_km: float | None = None,
    weekdays: Sequence[int] = (),
    max_outings_per_week: int | None = None,
) -> Relief | None:
    """照顾有特殊困难的教师; ``factor`` null takes the relief away. The reason is never asked."""
    row = open_for(actor, "timetable.relief", school_campaign)
    _of_school(row, staff)
    faults = {}
    if factor is not None and not 0.1 <= float(factor) <= 1:
        faults["factor"] = [_("工作量系数填 0.1 到 1。")]
    if max_km is not None and not 0.1 <= float(max_km) <= 100:
        faults["max_km"] = [_("距离填 0.1 到 100 公里。")]
    if not set(weekdays) <= set(range(1, 8)):
        faults["weekdays"] = [_("请从列表里选择。")]
    if max_outings_per_week is not None and not 0 <= max_outings_per_week <= 7:
        faults["max_outings_per_week"] = [_("填 0 到 7。")]
    if faults:
        raise Problem("invalid", _("有 %d 处要改。") % len(faults), faults)
    relief = None
    if factor is None:
        Relief.objects.filter(school_campaign=row, staff=staff).delete()
    else:
        values = {
            "factor": factor, "max_km": max_km, "weekdays": sorted(weekdays), "max_outings_per_week": max_outings_per_week
        }  # fmt: skip
        relief, _made = Relief.objects.update_or_create(school_campaign=row, staff=staff, defaults=values)
    audit.record(actor, "timetable.relief", path=row.school.path, target=row, detail={"staff": str(staff.pk)})
    return relief


@transaction.atomic
def set_wish(
    actor: Actor,
    *,
    campaign: Campaign,
    household: Household,
    weekdays: Sequence[int] = (),
    mode: str = "",
    not_before: date | None = None,
    hard: bool = False,
) -> FamilyWish:
    """What a family said suits it; ``hard``: only then. A way of visiting the campaign does not know is refused."""
    home = Household.objects.select_for_update(of=("self",)).filter(pk=household.pk).first()
    child = (
        home.students.filter(klass__isnull=False, left_on__isnull=True).select_related("klass").first()
        if home
        else None
    )
    if home is None or child is None:
        raise not_found()
    policy.demand(actor, "timetable.wish", path=child.klass.path)
    if not set(weekdays) <= set(range(1, 8)):
        raise Problem("invalid", fields={"weekdays": [_("请从列表里选择。")]})
    if mode and mode not in {*campaign.modes, Mode.OTHER}:
        raise Problem("invalid", _("这个活动没有这种家访形式。"), {"mode": [_("请从列表里选择。")]})
    wish, _made = FamilyWish.objects.update_or_create(
        campaign=campaign, household=home,
        defaults={"weekdays": sorted(weekdays), "mode": mode, "not_before": not_before, "hard": hard},
    )  # fmt: skip
    audit.record(actor, "timetable.wish", path=child.klass.path, target=home)
    return wish


@transaction.atomic
def report_absence(
    actor: Actor,
    *,
    school_campaign: SchoolCampaign,
    begins: date,
    ends: date,
    why: str,
    staff: Staff | None = None,
    starts: time | None = None,
) -> Absence:
    """A teacher, or without one the whole school, cannot go on these days (``starts``: only in that slot)."""
    row = open_for(actor, "timetable.absence", school_campaign)
    if staff is not None:
        _of_school(row, staff)
    if why not in Absence.Why.values:
        raise Problem("invalid", fields={"why": [_("请从列表里选择。")]})
    if starts is not None and not Window.objects.filter(school_campaign=row, starts=starts).exists():
        raise Problem("invalid", _("学校没有这个时段。"), {"starts": [_("请从列表里选择。")]})
    if ends < begins:
        raise Problem("invalid", _("结束日期不能早于开始日期。"), {"ends": [_("不能早于开始日期。")]})
    absence = Absence.objects.create(school_campaign=row, staff=staff, begins=begins, ends=ends, starts=starts, why=why)
    audit.record(
        actor, "timetable.absence", path=row.school.path, target=absence,
        detail={"staff": str(staff.pk) if staff else "", "why": why, "begins": begins.isoformat(), "ends": ends.isoformat()},
    )  # fmt: skip
    return absence


@transaction.atomic
def remove_absence(actor: Actor, *, absence: Absence) -> None:
    """It does not hold any more."""
    row = open_for(actor, "timetable.absence", absence.school_campaign)
    found = Absence.objects.filter(pk=absence.pk, school_campaign=row).first()
    if found is None:
        raise not_found()
    audit.record(actor, "timetable.absence", path=row.school.path, target=found, detail={"remove": True})
    found.delete()
