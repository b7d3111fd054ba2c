"""The writer of outcomes: batches, on a connection of its own, at most BEHIND seconds after the body ended."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection

from scheduler.engine.outcomes import Outcome
from scheduler.engine.statements import BulkUpdate
from scheduler.engine.writing import write_transaction
from scheduler.models import Execution, ExecutionOutput, Status

logger = logging.getLogger(__name__)

BEHIND_SECONDS = 0.05
BATCH = 500
RETRY_SECONDS = 1.0

_RECORD = BulkUpdate(
    model=Execution,
    key="id",
    key_type=int,
    columns={"status": str, "reason": str, "started_at": datetime, "finished_at": datetime},
    # Only what is still this node's to record: not what was declared lost meanwhile. COALESCE keeps the planners from
    # starting at the index of statuses, where each running row would be compared with each outcome.
    guard=f"COALESCE(t.status, '') = '{Status.RUNNING.value}' AND t.node_id = %s",
)


def record(outcomes: Sequence[Outcome], *, node_id: int) -> None:
    """Write how these executions ended. One transaction; outputs only where there is something to keep."""
    with write_transaction():
        _RECORD.run(
            [
                {
                    "id": outcome.execution_id,
                    "status": outcome.status.value,
                    "reason": outcome.reason,
                    "started_at": outcome.started_at,
                    "finished_at": outcome.finished_at,
                }
                for outcome in outcomes
            ],
            [node_id],
        )
        outputs = [
            ExecutionOutput(execution_id=outcome.execution_id, result=outcome.result, traceback=outcome.traceback)
            for outcome in outcomes
            if outcome.result or outcome.traceback
        ]
        ExecutionOutput.objects.bulk_create(outputs, ignore_conflicts=True)


class Recorder(threading.Thread):
    """A thread that takes outcomes from the workers and writes them until all are written.

    It promises that no outcome is dropped while the process lives: a batch that the database refuses is tried again
    until it takes it. It does not promise that the row is still there to be updated.
    """

    def __init__(self, node_id: Callable[[], int]) -> None:
        super().__init__(name="recorder", daemon=True)
        self._node_id = node_id
        self._outcomes: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()

    def put(self, outcome: Outcome) -> None:
        """Hand over an outcome; returns at once."""
        self._outcomes.put(outcome)

    def stop(self, timeout: float) -> None:
        """Write what was handed over, and end; give up waiting after `timeout` seconds."""
        self._outcomes.put(None)
        self.join(timeout)

    def run(self) -> None:
        """Write batches until stopped."""
        stopping = False
        while not stopping:
            batch, stopping = self._next_batch()
            if batch:
                self._record_until_done(batch)
        connection.close()

    def _next_batch(self) -> tuple[list[Outcome], bool]:
        """Wait for an outcome, then gather those that follow within BEHIND_SECONDS; tell whether it was the end."""
        batch: list[Outcome] = []
        patience = None
        while len(batch) < BATCH:
            try:
                outcome = self._outcomes.get(timeout=patience and max(patience - time.monotonic(), 0))
            except queue.Empty:
                break
            if outcome is None:
                return batch, True
            batch.append(outcome)
            patience = patience or time.monotonic() + BEHIND_SECONDS
        return batch, False

    def _record_until_done(self, batch: Sequence[Outcome]) -> None:
        failures = 0
        while True:
            try:
                return record(batch, node_id=self._node_id())
            except Exception:
                failures += 1
                if failures == 1:
                    logger.exception("Outcomes could not be recorded; trying on.", extra={"action": "record_failed"})
                connection.close()
                time.sleep(RETRY_SECONDS)
