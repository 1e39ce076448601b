"""Atomic kinds of care, as a school knows them. A campaign's category is a named set of these, never the other way.

离异 is not 单亲, and 单亲留守 is not 单亲家庭: each is a kind of its own. 新生 and 毕业年级 follow from the class and
are never stored.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jiafang.access.vault import token


class CareKind(TextChoices):
    ORPHAN = "orphan", _("孤儿")
    SINGLE_PARENT = "single_parent", _("单亲")
    DIVORCED = "divorced", _("离异")
    LEFT_BEHIND_ONE = "left_behind_one", _("单亲留守")
    LEFT_BEHIND_BOTH = "left_behind_both", _("双亲留守")
    LEFT_BEHIND = "left_behind", _("留守")
    POVERTY = "poverty", _("贫困")
    LEARNING = "learning", _("学困")
    PSYCHOLOGICAL = "psychological", _("心理异常")
    MIGRANT = "migrant", _("随迁子女")
    DISABILITY = "disability", _("残障")
    DROPOUT_RISK = "dropout_risk", _("流失倾向")
    BEHAVIOUR = "behaviour", _("行为异常")
    EXCELLENT = "excellent", _("学业优秀")


# Need-to-know: read under verbs of their own.
SENSITIVE = frozenset({CareKind.PSYCHOLOGICAL, CareKind.POVERTY, CareKind.ORPHAN})

# What a guardian may read as the reason of a visit; never the kind itself.
NEUTRAL_REASON = _("了解孩子近期的学习和生活，听听您的想法")


def tokens(kinds) -> list[str]:
    """The stored tokens of ``kinds`` (codes)."""
    return [token(str(k)) for k in kinds]


def kind_of(stored: str) -> CareKind | None:
    """The kind behind a stored token."""
    return {token(k): k for k in CareKind}.get(stored)
