"""The rows of nodes, and of what they are told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

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
        # By the database's clock, which no test can set.
        heartbeat_at=timezone.now() - heard,
        last_turn_at=timezone.now() - heard,
        stopped_at=NOW if stopped else None,
    )


def test_node_is_alive_until_its_silence_is_too_long() -> None:
    fresh, almost = node(timedelta(0)), node(DEAD_AFTER - timedelta(seconds=6))
    silent = node(2 * DEAD_AFTER)
    node(2 * DEAD_AFTER, stopped=True)

    assert set(Node.objects.alive()) == {fresh, almost}
    assert set(Node.objects.dead()) == {silent}


def test_node_whose_turns_fail_is_alive_but_does_not_turn() -> None:
    fine, failing = node(timedelta(0)), node(timedelta(0))
    Node.objects.filter(pk=failing.pk).update(last_turn_at=timezone.now() - 2 * DEAD_AFTER)

    assert set(Node.objects.alive()) == {fine, failing}
    assert set(Node.objects.turning()) == {fine}


def test_death_is_noticed_within_15_seconds() -> None:
    assert timedelta(seconds=15) >= DEAD_AFTER + HEARTBEAT_EVERY


def test_there_is_one_state() -> None:
    SchedulerState.objects.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        SchedulerState.objects.create(pk=2)
