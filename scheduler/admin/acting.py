"""Lets what the admin's pages do be done by whoever is logged in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from scheduler import conf
from scheduler.actors import acting, address_of


def acting_in_the_admin(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, to stand after the one that knows the user."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(reverse("admin:index")):
            return get_response(request)
        address = address_of(request.META, trusts_proxy=conf.trusts_proxy())
        with acting(name=request.user.get_username(), source="admin", address=address):
            return get_response(request)

    return middleware
