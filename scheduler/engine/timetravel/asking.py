"""Reads from when to when to travel."""

from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from scheduler import clock, conf
from scheduler.exceptions import InvalidInput
from scheduler.triggers import Context, InvalidField
from scheduler.triggers.fields import read_instant
from scheduler.words import said


def read_range(names: tuple[str, str], first: str | date, last: str | date) -> tuple[datetime, datetime]:
    """Read two instants, of which the second must not be the earlier. Raises InvalidInput naming one of `names`."""
    start, end = read_moment(names[0], first), read_moment(names[1], last)
    if end < start:
        raise InvalidInput({names[1]: _("The end must not be before the start.")})
    return start, end


def read_moment(name: str, value: str | date) -> datetime:
    """Read an instant, in the scheduler's zone where it names no offset. Raises InvalidInput naming `name`."""
    try:
        return read_instant(value, Context(zone=conf.timezone(), now=clock.now())).astimezone(UTC)
    except InvalidField as error:
        raise InvalidInput({name: said(error.sentence)}) from error
