"""Who is asking: anonymous, Basic, token, session."""

import base64
import time
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from scheduler.api import authentication
from scheduler.models import ApiToken
from scheduler.services.tokens import create_token
from tests.api.endpoints import Endpoint, endpoints, paths

INFO = "/scheduler"


@pytest.fixture(autouse=True)
def nobody_is_remembered() -> Iterator[None]:
    """Forget the logins of other tests, whose users may have had the same ids."""
    with patch.object(authentication, "_recent_logins", authentication.RecentLogins()):
        yield


def basic(username: str, password: str, encoding: str = "utf-8") -> str:
    """Return the header of HTTP Basic."""
    return f"Basic {base64.b64encode(f'{username}:{password}'.encode(encoding)).decode()}"


def ask(authorization: str | None, path: str = INFO) -> Any:
    """Ask once, in a client without a session."""
    headers = {} if authorization is None else {"Authorization": authorization}
    return APIClient().get(path, headers=headers)


@pytest.mark.parametrize("endpoint", endpoints(), ids=str)
def test_anonymous_request_is_asked_for_credentials(db: None, endpoint: Endpoint) -> None:
    answer = APIClient().generic(endpoint.method, endpoint.path, "{", "application/json")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Authentication Required"'
    assert isinstance(answer.json()["error_message"], str)


@pytest.mark.parametrize("path", paths())
def test_wrong_method_and_options_need_no_credentials(db: None, path: str) -> None:
    assert APIClient().put(path).status_code == 405
    assert APIClient().options(path).status_code == 200


@pytest.mark.parametrize("path", ["/scheduler/", "/scheduler/nosuch", "/scheduler/jobs/", "/scheduler/jobs/x/nosuch"])
def test_unknown_path_needs_no_credentials(db: None, path: str) -> None:
    assert APIClient().get(path).status_code == 404


@pytest.mark.parametrize(
    "authorization",
    [
        "Basic",
        "Basic ",
        "Basic 1231234",
        "Basic \u00e9",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic a b c",
        "Token",
        "Token wrong",
        "Token a b",
        "Bearer",
        "Bearer \u00e9",
        "Digest username=admin",
        "Nonsense",
        "",
        basic("admin", "wrong password"),
        basic("admin", "right password "),
        basic("nobody", "right password"),
        basic("", ""),
        basic("a\0b", "c"),
        basic("admin", "right\0password"),
    ],
)
def test_wrong_credentials_are_refused(administrator: User, authorization: str) -> None:
    answer = ask(authorization)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Authentication Required"'
    assert isinstance(answer.json()["error_message"], str)


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_basic_is_accepted_in_any_case(administrator: User, scheme: str) -> None:
    assert ask(basic("admin", "right password").replace("Basic", scheme)).status_code == 200


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_password_may_hold_colons_and_letters_beyond_ascii(db: None, encoding: str) -> None:
    User.objects.create_superuser("josé", password="p:w:é")

    assert ask(basic("josé", "p:w:é", encoding)).status_code == 200


@pytest.mark.parametrize("keyword", ["Token", "Bearer", "token", "BEARER"])
def test_token_is_accepted_under_both_names(administrator: User, keyword: str) -> None:
    token, _row = create_token(user=administrator, name="tests")

    assert ask(f"{keyword} {token}").status_code == 200


def test_token_is_stored_as_a_digest_only(administrator: User) -> None:
    token, _row = create_token(user=administrator, name="tests")

    assert token not in str(ApiToken.objects.values().get())
    assert ask(f"Token {ApiToken.objects.get().digest}").status_code == 401


def test_deleted_token_is_refused(administrator: User) -> None:
    token, _row = create_token(user=administrator, name="tests")
    ask(f"Token {token}")

    ApiToken.objects.all().delete()

    assert ask(f"Token {token}").status_code == 401


def test_inactive_user_is_refused_by_every_scheme(administrator: User) -> None:
    token, _row = create_token(user=administrator, name="tests")
    client = Client()
    client.force_login(administrator)
    assert ask(basic("admin", "right password")).status_code == 200

    User.objects.update(is_active=False)

    assert ask(basic("admin", "right password")).status_code == 401
    assert ask(f"Token {token}").status_code == 401
    assert client.get(INFO).status_code == 401


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is hashed."""

    algorithm = "counting"
    count = 0

    def encode(self, password: str, salt: str) -> str:
        """Count, and hash."""
        type(self).count += 1
        return super().encode(password, salt)


@pytest.fixture
def hasher(settings: Settings) -> type[CountingHasher]:
    """The hasher of all passwords, which has counted nothing yet."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.count = 0
    return CountingHasher


def test_basic_costs_one_hash_for_many_requests(hasher: type[CountingHasher], administrator: User) -> None:
    hasher.count = 0

    for _ in range(5):
        assert ask(basic("admin", "right password")).status_code == 200

    assert hasher.count == 1


def test_wrong_password_costs_a_hash_each_time(hasher: type[CountingHasher], administrator: User) -> None:
    ask(basic("admin", "right password"))
    hasher.count = 0

    for _ in range(3):
        assert ask(basic("admin", "wrong password")).status_code == 401

    assert hasher.count >= 3


def test_changed_password_is_forgotten_at_once(hasher: type[CountingHasher], administrator: User) -> None:
    ask(basic("admin", "right password"))

    administrator.set_password("new password")
    administrator.save()

    assert ask(basic("admin", "right password")).status_code == 401
    assert ask(basic("admin", "new password")).status_code == 200


def test_password_that_was_set_to_the_same_again_is_checked_again(
    hasher: type[CountingHasher], administrator: User
) -> None:
    ask(basic("admin", "right password"))
    administrator.set_password("right password")
    administrator.save()
    hasher.count = 0

    ask(basic("admin", "right password"))

    assert hasher.count == 1


def test_remembered_login_expires(hasher: type[CountingHasher], administrator: User) -> None:
    ask(basic("admin", "right password"))
    hasher.count = 0

    with patch("time.monotonic", return_value=time.monotonic() + authentication.REMEMBER_SECONDS + 1):
        ask(basic("admin", "right password"))

    assert hasher.count == 1


def test_memory_of_logins_is_bounded() -> None:
    logins = authentication.RecentLogins()

    for number in range(2 * authentication.MOST_REMEMBERED):
        logins.remember(str(number).encode())

    assert len(logins._expiries) <= authentication.MOST_REMEMBERED


def test_session_reads_without_a_csrf_token(administrator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)

    assert client.get(INFO).status_code == 200


@pytest.mark.parametrize("endpoint", [each for each in endpoints() if each.method != "GET"], ids=str)
def test_session_must_send_a_csrf_token_to_write(administrator: User, endpoint: Endpoint) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)

    answer = client.generic(endpoint.method, endpoint.path, "{}", "application/json")

    assert answer.status_code == 403
    assert "CSRF" in answer.json()["error_message"]


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
def test_session_writes_with_a_csrf_token(administrator: User, content_type: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    client.cookies["csrftoken"] = token = "a" * 32

    answer = client.generic(
        "POST",
        "/scheduler/jobs",
        '{"id": "x", "func": "jobs:nothing", "trigger": "interval"}',
        content_type,
        headers={"X-CSRFToken": token},
    )

    assert answer.status_code == 200


def test_credentials_are_checked_before_the_body_and_the_job(db: None) -> None:
    client = APIClient()

    assert client.generic("POST", "/scheduler/jobs", "{", "application/json").status_code == 401
    assert client.generic("PATCH", "/scheduler/jobs/unknown", "{", "application/json").status_code == 401
