"""Backup, restore and verify: what was there comes back, and anything else is refused before it harms."""

import argparse
import io
import tarfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from jiafang.access.fence import system_fence
from jiafang.config.commands import safety
from jiafang.lib.errors import Problem
from jiafang.paperwork import services as paper
from jiafang.reports.models import ClassRollup


def faults():
    return list(safety.faults())


@pytest.mark.django_db(transaction=True)
def test_files_without_a_row_and_rows_without_a_file_are_found(cast):
    assert faults() == []
    with transaction.atomic():
        row = paper.store(path=cast.school.path, name="a.pdf", body=b"%PDF-1.7 x")
    assert faults() == []
    default_storage.save("9/orphan", ContentFile(b"x"))
    assert any("没有登记" in f for f in faults())
    default_storage.delete("9/orphan")
    with default_storage.open(row.key, "wb") as file:
        file.write(b"%PDF-1.7 y")
    assert any("被改动" in f for f in faults())
    default_storage.delete(row.key)
    assert any("丢失" in f for f in faults())


@pytest.mark.django_db(transaction=True)
def test_a_rollup_that_lies_is_found(cast):
    from jiafang.campaigns import services as campaigns
    from tests.cast import SYSTEM

    with system_fence("open"):
        campaign = campaigns.create_from_template(SYSTEM, bureau=cast.bureau, template="c")
        campaigns.open_campaign(SYSTEM, campaign=campaign, schools=[cast.school])
    assert faults() == []
    rollup = ClassRollup.objects.get(campaign=campaign, klass=cast.klass)
    assert rollup.counts["students"] == 2
    rollup.counts["students"] = 3
    rollup.save()
    assert any("汇总与明细不符" in f for f in faults())


def test_a_file_that_is_no_backup_is_refused(tmp_path):
    bad = tmp_path / "no.tar.gz"
    bad.write_bytes(b"no")
    with pytest.raises(Problem) as refused:
        safety.restore(argparse.Namespace(file=str(bad)))
    assert refused.value.code == "unreadable"


@pytest.mark.parametrize(("name", "link"), [("../outside", None), ("/outside", None), ("files/link", "../../outside")])
def test_a_backup_made_to_harm_is_refused(tmp_path, name, link):
    bad = tmp_path / "bad.tar.gz"
    with tarfile.open(bad, "w:gz") as tar:
        info = tarfile.TarInfo(name)
        if link:
            info.type, info.linkname = tarfile.SYMTYPE, link
        tar.addfile(info, io.BytesIO(b""))
    with pytest.raises(Problem) as refused:
        safety.restore(argparse.Namespace(file=str(bad)))
    assert refused.value.code == "unreadable" and not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("a.pdf", b"%PDF-1.4", "application/pdf"),
        ("evil.pdf", b"MZ\x90", ""),
        ("a.html", b"<script>", ""),
        ("a.xlsx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_file_is_what_its_bytes_say(name, body, kind):
    assert paper.sniff(name, body) == kind


@pytest.mark.parametrize(
    ("given", "kept"), [("../../etc/passwd", "passwd"), ("a\x00b.pdf", "a_b.pdf"), ("C:\\x\\图.pdf", "图.pdf")]
)
def test_file_names_lose_their_tricks(given, kept):
    assert paper.clean_name(given) == kept
    assert len(paper.clean_name("长" * 300 + ".pdf")) <= 120


def test_scans_only_where_scans_belong(db):
    with pytest.raises(Problem) as refused, transaction.atomic():
        paper.store(path="1.", name="a.pdf", body=b"MZ", allowed=paper.SCANS)
    assert refused.value.code == "bad_type"
    assert not list(Path(default_storage.location).rglob("*"))
