"""Comparing teachers, who teaches which class, and when teachers are busy."""

import re

from django.utils.translation import gettext as _

from jiafang.access.roles import Role
from jiafang.access.vault import blind
from jiafang.intake.records import BusyRow, StaffRow, TeachingRow
from jiafang.lib import names
from jiafang.lib.classnames import parse_class
from jiafang.lib.ids import uuid7
from jiafang.roster.importers.context import Context, Tally
from jiafang.roster.selectors.imports import PostNode, StaffNode, UnitNode
from jiafang.units.models import Appointment, BusyPeriod, Handover, Staff, Unit

_STAFF = ("id", "home_id", "name", "pinyin", "number", "sex", "subject", "title", "party_member", "phone", "phone_index")
_POST = ("id", "staff_id", "unit_id", "role", "subject", "begins", "ends")
# First match wins, so that 副校长 and 团支部书记 are not taken for the heads of the school.
_ROLES = (
    (r"年级组长|年级主任|级部主任|年级长", Role.GRADE_HEAD),
    (r"副校长|副书记|团委|团支部|支部书记|大队|主任|中层|处长|办公室|助理|干事", Role.MIDDLE_LEADER),
    (r"校长", Role.PRINCIPAL),
    (r"书记", Role.SECRETARY),
    (r"心理", Role.COUNSELLOR),
    (r"家庭教育指导", Role.GUIDE),
)


def person(context: Context, tally: Tally, row: StaffRow) -> str:
    """A teacher by number, else by name; the post follows from the title (校长、德育主任、年级组长、心理教师 …)."""
    home = _home(context, tally, row)
    if home is None:
        return ""
    node = _known(context, tally, row, home)
    if isinstance(node, str):
        return node
    phone_index = blind("phone", row.phone) if row.phone else ""
    outcome = "unchanged"
    if node is None:
        node = StaffNode(
            uuid7(), home.pk, row.name, row.number, row.sex or "0", row.subject, row.title, bool(row.party), phone_index
        )
        pinyin = " ".join(names.pinyin(row.name))
        context.changes.rows(Staff, *_STAFF).append(
            (
                node.pk, node.home_id, node.name, pinyin, node.number, node.sex, node.subject, node.title,
                node.party_member, row.phone or None, phone_index,
            )
        )
        context.know_staff(node)
        outcome = "new"
    elif _correct(context, node, row, phone_index):
        outcome = "changed"
    posted = _post_by_title(context, tally, row, home, node)
    return "changed" if posted and outcome == "unchanged" else outcome


def _home(context: Context, tally: Tally, row: StaffRow) -> UnitNode | None:
    bureau = context.shot.unit
    if bureau.kind == Unit.Kind.BUREAU and row.school == bureau.name:
        return bureau
    return context.school(tally, row)


def _known(context: Context, tally: Tally, row: StaffRow, home: UnitNode) -> StaffNode | str | None:
    if row.number:
        node = context.staff_by_number.get((home.pk, row.number.upper()))
        if node:
            return node
    # Somebody entered without a number before may be given one now.
    same = [node for node in context.staff_by_name.get((home.pk, row.name), []) if not (row.number and node.number)]
    if len(same) > 1:
        message = _("学校里有 %(n)d 位%(name)s，请填上工号。") % {"n": len(same), "name": row.name}
        return context.fail(tally, row, "name", row.name, "same_name_teacher", message)
    return same[0] if same else None


def _correct(context: Context, node: StaffNode, row: StaffRow, phone_index: str) -> bool:
    said = {"name": row.name, "number": row.number, "sex": row.sex, "subject": row.subject, "title": row.title}
    changed: dict[str, object] = {key: value for key, value in said.items() if value and value != getattr(node, key)}
    if "name" in changed:
        changed["pinyin"] = " ".join(names.pinyin(row.name))
    if row.party is not None and row.party != node.party_member:
        changed["party_member"] = row.party
    if phone_index and phone_index != node.phone_index:
        changed |= {"phone": row.phone, "phone_index": phone_index}
    if changed:
        context.changes.set(Staff, node.pk, **changed)
    return bool(changed)


def _post_by_title(context: Context, tally: Tally, row: StaffRow, home: UnitNode, node: StaffNode) -> bool:
    """Begin the posts a title speaks of. None is ended here: that is for 任职 or 交接, not for a list."""
    begun = False
    for part in re.split(r"[、,;/\s+兼]+", row.title):
        role = next((role for pattern, role in _ROLES if part and re.search(pattern, part)), None)
        if role is None or home.kind != Unit.Kind.SCHOOL:
            continue
        unit = home
        if role == Role.GRADE_HEAD:
            unit = _cohort_of_title(context, home, part)
            if unit is None:
                continue
        begun |= _begin(context, unit, node, role)
    return begun


def _cohort_of_title(context: Context, home: UnitNode, title: str) -> UnitNode | None:
    """“七年级组长” heads 七年级; a bare 年级组长 does not say which grade and gets no post."""
    grade = re.sub(r"组长|主任|级部|年级长|长$", "", title)
    parsed = parse_class(grade if re.search(r"年级|初|高|级", grade) else f"{grade}年级", "", home.primary_years)
    entered = parsed.entered_on(context.today) if parsed else None
    for node in context.shot.units.values():
        here = node.kind == Unit.Kind.COHORT and node.path.startswith(home.path)
        if here and parsed and node.entered == entered and parsed.stage in (None, node.stage):
            return node
    return None


def _begin(context: Context, unit: UnitNode, node: StaffNode, role: str, subject: str = "") -> bool:
    posts = context.shot.posts[unit.pk]
    if any(post.staff_id == node.pk and post.role == role and post.subject == subject for post in posts):
        return False
    post = PostNode(uuid7(), node.pk, role, subject)
    posts.append(post)
    row = (post.pk, node.pk, unit.pk, role, subject, context.today, None)
    context.changes.rows(Appointment, *_POST).append(row)
    return True


def _end(context: Context, unit: UnitNode, post: PostNode) -> None:
    context.shot.posts[unit.pk].remove(post)
    context.changes.set(Appointment, post.pk, ends=context.today)


def set_class_teacher(context: Context, klass: UnitNode, teacher: StaffNode) -> bool:
    """The class gets this class teacher; another one hands over, and the new one has a summary to acknowledge."""
    held = [post for post in context.shot.posts[klass.pk] if post.role == Role.CLASS_TEACHER]
    if any(post.staff_id == teacher.pk for post in held):
        return False
    for post in held:
        _end(context, klass, post)
        context.changes.rows(Handover, "id", "klass_id", "old_id", "new_id", "on").append(
            (uuid7(), klass.pk, post.staff_id, teacher.pk, context.today)
        )
    return _begin(context, klass, teacher, Role.CLASS_TEACHER)


def teaching(context: Context, tally: Tally, row: TeachingRow) -> str:
    """Who teaches a class. A subject with a teacher in the table has exactly those; an empty cell changes nothing."""
    home = context.school(tally, row)
    klass = home and context.klass(tally, row, home, row.klass)
    if klass is None:
        return ""
    head = row.class_teacher and context.teacher(tally, row, "class_teacher", home, row.class_teacher)
    wanted: dict[str, list[StaffNode]] = {}
    faults = len(tally.errors)
    for subject, said in row.subjects:
        found = context.teacher(tally, row, f"subject:{subject}", home, said)
        if found:
            wanted.setdefault(subject, []).append(found)
    if len(tally.errors) > faults or (row.class_teacher and head is None):
        return ""
    changed = bool(head) and set_class_teacher(context, klass, head)
    for subject, teachers in wanted.items():
        for post in list(context.shot.posts[klass.pk]):
            if post.role == Role.SUBJECT_TEACHER and post.subject == subject and post.staff_id not in {t.pk for t in teachers}:
                _end(context, klass, post)
                changed = True
        for teacher in teachers:
            changed |= _begin(context, klass, teacher, Role.SUBJECT_TEACHER, subject)
    return "changed" if changed else "unchanged"


def busy(context: Context, tally: Tally, row: BusyRow) -> str:
    """A weekly engagement of a teacher."""
    home = context.shot.unit if context.shot.unit.kind == Unit.Kind.SCHOOL else None
    if home is None:
        return context.fail(tally, row, "name", row.teacher.name, "missing_school", _("占用时段请按学校导入。"))
    teacher = context.teacher(tally, row, "name", home, row.teacher)
    if teacher is None:
        return ""
    what = (row.weekday, row.starts, row.ends, row.kind)
    known = context.shot.busy[teacher.pk]
    if what in known:
        return "unchanged"
    known[what] = 0
    columns = ("staff_id", "weekday", "starts", "ends", "kind")
    context.changes.rows(BusyPeriod, *columns).append((teacher.pk, *what))
    return "new"


def drop_old_periods(context: Context, rows: list[BusyRow]) -> None:
    """A new table replaces a teacher's periods of the kinds it names: what it no longer shows is over."""
    home = context.shot.unit.pk
    shown: dict[tuple, set] = {}
    for row in rows:
        for node in context.staff_by_name.get((home, row.teacher.name), []):
            if not row.teacher.number or node.number == row.teacher.number:
                shown.setdefault((node.pk, row.kind), set()).add((row.weekday, row.starts, row.ends, row.kind))
    for (staff, kind), wanted in shown.items():
        for what, pk in context.shot.busy[staff].items():
            if what[3] == kind and what not in wanted and pk:
                context.changes.gone[BusyPeriod].append(pk)
