"""`manage.py simulate`: shows what the jobs will do in the next days, and what a change would do to that."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scheduler import clock
from scheduler.exceptions import InvalidInput
from scheduler.services.simulation import simulate_request
from scheduler.simulation import Change, Finding, Load, Peak, Simulation
from scheduler.triggers.instants import moment_of
from scheduler.words import said

_NUMBERS = ("days", "cap")


class Command(BaseCommand):
    """Prints a summary."""

    help = "Simulates the jobs of the next days, with some of them changed, new or deleted. Nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "file", nargs="?", help='A file with {"job": ..., "jobs": [...], "delete": [...]}; - reads.'
        )
        parser.add_argument("--job", metavar="JSON", help="One job, as it is sent by a POST or a PATCH, with its id.")
        parser.add_argument("--delete", metavar="ID", action="append", help="A job that would be deleted; repeatable.")
        parser.add_argument("--days", type=int, help="How many days (30).")
        parser.add_argument("--cap", type=int, help="How many starts in a minute are too many; the number of threads.")
        parser.add_argument("--start", help="From when on; now, if it is not given.")
        parser.add_argument("--timezone", help="The zone in which instants are shown.")

    def handle(self, *, file: str | None, job: str | None, **options: Any) -> None:
        """Simulate."""
        try:
            data = _read(Path(file).read_text() if file != "-" else sys.stdin.read()) if file else {}
        except OSError as error:
            raise CommandError(str(error)) from error
        given = {
            name: options[name] for name in ("delete", "start", "timezone", *_NUMBERS) if options[name] is not None
        }
        try:
            simulation = simulate_request({**data, **given, **({"job": _read(job)} if job else {})}, now=clock.now())
        except InvalidInput as error:
            raise CommandError(str(error)) from error
        self.stdout.writelines(f"{line}\n" for line in _say(simulation))


def _read(text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise CommandError(f"This is no JSON: {error}.") from error
    if not isinstance(data, dict):
        raise CommandError("Send a JSON object.")
    return data


def _say(simulation: Simulation) -> Iterator[str]:
    question, zone = simulation.question, simulation.question.zone
    start = f"{question.start.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    yield f"{simulation.jobs} jobs, {question.length.days} days from {start}"
    for change in simulation.changes:
        yield from _say_change(change, zone)
    if simulation.changes:
        yield f"Before: {_say_load(simulation.before, zone)}"
    yield f"{'After:  ' if simulation.changes else ''}{_say_load(simulation.after, zone)}"
    if simulation.unknown:
        yield f"{len(simulation.unknown)} jobs have no run on record; each counts as one second."
    for finding in simulation.findings:
        yield from _say_finding(finding, zone)
    if not simulation.findings:
        yield "Nothing stands out."


def _say_change(change: Change, zone: tzinfo) -> Iterator[str]:
    kind = "new" if change.is_new else "deleted" if change.is_deleted else "changed"
    counts = f"{len(change.added)} added, {len(change.removed)} removed, {len(change.moved)} moved, {change.kept} kept"
    yield f"{change.job_id} ({kind}): {counts}"
    for sign, stamps in (("+", change.added), ("-", change.removed)):
        yield from (f"  {sign} {_shown(stamp, zone)}" for stamp in stamps[:3])
    yield from (f"  {_shown(before, zone)} -> {_shown(after, zone)}" for before, after in change.moved[:3])


def _say_load(load: Load, zone: tzinfo) -> str:
    busiest, most = _say_peak(load.peak, zone), _say_peak(load.concurrency, zone)
    return f"{load.starts} starts; the busiest minute has {busiest}; at once run at most {most}"


def _say_peak(peak: Peak, zone: tzinfo) -> str:
    return f"{peak.count} ({_shown(peak.at, zone)})" if peak.at is not None else "0"


def _say_finding(finding: Finding, zone: tzinfo) -> Iterator[str]:
    jobs = ", ".join(finding.jobs[:5]) + (f" and {len(finding.jobs) - 5} more" if len(finding.jobs) > 5 else "")
    when = f" at {_shown(finding.at, zone)}" if finding.at is not None else ""
    yield f"{finding.code}{when}: {said(finding.sentence)} {jobs}"
    if finding.spread:
        yield f"  Spread them: at most {finding.spread.peak} in a minute, {finding.spread.above} minutes above the cap."
        yield from (f"    {job_id}: {json.dumps(fields)}" for job_id, fields in finding.spread.changes.items())


def _shown(stamp: int, zone: tzinfo) -> str:
    return f"{moment_of(stamp).astimezone(zone):%Y-%m-%d %H:%M:%S}"
