"""When cron runs a line, computed by cronsim: an implementation of Debian's cron that shares no line with ours."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from scheduler.triggers.crontab import SHORTHANDS
from scheduler.triggers.sentences import gettext_noop

_CRONS_OWN = re.compile(r"[\d*,/\-]+|([A-Za-z]{3}|\d+)([,\-/]([A-Za-z]{3}|\d+))*", re.ASCII)
# cronsim, and Carnation, take 5/15 as from 5 on; Debian's cron refuses it, as cronie does.
_STEP_AFTER_NUMBER = re.compile(r"(?:^|,)\w+/")
NOT_CRONS = gettext_noop("cron itself does not take this: %s.")
_A_SECOND = timedelta(seconds=1)


class CronSource:
    """The rule of one line. Raises ValueError where cron would not take it."""

    def __init__(self, schedule: str, zone: ZoneInfo) -> None:
        self.text = schedule
        self._zone = zone
        fields = SHORTHANDS.get(schedule.lower(), schedule).split()
        for field in fields:
            if not _CRONS_OWN.fullmatch(field) or _STEP_AFTER_NUMBER.search(field):
                raise ValueError(field)
        self._fields = " ".join(fields)
        try:
            CronSim(self._fields, datetime(2026, 1, 1, tzinfo=UTC))
        except CronSimError as error:
            raise ValueError(str(error)) from error

    def occurrences(self, start: datetime) -> Iterator[datetime]:
        """Yield them from `start` on, inclusive."""
        for moment in CronSim(self._fields, start.astimezone(self._zone) - _A_SECOND):
            if moment >= start:
                yield moment.astimezone(UTC)
