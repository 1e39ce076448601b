"""Makes the demo district in an empty database: Excel files, import, campaign, timetable, some weeks of life."""

import json
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from jiafang.access.actors import system
from jiafang.access.fence import system_fence
from jiafang.access.roles import Role
from jiafang.campaigns import selectors as campaign_rules
from jiafang.campaigns import services as campaigns
from jiafang.campaigns.models import Campaign, SchoolCampaign
from jiafang.demo import baotou, facts, history, workbooks
from jiafang.lib import clock
from jiafang.lib.dates import school_year
from jiafang.planning import services as planning
from jiafang.reports.services import recount_all
from jiafang.roster.importers import runs
from jiafang.roster.selectors import households_to_confirm
from jiafang.roster.services import confirm_household, imports
from jiafang.units import selectors as unit_posts
from jiafang.units import services as units
from jiafang.units.models import Appointment, Staff, Unit

ACTOR = system("示范数据")
PASSWORD = "jiafang-demo-2026"  # noqa: S105 - the demo's own, printed at the start
WEEKS, INTO = 9, 5  # the campaign's length, and how many weeks of it have passed
console = Console()


def build(*, district: str = "luqu", students: int = 13583, seed: int = 0, finished: bool = False) -> int:
    """Fill an empty database. ``finished``: the campaign is over and its figures are those a real programme published."""
    if Unit.objects.exists():
        console.print("[red]数据库里已经有数据，示范学区只装进空的数据库。[/]")
        return 1
    is_baotou = district == "baotou"
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    begins = monday - timedelta(weeks=18 if finished else INTO)
    with system_fence("the demo district"), _progress() as bar:
        with clock.freeze(begins - timedelta(days=14)):
            step = bar.add_task("编造学区并写成 Excel", total=None)
            schools = facts.district(students=students, seed=seed, today=clock.today(), baotou=is_baotou)
            files = _write(schools, bar, step)
            bureau = _bureau("稀土高新区社会事务局（教育局）" if is_baotou else "鹿区教育局", today)
            _import(bureau, files, bar)
            _siblings(bureau)
            campaign = _campaign(
                bureau, begins, begins + timedelta(weeks=17 if finished else WEEKS) - timedelta(days=1)
            )
        members = list(campaign.schools.select_related("campaign", "school").order_by("school__path"))
        if finished:
            _finish(campaign, members, seed, bar)
        else:
            _plan(members, bar)
            _live(members, seed, bar)
        with transaction.atomic():
            recount_all(campaign)
        _sign_ins(bureau)
    return 0


@contextmanager
def _progress():
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        yield bar


def _each(bar: Progress, text: str, rows: Iterable, total: int):
    step = bar.add_task(text, total=total)
    for row in rows:
        yield row
        bar.advance(step)


def _write(schools: list[facts.School], bar: Progress, step) -> list[tuple[str, Path]]:
    """``[(school name, file)]``, the bureau's own file first under an empty name."""
    folder = Path(settings.HOME) / "demo-excel"
    folder.mkdir(parents=True, exist_ok=True)
    files = [("", workbooks.write_schools(schools, folder / "学校与班级.xlsx"))]
    bar.update(step, total=len(schools))
    for school in schools:
        files.append((school.code, workbooks.write_school(school, folder / f"{school.name}.xlsx")))
        bar.advance(step)
    return files


def _bureau(name: str, today: date) -> Unit:
    bureau = units.add_unit(ACTOR, parent=None, kind=Unit.Kind.BUREAU, name=name, code="1599000000")
    year = school_year(today)
    units.add_term(ACTOR, bureau=bureau, year=year, part=1, begins=date(year, 9, 1), ends=date(year + 1, 1, 20))
    units.add_term(ACTOR, bureau=bureau, year=year, part=2, begins=date(year + 1, 2, 20), ends=date(year + 1, 7, 15))
    for person, role in (("赵旭东", Role.BUREAU_ADMIN), ("刘清和", Role.BUREAU_OFFICER)):
        staff = units.add_staff(ACTOR, home=bureau, name=person, number=f"J{role[-3:]}")
        units.appoint(ACTOR, staff=staff, unit=bureau, role=role)
    return bureau


def _import(bureau: Unit, files: list[tuple[str, Path]], bar: Progress) -> None:
    """The same way every school's files come in."""
    for code, file in _each(bar, "导入名册", files, len(files)):
        unit = Unit.objects.get(code=code) if code else bureau
        run = imports.open_run(ACTOR, unit=unit, name=file.name)
        reports = runs.apply_file(ACTOR, unit, runs.read_file(file), run)
        errors = [e for r in reports for e in r.errors]
        if errors:
            raise RuntimeError(f"{file.name}: {errors[0].message}（{errors[0].sheet} 第 {errors[0].row} 行）")


def _siblings(bureau: Unit) -> None:
    """Class teachers have said of most likely siblings that they live together; the rest still waits for a word."""
    for n, home in enumerate(households_to_confirm([bureau.path]).order_by("pk")):
        if n % 8:
            confirm_household(ACTOR, household=home)


def _campaign(bureau: Unit, begins: date, ends: date) -> Campaign:
    campaign = campaigns.create_from_template(
        ACTOR, bureau=bureau, template="b", begins=begins, ends=ends, form="annex_2"
    )
    schools = Unit.objects.filter(kind=Unit.Kind.SCHOOL, path__startswith=bureau.path)
    campaigns.open_campaign(ACTOR, campaign=campaign, schools=list(schools))
    for member in campaign.schools.select_related("school", "campaign"):
        campaigns.set_school_rules(ACTOR, school_campaign=member, record_hours=48, max_outings_per_week=3)
    return campaign


def _plan(members: list[SchoolCampaign], bar: Progress) -> None:
    """Planned as the schools would have: the week before the campaign began; some go online where that is allowed."""
    for n, member in enumerate(_each(bar, "排家访", members, len(members))):
        with clock.freeze(member.campaign.begins - timedelta(days=5)):
            for role, visits in ((Role.PRINCIPAL, 4), (Role.SECRETARY, 4), (Role.MIDDLE_LEADER, 6)):
                for post in unit_posts.posts_under(member.school.path, role):
                    campaigns.set_quota(ACTOR, school_campaign=member, staff=post.staff, min_visits=visits)
            planning.prepare(
                ACTOR,
                school_campaign=member,
                ordinary_mode="home" if n % 2 else "online",
                twice=["orphan", "left_behind", "psychological"],
            )
            run = planning.run_now(ACTOR, school_campaign=member)
            planning.accept(ACTOR, run=run)
            planning.publish(ACTOR, school_campaign=member)


def _live(members: list[SchoolCampaign], seed: int, bar: Progress) -> None:
    for n, member in enumerate(_each(bar, "过几个星期", members, len(members))):
        rules = campaign_rules.rules(member)
        luck = history.Luck(submitted=0.985 - n % 5 * 0.012, on_time=0.97 - n % 4 * 0.03, held=0.985 - n % 3 * 0.01)
        history.live(member, campaign_rules.form_for(member), rules.record_hours, luck=luck, seed=seed + n)


def _finish(campaign: Campaign, members: list[SchoolCampaign], seed: int, bar: Progress) -> None:
    everybody = baotou.homes()
    entered, twice = baotou.choose(everybody, seed)
    for n, member in enumerate(_each(bar, "家访全程", members, len(members))):
        mine = [h for h in everybody if h.school == member.school_id]
        hours = campaign_rules.rules(member).record_hours
        baotou.finish(member, campaign_rules.form_for(member), hours, mine, entered, twice, seed + n)


def _sign_ins(bureau: Unit) -> None:
    """One person of each role, in the first school that has it; written to ``demo-signins.json`` and printed by ``up``."""
    wanted = (
        (Role.BUREAU_ADMIN, "ju"), (Role.BUREAU_OFFICER, "deyu"), (Role.PRINCIPAL, "xiaozhang"),
        (Role.SECRETARY, "shuji"), (Role.MIDDLE_LEADER, "zhongceng"), (Role.GRADE_HEAD, "nianji"),
        (Role.CLASS_TEACHER, "banzhuren"), (Role.SUBJECT_TEACHER, "keren"), (Role.COUNSELLOR, "xinli"),
    )  # fmt: skip
    out, taken = [], set()
    for role, username in wanted:
        posts = Appointment.objects.filter(role=role, unit__path__startswith=bureau.path, ends__isnull=True)
        post = (
            posts.exclude(staff__in=taken)
            .select_related("staff", "unit")
            .order_by("unit__path", "staff__number")
            .first()
        )
        if post is None:
            continue
        taken.add(post.staff_id)
        staff = Staff.objects.select_related("home").get(pk=post.staff_id)
        units.issue_account(ACTOR, staff=staff, username=username, password=PASSWORD)
        where = post.unit.label if post.unit.kind != Unit.Kind.KLASS else f"{staff.home.label}{post.unit.label}"
        out.append({"role": str(Role(role).label), "username": username, "password": PASSWORD, "unit": where,
                    "name": staff.name})  # fmt: skip
    file = Path(settings.HOME) / "demo-signins.json"
    file.write_text(json.dumps(out, ensure_ascii=False, indent=2))
