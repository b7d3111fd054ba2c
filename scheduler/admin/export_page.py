"""The page that exports jobs: which ones, and in which format, to look at or to download."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from scheduler.exceptions import JobNotFound
from scheduler.exchange import Document, write_document
from scheduler.exchange.writing import FORMATS
from scheduler.services.exports import Exported, export_jobs

_TYPES = {"yaml": "application/yaml", "json": "application/json"}
_VIEWED = {"calendar": "scheduler.view_workcalendar", "window": "scheduler.view_maintenancewindow"}


class ExportForm(forms.Form):
    """Which jobs, and the format."""

    ids = forms.CharField(
        label=_("Jobs"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Their ids, one a line. Empty: all jobs, calendars and maintenance windows."),
    )
    tag = forms.CharField(
        label=_("Tag"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Only jobs with this tag."),
    )
    format = forms.ChoiceField(
        label=_("Format"), choices=[(name, name.upper()) for name in FORMATS], widget=UnfoldAdminSelectWidget()
    )


def answer_export(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """Return the file where it was asked for, and else what the page shows."""
    form = ExportForm(request.POST or None, initial={"format": FORMATS[0]})
    exported = _export(request, form) if form.is_valid() else None
    if exported is None:
        return {"form": form}
    text = write_document(exported.document, format=form.cleaned_data["format"])
    if "download" in request.POST:
        return _as_file(text, form.cleaned_data["format"])
    return {"form": form, "text": text, "left_out": exported.left_out, "lines": min(text.count("\n") + 1, 40)}


def _export(request: HttpRequest, form: ExportForm) -> Exported | None:
    ids = form.cleaned_data["ids"].splitlines()
    wanted = [each.strip() for each in ids if each.strip()]
    try:
        exported = export_jobs(wanted or None, tag=form.cleaned_data["tag"].strip() or None)
    except JobNotFound as error:
        form.add_error("ids", str(error))
        return None
    return replace(exported, document=_seen_by(request, exported.document))


def _seen_by(request: HttpRequest, document: Document) -> Document:
    """Return a document without the kinds that its reader may not look at."""
    hidden = {kind for kind, permission in _VIEWED.items() if not request.user.has_perm(permission)}
    return replace(
        document,
        calendars=() if "calendar" in hidden else document.calendars,
        windows=() if "window" in hidden else document.windows,
        sections=document.sections - hidden,
    )


def _as_file(text: str, format: str) -> HttpResponse:  # noqa: A002
    name = f"jobs-{timezone.localtime():%Y-%m-%d}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, content_type=f"{_TYPES[format]}; charset=utf-8", headers=headers)
