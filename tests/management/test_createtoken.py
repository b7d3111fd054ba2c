"""`manage.py createtoken`."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from scheduler.models import ApiToken


def createtoken(*arguments: str) -> str:
    output = StringIO()
    call_command("createtoken", *arguments, stdout=output)
    return output.getvalue()


def test_printed_token_works(administrator: User) -> None:
    printed = createtoken(administrator.username)
    client = APIClient()

    client.credentials(HTTP_AUTHORIZATION=f"Token {printed.strip()}")

    assert client.get("/scheduler/jobs").status_code == 200


def test_output_is_the_token_alone_and_only_its_digest_is_stored(administrator: User) -> None:
    token = createtoken(administrator.username, "--name", "ci").strip()

    row = ApiToken.objects.values().get()
    assert len(token.split()) == 1
    assert token not in map(str, row.values())
    assert (row["name"], row["user_id"]) == ("ci", administrator.pk)


def test_token_without_a_name_says_where_it_came_from(administrator: User) -> None:
    createtoken(administrator.username)

    assert ApiToken.objects.get().name == "createtoken for admin"


def test_name_of_any_length_is_cut(administrator: User) -> None:
    createtoken(administrator.username, "--name", "n" * 300)

    assert len(ApiToken.objects.get().name) == 255


@pytest.mark.django_db
def test_unknown_user_is_said() -> None:
    with pytest.raises(CommandError, match="There is no user called nobody"):
        createtoken("nobody")
