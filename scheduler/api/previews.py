"""The endpoints that say when jobs will run; they write nothing."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from rest_framework.request import Request
from rest_framework.response import Response

from scheduler import clock
from scheduler.api.contract import ContractViewSet
from scheduler.api.foresight import represent_preview, represent_simulation
from scheduler.api.http import read_json, read_moment
from scheduler.exceptions import InvalidInput
from scheduler.services.previews import preview_definition, preview_job
from scheduler.services.simulation import simulate_request

LANGUAGES = ("en", "zh-hans")


class PreviewViewSet(ContractViewSet):
    """When jobs will run, and what is dropped."""

    title = gettext_lazy("Next runs")
    about = gettext_lazy("When jobs will run, and what is dropped.")
    permissions: ClassVar = dict.fromkeys(("preview", "preview_job", "simulate"), "scheduler.view_job")

    def preview(self, request: Request) -> Response:
        """Preview a job that does not exist."""
        body = read_json(request)
        with speaking(_language_of(body)):
            return Response(represent_preview(preview_definition(body, now=clock.now())))

    def preview_job(self, request: Request, job_id: str) -> Response:
        """Preview a job that is stored."""
        asked = {"count": _read_number(request, "count"), "start": read_moment(request, "start")}
        with speaking(request.query_params.get("language")):
            return Response(represent_preview(preview_job(job_id, asked, now=clock.now())))

    def simulate(self, request: Request) -> Response:
        """Simulate the jobs of the next days, with some of them changed, new or deleted."""
        body = read_json(request)
        with speaking(_language_of(body)):
            return Response(represent_simulation(simulate_request(body, now=clock.now())))


def speaking(language: Any) -> AbstractContextManager[Any]:
    """Return the context in which sentences are in a language; None: in the client's own. Raises InvalidInput."""
    if language is None:
        return nullcontext()
    if not isinstance(language, str) or language not in LANGUAGES:
        raise InvalidInput({"language": _("Choose one of: %s.") % ", ".join(LANGUAGES)})
    return override(language)


def _language_of(body: Any) -> Any:
    return body.get("language") if isinstance(body, Mapping) else None


def _read_number(request: Request, name: str) -> int | str | None:
    text = request.query_params.get(name)
    return int(text[:20]) if text and text.isascii() and text.isdigit() else text
