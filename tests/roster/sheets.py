"""Small rosters for tests: rows of the export with sound numbers, put before the importer without a file."""

from datetime import date

from jiafang.intake.reader import Sheet, Workbook
from jiafang.lib.dates import school_year
from jiafang.lib.numbers import check_digit
from jiafang.roster.importers.runs import apply_file, compare, tables_of
from jiafang.roster.services.imports import open_run

HEADINGS = ["班级", "姓名", "性别", "身份证件号", "全国学籍号", "现住址", "是否留守儿童", "是否孤儿", "成员1姓名", "成员1关系", "成员1联系电话"]


def id_number(n: int, boy: bool = True) -> str:
    """A sound ID number of a child born 2013-09-07, the n-th of the day."""
    body = f"15020320130907{2 * n + boy:03d}"
    return body + check_digit(body)


def student(n: int, **facts: str) -> list[str]:
    """One export row; keywords by heading replace the made-up values."""
    row = {
        "班级": "七年级1班",
        "姓名": f"王小{'零一二三四五六七八九'[n % 10]}{n}",
        "性别": "男",
        "身份证件号": id_number(n),
        "全国学籍号": "G" + id_number(n),
        "现住址": f"沼园路{n}号院",
        "是否留守儿童": "0",
        "是否孤儿": "否",
        "成员1姓名": f"王大{n}",
        "成员1关系": "父亲",
        "成员1联系电话": f"138{n:08d}",
    } | facts
    return [row[heading] for heading in HEADINGS]


def students(*rows: list[str]) -> list[list[str]]:
    return [HEADINGS, *rows]


def book(**sheets: list[list]) -> Workbook:
    """A workbook of the named sheets."""
    return Workbook("名册.xlsx", [Sheet(name, rows) for name, rows in sheets.items()])


def try_in(actor, unit, workbook: Workbook):
    """(changes, reports) of a comparison; writes nothing."""
    return compare(actor, unit, tables_of(workbook))


def bring_in(actor, unit, workbook: Workbook):
    """(run, reports) after importing."""
    run = open_run(actor, unit=unit, name=workbook.name)
    reports = apply_file(actor, unit, tables_of(workbook), run)
    run.refresh_from_db()
    return run, reports


def codes(reports) -> list[str]:
    return [error.code for report in reports for error in report.errors]


def figures(reports) -> list[tuple[int, int, int]]:
    return [(report.new, report.changed, report.unchanged) for report in reports]


def year() -> int:
    """The year in which today's first-years entered."""
    return school_year(date.today())
