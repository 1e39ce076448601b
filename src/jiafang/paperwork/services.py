"""Storing files: checked by what they are, not by what they are called; named by their content."""

import hashlib
import re

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from jiafang.lib.errors import Problem
from jiafang.paperwork.models import StoredFile

MAX_BYTES = 20 * 1024 * 1024
# The first bytes say what a file is; a name says what somebody wishes it were.
MAGIC = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"PK\x03\x04", "application/zip", ".zip"),
)
SCANS = frozenset({"application/pdf", "image/jpeg", "image/png"})
_OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def sniff(name: str, body: bytes) -> str:
    """The content type by the first bytes (office files by their ending on top); ``""`` when unknown."""
    for start, kind, _suffix in MAGIC:
        if body.startswith(start):
            ending = name[name.rfind(".") :].lower()
            return _OFFICE.get(ending, kind) if kind == "application/zip" else kind
    return ""


def clean_name(name: str) -> str:
    """A file name without path, control or reserved characters, at most 120 characters."""
    name = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]', "_", name.replace("\\", "/").split("/")[-1])
    stem, dot, suffix = name.rpartition(".")
    return f"{stem[:100]}{dot}{suffix[:19]}" if dot else name[:120]


def store(*, path: str, name: str, body: bytes, allowed: frozenset[str] | None = None) -> StoredFile:
    """Keep ``body`` for the unit ``path``. Raises ``too_large``, or ``bad_type`` when not one of ``allowed``.

    The bytes are written before the row, so that a crash leaves at most an orphan file, which ``verify`` finds.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("store() belongs into the act's transaction")
    if len(body) > MAX_BYTES:
        raise Problem("too_large", _("文件超过 %d MB，请压缩或拆分后再上传。") % (MAX_BYTES // 2**20))
    kind = sniff(name, body)
    if allowed is not None and kind not in allowed:
        raise Problem("bad_type", _("请上传 PDF、JPG 或 PNG。"))
    row = StoredFile(
        path=path,
        name=clean_name(name) or "file",
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        content_type=kind or "application/octet-stream",
    )
    row.key = f"{path.strip('.').replace('.', '/')}/{row.pk.hex}"
    default_storage.save(row.key, ContentFile(body))
    row.save(force_insert=True)
    return row


def read(row: StoredFile) -> bytes:
    """The bytes; ``not_found`` when the storage lost them. Whoever calls has checked the right."""
    try:
        with default_storage.open(row.key) as file:
            return file.read()
    except FileNotFoundError as lost:
        raise Problem("not_found") from lost


def open_stored(row: StoredFile) -> File:
    """The bytes as an open file, to be sent piece by piece; ``not_found`` when the storage lost them."""
    try:
        return default_storage.open(row.key)
    except FileNotFoundError as lost:
        raise Problem("not_found") from lost


def discard(row: StoredFile) -> None:
    """Take the row away now and the bytes after the commit; a crash in between leaves an orphan that ``verify`` finds."""
    key = row.key
    row.delete()
    transaction.on_commit(lambda: default_storage.delete(key))
