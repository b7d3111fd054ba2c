"""Static files, which the web server itself serves, with DEBUG off."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from carnation import settings as project

pytestmark = pytest.mark.pure


def test_collected_files_are_served_without_debug(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = project.STORAGES
    settings.MIDDLEWARE = project.MIDDLEWARE
    call_command("collectstatic", verbosity=0, interactive=False)

    response = Client().get("/static/carnation.svg")

    assert (response.status_code, settings.DEBUG) == (200, False)
    assert response["Content-Type"].startswith("image/svg+xml")
    # To the end, as a browser reads it: a response that is closed by hand takes the connections of other tests along.
    assert response.getvalue() == (project.BASE_DIR / "static" / "carnation.svg").read_bytes()
