"""Papers in a child's file: told by their bytes, opened only after the audit row stands, taken out for good."""

import pytest
from django.core.files.storage import default_storage

from jiafang.access.fence import fenced, system_fence
from jiafang.access.models import AuditRow
from jiafang.lib.errors import Problem
from jiafang.paperwork.models import StoredFile
from jiafang.paperwork.selectors import file_faults
from jiafang.roster import selectors, services
from jiafang.roster.models import StudentFile

PDF = b"%PDF-1.7 \xe9\x87\x91\xe4\xb8\x9d\xe9\x9b\x80"


def act(cast, who, service, **given):
    actor = cast.actor(who)
    with fenced(actor.reach):
        return service(actor, **given)


def refused(cast, who, service, **given):
    with pytest.raises(Problem) as raised:
        act(cast, who, service, **given)
    return raised.value.code


def add(cast, who="ban", key="a", **given):
    given = {"title": "", "name": "协议.pdf", "body": PDF} | given
    return act(cast, who, services.add_file, student=cast.students[key], **given)


def test_added_and_opened(cast):
    paper = add(cast)
    assert paper.title == "协议"
    row, file = act(cast, "nian", services.open_file, paper=paper)
    with file:
        assert (row.pk, file.read()) == (paper.pk, PDF)
    assert [r.verb for r in AuditRow.objects.filter(target_id=str(paper.pk)).order_by("seq")] == [
        "student.add_file", "student.read_file",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["ban2", "nian", "ke", "ju", "wai"])
def test_others_add_nothing(cast, who):
    with pytest.raises(Problem):
        add(cast, who=who)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    "body,code",
    [(b"MZ\x90", "bad_type"), (b"<svg onload=x>", "bad_type"), (b"PK\x03\x04", "bad_type"), (b"", "invalid")],
)
def test_only_papers_that_are_what_they_should_be(cast, body, code):
    with pytest.raises(Problem) as raised:
        add(cast, body=body)
    assert raised.value.code == code


@pytest.mark.parametrize("who", ["ban2", "ke", "ju", "wai", "waixiao"])
def test_strangers_open_nothing_and_leave_no_row(cast, who):
    paper = add(cast)
    assert refused(cast, who, services.open_file, paper=paper) == "not_found"
    assert not AuditRow.objects.filter(verb="student.read_file").exists()


def test_taken_out_with_its_bytes(cast, django_capture_on_commit_callbacks):
    paper = add(cast)
    key = paper.stored.key
    with django_capture_on_commit_callbacks(execute=True):
        act(cast, "ban", services.remove_file, paper=paper)
    assert not default_storage.exists(key)
    assert not StoredFile.objects.exists()
    assert list(file_faults()) == []


@pytest.mark.parametrize(
    "who,code", [("nian", "denied"), ("xin", "denied"), ("ban2", "not_found"), ("wai", "not_found")]
)
def test_others_take_nothing_out(cast, who, code):
    paper = add(cast)
    assert refused(cast, who, services.remove_file, paper=paper) == code
    with system_fence("look"):
        assert StudentFile.objects.filter(pk=paper.pk).exists()


def test_listed_for_readers_of_files(cast):
    add(cast)
    for who, n in (("ban", 1), ("nian", 1), ("ke", 0)):
        actor = cast.actor(who)
        child = cast.students["a"]
        with fenced(actor.reach):
            assert len(selectors.files_of(actor, child)) == n
