"""The format's rules on outings, online visits, teachers, order, fixed visits and quotas, one method each."""

from collections import Counter, defaultdict
from functools import cache

from .check_state import Book, cap, week
from .model import HOME, ONLINE, Fixed, OnlineVisit, Outing, Visit


class Rules:
    """One pass over a plan all of whose names are known."""

    def __init__(self, book: Book) -> None:
        self.book, self.problem, self.plan = book, book.problem, book.plan
        self.note = book.note
        self.where: dict[str, str] = {}  # visit → its place in the plan
        self.placed: dict[str, tuple[str, str, str | None]] = {}  # visit → slot, lead, companion
        self.out: dict[tuple[str, str], str] = {}  # (teacher, slot) → the outing's place
        self.weeks: dict[tuple[str, tuple[int, int]], int] = Counter()
        self.counts: dict[str, int] = Counter()  # teacher → visits in any role

    def check(self) -> None:
        """Note everything that is broken."""
        for i, out in enumerate(self.plan.outings):
            self._outing(out, f"outings[{i}]")
        for (name, _), count in self.weeks.items():
            most = cap(self.book.teachers[name])
            if count > most:
                self.note("week_cap", f"teacher {name}", f"{count} outings in one week, {most} allowed")
        for i, talk in enumerate(self.plan.online):
            self._online(talk, f"online[{i}]")
        self._online_apart()
        self._once()
        self._after()
        for item in self.problem.fixed:
            self._fixed(item)
        self._quotas()

    def _team(self, out: Outing, at: str) -> list[str]:
        team = [name for name in (out.lead, out.companion, out.extra) if name is not None]
        if len(set(team)) < len(team):
            self.note("same_person", at, "one person in two roles")
        if out.companion is None and self.problem.two_teachers:
            self.note("no_companion", f"{at}.companion", "a home visit needs two teachers")
        day = self.book.slots[out.slot].date
        for name in dict.fromkeys(team):
            teacher = self.book.teachers[name]
            if out.slot not in teacher.free:
                self.note("not_free", at, f'"{name}" is not free in slot "{out.slot}"')
            if (name, out.slot) in self.out:
                self.note("two_outings", at, f'"{name}" is already out in {self.out[name, out.slot]}')
            self.out[name, out.slot] = at
            self.weeks[name, week(day)] += 1
            self.counts[name] += len(out.stops)
            for stop in out.stops:
                if not self.book.near(teacher, self.book.visits[stop.visit]):
                    self.note("too_far", at, f'visit "{stop.visit}" is too far for "{name}"')
        return team

    def _outing(self, out: Outing, at: str) -> None:
        self._team(out, at)
        slot = self.book.slots[out.slot]
        school = self.book.schools[slot.school]
        if out.leave < slot.start:
            self.note("leave_early", f"{at}.leave", "leaves before the slot starts")
        if out.back > slot.end:
            self.note("back_late", f"{at}.back", "is back after the slot ends")
        here, ready = school, out.leave
        for j, stop in enumerate(out.stops):
            visit, place = self.book.visits[stop.visit], f"{at}.stops[{j}]"
            self._visit(visit, out.slot, out.lead, out.companion, place)
            if visit.mode != HOME:
                self.note("mode", place, "an online visit in an outing")
            if out.companion is not None and out.companion not in visit.companions:
                self.note("companion", place, f'"{out.companion}" is not among the visit\'s companions')
            if stop.arrive < ready + self.book.ways.minutes(here, visit):
                self.note("travel_time", f"{place}.arrive", "arrives before the way allows")
            if stop.depart < stop.arrive + visit.minutes:
                self.note("stay_short", f"{place}.depart", f"stays less than {visit.minutes} minutes")
            here, ready = visit, stop.depart
        if out.back < ready + self.book.ways.minutes(here, school):
            self.note("travel_time", f"{at}.back", "is back before the way allows")

    def _visit(self, visit: Visit, slot_id: str, lead: str, companion: str | None, at: str) -> None:
        slot = self.book.slots[slot_id]
        if visit.id in self.where:
            self.note("visit_twice", at, f'"{visit.id}" is also at {self.where[visit.id]}')
        self.where[visit.id] = at
        self.placed[visit.id] = (slot_id, lead, companion)
        if slot.school != visit.school:
            self.note("other_school", at, f'slot "{slot_id}" is of another school')
        elif slot_id not in visit.possible:
            self.note("not_possible", at, f'slot "{slot_id}" is not possible for "{visit.id}"')
        if not visit.begins <= slot.date <= visit.by:
            self.note("outside_dates", at, f"{slot.date} is outside {visit.begins} to {visit.by}")
        if lead not in visit.leads:
            self.note("lead", at, f'"{lead}" is not among the visit\'s leads')

    def _online(self, talk: OnlineVisit, at: str) -> None:
        visit, slot = self.book.visits[talk.visit], self.book.slots[talk.slot]
        self._visit(visit, talk.slot, talk.lead, None, at)
        self.counts[talk.lead] += 1
        if visit.mode != ONLINE:
            self.note("mode", at, "a home visit held online")
        if talk.slot not in self.book.teachers[talk.lead].free:
            self.note("not_free", at, f'"{talk.lead}" is not free in slot "{talk.slot}"')
        if (talk.lead, talk.slot) in self.out:
            self.note("online_while_out", at, f'"{talk.lead}" is out in {self.out[talk.lead, talk.slot]}')
        if talk.end - talk.start != visit.minutes:
            self.note("online_length", at, f"must take {visit.minutes} minutes")
        if talk.start < slot.start or talk.end > slot.end:
            self.note("online_outside", at, "reaches beyond the slot")

    def _online_apart(self) -> None:
        groups: dict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
        for i, talk in enumerate(self.plan.online):
            groups[talk.lead, talk.slot].append((talk.start, talk.end, i))
        for talks in groups.values():
            latest = -1
            for start, end, i in sorted(talks):
                if start < latest:
                    self.note("online_overlap", f"online[{i}]", "overlaps another online visit of its lead")
                latest = max(latest, end)

    def _once(self) -> None:
        left: set[str] = set()
        for i, item in enumerate(self.plan.unplaced):
            at = f"unplaced[{i}]"
            if item.visit in self.where:
                self.note("visit_twice", at, f'"{item.visit}" is placed at {self.where[item.visit]}')
            if item.visit in left:
                self.note("visit_twice", at, f'"{item.visit}" is listed twice')
            left.add(item.visit)
            if not item.reasons:
                self.note("unexplained", at, "gives no reason")
        for visit in self.problem.visits:
            if visit.id not in self.where and visit.id not in left:
                self.note("visit_missing", f"visit {visit.id}", "is neither placed nor listed as unplaced")

    def _after(self) -> None:
        for visit in self.problem.visits:
            if visit.after is None or visit.id not in self.placed:
                continue
            at, since = self.where[visit.id], visit.after.date
            if visit.after.visit is not None:
                if visit.after.visit not in self.placed:
                    self.note("after_missing", at, f'"{visit.after.visit}", which comes first, is not placed')
                    continue
                since = self.book.slots[self.placed[visit.after.visit][0]].date
            days = (self.book.slots[self.placed[visit.id][0]].date - since).days
            if days < visit.after.min_days:
                self.note("after_early", at, f"{days} days after {since}, {visit.after.min_days} needed")

    def _fixed(self, item: Fixed) -> None:
        if item.visit not in self.placed:
            if self._could_hold(item):
                self.note("fixed", f"visit {item.visit}", "is fixed and not placed")
            return
        slot, lead, companion = self.placed[item.visit]
        for key, is_now, was in (
            ("slot", slot, item.slot), ("lead", lead, item.lead), ("companion", companion, item.companion)
        ):  # fmt: skip
            if is_now != was:
                self.note("fixed", self.where[item.visit], f'{key} is "{is_now}", fixed as "{was}"')

    def _could_hold(self, item: Fixed) -> bool:
        # A fixed visit may be left out only if all fixed with it cannot hold together.
        visits = self.book.visits
        after = visits[item.visit].after
        if after and after.visit and after.visit not in self.placed:
            return False
        slot = self.book.slots[item.slot]
        mode = visits[item.visit].mode
        group = [
            visits[other.visit]
            for other in self.problem.fixed
            if (other.slot, other.lead) == (item.slot, item.lead) and visits[other.visit].mode == mode
        ]
        stay = sum(visit.minutes for visit in group)
        if mode == ONLINE:
            return stay <= slot.end - slot.start
        team = [self.book.teachers[name] for name in (item.lead, item.companion) if name is not None]
        if not all(self.book.near(teacher, visit) for teacher in team for visit in group):
            return False
        return stay + self.shortest(group) <= slot.end - slot.start

    def shortest(self, group: list[Visit]) -> int:
        """Minutes of the shortest way from school over all homes of a group and back."""
        school = self.book.schools[group[0].school]
        table = self.book.ways.table(school, group).tolist()

        @cache
        def least(here: int, left: frozenset[int]) -> int:
            if not left:
                return table[here][0]
            return min(table[here][home] + least(home, left - {home}) for home in left)

        return least(0, frozenset(range(1, len(group) + 1)))

    def _quotas(self) -> None:
        want = {leader.teacher: leader.min_visits for leader in self.problem.leaders}
        listed: set[str] = set()
        for i, item in enumerate(self.plan.unmet):
            at = f"unmet[{i}]"
            if item.teacher not in want or item.teacher in listed:
                self.note("unmet", at, f'"{item.teacher}" has no quota or stands twice')
            elif self.counts[item.teacher] >= want[item.teacher]:
                self.note("unmet", at, f'"{item.teacher}" meets the quota')
            elif item.visits != self.counts[item.teacher]:
                self.note("unmet", at, f"states {item.visits} visits, there are {self.counts[item.teacher]}")
            if not item.reasons:
                self.note("unexplained", at, "gives no reason")
            listed.add(item.teacher)
        online = {(talk.lead, talk.slot) for talk in self.plan.online}
        for name, least in want.items():
            if self.counts[name] >= least:
                continue
            if name not in listed:
                self.note("unmet", f"teacher {name}", f"{self.counts[name]} of {least} visits, not listed")
            for i, out in enumerate(self.plan.outings):
                if self._could_join(name, out) and (name, out.slot) not in online:
                    self.note("quota_reachable", f"outings[{i}]", f'"{name}" could go along and does not')
                    break

    def _could_join(self, name: str, out: Outing) -> bool:
        teacher = self.book.teachers[name]
        return (
            out.extra is None
            and out.slot in teacher.free
            and (name, out.slot) not in self.out
            and self.weeks[name, week(self.book.slots[out.slot].date)] < cap(teacher)
            and all(self.book.near(teacher, self.book.visits[stop.visit]) for stop in out.stops)
        )
