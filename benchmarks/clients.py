"""A lean HTTP client: one connection, one request at a time."""

import base64
import http.client
import json
from typing import Any


class UnexpectedAnswerError(Exception):
    """A server did not do what was asked, so there is nothing to measure."""


class Client:
    """Talks JSON to one server of this machine with one Authorization header."""

    def __init__(self, port: int, *, authorization: str) -> None:
        # A server that keeps the connection is used on; one that closes it, as gunicorn's sync worker does, is
        # connected to anew by http.client itself.
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": authorization, "Content-Type": "application/json"}

    def send(self, method: str, path: str, body: Any = None) -> bytes:
        """Send one request and return the answer's body. Raises UnexpectedAnswerError unless it is a 2xx."""
        text = None if body is None else json.dumps(body)
        self._connection.request(method, path, body=text, headers=self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status not in range(200, 300):
            raise UnexpectedAnswerError(f"{method} {path}: {answer.status} {content[:500]!r}")
        return content


def basic(username: str, password: str) -> str:
    """The Authorization header of HTTP Basic."""
    return f"Basic {base64.b64encode(f'{username}:{password}'.encode()).decode()}"
