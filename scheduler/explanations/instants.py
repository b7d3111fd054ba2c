"""What a definition has to say about an instant: whether it names it, and which instants are nearest. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import islice

from scheduler.explanations.asked import Asked
from scheduler.triggers import EARLIEST, LATEST, Calendar, Occurrence, Spec, Timetable, timetable
from scheduler.triggers.instants import MICROSECOND

# How far around the instant to look for what was planned then, but moved or dropped; and through how much.
_MARGINS = (timedelta(0), timedelta(hours=2), timedelta(hours=26), timedelta(days=16), timedelta(days=40))
_MOST_AROUND = 1_000
# How far back to look for the latest occurrence before: each step eight times the one before, to 140 years.
_STEPS_BACK = tuple(timedelta(minutes=8**power) for power in range(10))


@dataclass(frozen=True, kw_only=True)
class Timing:
    """What a definition says about an instant: `found` comes about then; `planned` was meant for then, and did not.

    `before` and `after` are the nearest instants around it at which the job is due.
    """

    found: Occurrence | None = None
    planned: Occurrence | None = None
    before: datetime | None = None
    after: datetime | None = None


def find_timing(spec: Spec, zone: tzinfo, asked: Asked, *, seed: str, calendars: Mapping[str, Calendar]) -> Timing:
    """Look an instant up. Raises InvalidSpec for what is no canonical spec."""
    table = timetable(spec, zone, seed=seed, calendars=calendars)
    around = list(_around(table, zone, asked))
    return Timing(
        found=next((each for each in around if each.at and asked.start <= each.at <= asked.end), None),
        planned=next((each for each in around if asked.is_on_wall(each.planned, zone)), None),
        before=_latest_before(table, asked.start),
        after=table.next_after(asked.end),
    )


def _around(table: Timetable, zone: tzinfo, asked: Asked) -> Iterator[Occurrence]:
    """Yield occurrences around the instant, from as far as there are not too many."""
    widest: list[Occurrence] = []
    for margin in _MARGINS:
        start, end = _minus(asked.start, margin), asked.end + min(margin, LATEST - asked.end)
        occurrences = list(islice(table.explain(start, end, zone=zone), _MOST_AROUND))
        if len(occurrences) == _MOST_AROUND:
            break
        widest = occurrences
        if any(asked.is_on_wall(each.planned, zone) for each in occurrences):
            break
    yield from widest


def _latest_before(table: Timetable, moment: datetime) -> datetime | None:
    for step in _STEPS_BACK:
        first = table.next_after(_minus(moment, step) - MICROSECOND)
        if first is not None and first < moment:
            return table.fold(first, moment - MICROSECOND).latest
    return None


def _minus(moment: datetime, span: timedelta) -> datetime:
    """Go back, but not beyond what every zone can show."""
    return moment - min(span, moment - EARLIEST)
