"""The page on which somebody chooses the time zone in which pages show them instants."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from scheduler import clock
from scheduler.viewers import BROWSER_COOKIE, CHOSEN_COOKIE, zone_names

A_YEAR = 365 * 24 * 3600


class ZoneForm(forms.Form):
    """The choice."""

    zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text=_("Pages show times in this zone, and beside it in the job's own where that is another."),
    )

    def __init__(self, *args: object, browser_zone: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        names = zone_names()
        own = _("The browser's: %s") % browser_zone if browser_zone in names else _("The browser's")
        field = self.fields["zone"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", own), *((name, name) for name in names)]


def choose_zone(request: HttpRequest) -> HttpResponse:
    """Show the choice, or keep it in a cookie and go back."""
    cookies = request.COOKIES
    initial = {"zone": cookies.get(CHOSEN_COOKIE, "")}
    form = ZoneForm(request.POST or None, initial=initial, browser_zone=cookies.get(BROWSER_COOKIE, ""))
    if request.method == "POST" and form.is_valid():
        return _keep(form.cleaned_data["zone"], HttpResponseRedirect(_next(request)), is_secure=request.is_secure())
    context = {
        **admin.site.each_context(request),
        "title": _("Time zone of these pages"),
        "form": form,
        "next": _next(request),
        "now": clock.now(),
    }
    return TemplateResponse(request, "scheduler/zone.html", context)


def _keep(zone: str, response: HttpResponse, *, is_secure: bool) -> HttpResponse:
    if zone:
        response.set_cookie(CHOSEN_COOKIE, zone, max_age=A_YEAR, secure=is_secure, samesite="Lax")
    else:
        response.delete_cookie(CHOSEN_COOKIE, samesite="Lax")
    return response


def _next(request: HttpRequest) -> str:
    """Return where to go on, if that is here."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if is_ours else reverse("admin:index")
