"""一生一档: one child's file, sealed facts opened by a tap, and who has looked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from jiafang.access.reading import open_sealed
from jiafang.dossiers import selectors
from jiafang.dossiers.forms import FileForm
from jiafang.dossiers.links import address
from jiafang.dossiers.views.common import student_crumbs
from jiafang.lib import codes
from jiafang.lib.errors import not_found
from jiafang.roster import selectors as roster
from jiafang.roster import services
from jiafang.ui.lists import Choice, Column, DateRange, Empty, ListPage, Search
from jiafang.ui.parts import Crumb


@require_GET
def student(request: HttpRequest, pk) -> HttpResponse:
    found = services.open_student(request.actor, pk)
    context = {
        "page": selectors.student_page(request.actor, found),
        "student": found,
        "upload": FileForm(),
        "add_visit": address("visits:add_for", found.pk),
        "crumbs": student_crumbs(found),
    }
    return render(request, "dossiers/student.html", context)


@require_POST
def opened(request: HttpRequest, pk, what: str) -> HttpResponse:
    """Open one group of sealed facts; the reading is written down. The fragment replaces the dots on the page."""
    if what not in OPENERS:
        raise not_found()
    found = roster.student(request.actor, pk)
    facts = OPENERS[what](request, found)
    template = "dossiers/opened.html" if request.htmx else "dossiers/opened_page.html"
    return render(request, template, {"facts": facts, "student": found, "crumbs": student_crumbs(found, _("查看"))})


def _identity(request: HttpRequest, found) -> list[tuple]:
    sealed = [found.id_number, found.student_number]
    texts = open_sealed(request.actor, "student.read_identity", sealed, path=found.klass.path, target=found)
    labels = (codes.ID_KIND.label(found.id_type) or _("身份证件号"), _("全国学籍号"))
    return list(zip(labels, texts, strict=True))


def _contact(request: HttpRequest, found) -> list[tuple]:
    people = roster.guardians_of([found]).get(found.pk, ())
    sealed = [person.phone for person in people]
    texts = open_sealed(request.actor, "student.read_contact", sealed, path=found.klass.path, target=found)
    labels = [f"{person.name}（{codes.RELATION.label(person.relation) or _('家长')}）" for person in people]
    return list(zip(labels, texts, strict=True))


def _place(request: HttpRequest, found) -> list[tuple]:
    sealed = [found.household.address]
    texts = open_sealed(request.actor, "household.read_place", sealed, path=found.klass.path, target=found)
    return [(_("现住址"), texts[0])]


OPENERS = {"identity": _identity, "contact": _contact, "place": _place}

READERS = ListPage(
    columns=[
        Column("at", gettext_lazy("时间"), sort="at", template="dossiers/cell_at.html", phone="side"),
        Column("who", gettext_lazy("谁"), sort="who", phone="title"),
        Column("what", gettext_lazy("做了什么"), value=selectors.words_of),
    ],
    filters=[
        Search("who__contains", label=gettext_lazy("姓名")),
        Choice("sort", gettext_lazy("事项"), selectors.SORTS, apply=selectors.of_sort),
        DateRange("day", gettext_lazy("日期"), lookup="at", moments=True),
    ],
    empty=Empty("eye", gettext_lazy("还没有人打开过这份档案"), gettext_lazy("每次打开档案、查看证件号和电话、导出名单都会记在这里。")),
    size=50,
)  # fmt: skip


@require_GET
def readers(request: HttpRequest, pk) -> HttpResponse:
    """谁看过这份档案."""
    subject = selectors.subject(request.actor, pk)
    last = _("谁看过这份档案")
    crumbs = student_crumbs(subject.student, last) if subject.may_open else [Crumb(subject.name), Crumb(last)]
    context = {"subject": subject, "crumbs": crumbs}
    return READERS.answer(request, selectors.readers(subject), context, template="dossiers/readers.html")
