"""What runs now, with its progress; one statement."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from scheduler.models import Execution, ExecutionOutput, Job, Node, Status

MOST_RUNNING = 12


class RunningNow(NamedTuple):
    """A run that is going on. Its job may be gone, and its name with it; `progress_*` are None where it told none."""

    id: int
    job_id: str
    name: str | None
    node: str | None
    created_at: datetime
    started_at: datetime | None
    cancel_requested_at: datetime | None
    progress_done: float | None
    progress_total: float | None
    progress_text: str | None

    @property
    def percent(self) -> float | None:
        """How far it has come; None where nobody knows."""
        if self.progress_done is None or not self.progress_total or self.progress_total < 0:
            return None
        return min(max(100 * self.progress_done / self.progress_total, 0.0), 100.0)


def read_running() -> list[RunningNow]:
    """Return the runs that have been going on for longest, and one more than are shown, if there are more."""
    output = ExecutionOutput.objects.filter(pk=OuterRef("pk"))
    running: QuerySet[Execution] = Execution.objects.filter(status=Status.RUNNING).order_by("id")
    annotated = running.annotate(
        name=Subquery(Job.objects.filter(pk=OuterRef("job_id")).values("name")[:1]),
        node_name=Subquery(Node.objects.filter(pk=OuterRef("node_id")).values("name")[:1]),
        **{name: Subquery(output.values(name)[:1]) for name in ("progress_done", "progress_total", "progress_text")},
    )
    rows = annotated.values_list(
        "id", "job_id", "name", "node_name", "created_at", "started_at", "cancel_requested_at", "progress_done",
        "progress_total", "progress_text",
    )  # fmt: skip
    return [RunningNow(*row) for row in rows[: MOST_RUNNING + 1]]
