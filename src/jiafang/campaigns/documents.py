"""What goes onto the paper of a school's plan; the engine in ``paperwork`` sets it."""

from datetime import date

from django.utils.translation import gettext as _

from jiafang.campaigns.selectors.plans import PlanView
from jiafang.lib import clock
from jiafang.paperwork.contents import PlanSection, SchoolPlan, Task
from jiafang.paperwork.papers import render_plan_pdf
from jiafang.paperwork.word import render_plan_docx


def _paper(view: PlanView) -> SchoolPlan:
    row = view.plan.school_campaign
    tasks = tuple(
        Task(task["name"], date.fromisoformat(task["begins"]), date.fromisoformat(task["ends"]), task["owner"])
        for task in view.tasks
    )
    approved = view.version or view.plan.versions.select_related("by").filter(version=view.plan.version).first()
    # A draft that was changed after its approval carries no approval line.
    stands = approved is not None and (view.version is not None or view.plan.state not in ("draft", "returned"))
    signed = approved.at.astimezone(clock.TZ).date() if stands else None
    approvals = ()
    if stands:
        who = approved.by.name if approved.by else ""
        approvals = (
            _("校内审定：%(day)s %(who)s") % {"day": f"{signed.year}年{signed.month}月{signed.day}日", "who": who},
        )
    texts = {section.code: section.text for section in view.sections}
    return SchoolPlan(
        title=_("%s实施方案") % row.campaign.title,
        school=row.school.name,
        subtitle=row.school.name,
        sections=tuple(
            PlanSection(section.heading, section.text, tasks=tasks if section.code == "steps" else ())
            for section in view.sections
            if section.code != "attachments"
        ),
        signed_on=signed,
        attachments=tuple(line.strip() for line in texts["attachments"].split("\n") if line.strip()),
        approvals=approvals,
    )


def plan_word(view: PlanView) -> bytes:
    """The plan as Word."""
    return render_plan_docx(_paper(view))


def plan_pdf(view: PlanView) -> bytes:
    """The plan as PDF, with the place for the stamp."""
    return render_plan_pdf(_paper(view))
