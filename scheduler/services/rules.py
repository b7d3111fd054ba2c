"""The rules beside the jobs' own definitions, such as maintenance windows: every node reads them when they change."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.translation import gettext as _

from scheduler.exceptions import InvalidInput
from scheduler.models import Job, MaintenanceWindow, SchedulerState
from scheduler.services.problems import read_timetable, timetable_of
from scheduler.triggers.terms import Terms
from scheduler.triggers.windows import Window, Windows

logger = logging.getLogger(__name__)


def touch_rules() -> None:
    """Let every node read the rules anew, within a second of the commit. Called in the transaction of a change."""
    SchedulerState.objects.get_or_create(pk=SchedulerState.THE_ONE)
    SchedulerState.objects.filter(pk=SchedulerState.THE_ONE).update(rules_revision=F("rules_revision") + 1)


def hold_rules() -> None:
    """Let nobody change a calendar or a window until the transaction ends. It comes before the locks of jobs."""
    SchedulerState.objects.get_or_create(pk=SchedulerState.THE_ONE)
    list(SchedulerState.objects.select_for_update().filter(pk=SchedulerState.THE_ONE).values_list("pk"))


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
    """Return the tags of a job or a window; none where somebody has written by hand what are none."""
    return frozenset(tag for tag in row.tags if isinstance(tag, str)) if isinstance(row.tags, list) else frozenset()


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
