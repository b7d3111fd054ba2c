"""Readers of single values that several kinds of trigger share."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, tzinfo
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil import parser as date_parser

from scheduler.triggers.base import Context, InvalidField, InvalidSpec, gettext_noop
from scheduler.triggers.instants import EARLIEST, LATEST

Reader: TypeAlias = Callable[[Any, Context], Any]

_YEAR_SECONDS = 366 * 24 * 3600
# No zones of IANA's, though a machine may have files of these names: its own zone, and those that count leap seconds.
_OF_THE_MACHINE = ("localtime", "posixrules", "posix/", "right/")
_CANONICAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?[+-]\d\d:\d\d(:\d\d(\.\d{6})?)?", re.ASCII)


def read_fields(fields: Mapping[str, Any], readers: Mapping[str, Reader], context: Context) -> dict[str, Any]:
    """Read every field that was sent (None counts as not sent); raise InvalidSpec naming all that are wrong."""
    values, errors = {}, {}
    for name, reader in readers.items():
        if fields.get(name) is None:
            continue
        try:
            values[name] = reader(fields[name], context)
        except InvalidField as error:
            errors[name] = error.sentence
    if errors:
        raise InvalidSpec(errors)
    return values


def read_instant(value: Any, context: Context) -> datetime:
    """Read a date that databases must hold and that every zone must be able to show."""
    moment = read_datetime(value, context)
    if not EARLIEST <= moment <= LATEST:
        raise InvalidField(gettext_noop("This date is too far away."))
    return moment


def read_datetime(value: Any, context: Context) -> datetime:
    """Read a date as Flask-APScheduler does: what dateutil understands, the job's zone where no offset is given."""
    if isinstance(value, str):
        value = _parse_date_text(value, context)
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    if not isinstance(value, datetime):
        raise InvalidField(gettext_noop("Enter a date and time as text, such as 2031-05-06T07:08:09."))
    return value if value.tzinfo else value.replace(tzinfo=context.zone)


def _parse_date_text(text: str, context: Context) -> datetime:
    midnight = datetime.combine(context.now.astimezone(context.zone).date(), time.min)
    try:
        if _CANONICAL.fullmatch(text):
            # What isoformat wrote is read back exactly; dateutil knows no offset with seconds, as zones once had.
            return datetime.fromisoformat(text)
        parsed = date_parser.parse(text, default=midnight, tzinfos=_refuse_zone_name)
        # An offset that dateutil reads but Python cannot render (over a day) shows itself here.
        parsed.isoformat()
    except InvalidField:
        raise
    except (ValueError, OverflowError, TypeError, RecursionError) as error:
        raise InvalidField(gettext_noop("This is not a date: %s.") % error) from error
    return parsed


def _refuse_zone_name(name: str | None, offset: int | None) -> tzinfo | int | None:
    if name is not None and offset is None:
        raise InvalidField(
            gettext_noop("Zone abbreviations such as %s are ambiguous; give the offset, such as +08:00.") % name
        )
    return offset


def read_day(value: Any, context: Context) -> date:
    """Read a calendar day; a time of day in it is an error, because it would be ignored."""
    moment = read_datetime(value, context)
    if moment.time() != time.min:
        raise InvalidField(gettext_noop("Enter a day without a time, such as 2031-05-06."))
    return moment.date()


def read_number(value: Any, context: Context) -> float:
    """Read a number; texts are refused, not converted (true passes as 1, as in the original)."""
    if not isinstance(value, int | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise InvalidField(gettext_noop("Enter a number."))
    return value


def read_count(value: Any, context: Context) -> int:
    """Read a whole number of at least 0."""
    if not isinstance(value, int) or value < 0:
        raise InvalidField(gettext_noop("Enter a whole number of at least 0."))
    return int(value)


def read_jitter(value: Any, context: Context) -> float:
    """Read the greatest delay in seconds that spreads a job's starts."""
    jitter = read_number(value, context)
    if not 0 <= jitter <= _YEAR_SECONDS:
        raise InvalidField(gettext_noop("Enter a number of seconds from 0 to one year."))
    return int(jitter) if jitter == int(jitter) else jitter


def choice_reader(*choices: str) -> Reader:
    """Return a reader of one of several words."""

    def read_choice(value: Any, context: Context) -> str:
        if not isinstance(value, str) or value not in choices:
            raise InvalidField(gettext_noop("Choose one of %s.") % ", ".join(choices))
        return value

    return read_choice


def read_zone(value: Any) -> ZoneInfo:
    """Read an IANA zone name; raise InvalidField for anything else."""
    if isinstance(value, ZoneInfo):
        return value
    if not isinstance(value, str) or value.startswith(_OF_THE_MACHINE):
        raise InvalidField(gettext_noop("Enter the name of a time zone, such as Asia/Shanghai."))
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidField(gettext_noop("No time zone found with key %s.") % value) from error
