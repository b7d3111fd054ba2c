"""Fixtures that every test may use."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import translation
from rest_framework.test import APIClient

from scheduler.services.tokens import create_token
from tests.processes import Node

pytest_plugins = ["scheduler.testing"]


def pytest_collection_finish() -> None:
    """Let no collection of garbage look through modules and tests, which stay: it takes a third of a page's time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _language_ends_with_the_test() -> Iterator[None]:
    """Let no test speak the language of the last page that an earlier one asked for: Django leaves it active."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Put SQLite's test database into a file, because other processes must open it too."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture
def administrator(db: None) -> User:
    """A user who may do everything."""
    return User.objects.create_superuser("admin", password="right password")


@pytest.fixture
def api(administrator: User) -> APIClient:
    """A client that is authenticated by a token and may do everything."""
    client = APIClient()
    token, _row = create_token(user=administrator, name="tests")
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


@pytest.fixture
def start_node(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., Node]]:
    """Start `runapscheduler` in a process of its own, on this test's database; what still runs is killed afterwards."""
    nodes: list[Node] = []

    def start(*arguments: str, **environment: str) -> Node:
        node = Node(*arguments, log=tmp_path / f"node-{len(nodes)}.log", environment=environment)
        nodes.append(node)
        return node

    yield start
    for node in nodes:
        node.kill()
