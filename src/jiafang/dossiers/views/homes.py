"""Who lives with whom: one tap to confirm, one to part, and ten seconds to take either back."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiafang.dossiers.views.common import back
from jiafang.roster import selectors, services
from jiafang.ui.toasts import tell


def _undo(request: HttpRequest, name: str, *args) -> str:
    """The address that takes the act back and returns to the same page."""
    return f"{reverse(name, args=args)}?{urlencode({'next': request.POST.get('next', '')})}"


@require_POST
def confirm(request: HttpRequest, pk) -> HttpResponse:
    home = services.confirm_household(request.actor, household=selectors.household(pk))
    tell(request, _("已确认同住，家访按一户安排。"), undo=_undo(request, "dossiers:doubt_home", home.pk))
    return back(request, "dossiers:classes")


@require_POST
def doubt(request: HttpRequest, pk) -> HttpResponse:
    services.confirm_household(request.actor, household=selectors.household(pk), together=False)
    tell(request, _("已撤销，仍待确认。"))
    return back(request, "dossiers:classes")


@require_POST
def split(request: HttpRequest, pk, student) -> HttpResponse:
    home = selectors.household(pk)
    child = selectors.student(request.actor, student)
    services.split_household(request.actor, household=home, student=child)
    undo = _undo(request, "dossiers:join_home", home.pk, child.pk)
    tell(request, _("%s已单独成户，家访分开安排。") % child.name, undo=undo)
    return back(request, "dossiers:classes")


@require_POST
def join(request: HttpRequest, pk, student) -> HttpResponse:
    """Undo of a parting."""
    child = selectors.student(request.actor, student)
    services.undo_split(request.actor, household_id=pk, student=child)
    tell(request, _("%s已回到原来的家庭。") % child.name)
    return back(request, "dossiers:classes")
