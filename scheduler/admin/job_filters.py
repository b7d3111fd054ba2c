"""The filters of the jobs' list, and the views that are made of them."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scheduler import clock
from scheduler.admin.filters import Filter, executors, in_order, nodes_alive
from scheduler.listings import jobs as listing
from scheduler.models import Job, Status, id_in

# Ready-made views: their names, and the filters that they are.
JOB_VIEWS: list[tuple[Any, dict[str, str]]] = [
    (_("All"), {}),
    (_("Running"), {"runs": "running"}),
    (_("Late"), {"runs": "late"}),
    (_("Failed last day"), {"runs": "failed"}),
    (_("Broken"), {"state": "broken"}),
    (_("Paused"), {"state": "paused"}),
    (_("Never ran"), {"runs": "never"}),
    (pgettext_lazy("jobs", "Finished"), {"state": "finished"}),
]


class StateFilter(Filter):
    """Active, paused, finished, broken."""

    title = _("state")
    parameter_name = "state"
    LABELS: ClassVar = {
        "active": _("active"),
        "paused": _("paused"),
        "finished": _("finished"),
        "broken": _("broken"),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the states."""
        return [*self.LABELS.items()]

    def chosen(self, request: HttpRequest, queryset: QuerySet[Job], value: str) -> QuerySet[Job]:
        """Return the jobs of a state."""
        return queryset.filter(listing.STATES[value])


class RunsFilter(Filter):
    """What became of a job's runs lately."""

    title = _("runs")
    parameter_name = "runs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the questions."""
        return [
            ("running", _("runs now")),
            ("late", _("late: due for over a minute, and not begun")),
            ("failed", _("failed within the last day")),
            ("never", _("never ran")),
        ]

    def chosen(self, request: HttpRequest, queryset: QuerySet[Job], value: str) -> QuerySet[Job]:
        """Return the jobs of which it is true."""
        match value:
            case "late":
                return queryset.filter(pk__in=listing.late_jobs(now=clock.now()))
            case "running":
                return queryset.filter(pk__in=listing.running_jobs())
            case "failed":
                return queryset.filter(pk__in=listing.jobs_that_failed(now=clock.now()))
        return listing.without_history(queryset)


class LastStatusFilter(Filter):
    """The status of the latest execution."""

    title = _("last status")
    parameter_name = "last"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the statuses."""
        return [*Status.choices]

    def chosen(self, request: HttpRequest, queryset: QuerySet[Job], value: str) -> QuerySet[Job]:
        """Return the jobs whose latest execution has it."""
        return listing.with_last_status(queryset, value)


class TagFilter(Filter):
    """A tag."""

    title = _("tag")
    parameter_name = "tag"
    is_open = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the tags in use, and how many jobs have each."""
        self.tags = listing.tags_in_use()
        return [(tag, f"{tag} ({number})") for tag, number in sorted(self.tags.counts.items())]

    def chosen(self, request: HttpRequest, queryset: QuerySet[Job], value: str) -> QuerySet[Job]:
        """Return the jobs with the tag."""
        return self.tags.with_tag(queryset, value)


class TaskFilter(Filter):
    """A task."""

    title = _("task")
    parameter_name = "task"
    is_open = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the tasks in use."""
        return in_order(listing.tasks_in_use())

    def chosen(self, request: HttpRequest, queryset: QuerySet[Job], value: str) -> QuerySet[Job]:
        """Return the jobs of the task."""
        return queryset.filter(func=value)


class ExecutorFilter(Filter):
    """An executor, which the settings may have lost."""

    title = _("executor")
    parameter_name = "executor"
    is_open = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name those of the settings."""
        return executors()

    def chosen(self, request: HttpRequest, queryset: QuerySet[Job], value: str) -> QuerySet[Job]:
        """Return the jobs that it runs."""
        return queryset.filter(executor=value)


class RunningOnFilter(Filter):
    """The node on which a job runs at this moment."""

    title = _("runs on")
    parameter_name = "node"
    is_open = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the nodes that are alive."""
        return nodes_alive()

    def chosen(self, request: HttpRequest, queryset: QuerySet[Job], value: str) -> QuerySet[Job]:
        """Return the jobs that run there."""
        node_id = id_in(value)
        return queryset.filter(pk__in=listing.running_jobs(node_id=node_id)) if node_id else queryset.none()


JOB_FILTERS = (StateFilter, RunsFilter, LastStatusFilter, TagFilter, TaskFilter, ExecutorFilter, RunningOnFilter)
