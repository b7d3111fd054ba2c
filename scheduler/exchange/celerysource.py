"""When celery beat runs an entry: a walk of our own over the wall clock, as Celery's remaining time comes to zero.

Celery takes the next time on the wall after that of the last run. One that a change of the clocks skips is meant as if
they had not been changed yet, and one that comes twice is run the first time. The tests hold this against what Celery
itself answers, which benchmarks/peers/crontabs.py has recorded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.exchange.celeryfields import FIELDS

_A_DAY, _A_SECOND = timedelta(days=1), timedelta(seconds=1)
# A 29 February on one weekday comes every 28 years, or 40 around 2100.
_MOST_DAYS = 41 * 366


@dataclass(frozen=True, kw_only=True)
class CeleryCrontab:
    """A crontab of Celery's; `first` is an instant at which beat sends it beside its schedule, as its start time is."""

    text: str
    numbers: Mapping[str, frozenset[int]]
    zone: ZoneInfo
    first: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    most: int | None = None

    def occurrences(self, start: datetime) -> Iterator[datetime]:
        """Yield them from `start` on, inclusive."""
        for number, moment in enumerate(self._all(start)):
            if (self.end is not None and moment >= self.end) or number == self.most:
                return
            yield moment

    def _all(self, start: datetime) -> Iterator[datetime]:
        last = max(start, self.start or start).astimezone(UTC) - _A_SECOND
        if self.first is not None and self.first >= start:
            last = self.first.astimezone(UTC)
            yield last
        wall = last.astimezone(self.zone).replace(tzinfo=None)
        while (planned := self._next_wall(wall)) is not None:
            last = _first_at(planned, after=last, zone=self.zone)
            yield last
            wall = last.astimezone(self.zone).replace(tzinfo=None)

    def _next_wall(self, after: datetime) -> datetime | None:
        """Return the first time later than `after`; its minute itself is over."""
        if self._names(after.date()):
            for hour in sorted(self.numbers["hour"]):
                for minute in sorted(self.numbers["minute"]):
                    if (hour, minute) > (after.hour, after.minute):
                        return after.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
        day = after.date()
        for _step in range(_MOST_DAYS):
            day += _A_DAY
            if self._names(day):
                hour, minute = min(self.numbers["hour"]), min(self.numbers["minute"])
                return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - the wall's
        return None

    def _names(self, day: date) -> bool:
        numbers = self.numbers
        return (
            day.month in numbers["month"]
            and day.day in numbers["day"]
            and day.isoweekday() % 7 in numbers["day_of_week"]
        )


def read_numbers(row: Mapping[str, str]) -> dict[str, frozenset[int]]:
    """Return the sets of numbers of a crontab's row, by our names. Raises ValueError."""
    return {field.ours: field.read(str(row[field.theirs])) for field in FIELDS}


def write_fields(numbers: Mapping[str, frozenset[int]]) -> dict[str, str]:
    """Return the fields of our cron trigger: those that restrict nothing are left out, but for the minute."""
    written = {field.ours: field.write(numbers[field.ours]) for field in FIELDS}
    return {name: text for name, text in written.items() if text != "*" or name == "minute"}


@dataclass(frozen=True, kw_only=True)
class CeleryInterval:
    """An interval of Celery's, which counts from its last run."""

    text: str
    anchor: datetime
    every: timedelta
    end: datetime | None = None
    most: int | None = None

    def occurrences(self, start: datetime) -> Iterator[datetime]:
        """Yield them from `start` on, inclusive."""
        steps = max(-((self.anchor - start) // self.every), 0)
        moment, number = self.anchor + steps * self.every, 0
        while (self.end is None or moment < self.end) and number != self.most:
            yield moment.astimezone(UTC)
            moment, number = moment + self.every, number + 1


@dataclass(frozen=True, kw_only=True)
class CeleryClocked:
    """A single instant."""

    text: str
    at: datetime

    def occurrences(self, start: datetime) -> Iterator[datetime]:
        """Yield it, also when it is past: beat sends it as soon as it looks."""
        yield self.at.astimezone(UTC)


def _first_at(wall: datetime, *, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a time on the wall: the first of two, unless that is over."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first > after else second
