"""The rows of nodes, and of what they are told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from scheduler.models import DEAD_AFTER, HEARTBEAT_EVERY, Node, SchedulerState

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def node(heard: timedelta, *, stopped: bool = False) -> Node:
    return Node.objects.create(
        name="n",
        host="h",
        pid=1,
        version="0",
        threads=1,
        started_at=NOW,
        heartbeat_at=NOW - heard,
        stopped_at=NOW if stopped else None,
    )


def test_node_is_alive_until_its_silence_is_too_long() -> None:
    fresh, almost = node(timedelta(0)), node(DEAD_AFTER - timedelta(microseconds=1))
    silent = node(DEAD_AFTER)
    node(DEAD_AFTER, stopped=True)

    assert set(Node.objects.alive(NOW)) == {fresh, almost}
    assert set(Node.objects.dead(NOW)) == {silent}


def test_death_is_noticed_within_15_seconds() -> None:
    assert timedelta(seconds=15) >= DEAD_AFTER + HEARTBEAT_EVERY


def test_there_is_one_state() -> None:
    SchedulerState.objects.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        SchedulerState.objects.create(pk=2)
