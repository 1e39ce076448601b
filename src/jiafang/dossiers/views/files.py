"""Papers in a child's file: put in, downloaded, taken out."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiafang.access import policy
from jiafang.dossiers.forms import FileForm
from jiafang.dossiers.views.common import attempt, form_page, student_crumbs
from jiafang.roster import selectors as roster
from jiafang.roster import services
from jiafang.ui.toasts import tell


@require_http_methods(("GET", "POST"))
def add(request: HttpRequest, pk) -> HttpResponse:
    student = roster.student(request.actor, pk)
    policy.demand(request.actor, "student.add_file", path=student.klass.path)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        paper = attempt(
            form,
            lambda: services.add_file(
                request.actor, student=student, title=form.cleaned_data["title"], name=upload.name, body=upload.read()
            ),
        )
        if paper is not None:
            tell(request, _("已存入“%s”。") % paper.title)
            return redirect("dossiers:student", student.pk)
    context = {
        "title": _("存入文件"),
        "where": f"{student.name} · {student.klass.label}",
        "button": _("存入"),
        "multipart": True,
        "return_href": reverse("dossiers:student", args=[student.pk]),
        "crumbs": student_crumbs(student, _("存入文件")),
    }
    return form_page(request, form, context)


@require_GET
def download(request: HttpRequest, pk) -> HttpResponse:
    """The bytes, piece by piece, never shown inside the page's own origin."""
    paper, file = services.open_file(request.actor, paper=roster.student_file(pk))
    answer = FileResponse(file, as_attachment=True, filename=paper.stored.name, content_type=paper.stored.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
def remove(request: HttpRequest, pk) -> HttpResponse:
    paper = roster.student_file(pk)
    services.remove_file(request.actor, paper=paper)
    tell(request, _("已移除“%s”。") % paper.title)
    return redirect("dossiers:student", paper.student_id)
