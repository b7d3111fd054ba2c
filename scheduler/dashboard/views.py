"""The parts of the front page that refresh, and the questions before everything is paused or resumed."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from scheduler.dashboard.controls import CONTROLS, may_control
from scheduler.dashboard.page import live_context, page_context, summary_context
from scheduler.exceptions import CarnationError


def fill_front_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the front page shows to the admin's own context: UNFOLD's DASHBOARD_CALLBACK."""
    return {**context, **page_context(request)}


def live(request: HttpRequest) -> HttpResponse:
    """Answer the part that changes by the second."""
    return TemplateResponse(request, "dashboard/live.html", live_context(request))


def summary(request: HttpRequest) -> HttpResponse:
    """Answer the part that changes by the minute."""
    return TemplateResponse(request, "dashboard/summary.html", summary_context(request))


def control(request: HttpRequest, act: str) -> HttpResponse:
    """Ask whether everything shall be paused, resumed or started; do it when the answer is posted."""
    if act not in CONTROLS:
        raise Http404
    if not may_control(request):
        raise PermissionDenied
    chosen = CONTROLS[act]
    if request.method != "POST":
        context = {**admin.site.each_context(request), "title": chosen.title, "control": chosen}
        return TemplateResponse(request, "dashboard/control.html", context)
    try:
        chosen.service()
    except CarnationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, chosen.done)
    return HttpResponseRedirect(reverse("admin:index"))
