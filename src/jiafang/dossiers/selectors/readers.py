"""谁看过这份档案: the audit rows about one child, in plain words."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.fence import system_fence
from jiafang.access.models import AuditRow
from jiafang.lib.errors import not_found
from jiafang.lib.masking import mask_name
from jiafang.lib.paths import parents
from jiafang.roster.models import Care, Student, StudentFile
from jiafang.visits.models import Record, Visit, VisitStudent

READ, WROTE, TOOK = "read", "wrote", "took"
SORTS = ((READ, _("查看")), (WROTE, _("登记和修改")), (TOOK, _("导出和打印")))

# Verb → (sort, what was done). A verb that is not here is shown as another act on the file.
WORDS: dict[str, tuple[str, Any]] = {
    "student.open": (READ, _("打开了档案")),
    "student.read_identity": (READ, _("查看了身份证件号、学籍号")),
    "student.read_contact": (READ, _("查看了家长电话")),
    "student.read_file": (READ, _("下载了档案里的文件")),
    "household.read_place": (READ, _("查看了住址")),
    "care.read": (READ, _("看了所在班级（学校）的关爱名单")),
    "care.read_reason": (READ, _("查看了关爱情况说明")),
    "care.read_psychological_note": (READ, _("查看了心理情况说明")),
    "visit.read_record": (READ, _("查看了家访记录")),
    "student.edit": (WROTE, _("登记或修改了学生信息")),
    "student.add_file": (WROTE, _("存入了文件")),
    "student.remove_file": (WROTE, _("移除了文件")),
    "household.confirm": (WROTE, _("确认了同住情况")),
    "care.note": (WROTE, _("登记或更新了关爱类别")),
    "care.end": (WROTE, _("结束、恢复或撤回了关爱类别")),
    "visit.add": (WROTE, _("添加了家访")),
    "visit.appoint": (WROTE, _("约好了家访")),
    "visit.hold": (WROTE, _("登记了家访完成")),
    "visit.save_draft": (WROTE, _("填写了家访记录")),
    "visit.submit_record": (WROTE, _("提交了家访记录")),
    "visit.confirm_record": (WROTE, _("确认了家访记录")),
    "visit.return_record": (WROTE, _("退回了家访记录")),
    "visit.archive_record": (WROTE, _("归档了家访记录")),
    "student.list": (TOOK, _("导出了班级名单")),
    "care.export_ledger": (TOOK, _("导出了重点关爱台账")),
    "visit.print_record": (TOOK, _("打印了家访记录表")),
    "visit.print_workbook": (TOOK, _("打印了班级家访工作记录本")),
    "visit.export_ledger": (TOOK, _("导出了家访台账")),
}
# Acts on a whole class or school that show this child among others.
LISTS = ("care.read", "student.list", "care.export_ledger", "visit.print_workbook", "visit.export_ledger")


@dataclass(frozen=True, slots=True)
class Subject:
    """The child whose readers are asked for; the name is masked for those who may not open the file."""

    student: Student
    name: str
    may_open: bool


def subject(actor: Actor, pk: Any) -> Subject:
    """The child, for those who may read the audit there."""
    with system_fence("a bureau's administrator reads the audit without being able to open a file"):
        found = Student.objects.select_related("klass", "school").filter(pk=pk).first()
    if found is None or found.klass is None:
        raise not_found()
    policy.demand(actor, "audit.read", path=found.klass.path)
    may_open = policy.can(actor, "student.open", path=found.klass.path)
    return Subject(found, found.name if may_open else mask_name(found.name), may_open)


def readers(of: Subject) -> QuerySet[AuditRow]:
    """Audit rows about the child, newest first."""
    child = of.student
    with system_fence("keys of what belongs to the child, to find the audit rows about it"):
        parts = list(VisitStudent.objects.filter(student=child).values_list("pk", "visit"))
        records = list(
            Record.objects.filter(visit_student__in=[pk for pk, _visit in parts]).values_list("pk", flat=True)
        )
        keys = {
            Student: [child.pk],
            Care: list(Care.objects.filter(student=child).values_list("pk", flat=True)),
            StudentFile: list(StudentFile.objects.filter(student=child).values_list("pk", flat=True)),
            VisitStudent: [pk for pk, _visit in parts],
            Visit: [visit for _pk, visit in parts],
            Record: records,
        }
    about = Q(path=child.klass.path, detail__student=str(child.pk))
    about |= Q(target="roster.household", target_id=str(child.household_id))
    about |= Q(path__in=[*parents(child.klass.path), child.klass.path], verb__in=LISTS)
    for model, pks in keys.items():
        about |= Q(target=model._meta.label_lower, target_id__in=[str(pk) for pk in pks])
    return AuditRow.objects.filter(about).order_by("-at", "-pk")


def of_sort(rows: QuerySet[AuditRow], sort: str) -> QuerySet[AuditRow]:
    """Only looking, only writing, or only what left the house."""
    return rows.filter(verb__in=[verb for verb, (its, _words) in WORDS.items() if its == sort])


def words_of(row: AuditRow) -> Any:
    """What was done, as a person says it."""
    return WORDS.get(row.verb, (WROTE, _("办理了与档案有关的事项")))[1]
