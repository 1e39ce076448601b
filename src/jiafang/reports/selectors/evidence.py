"""The rows behind a figure, found by the same predicates that counted it; masked for a reader above the school."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from jiafang.access import policy
from jiafang.access.actors import Actor
from jiafang.access.fence import system_fence
from jiafang.access.roles import TIER_LABELS
from jiafang.campaigns.models import Campaign, ConductAcknowledgement
from jiafang.campaigns.states import Mode
from jiafang.lib.errors import Problem, not_found
from jiafang.lib.masking import mask_name
from jiafang.reports.counting import CHILD_PARTS, VISIT_PARTS, Child, VisitRow
from jiafang.reports.indicators import BY_CODE, Indicator
from jiafang.reports.selectors.counted import by_class, categories_of
from jiafang.reports.selectors.figures import people
from jiafang.roster.models import Student
from jiafang.units import selectors as units
from jiafang.units.models import Staff, Unit
from jiafang.visits.models import SelfCheck, VisitStudent
from jiafang.visits.states import VisitState


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One row behind a figure. ``inside``: counted in the numerator. Pks are empty for a reader who may not open them."""

    inside: bool
    klass: str
    who: str
    when: datetime | None = None
    mode: str = ""
    staff: str = ""
    state: str = ""
    note: str = ""
    student: object = ""
    visit: object = ""


def evidence(actor: Actor, campaign: Campaign, unit: Unit, code: str) -> list[EvidenceRow]:
    """Rows of one indicator in a school, grade or class; the denominator's rows, the numerator's marked.

    Raises ``not_found`` for an unknown indicator, ``denied`` for a reader without rows (any bureau, where the figure
    is sensitive), ``invalid`` above the school: a bureau goes down to one school first.
    """
    indicator = BY_CODE.get(code)
    if indicator is None:
        raise not_found()
    if unit.kind == Unit.Kind.BUREAU:
        raise Problem("invalid", _("请先选一所学校，再看明细。"))
    named = policy.can(actor, "figures.open_rows", path=unit.path)
    if not named:
        policy.demand(actor, "figures.open_masked_rows", path=unit.path)
        if indicator.sensitive:
            raise Problem("denied")
    find = {"students": _students, "visits": _visits, "staff": _staff, "checks": _checks}[indicator.evidence]
    with system_fence("the rows behind a figure, after the policy was asked"):
        return find(campaign, unit, indicator, named)


def _classes(campaign: Campaign, unit: Unit) -> tuple[dict[int, str], dict[int, list[Child]]]:
    labels = {k.pk: k.label for k in units.under(unit.path, Unit.Kind.KLASS)}
    return labels, by_class(campaign, labels, categories_of(campaign))


def _who(name: str, named: bool) -> str:
    return name if named else mask_name(name)


def _students(campaign: Campaign, unit: Unit, indicator: Indicator, named: bool) -> list[EvidenceRow]:
    labels, classes = _classes(campaign, unit)
    base = CHILD_PARTS[indicator.denominator]
    top = CHILD_PARTS[indicator.numerator]
    chosen = [(klass, child) for klass, them in classes.items() for child in them if base(child)]
    names = dict(Student.objects.filter(klass__in=classes, left_on__isnull=True).values_list("pk", "name"))
    rows = [
        EvidenceRow(
            top(child),
            labels[klass],
            _who(names.get(child.pk, ""), named),
            child.visits[-1].held if child.visits else None,
            str(Mode(child.visits[-1].mode).label) if child.visits else "",
            note=_("%d 次") % len(child.visits) if child.visits else "",
            student=child.pk if named else "",
        )
        for klass, child in chosen
    ]
    return sorted(rows, key=lambda r: (r.inside, r.klass, r.who))


def _visits(campaign: Campaign, unit: Unit, indicator: Indicator, named: bool) -> list[EvidenceRow]:
    labels, classes = _classes(campaign, unit)
    top = VISIT_PARTS[indicator.numerator]
    base: Callable[[Child, VisitRow], bool] = VISIT_PARTS.get(indicator.denominator, top)
    chosen = [
        (klass, child, visit)
        for klass, them in classes.items()
        for child in them
        for visit in child.visits
        if base(child, visit)
    ]
    facts = {
        row[0]: row[1:]
        for row in VisitStudent.objects.filter(student__klass__in=classes, visit__campaign=campaign).values_list(
            "pk", "student__name", "visit__lead__name", "visit__companion__name", "visit__state"
        )
    }
    rows = []
    for klass, child, visit in chosen:
        name, lead, companion, state = facts[visit.pk]
        rows.append(
            EvidenceRow(
                top(child, visit),
                labels[klass],
                _who(name, named),
                visit.held,
                str(Mode(visit.mode).label),
                "、".join(filter(None, (lead, companion))),
                str(VisitState(state).label),
                student=child.pk if named else "",
                visit=visit.visit if named else "",
            )
        )
    return sorted(rows, key=lambda r: (r.inside, r.when), reverse=False)


def _staff(campaign: Campaign, unit: Unit, indicator: Indicator, named: bool) -> list[EvidenceRow]:
    school = units.school_of(unit)
    everybody = people(campaign, school.path)
    names = dict(Staff.objects.filter(pk__in=everybody).values_list("pk", "name"))
    read = dict(
        ConductAcknowledgement.objects.filter(campaign=campaign, staff__in=everybody).values_list("staff_id", "at")
    )
    rows = [
        EvidenceRow(
            out if indicator.code == "participation" else known,
            school.label,
            names[pk],
            None if indicator.code == "participation" else read.get(pk),
            note=str(TIER_LABELS[tier]),
        )
        for pk, (_home, tier, out, known) in everybody.items()
    ]
    return sorted(rows, key=lambda r: (r.inside, r.note, r.who))


def _checks(campaign: Campaign, unit: Unit, indicator: Indicator, named: bool) -> list[EvidenceRow]:
    school = units.school_of(unit)
    made = SelfCheck.objects.filter(path=school.path).select_related("staff", "outing", "visit")
    rows = []
    for check in made:
        what = check.outing or check.visit
        if what.campaign_id == campaign.pk:
            rows.append(EvidenceRow(check.all_kept, school.label, check.staff.name, check.at))
    return sorted(rows, key=lambda r: (r.inside, r.when))
