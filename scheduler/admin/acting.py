"""Lets what the admin's pages do be done by whoever is logged in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from scheduler.actors import acting


def acting_in_the_admin(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, to stand after the one that knows the user."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(reverse("admin:index")):
            return get_response(request)
        with acting(name=request.user.get_username(), source="admin"):
            return get_response(request)

    return middleware
