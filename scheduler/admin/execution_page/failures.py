"""The failures of a traceback in the order in which somebody wants to read them, with the words between them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scheduler.tracebacks import Failure, Link, in_reading_order, parse


@dataclass(frozen=True, kw_only=True)
class ToldFailure:
    """A failure, and what it has to do with the one that is shown above it."""

    failure: Failure
    lead: str


def failures_in(traceback: str) -> list[ToldFailure]:
    """Return the failures of a stored traceback, the one that ended the run first."""
    return list(_told(in_reading_order(parse(traceback))))


def _told(failures: list[Failure]) -> Iterator[ToldFailure]:
    # What is printed last is shown first, so that the link of one stands with the next; within a group all stays.
    link = Link.NONE
    for failure in failures:
        if failure.level:
            yield ToldFailure(failure=failure, lead=_LEADS_WITHIN.get(failure.link, lambda: "")())
        else:
            yield ToldFailure(failure=failure, lead=_LEADS.get(link, lambda: "")())
            link = failure.link


_LEADS = {
    Link.CAUSE: lambda: _("It was caused by:"),
    Link.CONTEXT: lambda: _("It happened while this was being handled:"),
}
_LEADS_WITHIN = {
    Link.CAUSE: lambda: _("The one above was the cause of:"),
    Link.CONTEXT: lambda: _("While the one above was being handled, it happened:"),
}
