"""Milliseconds a paper takes, beside a plain compile of a page with one line of Chinese in the same run."""

import io
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

from jiafang.paperwork import typeset
from jiafang.paperwork.contents import WorkbookCover, WorkbookEntry
from jiafang.paperwork.forms import ANNEX_2, VisitHeader
from jiafang.paperwork.papers import render_record_pdf, render_workbook_pdf
from jiafang.paperwork.sheet import VISIT_LEDGER, write_ledger
from jiafang.paperwork.word import render_record_docx

CLASS_SIZE = 45
HEADER = VisitHeader(
    "常州经济开发区实验初级中学", "王小明", "七年级（1）班", "李明", "李建国", "陈静", "2021年4月3日 19:05", "上门家访"
)
ANSWERS = {
    "preparation": "期中考试后情绪低落，准备了解家庭作息与手机使用情况，带上成绩分析和阅读书单。" * 2,
    "process": "父亲、祖母在家。先反馈在校表现：劳动积极、乐于助人；再商量手机九点交给奶奶的约定。\n" * 5,
    "demands": "希望周末开放图书馆，作业多一些分层。",
}


def milliseconds(act: Callable[[int], object], times: int, share: int = 1) -> float:
    """The median of `times` runs after one to warm up, for one of `share` papers in each."""
    act(-1)
    runs = []
    for number in range(times):
        start = time.perf_counter()
        act(number)
        runs.append((time.perf_counter() - start) * 1000 / share)
    return statistics.median(runs)


def plain_page(number: int) -> bytes:
    source = f'#set text(font: "Noto Serif SC")\n家访 {number}'.encode()
    return typeset._compiler("record").compile(source, format="pdf")


def book(number: int, in_child: bool) -> bytes:
    cover = WorkbookCover(HEADER.school, HEADER.klass, f"第{number}次", (HEADER.teacher,))
    entries = [
        WorkbookEntry(ANNEX_2, replace(HEADER, student=f"学生{place}"), ANSWERS | {"demands": f"诉求{number}-{place}"})
        for place in range(CLASS_SIZE)
    ]
    return render_workbook_pdf(cover, entries, in_child=in_child)


def main() -> None:
    plain = milliseconds(plain_page, 50)
    rows = [{"student": f"学生{place}", "summary": ANSWERS["demands"], "mode": "上门"} for place in range(13_583)]
    figures = [
        ("plain page, typst alone", plain),
        ("one record form, PDF", milliseconds(lambda n: render_record_pdf(ANNEX_2, ANSWERS | {"demands": f"{n}"}, HEADER), 50)),
        (f"one form of a book of {CLASS_SIZE}, this process", milliseconds(lambda n: book(n, False), 5, CLASS_SIZE)),
        (f"one form of a book of {CLASS_SIZE}, child process", milliseconds(lambda n: book(n, True), 5, CLASS_SIZE)),
        ("one record form, Word", milliseconds(lambda n: render_record_docx(ANNEX_2, ANSWERS, HEADER), 10)),
        ("one ledger row of 13,583, Excel", milliseconds(lambda n: write_ledger(io.BytesIO(), "家访台账", VISIT_LEDGER, rows), 2, len(rows))),
    ]  # fmt: skip
    for name, value in figures:
        print(f"{name:<45} {value:8.3f} ms   {value / plain:7.2f} × plain page")


if __name__ == "__main__":
    main()
