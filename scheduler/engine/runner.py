"""Runs one body and says how it ended: the one edge where anything may be raised."""

import logging
from datetime import UTC, datetime

from django.db import connections

from scheduler.engine.definitions import Run
from scheduler.engine.outcomes import Outcome, failure_texts, result_text
from scheduler.models import Status

logger = logging.getLogger(__name__)


def run_body(run: Run) -> Outcome:
    """Call the task in this thread. Raises nothing: whatever the body raises is its outcome."""
    started_at = datetime.now(UTC)
    try:
        result = result_text(run.call())
    except BaseException as error:  # noqa: BLE001 - SystemExit in a body must not end a worker thread
        reason, traceback = failure_texts(error)
        logger.warning("Job %s failed: %s", run.job_id, reason, extra={"action": "job_failed"})
        status = Status.FAILED
    else:
        status, reason, traceback = Status.SUCCEEDED, "", ""
    _close_connections()
    return Outcome(
        execution_id=run.execution_id,
        node_id=run.node_id,
        status=status,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        reason=reason,
        result=result if status == Status.SUCCEEDED else "",
        traceback=traceback,
    )


def _close_connections() -> None:
    """Leave no connection behind: every body starts without one, as an idle one would be dead when it is next used."""
    for connection in connections.all(initialized_only=True):
        try:
            connection.close()
        except Exception:
            # The body broke its connection; that is no reason to lose how it ended.
            logger.exception("A body's connection could not be closed.", extra={"action": "close_failed"})
        # One that was left within a transaction stays unusable even when closed: the next body gets another.
        del connections[connection.alias]
