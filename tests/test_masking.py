"""What looks like a secret is hidden."""

from typing import Any

import pytest

from scheduler.masking import HIDDEN, without_secrets

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "name",
    [
        "password", "PASSWORD", "db_password", "passwd", "passphrase", "passcode", "pass", "smtp_pass", "pwd", "secret",
        "client_secret", "token", "access_token", "X-Auth-Token", "api_key", "apikey", "API-Key", "accessKey",
        "private_key", "Authorization", "cookie", "credentials",
    ],
)  # fmt: skip
def test_value_of_such_a_name_is_hidden(name: str) -> None:
    assert without_secrets({name: "hush"}) == {name: HIDDEN}


@pytest.mark.parametrize("name", ["name", "key", "passage", "compass", "passengers", "monkey", "author", "to"])
def test_other_names_are_nobodys_secret(name: str) -> None:
    assert without_secrets({name: "said aloud"}) == {name: "said aloud"}


@pytest.mark.parametrize("value", [None, "", True, False])
def test_nothing_and_a_yes_or_no_are_no_secret(value: Any) -> None:
    assert without_secrets({"password": value}) == {"password": value}


def test_secrets_are_found_however_deep() -> None:
    nested = [{"headers": {"Authorization": "Bearer x"}, "urls": [{"token": ["x"]}]}]

    assert without_secrets(nested) == [{"headers": {"Authorization": HIDDEN}, "urls": [{"token": HIDDEN}]}]


def test_password_within_an_address_is_hidden_and_the_rest_is_not() -> None:
    assert without_secrets("mysql://user:pw@host:3306/db") == f"mysql://user:{HIDDEN}@host:3306/db"


@pytest.mark.parametrize("text", ["https://host:80/a@b", "user@host", "12:30 @ noon", "a://b/c:d@e"])
def test_address_without_a_password_stays(text: str) -> None:
    assert without_secrets(text) == text


@pytest.mark.parametrize("value", [1, 1.5, None, True, [], {}])
def test_what_is_no_text_stays(value: Any) -> None:
    assert without_secrets(value) == value
