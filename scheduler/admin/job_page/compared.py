"""The last failure beside the last success, as the rows of a table."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from scheduler.links import execution_url
from scheduler.models import Execution
from scheduler.recent import Comparison
from scheduler.words.elapsed import say_elapsed

LONGEST = 300


class Row(NamedTuple):
    """What is to be said of one thing for the success and for the failure."""

    name: str
    success: str
    failure: str
    differs: bool


def sides_and_rows(comparison: Comparison) -> Mapping[str, Any]:
    """Return what the template shows of a comparison."""
    success, failure = comparison.success, comparison.failure
    return {
        "success": _head(success),
        "failure": _head(failure),
        "failure_is_newer": failure.scheduled_for > success.scheduled_for,
        "rows": [*_rows(comparison)],
        "is_known": comparison.changes is not None,
        "is_same": comparison.is_same,
    }


def _head(execution: Execution) -> Mapping[str, Any]:
    return {"execution": execution, "url": execution_url(execution.pk)}


def _rows(comparison: Comparison) -> Iterator[Row]:
    """Yield what is always said, then what differs in the definitions and the arguments."""
    success, failure = comparison.success, comparison.failure
    yield Row(_("Duration"), say_elapsed(success.duration), say_elapsed(failure.duration), differs=False)
    yield _row(_("Revision"), str(success.revision), str(failure.revision))
    yield _row(_("Node"), *_of_nodes(comparison, "name"))
    yield _row(_("Code version"), *_of_nodes(comparison, "code_version"))
    carnation = _row(_("Carnation"), *_of_nodes(comparison, "version"))
    if carnation.differs:
        yield carnation
    for change in comparison.changes or ():
        before, after = (Truncator(text).chars(LONGEST) for text in (change.said_before, change.said_after))
        yield Row(capfirst(change.label), before, after, differs=True)


def _of_nodes(comparison: Comparison, column: str) -> tuple[str, str]:
    """Return what is on record of the two nodes."""
    before, after = (getattr(node, column, "") for node in (comparison.success_node, comparison.failure_node))
    return before, after


def _row(name: str, success: str, failure: str) -> Row:
    """Return a row of what may not be on record, which then is no difference."""
    unknown = _("not on record")
    return Row(name, success or unknown, failure or unknown, differs=bool(success and failure) and success != failure)
