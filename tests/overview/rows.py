"""Executions as they were made at a moment."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from scheduler.models import Execution, Status, first_id_of

_numbers = count()


def made(moment: datetime, *, job_id: str = "job", status: Status = Status.SUCCEEDED, **more: Any) -> Execution:
    """Write an execution that was made, and due, at this moment; one that ran started at once, for a second.

    Of those of one job and one moment each is another attempt, as the database wants it.
    """
    number = next(_numbers)
    ran = status in (Status.SUCCEEDED, Status.FAILED, Status.TIMED_OUT, Status.LOST)
    started = {"started_at": moment, "finished_at": moment + timedelta(seconds=1)} if ran else {}
    fields: dict[str, Any] = {
        "scheduled_for": moment,
        "available_at": moment,
        "attempt": number + 1,
        "revision": 1,
        "created_at": moment,
        **started,
    }
    return Execution.objects.create(id=first_id_of(moment) + number, job_id=job_id, status=status, **(fields | more))
