"""The filters of the executions' list, and the views that are made of them."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from scheduler import clock
from scheduler.admin import job_filters
from scheduler.admin.filters import Filter, latest_nodes
from scheduler.admin.time_filters import ExecutionFilter, FromFilter, RecordedFilter, UntilFilter
from scheduler.listings.executions import is_rare
from scheduler.listings.jobs import LATE_AFTER
from scheduler.listings.search import MOST_BY_INDEX, of_jobs
from scheduler.models import ACTIVE, FAILURES, Execution, Job, Origin, Status, id_in

EXECUTION_VIEWS: list[tuple[Any, dict[str, str]]] = [
    (_("All"), {}),
    (_("Running"), {"status__exact": "running"}),
    (_("Queued"), {"status__exact": "queued"}),
    (_("Failed last day"), {"status__exact": "unsuccessful", "recorded": "day"}),
    (_("Missed last day"), {"status__exact": "missed", "recorded": "day"}),
    (_("Late last day"), {"start": "late", "recorded": "day"}),
    (_("Run by hand"), {"origin__exact": "manual"}),
]


class StatusFilter(ExecutionFilter):
    """A status, or several that belong together."""

    title = _("status")
    parameter_name = "status__exact"
    TOGETHER: ClassVar[dict[str, tuple[Status, ...]]] = {"active": ACTIVE, "unsuccessful": FAILURES}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the statuses."""
        together = [("active", _("queued or running")), ("unsuccessful", _("failed, timed out or lost"))]
        return [*Status.choices, *together]

    def chosen(self, request: HttpRequest, queryset: QuerySet[Execution], value: str) -> QuerySet[Execution]:
        """Return what has the status."""
        self.by_index = self.is_rare
        return queryset.filter(status__in=self.statuses)

    @property
    def statuses(self) -> tuple[Status, ...]:
        """What was chosen."""
        value = self.value() or ""
        return self.TOGETHER.get(value) or (Status(value),)

    @cached_property
    def is_rare(self) -> bool:
        """Whether few enough rows have it."""
        return all(is_rare(status) for status in self.statuses)


class OriginFilter(ExecutionFilter):
    """How an execution came about."""

    title = _("origin")
    parameter_name = "origin__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the origins."""
        return [*Origin.choices]

    def chosen(self, request: HttpRequest, queryset: QuerySet[Execution], value: str) -> QuerySet[Execution]:
        """Return what has it."""
        return queryset.filter(origin=value)


class NodeFilter(ExecutionFilter):
    """The node that ran it."""

    title = _("node")
    parameter_name = "node"
    is_open = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the nodes that started last."""
        return latest_nodes()

    def chosen(self, request: HttpRequest, queryset: QuerySet[Execution], value: str) -> QuerySet[Execution]:
        """Return what it ran."""
        node_id = id_in(value)
        return queryset.filter(node_id=node_id) if node_id else queryset.none()


class StartFilter(ExecutionFilter):
    """Whether a run began, or waits, long after it was due."""

    title = _("start")
    parameter_name = "start"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the one question."""
        return [("late", _("over a minute late"))]

    def chosen(self, request: HttpRequest, queryset: QuerySet[Execution], value: str) -> QuerySet[Execution]:
        """Return what is late; a backfill always is."""
        began = Q(started_at__gt=Greatest("scheduled_for", "available_at") + LATE_AFTER)
        waits = Q(status=Status.QUEUED, available_at__lt=clock.now() - LATE_AFTER)
        return queryset.filter(began | waits).exclude(origin=Origin.BACKFILL)


class JobFilter(ExecutionFilter):
    """One job, which may be gone."""

    title = _("job")
    parameter_name = "job__id__exact"
    is_open = True
    kind = "text"
    by_index = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer none: there may be many."""
        return []

    def chosen(self, request: HttpRequest, queryset: QuerySet[Execution], value: str) -> QuerySet[Execution]:
        """Return its executions."""
        return queryset.filter(job_id=value)


class OfJobs(ExecutionFilter):
    """A filter of jobs, by which their executions are found."""

    is_open = True
    of_job: type[Filter]

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        self.jobs = self.of_job(request, params, Job, model_admin)
        super().__init__(request, params, model, model_admin)
        self.used_parameters |= self.jobs.used_parameters

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer what the jobs' filter offers."""
        return [*self.jobs.lookup_choices]

    def chosen(self, request: HttpRequest, queryset: QuerySet[Execution], value: str) -> QuerySet[Execution]:
        """Return the executions of the jobs that are there now."""
        self.by_index = len(self.job_ids) <= MOST_BY_INDEX
        return of_jobs(queryset, self.job_ids)

    @cached_property
    def job_ids(self) -> set[str]:
        """The jobs that are meant."""
        jobs = self.jobs.queryset(self.request, Job.objects.order_by())
        return set(jobs.values_list("pk", flat=True))


class TagFilter(OfJobs):
    """A tag of the job."""

    title = _("tag")
    parameter_name = "tag"
    of_job = job_filters.TagFilter


class TaskFilter(OfJobs):
    """The task of the job as it is now."""

    title = _("task")
    parameter_name = "task"
    of_job = job_filters.TaskFilter


class ExecutorFilter(OfJobs):
    """The executor of the job as it is now."""

    title = _("executor")
    parameter_name = "executor"
    of_job = job_filters.ExecutorFilter


EXECUTION_FILTERS = (
    StatusFilter, RecordedFilter, OriginFilter, StartFilter, NodeFilter, TagFilter, TaskFilter, ExecutorFilter,
    JobFilter, FromFilter, UntilFilter,
)  # fmt: skip
