"""Looking over an .xlsx before anything parses it: size, names, DTDs, macros, far cells, formulas. Runs in the child."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from ..lib.errors import Problem
from .limits import MEGABYTE, Limits

_BLOCK = MEGABYTE
_END = b"PK\x05\x06"
_MACROS = re.compile(r"vbaproject|/macrosheets/|/activex/|/dialogsheets/", re.IGNORECASE)
_CELL_WITH_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>(?:(?!</?(?:\w+:)?c[\s>]).){0,4000}?<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*))", re.DOTALL
)
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")
# A cell right of column GR or below row 99,999 that is not an empty, merely formatted one ("/>").
# One pattern per kind of quote: the literal beginning lets the search skip along.
_FAR = [
    re.compile(rb"r=%b(?:(?:[A-Z]{3}|[H-Z][A-Z]|G[S-Z])\d+|[A-Z]{1,2}\d{6,})%b[^>/]*>" % (quote, quote))
    for quote in (b'"', b"'")
]
_REACHING_OUT = re.compile(
    rb"\b(?:WEBSERVICE|HYPERLINK|FILTERXML|CALL|REGISTER(?:\.ID)?|EXEC|RTD|IMPORT\w*)\s*\(|\|.*!|\[\d+\]", re.IGNORECASE
)
_SHEET_TYPE = "/worksheet"


@dataclass(slots=True)
class Findings:
    """What the look-over leaves for the reader: unpacked size, and formula cells by sheet name, 0-based (row, column)."""

    unpacked_bytes: int = 0
    formulas: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


def look_over(data: bytes, limits: Limits) -> Findings:
    """Refuse (Problem) a package that is too large, malformed or dangerous; report what else was seen."""
    _count_entries(data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _check_entries(entries, len(data), limits)
            _check_workbook({entry.filename for entry in entries})
            findings = Findings(sum(entry.file_size for entry in entries))
            sheets = _sheet_names(package)
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                    name = sheets.get(entry.filename)
                    cells = findings.formulas.setdefault(name, []) if name is not None else None
                    _scan(_blocks(package, entry), cells)
            return findings
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, EOFError, NotImplementedError, RuntimeError, OSError) as e:
        raise Problem("unreadable") from e


def unpack_csv(data: bytes, limits: Limits) -> dict[str, bytes]:
    """The .csv files of a zip by base name in small letters; {} when it is no such bundle. Refuses as `look_over` does."""
    _count_entries(data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            names = {entry.filename.rsplit("/", 1)[-1].lower(): entry for entry in entries}
            if not {"users.csv", "enrollments.csv"} <= names.keys():
                return {}
            _check_entries(entries, len(data), limits)
            return {name: package.read(entry) for name, entry in names.items() if name.endswith(".csv")}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as e:
        raise Problem("unreadable") from e


def column_name(index: int) -> str:
    """0 → "A", 26 → "AA"."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """"A" → 0, "AA" → 26."""
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _count_entries(data: bytes, limits: Limits) -> None:
    # Before zipfile builds an object per entry.
    end = data.rfind(_END)
    if end < 0 or len(data) < end + 12:
        raise Problem("unreadable")
    counted = data.count(b"PK\x01\x02")
    if max(counted, int.from_bytes(data[end + 10 : end + 12], "little")) > limits.entries:
        raise Problem("hostile", "这个 Excel 文件由太多小文件拼成，不像正常的表格，已拒绝读取。")


def _check_entries(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise Problem("hostile", "这个 Excel 文件内部有重名的部件，不像正常的表格，已拒绝读取。")
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name:
            raise Problem("hostile", "这个 Excel 文件内部的路径不正常，已拒绝读取。")
        if entry.flag_bits & 1:
            raise Problem("unreadable", "文件有打开密码，请先取消密码再上传。")
        if _MACROS.search("/" + name):
            raise Problem("hostile", "文件里带有宏，已拒绝读取。请另存为不带宏的 .xlsx 再上传。")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked_bytes or (unpacked > 4 * MEGABYTE and unpacked > size * limits.ratio):
        raise Problem("hostile", "这个文件解开以后大得不正常（像是压缩炸弹），已拒绝读取。")


def _check_workbook(names: set[str]) -> None:
    if "xl/workbook.xml" not in names:
        if "xl/workbook.bin" in names:
            raise Problem("bad_type", "这是 .xlsb 文件，请用 Excel 或 WPS 另存为 .xlsx 再上传。")
        raise Problem("bad_type", "这不是 Excel 表格，请上传 .xlsx、.xls 或 .csv 文件。")


def _blocks(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(entry) as stream:
        while block := stream.read(_BLOCK):
            yield block


def _scan(blocks: Iterator[bytes], formulas: list[tuple[int, int]] | None) -> None:
    """Look through one part; in a worksheet also for far cells and formulas."""
    tail = b""
    for number, block in enumerate(blocks):
        if not number and (block[:2] in (b"\xfe\xff", b"\xff\xfe") or b"\x00" in block[:64]):
            raise Problem("hostile", "这个文件内部用了不正常的编码，已拒绝读取。")
        block = tail + block
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
            raise Problem("hostile", "这个文件里带有外部引用定义（DTD），已拒绝读取。")
        if formulas is not None:
            # The last cell may go on in the next block, so it is left for that one.
            cut = max(block.rfind(b"<c "), block.rfind(b":c "), len(block) - _BLOCK // 2)
            _scan_cells(block[:cut], formulas)
            tail = block[cut:]
        else:
            tail = block[-16:]
    if formulas is not None:
        _scan_cells(tail, formulas)


def _scan_cells(xml: bytes, formulas: list[tuple[int, int]]) -> None:
    for pattern in _FAR:
        far = pattern.search(xml)
        if far is None:
            continue
        where = _REFERENCE.search(far[0])
        address = (where[1] + where[2]).decode() if where else "很远的地方"
        raise Problem(
            "hostile",
            f"表格在 {address} 处还有内容，远远超出了名单的范围。请删除名单下方和右侧多余的行列后再上传。",
        )
    if b"<f" not in xml and b":f" not in xml:
        return
    for cell in _CELL_WITH_FORMULA.finditer(xml):
        if cell[2] and _REACHING_OUT.search(cell[2]):
            raise Problem("hostile", "文件里有会连接外部的公式，已拒绝读取。请复制后“选择性粘贴为数值”再上传。")
        where = _REFERENCE.search(cell[1])
        if where is None:
            raise Problem("hostile", "文件里有找不到位置的公式，已拒绝读取。请复制后“选择性粘贴为数值”再上传。")
        formulas.append((int(where[2]) - 1, column_index(where[1].decode())))


def _sheet_names(package: zipfile.ZipFile) -> dict[str, str]:
    """Part name of each worksheet → its name on the tab. DTDs are looked for again here, before the XML parser runs."""
    parts = []
    for name in ("xl/_rels/workbook.xml.rels", "xl/workbook.xml"):
        xml = package.read(name)
        _scan(iter([xml]), None)
        parts.append(ElementTree.fromstring(xml))  # noqa: S314 - no DTD in it, so no entities either
    targets = {
        link.get("Id"): posixpath.normpath(posixpath.join("xl", link.get("Target", ""))).lstrip("/")
        if not link.get("Target", "").startswith("/")
        else link.get("Target", "").lstrip("/")
        for link in parts[0]
        if link.get("Type", "").endswith(_SHEET_TYPE)
    }
    names = {}
    for sheet in parts[1].iter():
        if sheet.tag.endswith("}sheet"):
            link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
            if link in targets:
                names[targets[link]] = sheet.get("name", "")
    return names
