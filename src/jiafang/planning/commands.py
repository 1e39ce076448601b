"""``jiafang plan``: one school planned on the command line."""

from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from jiafang.access.actors import system
from jiafang.access.fence import system_fence
from jiafang.campaigns.models import SchoolCampaign
from jiafang.lib.errors import Problem
from jiafang.planning import services
from jiafang.planning.states import RunState

console = Console()


def plan(campaign: str, school: str, publish: bool = False) -> int:
    """Plan the school with this 学校标识码, accept, and with ``publish`` show the teachers; exit status 1 on failure."""
    actor = system("jiafang plan")
    with system_fence("jiafang plan"):
        row = _find(campaign, school)
        if row is None:
            console.print(f"[red]✗[/] 没有找到：活动 {campaign}、学校 {school}。", highlight=False)
            return 1
        try:
            services.prepare(actor, school_campaign=row)
            run = _run(actor, row)
            if run.state != RunState.DONE:
                console.print(f"[red]✗[/] {row.school.name}：{run.message}", highlight=False)
                return 1
            services.accept(actor, run=run)
            shown = services.publish(actor, school_campaign=row) if publish else 0
        except Problem as why:
            console.print(f"[red]✗[/] {row.school.name}：{why}", highlight=False)
            return 1
    _tell(row, run, shown)
    return 0


def _find(campaign: str, school: str) -> SchoolCampaign | None:
    try:
        pk = UUID(campaign)
    except ValueError:
        return None
    rows = SchoolCampaign.objects.select_related("campaign__bureau", "school")
    return rows.filter(campaign=pk, school__code=school).first()


def _run(actor, row: SchoolCampaign):
    words = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[cost]}"), TimeElapsedColumn())
    with Progress(*words, console=console) as bar:
        task = bar.add_task(row.school.name, total=None, cost="")

        def tell(done: int, total: int, cost: float, gap: float | None) -> None:
            proof = "" if gap is None else f"  距下界 {gap:.1%}"
            bar.update(task, completed=done, total=total, cost=f"代价 {cost:.0f}{proof}")

        return services.run_now(actor, school_campaign=row, progress=tell)


def _tell(row: SchoolCampaign, run, shown: int) -> None:
    figures = run.summary
    console.print(
        f"[green]✓[/] {row.school.name}：排了 {figures['placed']} 次家访（{figures['outings']} 次外出，"
        f"线上 {figures['online']} 次），{figures['first']} 至 {figures['last']}，没排上 {figures['unplaced']} 次。",
        highlight=False,
        soft_wrap=True,
    )
    if shown:
        console.print(f"  已公布 {shown} 次，老师可以在“家访”里看到。", highlight=False)
