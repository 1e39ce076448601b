"""How long pages take beside plain SQL that fetches the same rows, on a demo district made for it.

``python benchmarks/bench_pages.py [students]`` (default 4,000). Prints medians of the same run and their ratios.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

HOME = tempfile.TemporaryDirectory()
os.environ["JIAFANG_HOME"] = HOME.name
os.environ["JIAFANG_TEST"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiafang.config.settings")
RUNS = 15


def median_ms(work: Callable[[], object]) -> float:
    """Milliseconds, median of ``RUNS`` after one run that is not counted."""
    work()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from jiafang.access.models import Account
    from jiafang.demo.build import build

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    build(students=int(sys.argv[1]) if len(sys.argv) > 1 else 4000)

    def client(name: str) -> Client:
        found = Client()
        found.force_login(Account.objects.get(username=name))
        return found

    def plain(sql: str) -> Callable[[], list]:
        def ask() -> list:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()

        return ask

    counts = plain("SELECT path, counts FROM reports_classrollup")
    klass = plain(
        "SELECT s.name, s.sex, s.class_number, v.state, v.starts_at, r.state FROM roster_student s"
        " LEFT JOIN visits_visitstudent p ON p.student_id = s.id LEFT JOIN visits_visit v ON v.id = p.visit_id"
        " LEFT JOIN visits_record r ON r.visit_student_id = p.id WHERE s.klass_id ="
        " (SELECT unit_id FROM units_appointment WHERE role = 'class_teacher' ORDER BY begins LIMIT 1)"
    )
    visits = plain("SELECT id, state, starts_at, lead_id FROM visits_visit ORDER BY starts_at LIMIT 25")
    print(f"{'page':<26}{'ms':>8}{'plain SQL ms':>14}{'ratio':>8}{'queries':>9}")
    for title, who, address, reference in (
        ("bureau dashboard", "ju", "/figures/", counts),
        ("school dashboard", "xiaozhang", "/figures/", counts),
        ("class page", "banzhuren", "/dossiers/", klass),
        ("list of visits", "zhongceng", "/visits/", visits),
        ("today, class teacher", "banzhuren", "/", visits),
    ):
        browser = client(who)
        answer = browser.get(address, follow=True)
        assert answer.status_code == 200, (address, answer.status_code)
        url = answer.request["PATH_INFO"]
        with CaptureQueriesContext(connection) as asked:
            browser.get(url)
        queries = len(asked)  # counted now: the next request clears the log
        page, base = median_ms(lambda b=browser, u=url: b.get(u)), median_ms(reference)
        print(f"{title:<26}{page:>8.1f}{base:>14.2f}{page / base:>8.0f}{queries:>9}")


if __name__ == "__main__":
    main()
