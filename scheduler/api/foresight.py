"""Previews and simulations as JSON."""

from datetime import UTC, tzinfo
from typing import Any

from scheduler.previews import Line
from scheduler.services.previews import Foretold
from scheduler.simulation import Change, Finding, Load, Peak, Simulation
from scheduler.triggers import Occurrence
from scheduler.triggers.instants import moment_of
from scheduler.words import said

# Of the runs that a change adds, removes or moves.
MOST_SHOWN = 100


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


def represent_simulation(simulation: Simulation) -> dict[str, Any]:
    """Return a simulation; instants are shown in the zone that was asked for."""
    question, zone = simulation.question, simulation.question.zone
    changed = {change.job_id for change in simulation.changes}
    return {
        "start": question.start.astimezone(zone).isoformat(),
        "end": question.end.astimezone(zone).isoformat(),
        "timezone": str(zone),
        "cap": question.cap,
        "jobs": simulation.jobs,
        "changes": [_represent_change(change, zone) for change in simulation.changes],
        "before": _represent_load(simulation.before, zone),
        "after": _represent_load(simulation.after, zone),
        "heat": {
            "days": {day.isoformat(): minutes for day, minutes in simulation.heat.days.items()},
            "peaks": {day.isoformat(): peak for day, peak in simulation.heat.peaks.items()},
        },
        "findings": [_represent_finding(finding, zone, changed) for finding in simulation.findings],
        "unknown_durations": list(simulation.unknown),
    }


def _represent_change(change: Change, zone: tzinfo) -> dict[str, Any]:
    """Count all; show the first of each."""
    return {
        "id": change.job_id,
        "new": change.is_new,
        "deleted": change.is_deleted,
        "kept": change.kept,
        **{
            name: {"count": len(stamps), "first": [_shown(stamp, zone) for stamp in stamps[:MOST_SHOWN]]}
            for name, stamps in (("added", change.added), ("removed", change.removed))
        },
        "moved": {
            "count": len(change.moved),
            "first": [
                {"from": _shown(before, zone), "to": _shown(after, zone)} for before, after in change.moved[:MOST_SHOWN]
            ],
        },
    }


def _represent_load(load: Load, zone: tzinfo) -> dict[str, Any]:
    return {
        "starts": load.starts,
        "peak": _represent_peak(load.peak, zone),
        "concurrency": _represent_peak(load.concurrency, zone),
    }


def _represent_peak(peak: Peak, zone: tzinfo) -> dict[str, Any]:
    return {"count": peak.count, "at": _shown(peak.at, zone)}


def _represent_finding(finding: Finding, zone: tzinfo, changed: set[str]) -> dict[str, Any]:
    spread = finding.spread
    return {
        "code": finding.code,
        "sentence": said(finding.sentence),
        "jobs": list(finding.jobs),
        "at": _shown(finding.at, zone),
        "by_change": not changed.isdisjoint(finding.jobs),
        "details": finding.details,
        "spread": spread and {"changes": spread.changes, "peak": spread.peak, "minutes_above_cap": spread.above},
    }


def _shown(stamp: int | None, zone: tzinfo) -> str | None:
    return None if stamp is None else moment_of(stamp).astimezone(zone).isoformat()
