"""Who may do what: one table, verb × role. A verb is granted by a post at or above the place it is done at, or by
the person's relation to the one visit it is about. The same string is the audit action and the key of reactions."""

from jiafang.access.actors import Actor
from jiafang.access.roles import BUREAU, COMPANION, EVERYONE, EXTRA, HEADS, LEAD, LEADERS, READERS, Role
from jiafang.lib.errors import Problem
from jiafang.lib.paths import within

_ADMIN = frozenset({Role.BUREAU_ADMIN})
_CLASS = frozenset({Role.CLASS_TEACHER})
_GRADE = frozenset({Role.GRADE_HEAD})
_CARE = LEADERS | _CLASS | {Role.COUNSELLOR}
_RUN = LEADERS  # those who run a school's campaign
_TEAM = frozenset({LEAD, COMPANION, EXTRA})
SCHOOL_STAFF = EVERYONE - BUREAU

POLICY: dict[str, frozenset[str]] = {
    # units
    "unit.read": EVERYONE,
    "unit.manage": _ADMIN | _RUN,
    "calendar.edit": _ADMIN | _RUN,
    "term.manage": _ADMIN,
    "staff.read": EVERYONE,
    "staff.manage": _ADMIN | _RUN,
    "staff.read_phone": _ADMIN | _RUN,
    "timetable.edit": _RUN,
    "appointment.begin": _ADMIN | _RUN,
    "appointment.end": _ADMIN | _RUN,
    "account.issue": _ADMIN | _RUN,
    "klass.hand_over": _RUN | _GRADE,
    "klass.acknowledge_handover": _CLASS,
    "audit.read": HEADS | _ADMIN,
    # roster
    "roster.import": _ADMIN | _RUN,
    "roster.queue_import": _ADMIN | _RUN,
    "roster.undo": _ADMIN | _RUN,
    "student.list": READERS,
    "student.open": READERS,
    "student.edit": _RUN | _CLASS,
    "student.read_identity": _RUN | _CLASS,
    "student.read_contact": READERS | {LEAD},
    "student.add_file": _RUN | _CLASS | {Role.COUNSELLOR},
    "student.read_file": READERS,
    "student.remove_file": _RUN | _CLASS,
    "household.confirm": _RUN | _CLASS,
    "household.read_place": READERS | _TEAM,
    "care.read": READERS,
    "care.read_reason": _CARE,
    "care.read_psychological": LEADERS | _CLASS | {Role.COUNSELLOR},
    "care.read_psychological_note": frozenset({Role.COUNSELLOR}),
    "care.note": _CARE,
    "care.end": _CARE,
    "care.export_ledger": LEADERS | {Role.COUNSELLOR},
    # campaigns
    "campaign.read": EVERYONE,
    "campaign.create": BUREAU,
    "campaign.edit": BUREAU,
    "campaign.open": BUREAU,
    "campaign.close": BUREAU,
    "campaign.set_school_rules": _RUN,
    "campaign.read_progress": BUREAU | LEADERS,
    "campaign.design_form": _RUN | BUREAU,
    "plan.read": BUREAU | SCHOOL_STAFF,
    "plan.edit": _RUN,
    "plan.approve": HEADS,
    "plan.seal": _RUN,
    "plan.submit": _RUN,
    "plan.receive": BUREAU,
    "plan.return": BUREAU,
    "plan.file": BUREAU,
    "conduct.acknowledge": SCHOOL_STAFF,
    "conduct.read_acknowledgements": _RUN | _GRADE,
    # planning
    "timetable.read": LEADERS | _GRADE | _CLASS | {Role.COUNSELLOR},
    "timetable.prepare": _RUN,
    "timetable.run": _RUN,
    "timetable.run_now": _RUN,
    "timetable.cancel": _RUN,
    "timetable.accept": _RUN,
    "timetable.discard": _RUN,
    "timetable.publish": _RUN,
    "timetable.absence": _RUN,
    "timetable.export": LEADERS | _GRADE | _CLASS,
    "timetable.feed": SCHOOL_STAFF,
    "timetable.move": _RUN | _GRADE | _CLASS,
    "timetable.wish": _RUN | _CLASS,
    "timetable.relief": _RUN,
    # visits
    "visit.read": READERS | _TEAM,
    "visit.add": _RUN | _CLASS | {Role.COUNSELLOR, Role.GUIDE},
    "visit.appoint": _RUN | _CLASS | {LEAD},
    "visit.decline": _RUN | _CLASS | {LEAD},
    "visit.cancel": _RUN | _CLASS,
    "visit.reopen": _RUN | _CLASS | {LEAD},
    "visit.depart": _TEAM,
    "visit.return_safe": _TEAM,
    "visit.hold": frozenset({LEAD}),
    "visit.miss": _RUN | _CLASS | {LEAD},
    "visit.prepare": frozenset({LEAD}) | _CLASS,
    "visit.save_draft": frozenset({LEAD}) | _CLASS,
    "visit.submit_record": frozenset({LEAD}) | _CLASS,
    "visit.settle_conflict": frozenset({LEAD}) | _CLASS,
    "visit.read_record": LEADERS | _GRADE | _CLASS | {Role.COUNSELLOR} | _TEAM,
    "visit.confirm_record": frozenset({COMPANION, EXTRA}),
    "visit.return_record": _RUN | _GRADE,
    "visit.archive_record": _RUN | _GRADE,
    "visit.check_conduct": _TEAM,
    "visit.print_record": LEADERS | _GRADE | _CLASS | {LEAD},
    "visit.print_workbook": LEADERS | _CLASS,
    "visit.export_ledger": LEADERS | _GRADE | _CLASS,
    # figures
    "figures.read": BUREAU | LEADERS | _GRADE | _CLASS,
    "figures.open_rows": LEADERS | _GRADE | _CLASS,
    "figures.open_masked_rows": BUREAU,
    "figures.export": BUREAU | LEADERS,
    "figures.release": BUREAU,
}


def can(actor: Actor, verb: str, *, path: str | None = None, relations: frozenset[str] = frozenset()) -> bool:
    """Whether ``actor`` may do ``verb`` at the unit ``path`` (``None``: anywhere), being ``relations`` to the visit.

    An unknown verb is a programmer's mistake and raises ``KeyError``.
    """
    granted = POLICY[verb]
    if actor.is_system:
        return True
    if granted & relations:
        return True
    return any(p.role in granted and (path is None or within(path, p.path)) for p in actor.posts)


def demand(actor: Actor, verb: str, *, path: str | None = None, relations: frozenset[str] = frozenset()) -> None:
    """Raise ``Problem("denied")`` unless granted; a stranger is answered as if the thing did not exist."""
    if not can(actor, verb, path=path, relations=relations):
        raise Problem("denied")
