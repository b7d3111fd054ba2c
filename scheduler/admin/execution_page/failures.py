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
    # A chain is shown against the order in which it is printed, so that the link of one stands with the next.
    links: dict[int, Link] = {}
    for failure in failures:
        link = Link.NONE if failure.label else links.get(failure.level, Link.NONE)
        yield ToldFailure(failure=failure, lead=_lead(link))
        links[failure.level] = failure.link


def _lead(link: Link) -> str:
    match link:
        case Link.CAUSE:
            return _("It was caused by:")
        case Link.CONTEXT:
            return _("It happened while this was being handled:")
    return ""
