"""Sends each request to Carnation and to the original, and compares the answers.

The deliberate differences, and no others: 400 where the original says 500, JSON where it has HTML pages of errors, and
the additional fields below. Both sides see the same stopped clock, so that even microseconds are compared.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from flask.testing import FlaskClient
from rest_framework.test import APIClient
from werkzeug.test import TestResponse

from scheduler.services.pause_fields import PAUSE_FIELDS
from scheduler.services.values import POLICIES

ADDITIONAL_FIELDS = {"timezone", "jitter", "microseconds", "state", "nodes", *PAUSE_FIELDS, *POLICIES}
ADDITIONAL_FIELDS -= {"misfire_grace_time", "max_instances"}


@dataclass(frozen=True, kw_only=True)
class Both:
    """Carnation beside the original; every request goes to both."""

    carnation: APIClient
    original: FlaskClient

    def send(
        self, method: str, path: str, body: Any = None, *, content_type: str = "application/json", accept: str = "*/*"
    ) -> HttpResponse:
        """Return Carnation's answer, which is what the original answers. Texts and bytes are sent as they are."""
        content = as_bytes(body)
        theirs = self.original.open(
            path, method=method, data=content, content_type=content_type, headers={"Accept": accept}
        )
        ours = self.carnation.generic(
            method,
            path,
            content,  # type: ignore[arg-type]  # bytes go through
            content_type,
            headers={"Accept": accept},
        )
        assert_same(ours, theirs)
        return ours

    def get(self, path: str) -> HttpResponse:
        """Send a GET."""
        return self.send("GET", path)

    def post(self, path: str, body: Any = None) -> HttpResponse:
        """Send a POST."""
        return self.send("POST", path, body)

    def patch(self, path: str, body: Any = None) -> HttpResponse:
        """Send a PATCH."""
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> HttpResponse:
        """Send a DELETE."""
        return self.send("DELETE", path)


def as_bytes(body: Any) -> bytes:
    """Return a request's body: nothing for None, texts and bytes as they are, anything else as JSON."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    return (body if isinstance(body, str) else json.dumps(body)).encode()


def assert_same(ours: HttpResponse, theirs: TestResponse) -> None:
    """Compare two answers: status, type, and the body byte for byte."""
    said = f"Carnation: {ours.status_code} {ours.content!r}\nThe original: {theirs.status_code} {theirs.text}"
    assert ours.status_code == (400 if theirs.status_code == 500 else theirs.status_code), said
    if theirs.status_code >= 400:
        assert_same_error(ours, theirs)
        return
    assert ours.headers["Content-Type"] == theirs.headers["Content-Type"], said
    if theirs.is_json and theirs.text:
        assert is_in_the_original_style(ours.content.decode()), said
        assert json.dumps(without_additional_fields(json.loads(ours.content))) == theirs.text, said
    else:
        assert ours.content == theirs.data, said


def assert_same_error(ours: HttpResponse, theirs: TestResponse) -> None:
    """Compare two errors: always JSON here; the words are free where the original says 500 or has a page."""
    if theirs.request.method == "HEAD":
        return
    assert ours.headers["Content-Type"] == "application/json"
    message = json.loads(ours.content)["error_message"]
    assert isinstance(message, str)
    assert message
    if theirs.is_json and theirs.status_code != 500:
        assert message == theirs.json["error_message"]  # type: ignore[index]


def is_in_the_original_style(text: str) -> bool:
    """Tell whether this is JSON on one line, in ASCII, with sorted keys."""
    return json.dumps(json.loads(text), sort_keys=True) == text


def without_additional_fields(data: Any) -> Any:
    """Return an answer with only those fields that the original knows."""
    if isinstance(data, list):
        return [without_additional_fields(each) for each in data]
    if not isinstance(data, dict):
        return data
    return {name: value for name, value in data.items() if name not in ADDITIONAL_FIELDS}
