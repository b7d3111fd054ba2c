"""The last failure beside the last success, as the rows of a table."""

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from scheduler.admin.job_page.definition import shown_json
from scheduler.admin.job_page.lengths import shown_length
from scheduler.models import Execution
from scheduler.recent import Comparison, Side

LONGEST = 300


class Row(NamedTuple):
    """What is to be said of one thing for the success and for the failure."""

    name: str
    success: str
    failure: str
    differs: bool


def sides_and_rows(comparison: Comparison, zone: tzinfo) -> Mapping[str, Any]:
    """Return what the template shows of a comparison, instants in a zone."""
    success, failure = comparison.success, comparison.failure
    return {
        "success": _head(success.execution, zone),
        "failure": _head(failure.execution, zone),
        "failure_is_newer": failure.execution.scheduled_for > success.execution.scheduled_for,
        "rows": [*_rows(comparison)],
        "is_known": comparison.is_known,
        "any_difference": bool(comparison.differences),
    }


def _head(execution: Execution, zone: tzinfo) -> Mapping[str, Any]:
    return {
        "execution": execution,
        "url": reverse("admin:scheduler_execution_change", args=[execution.pk]),
        "when": execution.scheduled_for.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z"),
    }


def _rows(comparison: Comparison) -> Iterator[Row]:
    """Yield what is always said, then all that differs and is not among it."""
    success, failure = comparison.success, comparison.failure
    always = {
        _("Duration"): [shown_length(side.execution.duration) for side in (success, failure)],
        _("Revision"): [str(side.execution.revision) for side in (success, failure)],
        _("Node"): [_node(side) for side in (success, failure)],
        _("Version of the code"): [
            side.node.version if side.node else _("not on record") for side in (success, failure)
        ],
    }
    for name, (one, other) in always.items():
        yield Row(name, one, other, one != other and name != _("Duration"))
    for difference in comparison.differences:
        if difference.name not in always:
            yield Row(difference.name, _text(difference.success), _text(difference.failure), True)


def _node(side: Side) -> str:
    return side.node.name if side.node else _("not on record")


def _text(value: Any) -> str:
    if isinstance(value, list | dict):
        value = shown_json(value)
    return Truncator(_("none") if value in (None, "") else str(value)).chars(LONGEST)
