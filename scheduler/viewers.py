"""In which time zone somebody looks at pages: the one that was chosen, else the browser's own, else the project's."""

from collections.abc import Callable, KeysView
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

# What somebody chose on the page of zones; and what the browser says, which static/scheduler/zone.js writes.
CHOSEN_COOKIE = "zone"
BROWSER_COOKIE = "browser_zone"


@cache
def zone_names() -> KeysView[str]:
    """Return all zones there are, in order; reading them from the disk takes a while."""
    return dict.fromkeys(sorted(available_timezones())).keys()


def zone_of(request: HttpRequest) -> ZoneInfo | None:
    """Return the zone that a request's cookies name; a name that means nothing counts as none."""
    names = (request.COOKIES.get(cookie, "") for cookie in (CHOSEN_COOKIE, BROWSER_COOKIE))
    return next((ZoneInfo(name) for name in names if name in zone_names()), None)


def in_the_viewers_zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, under which pages show instants in their viewer's zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        zone = zone_of(request)
        if zone is None:
            return get_response(request)
        with timezone.override(zone):
            return get_response(request)

    return middleware
