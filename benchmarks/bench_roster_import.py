"""How fast a district's students come in: the whole import against a bare executemany of the same rows, same run.

    python benchmarks/bench_roster_import.py [STUDENTS]

Prints students per second for each, their ratio, the share of reading, and what a second import of the file takes.
"""

import os
import resource
import sqlite3
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

_HOME = tempfile.mkdtemp(prefix="jiafang-benchmark-")
os.environ |= {"JIAFANG_HOME": _HOME, "DATABASE_URL": f"sqlite:///{_HOME}/benchmark.sqlite3"}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiafang.config.settings")

import django  # noqa: E402

django.setup()

import xlsxwriter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from jiafang.access.actors import system  # noqa: E402
from jiafang.access.fence import system_fence  # noqa: E402
from jiafang.lib.dates import school_year  # noqa: E402
from jiafang.lib.numbers import check_digit  # noqa: E402
from jiafang.lib.text import words_of  # noqa: E402
from jiafang.roster.importers.runs import apply_file, read_file  # noqa: E402
from jiafang.roster.models import Care, Enrolment, Guardian, Household, Student  # noqa: E402
from jiafang.roster.services.imports import open_run  # noqa: E402
from jiafang.units import services as units  # noqa: E402

HEADINGS = words_of(
    "学校 年级 班级 姓名 性别 出生日期 民族 身份证件类型 身份证件号 全国学籍号 学籍辅号 班内学号 入学年月 就读方式 现住址 联系电话 "
    "是否留守儿童 是否孤儿 是否进城务工人员随迁子女 是否需要申请资助 残疾类型 随班就读 成员1姓名 成员1关系 成员1现住址 成员1联系电话 "
    "成员1是否监护人 成员2姓名 成员2关系 成员2联系电话 成员2是否监护人"
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
CLASSES = 20


def write_district(path: Path, students: int) -> None:
    """An export of made-up students, thirty columns each, in one school."""
    entered = school_year(date.today())
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("学生")
        sheet.write_row(0, 0, HEADINGS)
        for n in range(students):
            born = f"{entered - 12}{n % 12 + 1:02d}{n // 12 % 28 + 1:02d}"
            body = f"150203{born}{n // 336:03d}"
            number = body + check_digit(body)
            name = SURNAMES[n % 20] + chr(0x4E00 + n % 997) + chr(0x4E00 + n % 1013)
            sheet.write_row(
                n + 1, 0,
                [
                    "基准学校", "七年级", f"{n % CLASSES + 1}班", name, "男" if int(body[16]) % 2 else "女",
                    f"{born[:4]}-{born[4:6]}-{born[6:]}", "汉族", "居民身份证", number, f"G{number}", "", str(n // CLASSES + 1),
                    f"{entered}-09", "走读", f"稀土路{n // 2}号楼{n % 7}单元", "", "非留守儿童", "否", "否", "是" if n % 9 == 0 else "否",
                    "无残疾", "否", name[0] + "建国", "父亲", "同上", f"139{n:08d}", "是", "李秀英", "母亲", f"137{n:08d}", "是",
                ],
            )  # fmt: skip


def cpu() -> float:
    """Processor seconds of this process and its children: what a busy machine does not blur."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def bare(students: int) -> float:
    """Seconds for the same stored rows, copied by plain executemany into empty tables of a second database."""
    tables = [(m._meta.db_table, m) for m in (Household, Student, Enrolment, Guardian, Care)]
    rows = {}
    with connection.cursor() as cursor:
        for table, _model in tables:
            cursor.execute(f"SELECT * FROM {table}")
            rows[table] = cursor.fetchall()
        cursor.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name LIKE 'roster_%'")
        schema = [sql for (sql,) in cursor.fetchall()]
    copy = sqlite3.connect(f"{_HOME}/bare.sqlite3")
    copy.execute("PRAGMA journal_mode=WAL")
    copy.execute("PRAGMA synchronous=FULL")
    for statement in sorted(schema, key=lambda sql: not sql.startswith("CREATE TABLE")):
        copy.execute(statement)
    begun = time.perf_counter()
    with copy:
        for table, some in rows.items():
            if some:
                copy.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(some[0]))})", some)
    return time.perf_counter() - begun


def main(students: int) -> None:
    call_command("migrate", verbosity=0)
    actor = system("benchmark")
    with system_fence("benchmark"):
        bureau = units.add_unit(actor, parent=None, kind="bureau", name="基准区")
        school = units.add_unit(actor, parent=bureau, kind="school", name="基准学校", code="2115000001", stage="junior")
        cohort = units.add_unit(actor, parent=school, kind="cohort", entered=school_year(date.today()))
        for number in range(1, CLASSES + 1):
            units.add_unit(actor, parent=cohort, kind="klass", number=number)
    path = Path(_HOME) / "students.xlsx"
    write_district(path, students)

    def once() -> tuple[float, float, object, float]:
        begun, work = time.perf_counter(), cpu()
        readings = read_file(path)
        read = time.perf_counter() - begun
        reports = apply_file(actor, school, readings, open_run(actor, unit=school, name=path.name))
        return time.perf_counter() - begun, read, reports[0], cpu() - work

    whole, read, report, work = once()
    assert (report.new, report.errors) == (students, []), (report.new, report.errors[:3])
    plain = bare(students)
    again, _read, report, _work = once()
    assert (report.new, report.changed, report.unchanged) == (0, 0, students)
    print(f"{settings.DATABASES['default']['ENGINE'].rsplit('.')[-1]}, {students} students, {len(HEADINGS)} columns")
    print(f"import        {whole:6.2f} s  {students / whole:8.0f} students/s  (reading and typing {read:.2f} s; processor time {work:.2f} s)")
    print(f"executemany   {plain:6.2f} s  {students / plain:8.0f} students/s")
    print(f"ratio         {whole / plain:6.2f}")
    print(f"import again  {again:6.2f} s  {students / again:8.0f} students/s, nothing changed")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 13_583)
