"""Records when celery beat runs crontabs, for the tests of imports.

    .venv-celery/bin/python -m benchmarks.peers.crontabs > tests/exchange/celery_occurrences.json

Beat is played in quick motion: its schedule is asked again and again how long to wait, as beat asks it.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from celery import Celery, schedules

FIELDS = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week")
A_MINUTE, LONG = timedelta(minutes=1), timedelta(hours=3)
# The changes of 2026, with a day and a half around each of them.
CHANGES = {
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Europe/London": ("2026-03-29", "2026-10-25"),
    "Australia/Lord_Howe": ("2026-10-04", "2026-04-05"),
    "Africa/Cairo": ("2026-04-24", "2026-10-29"),
}
AROUND_CHANGES = (
    "0 * * * *", "*/30 * * * *", "30 1 * * *", "30 2 * * *", "0 0 * * *", "15,45 1-3 * * *", "*/20 */2 * * *",
    "59 0,1 * * *", "0 2 * * *", "7 * * * *",
)  # fmt: skip
ANYWHERE = (
    "0 9 * * 1-5", "0 0 13 * 5", "*/7 * * * *", "5-10,50-59/3 22-3 * * *", "0 12 1,15 * *", "0 12 */10 * *",
    "0 0 29 2 *", "0 6 31 * *", "30 4 * */3 *", "0 8 1-7 * mon", "0 8 * 11-2 sun,sat", "0 0 * * */2",
    "15 10 10-20/5 6-8 0", "0 0 1 1 *",
)  # fmt: skip
# How many instants of each are written.
COUNT = 40

app = Celery("recording")


def main() -> None:
    """Print the table."""
    rows = [row(text, "Asia/Shanghai", datetime(2026, 6, 1, 12, 34, tzinfo=UTC)) for text in ANYWHERE]
    for zone, days in CHANGES.items():
        for day in days:
            start = datetime.fromisoformat(f"{day}T00:00+00:00") - timedelta(hours=18)
            rows += [row(text, zone, start) for text in AROUND_CHANGES]
    lines = ",\n".join(f" {json.dumps(each)}" for each in rows)
    sys.stdout.write(f"[\n{lines}\n]\n")


def row(text: str, zone: str, start: datetime) -> dict[str, Any]:
    """Return a row: the crontab, its zone, and when beat runs it from a start on."""
    found = []
    for moment in occurrences(text, ZoneInfo(zone), start):
        found.append(moment.isoformat())
        if len(found) == COUNT:
            break
    return {"crontab": text, "timezone": zone, "start": start.isoformat(), "occurrences": found}


def occurrences(text: str, zone: ZoneInfo, start: datetime) -> Iterator[datetime]:
    """Yield the instants at which the remaining time is over, asked from minute to minute."""
    clock = {"now": start}
    schedule = schedules.crontab(
        **dict(zip(FIELDS, text.split(), strict=True)), nowfun=lambda: clock["now"].astimezone(zone), app=app
    )
    schedule.tz = zone
    last = start - timedelta(seconds=1)
    while True:
        remaining = schedule.remaining_estimate(last.astimezone(zone))
        if remaining <= timedelta(0):
            yield clock["now"]
            last = clock["now"]
        elif remaining > LONG:
            # Beat asks every five seconds; what is far away is not missed by sleeping less than it takes.
            clock["now"] += (remaining - LONG) // A_MINUTE * A_MINUTE + A_MINUTE
        else:
            clock["now"] += A_MINUTE


if __name__ == "__main__":
    main()
