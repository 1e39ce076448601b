"""Texts and headers for the tests of papers."""

import io

import pypdf
from docx import Document
from hypothesis import HealthCheck, settings

from jiafang.paperwork.forms import FormSchema, VisitHeader

# No test depends on how fast the machine happens to be.
drawn = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
few = settings(drawn, max_examples=25)  # where each example makes a file

HEADER = VisitHeader(
    school="常州经济开发区实验初级中学",
    teacher="王小明",
    klass="七年级（1）班",
    student="李𬭎",
    guardian="李建国",
    companion="陈㛃、欧阳䶮",
    visit_time="2021年4月3日 19:05",
    visit_mode="上门家访",
)
ANSWERS = {
    "preparation": "期中考试后情绪低落。准备了解作息。",
    "process": "父亲、祖母在家。\n先反馈在校表现：乐于助人。",
    "demands": "希望周末开放图书馆。",
}
HOSTILE = (
    '#panic("x") #read("/etc/passwd") $x^2$ *粗* _斜_ [a] `c` <l> @ref \\ // 注 /* 注 */ '
    "#{ } \"引\" 'q' \\u{41} = 标题 - 项 + 项 / 项 ~ https://a.b.cn -- ---"
)


def pdf_text(content: bytes) -> str:
    """The PDF's text without white space, which page layout adds and drops."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


def read_docx_form(schema: FormSchema, content: bytes) -> dict[str, str]:
    """Read a record form back from its labelled cells and lines."""
    document = Document(io.BytesIO(content))
    labels = {item.label: item.key for item in schema.fields}
    found = {}
    for paragraph in document.paragraphs:
        label, colon, value = paragraph.text.partition("：")
        if colon and label in labels:
            found[labels[label]] = value
    for row in document.tables[0].rows:
        cells = list({id(cell._tc): cell for cell in row.cells}.values())
        for label, value in zip(cells[::2], cells[1::2], strict=True):
            found[labels[label.text]] = value.text
    return found
