"""What every page needs: who is here and the navigation of the role."""

from django.http import HttpRequest

from jiafang.web.navigation import menu


def shell(request: HttpRequest) -> dict:
    actor = getattr(request, "actor", None)
    return {"actor": actor, "menu": menu(actor, request.path) if actor and actor.posts else []}
