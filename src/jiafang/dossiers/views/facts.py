"""Adding a child, correcting facts, moving class, leaving; each taken back within ten seconds where it can be."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiafang.access import policy
from jiafang.dossiers import selectors
from jiafang.dossiers.forms import GuardianForms, LeaveForm, MoveForm, StudentForm
from jiafang.dossiers.views.common import attempt, class_crumbs, form_page, student_crumbs
from jiafang.lib import clock
from jiafang.lib.errors import Problem
from jiafang.roster import selectors as roster
from jiafang.roster import services
from jiafang.ui.toasts import tell
from jiafang.units import selectors as units

FORM = ("GET", "POST")


def _editable(request: HttpRequest, pk):
    found = roster.student(request.actor, pk)
    policy.demand(request.actor, "student.edit", path=found.klass.path)
    return found


@require_http_methods(FORM)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A child joins the class."""
    klass = selectors.klass(request.actor, pk)
    policy.demand(request.actor, "student.edit", path=klass.path)
    data = request.POST if request.method == "POST" else None
    form = StudentForm(data)
    people = GuardianForms(data, prefix="g")
    # Both are asked, so that all errors stand on the page at once.
    if data is not None and all([form.is_valid(), people.is_valid()]):
        facts = form.facts([person for one in people if (person := one.facts())])
        student = attempt(form, lambda: services.add_student(request.actor, klass=klass, facts=facts))
        if student is not None:
            tell(request, _("已添加%s。") % student.name)
            return redirect("dossiers:student", student.pk)
    context = {
        "people": people,
        "title": _("添加学生"),
        "where": klass.label,
        "return_href": reverse("dossiers:klass", args=[klass.pk]),
        "crumbs": class_crumbs(units.school_of(klass), klass, _("添加学生")),
    }
    return form_page(request, form, context, "dossiers/student_form.html")


@require_http_methods(FORM)
def edit(request: HttpRequest, pk) -> HttpResponse:
    """Correct the facts. Sealed fields are never put into the form; left empty they stay as they are."""
    student = _editable(request, pk)
    data = request.POST if request.method == "POST" else None
    form = StudentForm(data, correcting=True, initial=_facts_of(student))
    known = roster.guardians_of([student]).get(student.pk, ())
    initial = [
        {"pk": row.pk, "name": row.name, "relation": row.relation, "is_guardian": row.is_guardian} for row in known
    ]
    people = GuardianForms(data, prefix="g", initial=initial)
    if data is not None and all([form.is_valid(), people.is_valid()]):
        facts = form.facts([person for one in people if (person := one.facts())])
        if attempt(form, lambda: services.edit_student(request.actor, student=student, facts=facts)) is not None:
            tell(request, _("已保存%s的信息。") % facts.name)
            return redirect("dossiers:student", student.pk)
    context = {
        "people": people,
        "title": _("修改信息"),
        "where": f"{student.name} · {student.klass.label}",
        "return_href": reverse("dossiers:student", args=[student.pk]),
        "crumbs": student_crumbs(student, _("修改信息")),
    }
    return form_page(request, form, context, "dossiers/student_form.html")


def _facts_of(student) -> dict:
    names = ("name", "sex", "born", "class_number", "study", "ethnic", "id_type", "aux_number", "entered_on")
    home = student.household
    place = f"{home.lon:.6f},{home.lat:.6f}" if home.lat is not None else ""
    return {name: getattr(student, name) for name in names} | {"place": place, "place_system": "wgs84"}


@require_http_methods(FORM)
def move(request: HttpRequest, pk) -> HttpResponse:
    """Into another class of the school."""
    student = _editable(request, pk)
    classes = selectors.classes_to_move_to(request.actor, student)
    if not classes:
        raise Problem("not_allowed", _("转班要由能管理两个班的人办理，请联系学校。"))
    data = request.POST if request.method == "POST" else None
    form = MoveForm(data, initial={"on": clock.today()}, classes=[(unit.pk, unit.label) for unit in classes])
    if form.is_valid():
        given = form.cleaned_data
        old = student.klass_id
        target = units.unit(given["klass"])
        moved = attempt(
            form,
            lambda: services.move_student(
                request.actor, student=student, klass=target, on=given["on"], reason=given["reason"]
            ),
        )
        if moved is not None:
            undo = reverse("dossiers:move_back", args=[student.pk, old])
            tell(request, _("%(name)s已转入%(klass)s。") % {"name": student.name, "klass": target.label}, undo=undo)
            return redirect("dossiers:student", student.pk)
    return form_page(
        request, form, _about(student, _("转班"), _("转班后，档案和以后的家访跟着学生到新班级。"), _("转班"))
    )


@require_POST
def move_back(request: HttpRequest, pk, klass: int) -> HttpResponse:
    """Undo of a move: back into the class it came from, on the day of the move."""
    student = _editable(request, pk)
    stays = roster.stays_of(student)
    on = stays[0].begins if stays else clock.today()
    services.move_student(request.actor, student=student, klass=units.unit(klass), on=on)
    tell(request, _("已撤销转班。"))
    return redirect("dossiers:student", student.pk)


@require_http_methods(FORM)
def leave(request: HttpRequest, pk) -> HttpResponse:
    """Out of the school; the file stays."""
    student = _editable(request, pk)
    data = request.POST if request.method == "POST" else None
    form = LeaveForm(data, initial={"on": clock.today()})
    if form.is_valid():
        left = attempt(form, lambda: services.leave(request.actor, student=student, **form.cleaned_data))
        if left is not None:
            undo = reverse("dossiers:come_back", args=[student.pk])
            tell(request, _("%s已登记离校，档案保留。") % student.name, undo=undo)
            return redirect("dossiers:student", student.pk)
    return form_page(
        request,
        form,
        _about(student, _("登记离校"), _("离校后不再列入班级名单和家访安排，档案保留可查。"), _("登记离校")),
    )


@require_POST
def come_back(request: HttpRequest, pk) -> HttpResponse:
    """Did not leave after all."""
    student = _editable(request, pk)
    services.come_back(request.actor, student=student)
    tell(request, _("%s已恢复就读。") % student.name)
    return redirect("dossiers:student", student.pk)


def _about(student, title: str, text: str, button: str) -> dict:
    return {
        "title": title,
        "where": f"{student.name} · {student.klass.label}",
        "text": text,
        "button": button,
        "return_href": reverse("dossiers:student", args=[student.pk]),
        "crumbs": student_crumbs(student, title),
    }
