"""Pages of the history, each of which is found from where the last one ended, never by counting.

Ids grow with time, and so the primary key is the order, and a range of time is one of ids.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy

from scheduler.models import Execution, Origin, Status, moment_of_id

LOOKED_THROUGH = 100_000
# Of what an index finds, each row lies elsewhere, and is fifty times as costly to look at.
LOOKED_UP = 2_000
# A status that more rows have is no way to find a few of them.
MOST_FOUND_BY_STATUS = 50_000
# Never shown in a list, and of any length.
_LARGE = ("args", "kwargs")


class Way(Enum):
    """How the rows of a page are found."""

    # All rows are wanted: by the primary key.
    NEXT = auto()
    # An index finds all that is wanted, which then is sorted: at most some ten thousands.
    INDEX = auto()
    # An index finds what may be wanted, of which LOOKED_UP rows are looked at, and the reader goes on from there.
    LOOK_UP = auto()
    # No index does: LOOKED_THROUGH rows are looked at, in the order of the primary key.
    LOOK_THROUGH = auto()

    @property
    def looks_at(self) -> int:
        """How many rows are looked at for one page, where that is bounded; 0 where it is not."""
        return {Way.LOOK_UP: LOOKED_UP, Way.LOOK_THROUGH: LOOKED_THROUGH}.get(self, 0)

    @property
    def hides_the_key(self) -> bool:
        """Whether an index is to be used, in whose order the rows are not."""
        return self in (Way.INDEX, Way.LOOK_UP)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Executions, newest first. `newer` and `older` are where the pages beside it begin, if there are any.

    `looked_until` is when the last row was recorded that was looked at, where the search ended before it had found as
    many as were wanted, and not for want of rows.
    """

    executions: list[Execution]
    newer: int | None
    older: int | None
    looked_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a page begins: right before an id, or right after one; the newest page has neither."""

    before: int | None = None
    after: int | None = None

    @property
    def is_upwards(self) -> bool:
        """Whether the page is read from the oldest to the newest."""
        return self.after is not None

    def of(self, executions: QuerySet[Execution]) -> QuerySet[Execution]:
        """Return those that come from here on, in no order yet."""
        if self.after is not None:
            return executions.filter(pk__gt=self.after)
        return executions if self.before is None else executions.filter(pk__lt=self.before)


def read_page(
    executions: QuerySet[Execution], place: Place, *, among: QuerySet[Execution], way: Way, size: int
) -> Page:
    """Return the executions next to a place, in two statements, or three.

    `among` are those that may be wanted: all of the span of time, or what the index finds of it.
    """
    edge = _edge(among, place, way)
    wanted = place.of(executions)
    if edge is not None:
        wanted = wanted.filter(pk__lte=edge) if place.is_upwards else wanted.filter(pk__gte=edge)
    # The ids alone first: an index may have all that is asked, and the rows are wide.
    found = list(wanted.order_by(_order(place, way)).values_list("pk", flat=True)[: size + 1])
    has_more, ids = len(found) > size, found[:size]
    onward = ids[-1] if has_more else edge
    rows = list(Execution.objects.filter(pk__in=ids).order_by("-pk").defer(*_LARGE))
    looked_until = None if has_more or edge is None else moment_of_id(edge)
    if place.after is not None:
        older = min(ids, default=place.after + 1)
        return Page(executions=rows, newer=onward, older=older, looked_until=looked_until)
    newer = None if place.before is None else max(ids, default=place.before - 1)
    return Page(executions=rows, newer=newer, older=onward, looked_until=looked_until)


def _order(place: Place, way: Way) -> OrderBy:
    # The sum hides the primary key's order from planners, which might otherwise walk through all of the history for
    # the last few rows of an index.
    key = F("pk") + 0 if way.hides_the_key else F("pk")
    return key.asc() if place.is_upwards else key.desc()


def _edge(among: QuerySet[Execution], place: Place, way: Way) -> int | None:
    """Return the last id of those that are looked at; None where there are fewer, which ends the search."""
    if not (last := way.looks_at):
        return None
    ids = place.of(among).order_by(_order(place, way)).values_list("pk", flat=True)
    return next(iter(ids[last : last + 1]), None)


def is_rare(status: str) -> bool:
    """Tell whether few enough rows have a status to find them by it; by execution_queue, in its order and alone."""
    of_status = Execution.objects.filter(status=status).order_by("-priority", "available_at", "job_id")
    return not of_status.values_list("job_id")[MOST_FOUND_BY_STATUS : MOST_FOUND_BY_STATUS + 1]


def lateness_of(execution: Execution, *, now: datetime) -> timedelta | None:
    """Return how long after it was due, and might have started, a run began, or waits already; None: it does not.

    A backfilled run might start when somebody asked for it, and one that a window held up, when that ended.
    """
    if execution.started_at is None and execution.status != Status.QUEUED:
        return None
    due = max(execution.scheduled_for, execution.available_at)
    if execution.origin == Origin.BACKFILL:
        due = max(due, execution.created_at)
    late = (execution.started_at or now) - due
    return max(late, timedelta()) if execution.started_at or late > timedelta() else None
