"""Reads the instant that somebody asks about."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from django.utils.translation import gettext as _

from scheduler.exceptions import InvalidInput
from scheduler.triggers import LATEST, Context, InvalidField
from scheduler.triggers.fields import read_instant
from scheduler.triggers.instants import MICROSECOND
from scheduler.words import said

_TIME_OF_DAY = re.compile(r"\d:\d\d|T\d\d", re.ASCII)
# How exact a text is, the most exact first: all that lies within so much time of it is meant.
_PRECISIONS = (
    (re.compile(r":\d\d[.,]\d", re.ASCII), MICROSECOND),
    (re.compile(r"\d:\d\d:\d\d", re.ASCII), timedelta(seconds=1)),
    (_TIME_OF_DAY, timedelta(minutes=1)),
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked about: all from `start` to `end`, both inclusive.

    `wall` is the start as the clock of `zone` shows it; where that clock jumps, perhaps a time that it never shows.
    """

    start: datetime
    end: datetime
    wall: datetime
    zone: tzinfo

    def is_on_wall(self, planned: datetime, zone: tzinfo) -> bool:
        """Tell whether a time on the wall clock of a zone is meant."""
        # The zone of the definition may have been another one then.
        wall = self.wall if zone is self.zone else self.start.astimezone(zone).replace(tzinfo=None)
        return wall <= planned <= wall + (self.end - self.start)


def read_asked(text: str, zone: tzinfo, *, now: datetime) -> Asked:
    """Read an instant, in `zone` where it names no offset. Raises InvalidInput naming `at`.

    One that is given to the minute means that whole minute, one to the second that second: nobody asks about a
    microsecond, and a job with jitter keeps none.
    """
    try:
        moment = read_instant(text, Context(zone=zone, now=now))
    except InvalidField as error:
        raise InvalidInput({"at": said(error.sentence)}) from error
    length = next((span for pattern, span in _PRECISIONS if pattern.search(text)), None)
    if length is None:
        raise InvalidInput({"at": _("Give a time of day too, such as 2031-05-06T07:08.")})
    start = moment.astimezone(UTC)
    wall = moment if moment.tzinfo is zone else start.astimezone(zone)
    end = min(start + length - MICROSECOND, LATEST)
    return Asked(start=start, end=end, wall=wall.replace(tzinfo=None, fold=0), zone=zone)
