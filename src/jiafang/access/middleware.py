"""Gives each request its actor and its fence, ends sessions without a post, and keeps personal pages out of caches."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.utils.module_loading import import_string

from jiafang.access.actors import Actor
from jiafang.access.fence import fenced
from jiafang.lib.errors import Problem

OPEN_PREFIXES = (settings.STATIC_URL, "/accounts/", "/feeds/", "/healthz")


def actor(get_response: Callable[[HttpRequest], HttpResponse]):
    """Rights are computed for every request, so a post that ended a minute ago opens nothing."""
    actor_of: Callable[..., Actor | None] = import_string(settings.ACTOR_OF)

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = Actor()
        if request.user.is_authenticated:
            found = actor_of(request.user) if request.user.is_active else None
            if found is None:
                logout(request)
            else:
                request.actor = found
        if not request.user.is_authenticated and not request.path.startswith(OPEN_PREFIXES):
            if request.headers.get("Accept", "").startswith("application/json"):
                # A page that saves by itself must learn of it and keep its text, not follow to the sign-in page.
                return JsonResponse(Problem("unauthenticated").answer(), status=401)
            return redirect(f"{settings.LOGIN_PATH}?next={request.get_full_path()}")
        # A one-time password opens nothing but the page on which it is replaced.
        bound = request.user.is_authenticated and request.user.must_change_password
        if bound and not request.path.startswith(OPEN_PREFIXES):
            return redirect("account_change_password")
        with fenced(request.actor.reach):
            response = get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware
