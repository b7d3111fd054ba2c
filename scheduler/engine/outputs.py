"""Writes what bodies print and report: while they run, so that a page can follow, and once more when they end."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from scheduler.current import LONGEST_TEXT, Progress
from scheduler.engine.bodies import Body
from scheduler.engine.outcomes import storable
from scheduler.engine.statements import BulkUpdate
from scheduler.models import Execution, ExecutionOutput, Status
from scheduler.services.transactions import write_transaction

# What a body prints in its first moments comes with its end, if that comes soon.
FOLLOW_AFTER_SECONDS = 0.5
# The servers limit the length of a statement, commonly to 16 MB.
FOLLOWED_AT_ONCE = 25
# Only what is still that node's to tell: not what was declared lost meanwhile. COALESCE keeps the planners from
# starting at the index of statuses, where each running row would be compared with each row that is told.
STILL_RUNNING = f"COALESCE(t.status, '') = '{Status.RUNNING.value}'"
_COLUMNS = ["log", "progress_done", "progress_total", "progress_text", "result", "traceback"]


def write_outputs(outputs: Sequence[ExecutionOutput]) -> None:
    """Store outputs, over what was stored before."""
    if not outputs:
        return
    target = ["execution"] if connection.features.supports_update_conflicts_with_target else None
    ExecutionOutput.objects.bulk_create(outputs, update_conflicts=True, unique_fields=target, update_fields=_COLUMNS)


def progress_columns(progress: Progress) -> dict[str, Any]:
    """Return the columns that tell of a progress."""
    return {
        "progress_done": progress.done,
        "progress_total": progress.total,
        "progress_text": storable(progress.text)[:LONGEST_TEXT],
    }


def follow(bodies: Iterable[Body], *, now: float) -> None:
    """Store what running bodies have printed and reported since the last time. `now` is monotonic."""
    news = [body for body in bodies if now - body.began >= FOLLOW_AFTER_SECONDS and body.has_news()]
    for start in range(0, len(news), FOLLOWED_AT_ONCE):
        some = news[start : start + FOLLOWED_AT_ONCE]
        try:
            _follow(some)
        except Exception:
            # What was taken from them was not stored; it is news again.
            for body in some:
                body.log.is_changed = True
            raise


def _follow(bodies: Sequence[Body]) -> None:
    outputs = [
        ExecutionOutput(
            execution_id=body.id, log=storable(body.log.take_text()), **progress_columns(body.take_progress())
        )
        for body in bodies
    ]
    with write_transaction():
        # Under its lock, so that the recorder, which comes last, has the last word.
        running = set(
            Execution.objects.select_for_update()
            .filter(pk__in=[body.id for body in bodies], status=Status.RUNNING)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        write_outputs([output for output in outputs if output.execution_id in running])


_TELL_STARTS = BulkUpdate(
    model=Execution, keys={"id": int, "node_id": int}, columns={"started_at": datetime}, guard=STILL_RUNNING
)


def tell_starts(bodies: Iterable[Body], *, now: float) -> None:
    """Store when bodies began that have run for a while; of those that end sooner, the recorder tells both ends."""
    started = [body for body in bodies if body.has_begun and now - body.began >= FOLLOW_AFTER_SECONDS]
    untold = [body for body in started if not body.is_start_told]
    for start in range(0, len(untold), FOLLOWED_AT_ONCE):
        some = untold[start : start + FOLLOWED_AT_ONCE]
        with write_transaction():
            _TELL_STARTS.run([(body.id, body.run.node_id, body.started_at) for body in some])
        for body in some:
            body.is_start_told = True
