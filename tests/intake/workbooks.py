"""Files as schools and attackers make them, in memory."""

import io
import zipfile
from collections.abc import Callable

import xlsxwriter


def xlsx(rows: list[list], name: str = "学生", change: Callable | None = None) -> bytes:
    """A plain workbook; `change(book, sheet)` adds what a test needs."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(name)
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
        if change:
            change(book, sheet)
    return out.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes] | None = None, **extra: bytes) -> bytes:
    """The package with parts changed or added (names with __ for / and _dot_ for .)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(name, body) if change else body)
        for name, body in extra.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    return out.getvalue()


def with_cells(data: bytes, cells: bytes) -> bytes:
    """The first sheet with raw XML put after its last row."""
    return repacked(data, lambda name, body: body.replace(b"</sheetData>", cells + b"</sheetData>") if name.endswith("sheet1.xml") else body)


ROWS = [["班级", "姓名", "性别"], ["七年级1班", "张三", "男"]]
