"""Whether what is stored and what is written down agree."""

import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage

from jiafang.paperwork.models import StoredFile


def stored_names() -> set[str]:
    """Names of all files in the storage."""
    out, folders = set(), [""]
    while folders:
        folder = folders.pop()
        try:
            inner, files = default_storage.listdir(folder)
        except FileNotFoundError:
            continue
        out |= {f"{folder}/{name}".lstrip("/") for name in files}
        folders += [f"{folder}/{name}".lstrip("/") for name in inner]
    return out


def file_faults() -> Iterator[str]:
    """Files without a row, rows without a file, and bytes that changed."""
    there = stored_names()
    rows = {row.key: row for row in StoredFile.objects.all()}
    for key in sorted(there - rows.keys()):
        yield f"文件 {key} 没有登记"
    for key in sorted(rows.keys() - there):
        yield f"文件 {rows[key].name}（{key}）丢失"
    for key in sorted(there & rows.keys()):
        with default_storage.open(key) as file:
            if hashlib.sha256(file.read()).hexdigest() != rows[key].sha256:
                yield f"文件 {rows[key].name}（{key}）的内容被改动"
