"""`manage.py firstrun`."""

import re
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import call_command
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


def firstrun() -> str:
    output = StringIO()
    call_command("firstrun", stdout=output)
    return output.getvalue()


def password_in(text: str) -> str | None:
    found = re.search(r"^Password +(\S+)", text, re.MULTILINE)
    return found and found.group(1)


def test_first_run_makes_an_administrator_whose_password_works() -> None:
    password = password_in(firstrun())

    user = User.objects.get()
    assert user.is_superuser
    assert authenticate(username=user.username, password=password) == user


def test_second_run_makes_nobody_and_prints_no_password() -> None:
    password = password_in(firstrun())
    assert password

    printed = firstrun()

    assert User.objects.count() == 1
    assert password_in(printed) is None
    assert password not in printed


def test_administrator_of_another_name_is_greeted() -> None:
    User.objects.create_superuser("carol", password="right password")

    printed = firstrun()

    assert User.objects.count() == 1
    assert "Log in as carol" in printed
    assert password_in(printed) is None


@pytest.mark.parametrize("rights", [{"is_superuser": False}, {"is_superuser": True, "is_active": False}])
def test_name_that_is_taken_by_no_administrator_is_left_alone(rights: dict[str, bool]) -> None:
    User.objects.create(username="admin", **rights)

    password = password_in(firstrun())

    assert authenticate(username="admin2", password=password) == User.objects.get(username="admin2")
    assert not User.objects.filter(username="admin", is_superuser=True, is_active=True).exists()


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("box", "box")])
def test_greeting_says_where_to_click_and_what_to_curl(settings: Settings, host: str, shown: str) -> None:
    settings.HOST, settings.PORT, settings.SCHEDULER_API_PREFIX = host, 8123, "/jobs-api"

    printed = firstrun()

    assert f"http://{shown}:8123/admin/" in printed
    assert f"http://{shown}:8123/jobs-api/jobs" in printed
