"""The jobs' list: finds a page of ids in an order, and reads what the page shows of them."""

from typing import Any, ClassVar

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.paginator import InvalidPage
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from scheduler.admin.bulk import JOB_ACTIONS
from scheduler.admin.controls import may_operate
from scheduler.admin.job_filters import JOB_FILTERS, JOB_VIEWS
from scheduler.admin.job_rows import JobRow, rows_of
from scheduler.admin.lists import FilteredList, LongList
from scheduler.listings.jobs import by_next_run, search_jobs
from scheduler.models import Job
from scheduler.queries import next_run_time_of_job


class JobChangeList(FilteredList):
    """A page of jobs."""

    result_list: Any

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Job]) -> Any:
        """Sort by what was chosen alone; the next runs of ten thousand jobs are not worth being the tie-breaker."""
        return super().get_ordering(request, queryset.order_by())

    def get_results(self, request: HttpRequest) -> None:
        """Read all ids in their order, which also counts them, and the rows of the page by theirs: the rows are wide.

        What a filter costs, it so costs once.
        """
        found = list(self.queryset.values_list("pk", flat=True))
        self.paginator = self.model_admin.get_paginator(request, found, self.list_per_page)
        # Alike, as the header would else offer to show all where all are shown.
        self.result_count = self.full_result_count = len(found)
        self.show_full_result_count, self.show_admin_actions = False, True
        self.can_show_all = len(found) <= self.list_max_show_all
        self.multi_page = len(found) > self.list_per_page
        ids = self._ids_of_page(found)
        jobs = {job.pk: job for job in self.model_admin.get_queryset(request).filter(pk__in=ids).order_by()}
        self.result_list = [jobs[job_id] for job_id in ids if job_id in jobs]

    def _ids_of_page(self, found: list[str]) -> list[str]:
        if not self.multi_page or (self.show_all and self.can_show_all):
            return found
        try:
            return list(self.paginator.page(self.page_num).object_list)
        except InvalidPage as error:
            raise IncorrectLookupParameters from error

    @cached_property
    def rows(self) -> list[JobRow]:
        """What the page shows."""
        return rows_of(self.result_list)


class JobList(LongList):
    """The part of the jobs' pages that is their list."""

    list_display = ("name", "state", "func", "shown_next_run", "last_run")
    sortable_by = ("name", "func", "shown_next_run")
    list_filter = JOB_FILTERS
    list_views = JOB_VIEWS
    search_fields = ("id", "name", "func")
    search_help_text = _("Search by name, id or task")
    ordering = ("id",)
    actions: ClassVar[tuple[Any, ...]] = JOB_ACTIONS
    rows_template = "scheduler/lists/job_rows.html"
    empty_hint = _("A job says which task runs, and when. Add the first one.")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[JobChangeList]:
        """Return our own."""
        return JobChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        """Add the next run."""
        queryset: QuerySet[Job] = super().get_queryset(request)
        return queryset.annotate(next_run_time=next_run_time_of_job())

    def get_ordering(self, request: HttpRequest) -> Any:
        """Show the next one first."""
        return by_next_run()

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Job], search_term: str) -> Any:
        """Find by id, name and task."""
        return search_jobs(queryset, search_term), False

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Tell whether somebody may run, pause and resume."""
        return may_operate(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the controls to those who may use them."""
        context = {"has_operate_permission": self.has_operate_permission(request), "title": _("Jobs")}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @display(description=_("state"))
    def state(self, job: Job) -> None:
        """Name the column; the row's template fills it, as the next ones."""

    @display(description=_("next run"), ordering=F("next_run_time").asc(nulls_last=True))
    def shown_next_run(self, job: Job) -> None:
        """Name the column."""

    @display(description=_("last run"))
    def last_run(self, job: Job) -> None:
        """Name the column."""
