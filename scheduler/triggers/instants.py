"""Instants: the ends of time as all zones can show them, and UTC, where arithmetic follows elapsed time."""

from datetime import UTC, datetime, timedelta

MICROSECOND = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
# Every zone can show the instants between these; beyond them the calendar of some zone is over.
EARLIEST = datetime.min.replace(tzinfo=UTC) + DAY
LATEST = datetime.max.replace(tzinfo=UTC) - DAY
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stamp_of(moment: datetime) -> int:
    """Return an instant as whole microseconds since 1970: what is computed by the million is computed with ints."""
    return (moment - _EPOCH) // MICROSECOND


def moment_of(stamp: int) -> datetime:
    """Return the instant of a stamp."""
    return _EPOCH + timedelta(microseconds=stamp)


def utc(moment: datetime) -> datetime:
    """Return the same instant in UTC, where arithmetic follows elapsed time."""
    return moment.astimezone(UTC)


def clamped(moment: datetime) -> datetime:
    """Return the same instant in UTC, or the end of time that lies nearest to it."""
    return min(max(moment, EARLIEST), LATEST).astimezone(UTC)
