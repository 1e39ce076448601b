"""A class with those who teach it, and its handover from one class teacher to the next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.access import policy
from jiafang.lib.errors import Problem
from jiafang.ui import toasts
from jiafang.ui.forms import told
from jiafang.ui.parts import Crumb
from jiafang.units import selectors, services
from jiafang.units.forms import HandoverForm


def _crumbs(school, klass, *more: Crumb) -> list[Crumb]:
    link = reverse("units:klass", args=[klass.pk]) if more else ""
    return [Crumb(school.label, reverse("units:school_page", args=[school.pk])), Crumb(klass.label, link), *more]


@require_GET
def klass(request: HttpRequest, pk: int) -> HttpResponse:
    found, school, posts, handovers = selectors.klass_page(request.actor, pk)
    context = {
        "klass": found, "school": school, "posts": posts, "handovers": handovers, "crumbs": _crumbs(school, found),
        "teacher": next((p.staff for p in posts if p.role == "class_teacher"), None),
        "may_hand_over": selectors.may(request.actor, "klass.hand_over", found),
    }  # fmt: skip
    return render(request, "units/klass.html", context)


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """更换班主任: who, from when, and what the new one should know."""
    found, school, posts, _handovers = selectors.klass_page(request.actor, pk)
    policy.demand(request.actor, "klass.hand_over", path=found.path)
    teacher = next((p.staff for p in posts if p.role == "class_teacher"), None)
    people = {str(p.pk): p for p in selectors.staff_of(school) if teacher is None or p.pk != teacher.pk}
    choices = [(key, f"{p.name}（{p.subject}）" if p.subject else p.name) for key, p in people.items()]
    form = HandoverForm(request.POST or None, people=choices)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = services.hand_over(
                request.actor, klass=found, new=people[given["new"]], on=given["on"], note=given["note"]
            )
            toasts.tell(request, _("已交接给%s。") % row.new.name)
            return redirect("units:klass", pk)
        except Problem as problem:
            told(form, problem)
    context = {"klass": found, "school": school, "teacher": teacher, "form": form,
               "crumbs": _crumbs(school, found, Crumb(_("更换班主任")))}  # fmt: skip
    return render(request, "units/hand_over.html", context, status=422 if form.errors else 200)


@require_GET
def handover(request: HttpRequest, pk) -> HttpResponse:
    """What the new class teacher reads and acknowledges."""
    found = selectors.handover(request.actor, pk)
    mine = found.new_id == request.actor.staff_id
    school = selectors.school_of(found.klass)
    context = {"handover": found, "school": school, "may_acknowledge": mine and found.acknowledged_at is None,
               "crumbs": _crumbs(school, found.klass, Crumb(_("班主任交接")))}  # fmt: skip
    return render(request, "units/handover.html", context)


@require_POST
def acknowledge_handover(request: HttpRequest, pk) -> HttpResponse:
    found = selectors.handover(request.actor, pk)
    services.acknowledge_handover(request.actor, handover=found)
    toasts.tell(request, _("已确认接手%s。") % found.klass.label)
    return redirect("units:klass", found.klass_id)
