"""When Flask-APScheduler runs a job, computed by APScheduler's own triggers."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

_TRIGGERS: Mapping[str, Any] = {"cron": CronTrigger, "date": DateTrigger, "interval": IntervalTrigger}


class FlaskSource:
    """The rule of one job. Raises whatever APScheduler raises where it would not take the fields."""

    def __init__(self, kind: str, fields: Mapping[str, Any], zone: ZoneInfo) -> None:
        self.text = ", ".join([kind, *(f"{name}={value}" for name, value in fields.items())])
        self._trigger = _TRIGGERS[kind](**fields, timezone=zone)
        self._zone = zone

    def occurrences(self, start: datetime) -> Iterator[datetime]:
        """Yield them from `start` on, inclusive; the one of a date comes also when it is past."""
        previous, now = None, start.astimezone(self._zone)
        while (moment := self._trigger.get_next_fire_time(previous, now)) is not None:
            yield moment.astimezone(UTC)
            previous = now = moment
