"""The executions' list: pages through the history from id to id, and never counts it."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from scheduler.admin.bulk import EXECUTION_ACTIONS
from scheduler.admin.controls import may_operate
from scheduler.admin.execution_filters import EXECUTION_FILTERS, EXECUTION_VIEWS
from scheduler.admin.execution_rows import ExecutionRow, rows_of
from scheduler.admin.lists import FilteredList, LongList
from scheduler.admin.readonly import ReadOnlyAdmin
from scheduler.admin.time_filters import OF_TIME, ExecutionFilter
from scheduler.listings.executions import Page, Place, Way, read_page
from scheduler.listings.search import MOST_BY_INDEX, jobs_named, of_jobs
from scheduler.models import Execution, id_in

BEFORE, AFTER = "before", "after"


class ExecutionChangeList(FilteredList):
    """A page of the history."""

    places = (BEFORE, AFTER)
    page: Page
    jobs_meant: set[str]

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Execution]:
        """Find by the jobs that are meant; where these are many, or none is known, by how ids begin."""
        executions: QuerySet[Execution] = super().get_queryset(request, exclude_parameters)
        self.jobs_meant = jobs_named(self.query) if self.query else set()
        if self._are_few_meant():
            return of_jobs(executions, self.jobs_meant)
        return executions.filter(job__id__startswith=self.query.replace("\0", "")) if self.query else executions

    def get_results(self, request: HttpRequest) -> None:
        """Read the page next to the place that the address names."""
        place = Place(before=id_in(request.GET.get(BEFORE)), after=id_in(request.GET.get(AFTER)))
        way, among = self._way(request)
        self.page = read_page(self.queryset.order_by(), place, among=among, way=way, size=self.list_per_page)
        self.result_list = self.page.executions
        self.result_count = self.full_result_count = len(self.result_list)
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = True
        self.is_newest = place == Place()

    @cached_property
    def rows(self) -> list[ExecutionRow]:
        """What the page shows."""
        return rows_of(self.result_list)

    @property
    def newer_url(self) -> str:
        """The page above; "" where this is the newest."""
        return self.address({AFTER: self.page.newer}) if self.page.newer is not None else ""

    @property
    def older_url(self) -> str:
        """The page below; "" where this is the oldest."""
        return self.address({BEFORE: self.page.older}) if self.page.older is not None else ""

    @property
    def newest_url(self) -> str:
        """The first page."""
        return self.address({})

    @property
    def oldest_url(self) -> str:
        """The last page."""
        return self.address({AFTER: 0})

    def _way(self, request: HttpRequest) -> tuple[Way, QuerySet[Execution]]:
        """Return how the rows are found, and those that may be wanted: what time and the indexes leave."""
        chosen = [each for each in self.filter_specs if isinstance(each, ExecutionFilter) and each.value()]
        of_time = [each for each in chosen if isinstance(each, OF_TIME)]
        by_index = [each for each in chosen if each.by_index]
        among: QuerySet[Execution] = Execution.objects.all()
        for each in (*of_time, *by_index):
            among = each.queryset(request, among)
        if self._are_few_meant():
            among = of_jobs(among, self.jobs_meant)
        is_indexed = bool(by_index) or self._are_few_meant()
        is_sparse = len(chosen) > len(of_time) + len(by_index) or self.is_looked_up
        if is_indexed:
            return Way.LOOK_UP if is_sparse else Way.INDEX, among
        return Way.LOOK_THROUGH if is_sparse or self.query else Way.NEXT, among

    def _are_few_meant(self) -> bool:
        return 0 < len(self.jobs_meant) <= MOST_BY_INDEX

    @property
    def is_looked_up(self) -> bool:
        """Whether the address has lookups that are none of our filters', as Django allows."""
        known = {name for each in self.filter_specs for name in each.expected_parameters()}
        return bool(self.get_filters_params().keys() - known)


class ExecutionList(LongList, ReadOnlyAdmin):
    """The part of the executions' pages that is their list."""

    list_display = (
        "shown_job", "status", "scheduled_for", "lateness", "duration", "origin", "shown_node", "reason",
    )  # fmt: skip
    sortable_by = ()
    list_filter = EXECUTION_FILTERS
    list_views = EXECUTION_VIEWS
    search_fields = ("job_id",)
    search_help_text = _("Search by job: its name, or how its id begins")
    ordering = ("-id",)
    actions: ClassVar = EXECUTION_ACTIONS
    rows_template = "scheduler/lists/execution_rows.html"
    empty_hint = _("Nothing has run yet. Runs appear here as soon as a job is due, or somebody runs one.")
    # Nobody knows how many that would be.
    list_disable_select_all = True

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ExecutionChangeList]:
        """Return our own."""
        return ExecutionChangeList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Leave it to the list, which also must know how the rows are found."""
        return queryset, False

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """Whoever may run jobs may cancel their runs."""
        return may_operate(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Call the page what it shows."""
        return super().changelist_view(request, {"title": _("Executions"), **(extra_context or {})})

    @display(description=_("job"))
    def shown_job(self, execution: Execution) -> None:
        """Name the column; the row's template fills it, as the next ones."""

    @display(description=_("late by"))
    def lateness(self, execution: Execution) -> None:
        """Name the column."""

    @display(description=_("duration"))
    def duration(self, execution: Execution) -> None:
        """Name the column."""

    @display(description=_("node"))
    def shown_node(self, execution: Execution) -> None:
        """Name the column."""
