"""A server that cannot share the work among nodes is refused."""

import pytest
from django.db import connections

from scheduler.checks import check_database, check_settings

pytestmark = pytest.mark.django_db


def test_this_server_is_new_enough() -> None:
    assert check_database(databases=["default"]) == []


def test_server_without_skip_locked_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connections["default"]
    monkeypatch.setattr(connection.features, "has_select_for_update_skip_locked", False, raising=False)

    refused = [message.id for message in check_database(databases=["default"])]

    assert refused == ([] if connection.vendor == "sqlite" else ["scheduler.E016"])


def test_commands_that_name_no_database_connect_to_none() -> None:
    assert check_database() == []
    assert check_settings() == []
