"""Fixtures of the engine's tests."""

from datetime import UTC, datetime

import pytest

from scheduler.models import Job, Node
from scheduler.services.jobs import create_job
from scheduler.services.nodes import register_node


@pytest.fixture
def node(db: None) -> Node:
    """A node that is registered."""
    return register_node(name="here", pid=1, threads=4, now=datetime(2026, 11, 22, 9, 0, tzinfo=UTC))


@pytest.fixture
def job(db: None) -> Job:
    """A job that is never due by itself."""
    return create_job({"id": "job", "func": "jobs:nothing", "next_run_time": None})
