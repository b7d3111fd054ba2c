"""What the controls of several pages share."""

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def go_back(request: HttpRequest, *, otherwise: str) -> HttpResponseRedirect:
    """Go back to where the button was; if nobody says where, to the page of this name."""
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(came_from if is_ours else reverse(otherwise))


def may_operate(request: HttpRequest) -> bool:
    """Tell whether somebody may run, pause and resume jobs, and cancel their runs."""
    return bool(request.user.has_perm("scheduler.operate_job"))
