"""What holds for every endpoint: methods, slashes, types, and errors as JSON."""

import json

import pytest
from rest_framework.test import APIClient

from tests.api.endpoints import paths
from tests.api.replay import Both

pytestmark = pytest.mark.portable

# The original's paths; it has none of these, so there is nothing to compare them with.
OURS = ("audit", "executions", "backfill", "why", "windows", "calendars", "preview", "simulate", "revisions")
PATHS = [path for path in paths() if not any(word in path for word in OURS)]
JOB = {"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"])
def test_method_is_allowed_where_the_original_allows_it(both: Both, path: str, method: str) -> None:
    both.post("/scheduler/jobs", JOB)

    answer = both.send(method, path, "{}" if method == "PATCH" else None)

    if answer.status_code == 405:
        assert allowed(answer.headers["Allow"]) == allowed(both.original.open(path, method=method).headers["Allow"])


@pytest.mark.parametrize("path", PATHS)
def test_options_says_what_is_allowed_and_has_no_body(both: Both, path: str) -> None:
    answer = both.send("OPTIONS", path)

    assert answer.content == b""
    assert allowed(answer.headers["Allow"]) == allowed(both.original.options(path).headers["Allow"])


@pytest.mark.parametrize("path", ["/scheduler", "/scheduler/jobs", "/scheduler/jobs/x", "/scheduler/jobs/unknown"])
def test_head_is_a_get_without_a_body(both: Both, path: str) -> None:
    both.post("/scheduler/jobs", JOB)

    ours, theirs = both.carnation.head(path), both.original.head(path)

    assert ours.status_code == theirs.status_code
    assert ours.headers["Content-Type"] == theirs.headers["Content-Type"]
    assert ours.content == b""


@pytest.mark.parametrize("path", [*PATHS, "/scheduler/nosuch", "/scheduler/jobs/x/nosuch", "/scheduler/jobs/x/run/x"])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_path_with_a_trailing_slash_is_not_found(both: Both, path: str, method: str) -> None:
    both.post("/scheduler/jobs", JOB)

    assert both.send(method, f"{path}/").status_code == 404


@pytest.mark.parametrize("path", ["/scheduler/nosuch", "/scheduler/jobs/x/nosuch", "/schedulers", "/scheduler/Jobs"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_path_is_not_found(both: Both, path: str, method: str) -> None:
    ours, theirs = both.carnation.generic(method, path), both.original.open(path, method=method)

    assert ours.status_code == theirs.status_code == 404


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "accept", ["*/*", "application/xml", "text/plain", "image/png", "nonsense", "", "application/json; indent=4"]
)
def test_whatever_is_accepted_json_is_answered(both: Both, path: str, accept: str) -> None:
    both.post("/scheduler/jobs", JOB)

    both.send("GET", path, accept=accept)
    both.send("POST", path, accept=accept)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/scheduler/nosuch"), ("PUT", "/scheduler"), ("POST", "/scheduler/jobs")]
)
def test_errors_of_the_framework_are_json_too(api: APIClient, method: str, path: str) -> None:
    answer = api.generic(method, path, "{", "application/json")

    assert answer.headers["Content-Type"] == "application/json"
    assert list(answer.json()) == ["error_message"]


def test_answers_are_one_line_of_ascii_with_sorted_keys(api: APIClient) -> None:
    api.post("/scheduler/jobs", {**JOB, "name": "康乃馨"}, format="json")

    text = api.get("/scheduler/jobs").content.decode("ascii")

    assert json.dumps(json.loads(text), sort_keys=True) == text


def allowed(header: str) -> set[str]:
    """Return the methods of an Allow header."""
    return {method.strip() for method in header.split(",")}
