"""Runs one body and says how it ended: the one edge where anything may be raised."""

import logging

from django.db import connections

from scheduler import clock
from scheduler.current import enter_execution, leave_execution
from scheduler.engine.bodies import Body
from scheduler.engine.outcomes import Outcome, failure_texts, result_text, storable
from scheduler.engine.retrying import names_of_error
from scheduler.models import Status

logger = logging.getLogger(__name__)


def run_body(body: Body) -> Outcome:
    """Call the task in this thread, as the current execution, and leave no connection behind."""
    outcome = call_body(body)
    _close_connections()
    return outcome


def call_body(body: Body) -> Outcome:
    """Call the task in this thread, as the current execution. Raises nothing: what the body raises is its outcome."""
    token = enter_execution(body)
    reason = result = traceback = ""
    error_types: tuple[str, ...] = ()
    try:
        result = result_text(body.run.call())
        status = Status.SUCCEEDED
    except BaseException as error:  # noqa: BLE001 - SystemExit in a body must not end a worker thread
        status, error_types = Status.FAILED, names_of_error(error)
        reason, traceback = failure_texts(error)
    finally:
        leave_execution(token)
    if body.cancel_reason is not None:
        status, reason = Status.CANCELLED, body.cancel_reason
    return Outcome(
        run=body.run,
        status=status,
        started_at=body.started_at,
        finished_at=clock.now(),
        reason=reason,
        result=result,
        traceback=traceback,
        log=storable(body.log.take_text()),
        progress=body.latest_progress,
        error_types=error_types,
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
