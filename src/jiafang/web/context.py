"""What every page needs: who is here, the navigation of the role, the theme and the shell the page stands in."""

from django.conf import settings
from django.http import HttpRequest

from jiafang.access.roles import Role
from jiafang.web.navigation import menu

THEMES = ("auto", "light", "dark")
PHONE_PLACES = 4


def shell(request: HttpRequest) -> dict:
    actor = getattr(request, "actor", None)
    signed_in = bool(actor and actor.posts)
    places = menu(actor, request.path) if signed_in else []
    chosen = request.COOKIES.get("theme", "")
    return {
        "actor": actor,
        "menu": places,
        "phone_menu": places[:PHONE_PLACES],
        "role_labels": [Role(role).label for role in dict.fromkeys(p.role for p in actor.posts)] if signed_in else [],
        "theme": chosen if chosen in THEMES else "auto",
        "shell": "web/base.html" if signed_in else "web/bare.html",
        "languages": settings.LANGUAGES,
    }
