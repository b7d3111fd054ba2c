"""Previews as JSON."""

from datetime import UTC, tzinfo
from typing import Any

from scheduler.previews import Line
from scheduler.services.previews import Foretold
from scheduler.triggers import Occurrence
from scheduler.words import said


def represent_preview(foretold: Foretold) -> dict[str, Any]:
    """Return a preview, with its sentences in the language that is being spoken."""
    job, preview = foretold.job, foretold.preview
    return {
        "id": job.id or None,
        "description": foretold.description,
        "timezone": job.timezone,
        "trigger": job.trigger,
        "paused": job.paused,
        "occurrences": [_represent_line(line, foretold.terms.zone) for line in preview.lines],
        "next": preview.next_start.isoformat() if preview.next_start else None,
    }


def _represent_line(line: Line, zone: tzinfo) -> dict[str, Any]:
    one = _represent_occurrence(line.occurrence, zone)
    if line.count == 1:
        return one
    last = line.last.planned.isoformat() if line.last else None
    return {**one, "count": line.count, "from": one["planned"], "to": last}


def _represent_occurrence(occurrence: Occurrence, zone: tzinfo) -> dict[str, Any]:
    local = occurrence.at.astimezone(zone) if occurrence.at else None
    # The offset may have seconds, as those of old had.
    offset = local.isoformat().removeprefix(local.replace(tzinfo=None).isoformat()) if local else None
    return {
        "planned": occurrence.planned.isoformat(),
        "local": local.isoformat() if local else None,
        "utc": occurrence.at.astimezone(UTC).isoformat() if occurrence.at else None,
        "offset": offset,
        "marks": [{"code": mark.code, "reason": said(mark.reason)} for mark in occurrence.marks],
    }
