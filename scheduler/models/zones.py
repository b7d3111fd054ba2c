"""Which zone's clock a row is read by. A broken row must be shown, too, and has that of UTC."""

from datetime import UTC, datetime, tzinfo
from typing import Any, Protocol
from zoneinfo import ZoneInfo


class Timed(Protocol):
    """What has a trigger and a zone: a job, a revision of one, a maintenance window."""

    trigger: Any
    timezone: str


def zone_named(name: Any) -> tzinfo:
    """Return the zone of this name; UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, TypeError, ValueError):
        return UTC


def shown_zone(trigger: Any, timezone: str) -> tzinfo:
    """Return the zone of a job's next run: a date job's is the offset it was sent with, others' that of the trigger."""
    try:
        run_date = trigger.get("run_date")
        offset = datetime.fromisoformat(run_date).tzinfo if run_date else None
    except (AttributeError, TypeError, ValueError):
        return UTC
    return offset or zone_named(timezone)


def zone_of(row: Timed) -> tzinfo:
    """Return the zone in which a row's instants are shown."""
    return shown_zone(row.trigger, row.timezone)
