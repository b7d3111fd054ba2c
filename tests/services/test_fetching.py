"""What is fetched from elsewhere: http and https alone, bounded, and without redirects."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from scheduler.exceptions import InvalidInput
from scheduler.services import fetching
from scheduler.services.fetching import fetch_text

pytestmark = pytest.mark.pure


class Handler(BaseHTTPRequestHandler):
    """Answers according to the path."""

    def do_GET(self) -> None:
        status = 302 if self.path == "/away" else 404 if self.path == "/gone" else 200
        body = {"/large": b"x" * 1000, "/binary": b"\xff"}.get(self.path, "[康]".encode())
        self.send_response(status)
        self.send_header("Location", "file:///etc/passwd")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def server() -> Iterator[str]:
    httpd = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def message(url: str) -> str:
    with pytest.raises(InvalidInput) as refused:
        fetch_text(url)
    return refused.value.errors["url"]


def test_answer_is_returned_as_text(server: str) -> None:
    assert fetch_text(f"{server}/jobs") == "[康]"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://host/x", "gopher://host", "jobs", "", "http://", "http://["]
)
def test_other_addresses_are_refused(url: str) -> None:
    assert message(url)


def test_redirect_is_not_followed(server: str) -> None:
    assert "302" in message(f"{server}/away")


def test_other_status_is_an_error(server: str) -> None:
    assert "404" in message(f"{server}/gone")


def test_large_answer_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 100)

    assert "larger" in message(f"{server}/large")


def test_slow_answer_is_given_up(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_LONGEST_SECONDS", -1)

    assert "too long" in message(f"{server}/jobs")


def test_binary_answer_is_refused(server: str) -> None:
    assert message(f"{server}/binary")


def test_password_in_an_address_is_not_told() -> None:
    assert "secret" not in message("http://user:secret@127.0.0.1:1/jobs")
