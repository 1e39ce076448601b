"""What the pages of classes, children's files and the care ledger show."""

from jiafang.dossiers.selectors.care import (
    MISSING,
    NO_RULE,
    PLANNED,
    REACHED,
    Ledger,
    LedgerRow,
    ledger,
    looked_at,
)
from jiafang.dossiers.selectors.classes import (
    ChildRow,
    KlassPage,
    children,
    classes,
    grade_moments,
    klass,
    klass_page,
    summary,
)
from jiafang.dossiers.selectors.file import StudentPage, buttons, classes_to_move_to, levels_at, student_page
from jiafang.dossiers.selectors.readers import SORTS, of_sort, readers, subject, words_of

__all__ = [
    "MISSING",
    "NO_RULE",
    "PLANNED",
    "REACHED",
    "SORTS",
    "ChildRow",
    "KlassPage",
    "Ledger",
    "LedgerRow",
    "StudentPage",
    "buttons",
    "children",
    "classes",
    "classes_to_move_to",
    "grade_moments",
    "klass",
    "klass_page",
    "ledger",
    "levels_at",
    "looked_at",
    "of_sort",
    "readers",
    "student_page",
    "subject",
    "summary",
    "words_of",
]
