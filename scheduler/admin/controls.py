"""What the controls of several pages share."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


def go_back(request: HttpRequest, *, otherwise: str) -> HttpResponseRedirect:
    """Go back to where the button was; if nobody says where, to the page of this name."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(came_from if is_ours else reverse(otherwise))


def only_posted(request: HttpRequest, page: str) -> HttpResponse:
    """Answer what is no POST to an address that only takes those: lead to the page, and say that nothing was done.

    After a login, browsers get the address that the button had posted to.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["POST"])
    messages.warning(request, _("Nothing was done: you had to log in, or opened the button's address; do it again."))
    return HttpResponseRedirect(page)


def may_operate(request: HttpRequest) -> bool:
    """Tell whether somebody may run, pause and resume jobs, and cancel their runs."""
    return bool(request.user.has_perm("scheduler.operate_job"))
