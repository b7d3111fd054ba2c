"""SCHEDULER_API_ENABLED and SCHEDULER_API_PREFIX, which are read when the process starts."""

from collections.abc import Callable, Iterator
from importlib import reload
from typing import Any

import pytest
from django.urls import clear_url_caches
from pytest_django import Settings
from rest_framework.test import APIClient

import carnation.urls
import scheduler.api.urls

Reload = Callable[..., None]


@pytest.fixture
def configure(settings: Settings) -> Iterator[Reload]:
    """Set settings, and read the URL configuration as a new process does."""

    def read_urls() -> None:
        reload(scheduler.api.urls)
        reload(carnation.urls)
        clear_url_caches()

    def configure(**values: Any) -> None:
        for name, value in values.items():
            setattr(settings, name, value)
        read_urls()

    before = {name: getattr(settings, name) for name in ("SCHEDULER_API_ENABLED", "SCHEDULER_API_PREFIX")}
    yield configure
    configure(**before)


def test_disabled_api_is_not_found(configure: Reload, api: APIClient) -> None:
    configure(SCHEDULER_API_ENABLED=False)

    assert api.get("/scheduler").status_code == 404
    assert api.get("/scheduler/jobs").status_code == 404
    assert APIClient().get("/scheduler/jobs").status_code == 404


@pytest.mark.parametrize("prefix", ["/api", "/a/b", "/scheduler2"])
def test_api_stands_at_its_prefix_and_nowhere_else(configure: Reload, api: APIClient, prefix: str) -> None:
    configure(SCHEDULER_API_PREFIX=prefix)

    assert api.get(prefix).status_code == 200
    assert api.get(f"{prefix}/jobs").json() == []
    assert api.get(f"{prefix}/jobs/x").json() == {"error_message": "Job x not found"}
    assert api.get("/scheduler").status_code == 404
    assert api.get("/scheduler/jobs").status_code == 404


def test_unknown_path_below_another_prefix_is_json(configure: Reload, api: APIClient) -> None:
    configure(SCHEDULER_API_PREFIX="/api")

    assert api.get("/api/nosuch").json() == {"error_message": "Not found."}
    assert api.get("/scheduler/nosuch").headers["Content-Type"] == "text/html; charset=utf-8"


def test_pages_of_executions_link_to_the_prefix(configure: Reload, api: APIClient) -> None:
    configure(SCHEDULER_API_PREFIX="/api")
    api.post("/api/jobs", {"id": "x", "func": "jobs:nothing", "trigger": "interval"}, format="json")
    api.post("/api/jobs/x/run")
    api.post("/api/jobs/x/run")

    page = api.get("/api/jobs/x/executions?limit=1").json()

    assert page["next"].startswith("/api/jobs/x/executions?")
    assert api.get(page["next"]).status_code == 200
