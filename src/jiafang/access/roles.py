"""The roles a post can carry, and the relations a person can have to one visit."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    BUREAU_ADMIN = "bureau_admin", _("局系统管理员")
    BUREAU_OFFICER = "bureau_officer", _("德育科工作人员")
    PRINCIPAL = "principal", _("校长")
    SECRETARY = "secretary", _("书记")
    MIDDLE_LEADER = "middle_leader", _("中层干部")
    GRADE_HEAD = "grade_head", _("年级组长")
    CLASS_TEACHER = "class_teacher", _("班主任")
    SUBJECT_TEACHER = "subject_teacher", _("科任教师")
    COUNSELLOR = "counsellor", _("心理教师")
    GUIDE = "guide", _("家庭教育指导师")


# Relations a service passes to the policy beside the posts: what the person is to this one visit.
LEAD, COMPANION, EXTRA = "lead", "companion", "extra"

BUREAU = frozenset({Role.BUREAU_ADMIN, Role.BUREAU_OFFICER})
HEADS = frozenset({Role.PRINCIPAL, Role.SECRETARY})
LEADERS = HEADS | {Role.MIDDLE_LEADER}
# Roles whose post opens the rows of the children under its unit. Subject teachers and guides reach a child only
# through a visit they take part in; a bureau reaches figures, and masked rows, never a child's file.
READERS = LEADERS | {Role.GRADE_HEAD, Role.CLASS_TEACHER, Role.COUNSELLOR}
EVERYONE = frozenset(Role.values)

# Participation tiers of the campaign's mechanism 书记校长带头、中层示范、班主任为主、全员参与, first match wins.
TIERS: tuple[tuple[str, frozenset[str]], ...] = (
    ("heads", HEADS),
    ("middle", frozenset({Role.MIDDLE_LEADER, Role.GRADE_HEAD})),
    ("class_teachers", frozenset({Role.CLASS_TEACHER})),
    ("others", frozenset({Role.SUBJECT_TEACHER, Role.COUNSELLOR, Role.GUIDE})),
)
TIER_LABELS = {
    "heads": _("书记、校长"),
    "middle": _("中层干部"),
    "class_teachers": _("班主任"),
    "others": _("其他教师"),
}
