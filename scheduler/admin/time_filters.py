"""The filters of the executions' list by time: ids grow with it, and so the primary key finds them."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduler import clock
from scheduler.admin.filters import Filter
from scheduler.models import Execution, first_id_of


class ExecutionFilter(Filter):
    """A filter of the history; `by_index` says, once it has chosen, whether an index finds the few rows of that."""

    by_index = False


class RecordedFilter(ExecutionFilter):
    """How long ago the execution was recorded, which is when it became due, or somebody asked for it."""

    title = _("recorded")
    parameter_name = "recorded"
    SPANS: ClassVar = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the spans."""
        return [("hour", _("within the last hour")), ("day", _("within the last day")), ("week", _("within a week"))]

    def chosen(self, request: HttpRequest, queryset: QuerySet[Execution], value: str) -> QuerySet[Execution]:
        """Return what was recorded since."""
        return queryset.filter(pk__gte=first_id_of(clock.now() - self.SPANS[value]))


class MomentFilter(ExecutionFilter):
    """One end of a span of time, in the zone of whoever looks."""

    is_open = True
    kind = "datetime-local"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer none."""
        return []

    def chosen(self, request: HttpRequest, queryset: QuerySet[Execution], value: str) -> QuerySet[Execution]:
        """Return what was recorded on this side of it."""
        moment = _read_moment(value)
        if moment is None:
            self.refuse(request, gettext("enter a date and a time, such as 2031-05-06T07:08."))
            return queryset.none()
        return queryset.filter(**{self.lookup: first_id_of(moment)})

    lookup = "pk__gte"


class FromFilter(MomentFilter):
    """Where a span of time begins."""

    title = _("from")
    parameter_name = "from"


class UntilFilter(MomentFilter):
    """Where a span of time ends."""

    title = _("until")
    parameter_name = "until"
    lookup = "pk__lt"


def _read_moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
        aware = timezone.make_aware(moment) if moment is not None and timezone.is_naive(moment) else moment
    except (ValueError, OverflowError):
        return None
    return aware if aware is not None and 1970 < aware.year < 3000 else None


# Those that bound the span of time.
OF_TIME = (RecordedFilter, FromFilter, UntilFilter)
