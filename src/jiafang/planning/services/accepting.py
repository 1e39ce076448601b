"""A plan becomes outings and visits, then visible to the teachers. Written in bulk: a school in well under a second."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jiafang.access import audit
from jiafang.access.actors import Actor
from jiafang.access.fence import system_fence
from jiafang.campaigns.models import SchoolCampaign
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.planner import check_plan, load_plan, load_problem
from jiafang.planning.models import PlanRun
from jiafang.planning.selectors import timetable
from jiafang.planning.selectors.packing import pack
from jiafang.planning.selectors.problem import BY_PLANNER, Built, build
from jiafang.planning.selectors.summary import places
from jiafang.planning.services.preparing import open_for
from jiafang.planning.services.running import locked_run, step
from jiafang.visits.models import Outing, Visit, VisitStudent
from jiafang.visits.states import AHEAD, VISIT, VisitState

# What a check may find in a plan that is still good: figures of the day it was made, visits wanted since then.
HARMLESS = frozenset({"cost", "part", "moved", "visit_missing", "unmet", "quota_reachable"})
TIMES = ["outing", "position", "lead", "companion", "extra", "slot", "starts_at", "ends_at", "state", "appointed_at"]


@dataclass(frozen=True, slots=True)
class Written:
    """How many visits were made new, changed, left alone and taken out."""

    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0


@transaction.atomic
def accept(actor: Actor, *, run: PlanRun) -> Written:
    """Take over the plan of a run: visits are planned (seen by the school's leaders), published ones change at once.

    A plan that no longer fits the school's data (a family moved, a teacher got lessons) is refused as ``stale``.
    """
    row = locked_run(actor, "timetable.accept", run)
    open_for(actor, "timetable.accept", row.school_campaign)
    step("timetable.accept", row)
    built = build(row.school_campaign)
    if pack(built.problem) != PlanRun.objects.values_list("problem", flat=True).get(pk=row.pk):
        demand_sound(built, row.plan)
    written = write(built, row.plan)
    row.save(update_fields=["state"])
    audit.record(
        actor, "timetable.accept", path=row.school_campaign.school.path, target=row,
        detail={"new": written.new, "changed": written.changed, "gone": written.gone},
    )  # fmt: skip
    return written


def demand_sound(built: Built, plan: dict[str, Any]) -> None:
    """Raise ``stale`` unless the plan keeps every rule of the problem as it is now."""
    bare = replace(load_plan(plan), unplaced=(), unmet=(), moved=(), bound=None, certificate={})
    faults = [v for v in check_plan(load_problem(built.problem), bare).violations if v.code not in HARMLESS]
    if faults:
        raise Problem(
            "stale", _("排好以后名册、课表或安排有变动，这份安排有 %d 处不再成立，请重新排一次。") % len(faults)
        )


def write(built: Built, plan: dict[str, Any], *, prune: bool = True) -> Written:
    """Make the rows say what the plan says; with ``prune`` what it leaves out goes.

    Must run in the caller's transaction, with the school's row locked.
    """
    with system_fence("a timetable concerns the whole school"):
        return _Writer(built, plan).write(prune)


class _Writer:
    def __init__(self, built: Built, plan: dict[str, Any]) -> None:
        self.built, self.plan = built, plan
        self.row: SchoolCampaign = built.facts.school_campaign
        self.ways: dict[int, Outing] = {}

    def write(self, prune: bool) -> Written:
        wanted = self.built.wanted
        placed = places(self.plan)
        self._outings()
        new, changed, same = [], [], 0
        position: dict[Any, int] = {}
        for name, place in placed.items():
            way = self.ways.get(place["outing"])
            number = position[place["outing"]] = position.get(place["outing"], 0) + 1 if way else 1
            facts = self._facts(place, way, number)
            row = wanted[name].row
            if row is None:
                new.append(self._new(name, facts))
            elif self._change(row, facts):
                changed.append(row)
            else:
                same += 1
        Visit.objects.bulk_create(new)
        Visit.objects.bulk_update(changed, TIMES, batch_size=200)
        self._children(placed)
        gone = self._gone(placed) if prune else 0
        self._drop_empty_outings()
        return Written(len(new), len(changed), same, gone)

    def _facts(self, place: dict, way: Outing | None, number: int) -> dict[str, Any]:
        slot = self.built.slots[place["slot"]]
        return {
            "outing_id": way.pk if way else None, "position": number, "lead_id": UUID(place["lead"]),
            "companion_id": _uuid(place["companion"]), "extra_id": _uuid(place["extra"]), "slot": slot.id,
            "starts_at": clock.at(slot.day, time.fromisoformat(place["starts"])),
            "ends_at": clock.at(slot.day, time.fromisoformat(place["ends"])),
        }  # fmt: skip

    def _new(self, name: str, facts: dict[str, Any]) -> Visit:
        wanted = self.built.wanted[name]
        return Visit(
            pk=UUID(name), campaign_id=self.row.campaign_id, school_id=self.row.school_id, household=wanted.group.home,
            mode=wanted.mode, origin=wanted.origin, round=wanted.round, state=VisitState.PLANNED, **facts,
        )  # fmt: skip

    @staticmethod
    def _change(row: Visit, facts: dict[str, Any]) -> bool:
        """Put the facts on a row; an agreed visit whose hour or team changed is to be agreed anew."""
        agreed = ("starts_at", "ends_at", "lead_id", "companion_id")
        if all(getattr(row, key) == value for key, value in facts.items()):
            return False
        if row.state == VisitState.APPOINTED and any(getattr(row, key) != facts[key] for key in agreed):
            row.state, row.appointed_at = VisitState.PUBLISHED, None
        for key, value in facts.items():
            setattr(row, key, value)
        return True

    def _outings(self) -> None:
        """An outing keeps its row while its lead still goes out in that slot, or its homes go elsewhere together."""
        rows = self._rows_of_outings()
        new, changed = [], []
        for number, outing in enumerate(self.plan["outings"]):
            slot, way = self.built.slots[outing["slot"]], rows.get(number)
            if way is None:
                way = Outing(campaign_id=self.row.campaign_id, school_id=self.row.school_id)
                new.append(way)
            else:
                changed.append(way)
            way.day, way.slot, way.lead_id = slot.day, slot.id, UUID(outing["lead"])
            way.leaves, way.back = time.fromisoformat(outing["leave"]), time.fromisoformat(outing["back"])
            way.companion_id, way.extra_id = _uuid(outing["companion"]), _uuid(outing["extra"])
            self.ways[number] = way
        Outing.objects.bulk_create(new)
        fields = ["day", "slot", "lead", "leaves", "back", "companion", "extra"]
        Outing.objects.bulk_update(changed, fields, batch_size=200)

    def _rows_of_outings(self) -> dict[int, Outing]:
        """The rows that stand for the plan's outings, by number; each at most once."""
        standing = {
            (slot.id, str(w.row.lead_id)): w.row.outing for w, slot in self.built.standing if w.row.outing is not None
        }
        by_number = {
            number: standing[key]
            for number, outing in enumerate(self.plan["outings"])
            if (key := (outing["slot"], outing["lead"])) in standing
        }
        taken = {way.pk for way in by_number.values()}
        for number, outing in enumerate(self.plan["outings"]):
            if number in by_number:
                continue
            before = [self.built.wanted[stop["visit"]].row for stop in outing["stops"]]
            way = next((r.outing for r in before if r and r.outing and r.outing.pk not in taken), None)
            if way is not None:
                by_number[number] = way
                taken.add(way.pk)
        return by_number

    def _children(self, placed: Iterable[str]) -> None:
        """Every child of a visited group belongs to the visit, those who joined it since included."""
        rows = {w.row.pk for name in placed if (w := self.built.wanted[name]).row is not None}
        known = set(VisitStudent.objects.filter(visit__in=rows).values_list("visit_id", "student_id"))
        VisitStudent.objects.bulk_create(
            VisitStudent(visit_id=UUID(name), student_id=child.pk, klass_id=child.klass_id)
            for name in placed
            for child in self.built.wanted[name].group.children
            if (UUID(name), child.pk) not in known
        )

    def _gone(self, placed: dict[str, dict]) -> int:
        """Planned visits the plan has not are deleted (no teacher saw them); published ones are called off in words."""
        rows = Visit.objects.filter(campaign=self.row.campaign_id, school=self.row.school_id, origin__in=BY_PLANNER)
        keep = [UUID(name) for name in placed]
        planned = rows.filter(state=VisitState.PLANNED).exclude(pk__in=keep)
        count = planned.count()
        planned.delete()
        known = [w.row.pk for name, w in self.built.wanted.items() if w.row is not None and name not in placed]
        reason = _("重新安排后没有合适的时间")
        count += _call_off(rows.filter(pk__in=known, state__in=AHEAD), reason)
        return count + _call_off(timetable.outlived(self.row), _("学生已经不在本校"))

    def _drop_empty_outings(self) -> None:
        empty = Outing.objects.filter(
            campaign=self.row.campaign_id, school=self.row.school_id, day__gt=self.built.facts.today,
            visits__isnull=True, departed_at__isnull=True,
        )  # fmt: skip
        empty.delete()


def _call_off(rows: QuerySet[Visit], reason: str) -> int:
    return rows.update(state=VisitState.CANCELLED, outing=None, appointed_at=None, reason=reason)


def _uuid(name: str | None) -> UUID | None:
    return UUID(name) if name else None


@transaction.atomic
def publish(actor: Actor, *, school_campaign: SchoolCampaign) -> int:
    """Planned visits become visible in their teachers' weeks. Returns how many; a second time none."""
    row = open_for(actor, "timetable.publish", school_campaign)
    sources, target = VISIT["timetable.publish"]
    with system_fence("publishing concerns the whole school"):
        rows = Visit.objects.filter(campaign=row.campaign_id, school=row.school_id, state__in=sources)
        rows = rows.filter(starts_at__gt=clock.now(), lead__isnull=False)
        count = rows.update(state=target, published_at=clock.now())
    audit.record(actor, "timetable.publish", path=row.school.path, target=row, detail={"n": count})
    return count
