"""Clients that are logged in, and a clock that stands still."""

from tests.admin.conftest import browser, browser_with
from tests.services.conftest import clock

__all__ = ["browser", "browser_with", "clock"]
