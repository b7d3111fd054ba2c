"""Keeps what waits for the end of a maintenance window in step with the windows."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from scheduler.models import Execution, Job, Status
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.timetables import tags_of
from scheduler.triggers.windows import Span, Windows
from scheduler.words import said


@retry_deadlocks
@transaction.atomic
def review_postponed(windows: Windows, *, now: datetime) -> int:
    """Let all that waits for the end of a window wait for as long as the windows say now; return how many moved.

    What is in a window at this moment waits for its end, all else starts. Of what is queued for later, only what waits
    for a window has a reason: a retry that waits for its delay has none.
    """
    later = Execution.objects.filter(status=Status.QUEUED, available_at__gt=now, cancel_requested_at=None)
    waiting = later.exclude(reason="").order_by()
    pairs = set(waiting.values_list("job_id", "available_at"))
    jobs = Job.objects.filter(pk__in={job_id for job_id, _ends in pairs}).only("tags")
    tags = {job.pk: tags_of(job) for job in jobs}
    moved: dict[Span | None, set[str]] = {}
    for job_id, until in pairs:
        span = windows.covering(now, tags.get(job_id, frozenset()))
        if span is None or span.end != until:
            moved.setdefault(span, set()).add(job_id)
    return sum(waiting.filter(job_id__in=ids).update(**_columns(span, now=now)) for span, ids in moved.items())


def _columns(span: Span | None, *, now: datetime) -> dict[str, object]:
    if span is None:
        return {"available_at": now, "reason": _("The maintenance window that it waited for was changed or deleted.")}
    return {"available_at": span.end, "reason": said(span.postponed)}
