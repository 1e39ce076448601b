"""What several pages of this room share: the way back, crumbs, forms that a service may still refuse."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from jiafang.lib.errors import Problem
from jiafang.ui.parts import Crumb

REFUSALS = frozenset({"invalid", "conflict", "bad_type", "too_large", "stale"})


def back(request: HttpRequest, default: str) -> HttpResponse:
    """To the page the act was done on, when it says which, else to ``default``."""
    onward = request.POST.get("next") or request.GET.get("next") or ""
    if onward.startswith("/") and url_has_allowed_host_and_scheme(onward, None):
        return redirect(onward)
    return redirect(default)


def class_crumbs(school: Any, klass: Any, last: Any = "") -> list[Crumb]:
    """The way to a class, or to a page under it."""
    out = [Crumb(_("班级"), reverse("dossiers:classes"))]
    if school is not None:
        out.append(Crumb(school.label))
    out.append(Crumb(klass.label, reverse("dossiers:klass", args=[klass.pk]) if last else ""))
    return [*out, Crumb(last)] if last else out


def student_crumbs(student: Any, last: Any = "") -> list[Crumb]:
    """The way to a child's file, or to a page under it."""
    out = class_crumbs(student.school, student.klass, student.name)
    return (
        [*out[:-1], Crumb(student.name, reverse("dossiers:student", args=[student.pk])), Crumb(last)] if last else out
    )


def attempt(form: forms.BaseForm, act: Callable[[], Any]) -> Any:
    """Do what a valid form asks for. A refusal comes back as errors on the form, and ``None`` as the answer."""
    try:
        return act()
    except Problem as problem:
        if problem.code not in REFUSALS:
            raise
        placed = False
        for name, sentences in problem.fields.items():
            if name in form.fields:
                placed = True
                for sentence in sentences:
                    form.add_error(name, sentence)
        if not placed:
            form.add_error(None, problem.message)
        return None


def form_page(
    request: HttpRequest, form: forms.BaseForm, context: dict, template: str = "dossiers/form.html"
) -> HttpResponse:
    """A page with one form (and ``people`` under it, perhaps); 422 when it came back with errors."""
    people = context.get("people")
    wrong = form.errors or (people is not None and people.total_error_count())
    return render(request, template, {"form": form} | context, status=422 if wrong else 200)
