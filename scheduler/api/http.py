"""The manners of the original: any content type is JSON, any client but a browser gets JSON."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.http import RawPostDataException
from django.http.request import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import Request

from scheduler import conf
from scheduler.api.representation import RenderedJson, render_json
from scheduler.exceptions import InvalidInput
from scheduler.models import id_in

DEFAULT_PAGE, LARGEST_PAGE = 50, 200
_LOST_PLUS = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)", re.ASCII)


class ContractRenderer(JSONRenderer):
    """One line, alphabetical keys, ASCII, no newline; what is JSON already is passed on."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the bytes of the answer's body."""
        text = data if isinstance(data, RenderedJson) else render_json(data)
        return text.encode()


class ReadableRenderer(BrowsableAPIRenderer):
    """The browsable API, for browsers; it shows the JSON indented."""

    def get_default_renderer(self, view: Any) -> BaseRenderer:
        """Return the renderer of the JSON on the page."""
        return IndentedRenderer()


class IndentedRenderer(ContractRenderer):
    """The same JSON, for eyes."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the same data, indented."""
        compact = super().render(data)
        return json.dumps(json.loads(compact), indent=4, ensure_ascii=False).encode() if data is not None else b""


class BrowsersGetHtml(BaseContentNegotiation):
    """HTML for those who ask for text/html by name, JSON for all others; never a 406, no ?format=."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser:
        """Return the only parser."""
        return next(iter(parsers))

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the renderer, and its media type."""
        wants_html = "text/html" in request.META.get("HTTP_ACCEPT", "")
        renderer = next(each for each in renderers if (each.media_type == "text/html") == wants_html)
        return renderer, str(renderer.media_type)


def read_json(request: Request) -> Any:
    """Return the request's body as JSON, whatever its content type says. Raises ParseError."""
    http_request: HttpRequest = request._request  # noqa: SLF001 - DRF's own body would be parsed by content type
    try:
        return json.loads(http_request.body)
    except (ValueError, RecursionError, RawPostDataException) as error:
        raise ParseError("The browser (or proxy) sent a request that this server could not understand.") from error


def read_json_or_nothing(request: Request) -> Any:
    """Return the request's body as JSON, or None where it is none."""
    try:
        return read_json(request)
    except ParseError:
        return None


def read_moment(request: Request, name: str) -> str | None:
    """Return an instant's text of the query; a plus sign that was not percent-encoded arrives as a blank there."""
    text = request.query_params.get(name)
    return _LOST_PLUS.sub("+", text) if text else None


def read_page(request: Request) -> tuple[int | None, int]:
    """Read `before` and `limit`, which say which page of a list is wanted. Raises InvalidInput."""
    errors, values = {}, {}
    for name in ("before", "limit"):
        text = request.query_params.get(name)
        if number := id_in(text):
            values[name] = number
        elif text is not None:
            errors[name] = _("Enter a positive whole number.")
    if errors:
        raise InvalidInput(errors)
    return values.get("before"), min(values.get("limit", DEFAULT_PAGE), LARGEST_PAGE)


def next_page(*path: str, before: int, limit: int, **wanted: str) -> str:
    """Return the address of the page that follows the one whose last is `before`, of a list with the same filters."""
    query = urlencode({**wanted, "before": before, "limit": limit})
    return f"{conf.api_prefix()}/{'/'.join(quote(part, safe='') for part in path)}?{query}"
