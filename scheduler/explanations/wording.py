"""The words that explanations are made of: who, when, how long."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from scheduler.models import AuditEntry, Execution, Status

_BY: dict[str, Callable[[], str]] = {
    "rest": lambda: _("by %s (REST)"),
    "admin": lambda: _("by %s (admin)"),
    "command": lambda: _("by %s (command)"),
    "settings": lambda: _("by %s"),
    "engine": lambda: _("by node %s"),
}
_STATUS: dict[str, Callable[[], str]] = {
    Status.QUEUED: lambda: _("It is queued."),
    Status.RUNNING: lambda: _("It is running%(node)s."),
    Status.SUCCEEDED: lambda: _("It ran%(node)s%(times)s, and succeeded."),
    Status.FAILED: lambda: _("It ran%(node)s%(times)s, and failed: %(reason)s"),
    Status.TIMED_OUT: lambda: _("It ran%(node)s%(times)s, and was ended: %(reason)s"),
    Status.CANCELLED: lambda: _("It was cancelled: %(reason)s"),
    Status.MISSED: lambda: _("It was missed: %(reason)s"),
    Status.SKIPPED: lambda: _("It was skipped: %(reason)s"),
    Status.LOST: lambda: _("It began%(node)s, and was lost: %(reason)s"),
}


def say_moment(moment: datetime, zone: tzinfo) -> str:
    """Write an instant as the clock of a zone shows it, with its offset."""
    shown = moment.astimezone(zone)
    exact = "milliseconds" if shown.microsecond else "seconds"
    return f"{shown.replace(tzinfo=None).isoformat(' ', exact)} {shown:%Z}"


def say_by(entry: AuditEntry | None) -> str:
    """Say who did something; what was done past the services is nobody's."""
    return say_actor(entry.actor, entry.source) if entry else say_actor("", "")


def say_actor(name: str, source: str) -> str:
    """Say by whom something was done, and by which way."""
    if not (name or source):
        return _("by somebody unknown")
    return _BY.get(source, lambda: _("by %s"))() % name


def say_outcome(row: Execution, zone: tzinfo) -> str:
    """Say how an execution ended, or what it is doing."""
    node = getattr(row, "node_name", None)
    span = {"start": row.started_at, "end": row.finished_at}
    shown = {name: say_moment(moment, zone) for name, moment in span.items() if moment}
    return _STATUS[row.status]() % {
        "node": _(" on %s") % node if node else "",
        "times": _(" from %(start)s to %(end)s") % shown if len(shown) == len(span) else "",
        "reason": row.reason or _("no reason is on record."),
    }
