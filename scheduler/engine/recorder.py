"""The writer of outcomes: batches, on a connection of its own, at most BEHIND seconds after the body ended."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection

from scheduler.engine.outcomes import Outcome
from scheduler.engine.outputs import STILL_RUNNING, progress_columns, write_outputs
from scheduler.engine.retries import queue_retries
from scheduler.engine.statements import BulkUpdate
from scheduler.engine.writing import limit_lock_waits
from scheduler.models import Execution, ExecutionOutput
from scheduler.services.transactions import write_transaction

logger = logging.getLogger(__name__)

BEHIND_SECONDS = 0.05
BATCH = 500
# Characters of text in a batch; the servers limit the length of a statement, commonly to 16 MB.
HEAVIEST_BATCH = 2_000_000
RETRY_SECONDS = 1.0

_RECORD = BulkUpdate(
    model=Execution,
    keys={"id": int, "node_id": int},
    columns={"status": str, "reason": str, "started_at": datetime, "finished_at": datetime},
    guard=STILL_RUNNING,
)


def record(outcomes: Sequence[Outcome]) -> None:
    """Write how these executions ended, what they left to read, and their retries. One transaction."""
    with write_transaction():
        _RECORD.run(
            [
                (
                    each.run.execution_id,
                    each.run.node_id,
                    each.status.value,
                    each.reason or each.run.note,
                    each.started_at,
                    each.finished_at,
                )
                for each in outcomes
            ]
        )
        # Most runs leave nothing to read and need no retry; for them that was all.
        rest = _still_ours([outcome for outcome in outcomes if outcome.has_output or outcome.may_be_retried])
        write_outputs([_output_of(outcome) for outcome in rest if outcome.has_output])
        queue_retries([outcome for outcome in rest if outcome.may_be_retried])


def _still_ours(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Leave out what is recorded otherwise: lost, when this node was declared dead."""
    if not outcomes:
        return []
    ends = Execution.objects.filter(pk__in=[outcome.run.execution_id for outcome in outcomes])
    recorded = set(ends.values_list("pk", "node_id", "status"))
    return [each for each in outcomes if (each.run.execution_id, each.run.node_id, each.status.value) in recorded]


def _output_of(outcome: Outcome) -> ExecutionOutput:
    return ExecutionOutput(
        execution_id=outcome.run.execution_id,
        log=outcome.log,
        result=outcome.result,
        traceback=outcome.traceback,
        **progress_columns(outcome.progress),
    )


class Recorder(threading.Thread):
    """A thread that takes outcomes from the workers and writes them until all are written.

    It promises that no outcome is dropped while the process lives: what the database refuses is tried again until it
    takes it, in ever smaller batches, and at last without its texts. It does not promise that the row is still there.
    """

    def __init__(self, on_recorded: Callable[[Sequence[Outcome]], None]) -> None:
        """`on_recorded` is called in the recorder's thread, after the commit."""
        super().__init__(name="recorder", daemon=True)
        self._on_recorded = on_recorded
        self._outcomes: queue.SimpleQueue[Outcome | None] = queue.SimpleQueue()
        self._is_failing = False

    def put(self, outcome: Outcome) -> None:
        """Hand over an outcome; returns at once."""
        self._outcomes.put(outcome)

    def request_stop(self) -> None:
        """End as soon as all is written that was handed over."""
        self._outcomes.put(None)

    def stop(self, timeout: float) -> None:
        """Write what was handed over, and end; give up waiting after `timeout` seconds."""
        self.request_stop()
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
        weight, patience = 0, None
        while len(batch) < BATCH and weight < HEAVIEST_BATCH:
            try:
                outcome = self._outcomes.get(timeout=patience and max(patience - time.monotonic(), 0))
            except queue.Empty:
                break
            if outcome is None:
                return batch, True
            batch.append(outcome)
            weight += outcome.weight
            patience = patience or time.monotonic() + BEHIND_SECONDS
        return batch, False

    def _record_until_done(self, batch: Sequence[Outcome]) -> None:
        """Record a batch; where that fails, wait, then record its halves, so that one bad outcome stops no other."""
        if self._try(batch):
            return
        time.sleep(RETRY_SECONDS)
        middle = len(batch) // 2
        if middle:
            self._record_until_done(batch[:middle])
            self._record_until_done(batch[middle:])
        else:
            self._record_one_until_done(batch[0])

    def _record_one_until_done(self, outcome: Outcome) -> None:
        """Record one outcome for as long as it takes; without its texts, where it is they that cannot be stored."""
        while True:
            was_there = _database_answers()
            if self._try([outcome]):
                return
            # What a database refuses that answered before, and answers still, is refused for what it is.
            if was_there and _database_answers() and self._try([outcome.without_texts()]):
                return
            time.sleep(RETRY_SECONDS)

    def _try(self, batch: Sequence[Outcome]) -> bool:
        try:
            limit_lock_waits()
            record(batch)
        except Exception:
            if not self._is_failing:
                logger.exception("Outcomes could not be recorded; trying on.", extra={"action": "record_failed"})
            self._is_failing = True
            connection.close()
            return False
        self._is_failing = False
        self._on_recorded(batch)
        return True


def _database_answers() -> bool:
    """Tell whether the database is there at all."""
    try:
        limit_lock_waits()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001 - whatever a driver raises while the database is away
        connection.close()
        return False
    return True
