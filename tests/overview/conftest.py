"""A clock that stands still."""

from tests.services.conftest import clock

__all__ = ["clock"]
