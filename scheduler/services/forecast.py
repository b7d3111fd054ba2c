"""Foretells how many runs will start in the coming days: by the triggers alone, in the background, for one picture.

With ten thousand jobs this takes seconds, so no request computes it: a node does every ten minutes, apart from its
loop, and stores it.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import Q

from scheduler import conf
from scheduler.models import A_BIN, Forecast, Job
from scheduler.models.hours import start_of_bin
from scheduler.services.chores import claim_chore
from scheduler.services.simulation import Stock, read_stored_jobs
from scheduler.services.transactions import write_transaction
from scheduler.simulation import Question, Subject
from scheduler.simulation.courses import Courses
from scheduler.triggers.instants import MICROSECOND, stamp_of
from scheduler.triggers.timetable import Crowded

FORETELL_EVERY = timedelta(minutes=10)
# Of the days that are foretold as many as have no more occurrences than can be looked at.
LENGTHS = tuple(timedelta(hours=hours) for hours in (96, 48, 24, 12, 6))
MOST_OCCURRENCES = 2_000_000
JOBS_AT_ONCE = 200
# A fifth of one processor: the loop of the node runs in the same interpreter, and must not wait for this.
WORK_SECONDS, REST_SECONDS = 0.005, 0.02
_BIN = A_BIN // MICROSECOND


def claim_forecast(*, now: datetime) -> bool:
    """Tell one caller among all nodes, every ten minutes, that it is the one who shall foretell."""
    return claim_chore("foretold_at", every=FORETELL_EVERY, now=now)


def renew_forecast(*, now: datetime, rest: Callable[[], None] = lambda: None) -> Forecast:
    """Foretell what starts from now on; calls `rest` again and again between pieces of work."""
    starts: list[int] = []
    for length in LENGTHS:
        try:
            starts = _starts_within(length, now=now, rest=rest)
        except Crowded:
            continue
        break
    made = {"made_at": now, "start": start_of_bin(now), "starts": starts}
    with write_transaction():
        forecast, _is_new = Forecast.objects.update_or_create(pk=Forecast.THE_ONE, defaults=made)
    return forecast


def breather() -> Callable[[], None]:
    """Return a `rest` that sleeps whenever there has been a little work."""
    since = time.monotonic()

    def rest() -> None:
        nonlocal since
        if time.monotonic() - since >= WORK_SECONDS:
            time.sleep(REST_SECONDS)
            since = time.monotonic()

    return rest


def _starts_within(length: timedelta, *, now: datetime, rest: Callable[[], None]) -> list[int]:
    question = Question(start=now, length=length, zone=conf.timezone(), cap=1)
    first = stamp_of(start_of_bin(now))
    counts = [0] * (length // A_BIN + 1)
    courses = Courses(question, most=MOST_OCCURRENCES)
    for subject in _subjects(question, rest=rest):
        for stamp in courses.of(subject).starts:
            number = (stamp - first) // _BIN
            if number < len(counts):
                counts[number] += 1
        rest()
    return counts


def _subjects(question: Question, *, rest: Callable[[], None]) -> Iterator[Subject]:
    """Yield the stored jobs, a page at a time: a driver makes all rows of a statement at once."""
    last = ""
    while page := _page_after(last):
        stock = Stock(question, page, with_durations=False)
        for job in page:
            yield stock.stored(job)
            rest()
        last = page[-1].pk


def _page_after(last: str) -> list[Job]:
    # One that is paused for a while runs again.
    running = Q(paused=False) | Q(paused_until__isnull=False)
    return list(read_stored_jobs().filter(running, pk__gt=last).order_by("pk")[:JOBS_AT_ONCE])
