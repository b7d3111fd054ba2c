"""Reads what is stored about time as the values that decide when jobs are due: timetables, and maintenance windows."""

import logging
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from scheduler.exceptions import InvalidInput
from scheduler.models import Job, MaintenanceWindow
from scheduler.queries import calendars_named
from scheduler.triggers import Calendar, InvalidSpec, Timetable, timetable
from scheduler.triggers.terms import Terms
from scheduler.triggers.windows import Window, Windows
from scheduler.words import reasons

logger = logging.getLogger(__name__)

# What spreads jobs by their ids: jitter, and H in a crontab. All other jobs of one trigger can share its timetable.
SPREAD = re.compile(r'"jitter"|"crontab": ?"[^"]*\b[Hh]\b')


def timetable_of(job: Job, calendars: Mapping[str, Calendar] | None = None) -> Timetable:
    """Return the occurrences of a job. Raises InvalidInput, as read_timetable does."""
    return read_timetable(job.trigger, job.timezone, seed=job.id, calendars=calendars)


def read_timetable(
    trigger: Any, zone_name: str, *, seed: str, calendars: Mapping[str, Calendar] | None = None
) -> Timetable:
    """Return the occurrences of what is stored. Raises InvalidInput where that is no trigger, no zone or no calendar.

    Whoever reads many gives the calendars; they are read here otherwise.
    """
    if calendars is None:
        calendars = calendars_named(trigger)
    try:
        return timetable(trigger, ZoneInfo(zone_name), seed=seed, calendars=calendars)
    except InvalidSpec as error:
        raise InvalidInput(error.errors) from error
    except (KeyError, OSError, TypeError, ValueError) as error:
        raise unknown_zone(zone_name) from error


def unknown_zone(name: str) -> InvalidInput:
    """Return the error that there is no time zone of this name."""
    return InvalidInput({"timezone": reasons.NO_ZONE % {"name": name}})


def terms_of(job: Job, *, windows: Windows, due: datetime | None = None) -> Terms:
    """Return all that decides when a job is due. Raises InvalidInput where its trigger or its zone cannot be read."""
    return Terms(
        timetable=timetable_of(job),
        zone=ZoneInfo(job.timezone),
        windows=windows,
        maintenance=job.maintenance,
        tags=tags_of(job),
        since=job.created_at,
        due=due,
    )


def read_windows() -> Windows:
    """Return all maintenance windows. One that cannot be read, which somebody wrote by hand, is left out and logged."""
    windows = []
    for row in MaintenanceWindow.objects.all():
        try:
            windows.append(window_of(row))
        except InvalidInput as error:
            logger.warning("Window %s cannot be read: %s", row.name, error, extra={"action": "window_unreadable"})
    return Windows(windows)


def window_of(row: MaintenanceWindow) -> Window:
    """Return a window as a value. Raises InvalidInput where its trigger, its zone or its tags cannot be read."""
    if not isinstance(row.tags, list):
        # Without tags it would concern all jobs.
        raise InvalidInput({"tags": _("Enter a list of texts.")})
    return Window(
        name=row.name,
        timetable=read_timetable(row.trigger, row.timezone, seed=row.name),
        duration=row.duration,
        zone=ZoneInfo(row.timezone),
        tags=tags_of(row),
    )


def is_broken(row: MaintenanceWindow) -> bool:
    """Tell whether nobody can say when a window begins, because somebody wrote it by hand."""
    try:
        window_of(row)
    except InvalidInput:
        return True
    return False


def tags_of(row: Job | MaintenanceWindow) -> frozenset[str]:
    """Return the tags of a job or a window."""
    return tags_in(row.tags)


def tags_in(column: Any) -> frozenset[str]:
    """Return the tags that a column holds; none where somebody has written by hand what are none."""
    return frozenset(tag for tag in column if isinstance(tag, str)) if isinstance(column, list) else frozenset()
