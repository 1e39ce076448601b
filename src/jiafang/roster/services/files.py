"""Papers in a child's file: added, opened, taken out; each time written down first."""

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.access import audit, policy
from jiafang.access.actors import Actor
from jiafang.lib.errors import Problem
from jiafang.paperwork import services as paperwork
from jiafang.roster.models import Student, StudentFile
from jiafang.roster.services.students import locked

TITLE_LENGTH = 80


@transaction.atomic
def add_file(actor: Actor, *, student: Student, title: str, name: str, body: bytes) -> StudentFile:
    """Put a PDF, JPG or PNG into the file; told by its bytes, not by its name."""
    row = locked(student)
    path = row.klass.path
    policy.demand(actor, "student.add_file", path=path)
    if not body:
        raise Problem("invalid", _("这个文件是空的。"), {"upload": [_("请换一个文件。")]})
    stored = paperwork.store(path=path, name=name, body=body, allowed=paperwork.SCANS)
    title = (title.strip() or stored.name.rpartition(".")[0] or stored.name)[:TITLE_LENGTH]
    paper = StudentFile(student=row, stored=stored, title=title, added_by_id=actor.staff_id)
    paper.save(force_insert=True)
    audit.record(actor, "student.add_file", path=path, target=paper, detail=_detail(paper))
    return paper


def open_file(actor: Actor, *, paper: StudentFile) -> tuple[StudentFile, File]:
    """The paper and its open bytes; the audit row is committed before the first of them leaves."""
    rows = StudentFile.objects.select_related("stored", "student__klass")
    with transaction.atomic():
        row = rows.filter(pk=paper.pk).first()
        if row is None or row.student.klass is None:
            raise Problem("not_found")
        path = row.student.klass.path
        policy.demand(actor, "student.read_file", path=path)
        audit.record(actor, "student.read_file", path=path, target=row, detail=_detail(row))
    return row, paperwork.open_stored(row.stored)


@transaction.atomic
def remove_file(actor: Actor, *, paper: StudentFile) -> None:
    """Take a paper out for good, for instance one that was put into the wrong child's file."""
    rows = StudentFile.objects.select_for_update(of=("self",)).select_related("stored", "student__klass")
    row = rows.filter(pk=paper.pk).first()
    if row is None or row.student.klass is None:
        raise Problem("not_found")
    path = row.student.klass.path
    policy.demand(actor, "student.remove_file", path=path)
    audit.record(actor, "student.remove_file", path=path, target=row, detail=_detail(row))
    StudentFile.objects.filter(pk=row.pk).delete()
    paperwork.discard(row.stored)


def _detail(paper: StudentFile) -> dict:
    return {"student": str(paper.student_id), "bytes": paper.stored.size}
