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
    finally:
        # A body starts without connections and leaves none behind: an idle one would be dead when it is next used.
        connections.close_all()
    return Outcome(
        execution_id=run.execution_id,
        status=status,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        reason=reason,
        result=result if status == Status.SUCCEEDED else "",
        traceback=traceback,
    )
