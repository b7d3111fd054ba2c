"""`manage.py timetravel`: prints what the engine would write from one instant to another."""

import json
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scheduler.engine.timetravel.acts import succeed
from scheduler.engine.timetravel.asking import read_range
from scheduler.engine.timetravel.copying import private_copy
from scheduler.engine.timetravel.journey import travel
from scheduler.engine.timetravel.ledger import LedgerRow, TravelLedger
from scheduler.exceptions import InvalidInput, TimeStandsStill
from scheduler.models import Job


class Command(BaseCommand):
    """Travels in time on a copy of the jobs. No task is called, and nothing is written to the database."""

    help = "Prints the ledger that the engine would write for the stored jobs; calls no task, and writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        zone = "In SCHEDULER_TIMEZONE unless it names an offset."
        parser.add_argument("--from", dest="start", required=True, metavar="INSTANT", help=f"The first instant. {zone}")
        parser.add_argument("--to", dest="end", required=True, metavar="INSTANT", help=f"The last instant. {zone}")
        parser.add_argument("--job", action="append", dest="job_ids", metavar="ID", help="Only this job; repeatable.")
        parser.add_argument("--takes", type=float, default=0, metavar="SECONDS", help="How long each body takes (0).")
        parser.add_argument(
            "--down", action="append", nargs=2, default=[], metavar="INSTANT", help="No node runs from when until when."
        )
        parser.add_argument("--calls", action="store_true", help="Also print what each row calls.")
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print JSON.")

    def handle(self, *, as_json: bool, calls: bool, **options: Any) -> None:
        """Travel."""
        try:
            ledger = _travel(**options)
        except (InvalidInput, TimeStandsStill) as error:
            raise CommandError(str(error)) from error
        if as_json:
            rows = [_as_json(row, calls=calls) for row in ledger]
            self.stdout.write(json.dumps({"rows": rows, "counts": ledger.counts}, ensure_ascii=False, indent=1))
            return
        for row in ledger:
            self.stdout.write(_line(row, calls=calls))
        self.stdout.write(_summary(ledger))


def _travel(
    *, start: str, end: str, job_ids: list[str] | None, takes: float, down: list[tuple[str, str]], **_options: Any
) -> TravelLedger:
    first, last = read_range(("--from", "--to"), start, end)
    if not 0 <= takes < timedelta.max.total_seconds():
        raise InvalidInput({"--takes": "Enter a number of seconds of at least 0."})
    periods = [read_range(("--down", "--down"), *period) for period in down]
    _check_ids(job_ids or [])
    with private_copy(job_ids):
        return travel(start=first, end=last, body=succeed(after=timedelta(seconds=takes)), down=periods)


def _check_ids(job_ids: list[str]) -> None:
    known = set(Job.objects.filter(pk__in=job_ids).values_list("pk", flat=True))
    if unknown := [job_id for job_id in job_ids if job_id not in known]:
        raise InvalidInput({"--job": f"There is no job {unknown[0]}."})


def _line(row: LedgerRow, *, calls: bool) -> str:
    parts = [f"{row.local}  {_in_utc(row.scheduled_for)}  {row.job_id}  {row.status}"]
    if row.attempt > 1:
        parts.append(f"attempt {row.attempt}")
    if row.folded != 1:
        parts.append(f"for {'too many to count' if row.folded is None else row.folded} occurrences")
    if row.started_at and row.started_at != row.scheduled_for:
        parts.append(f"started {_in_utc(row.started_at)}")
    return "  ".join([*parts, *([row.call] if calls else []), *([row.reason] if row.reason else [])])


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(" ").replace("+00:00", "Z")


def _summary(ledger: TravelLedger) -> str:
    counts = ", ".join(f"{count} {status.label}" for status, count in ledger.counts.items())
    jobs = len({row.job_id for row in ledger})
    return (
        f"{len(ledger)} rows of {jobs} jobs from {_in_utc(ledger.start)} to {_in_utc(ledger.end)}: {counts or 'none'}."
    )


def _as_json(row: LedgerRow, *, calls: bool) -> dict[str, Any]:
    return {
        "job": row.job_id,
        "scheduled_for": {"local": row.local.isoformat(), "utc": row.scheduled_for.isoformat()},
        "status": row.status,
        "reason": row.reason,
        "attempt": row.attempt,
        "origin": row.origin,
        "folded": row.folded,
        "started_at": row.started_at and row.started_at.isoformat(),
        "finished_at": row.finished_at and row.finished_at.isoformat(),
        **({"call": row.call} if calls else {}),
    }
