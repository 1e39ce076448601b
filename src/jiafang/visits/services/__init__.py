"""Verbs on outings, visits, outlines and records."""

from jiafang.visits.services.arranging import add_visit, appoint, cancel, decline, miss, reopen
from jiafang.visits.services.conduct import check_conduct
from jiafang.visits.services.drafts import INCOMPLETE, Saved, Sent, save_draft
from jiafang.visits.services.holding import hold
from jiafang.visits.services.outings import depart, return_safe
from jiafang.visits.services.preparing import draft_outline, prepare
from jiafang.visits.services.submitting import archive_record, confirm_record, return_record, settle_conflict

__all__ = [
    "INCOMPLETE",
    "Saved",
    "Sent",
    "add_visit",
    "appoint",
    "archive_record",
    "cancel",
    "check_conduct",
    "confirm_record",
    "decline",
    "depart",
    "draft_outline",
    "hold",
    "miss",
    "prepare",
    "reopen",
    "return_record",
    "return_safe",
    "save_draft",
    "settle_conflict",
]
