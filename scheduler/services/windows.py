"""What can be done to maintenance windows: create, change, delete. REST and admin call these."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from scheduler import clock
from scheduler.actors import current_actor
from scheduler.exceptions import InvalidInput, WindowAlreadyExists, WindowNotFound
from scheduler.models import Action, Kind, MaintenanceWindow
from scheduler.services import audit
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.definitions import TRIGGER_FIELDS, When, read_when
from scheduler.services.fields import FieldErrors, Reader, as_object
from scheduler.services.rules import touch_rules
from scheduler.services.values import read_id, read_tags, read_text
from scheduler.timetables import read_timetable
from scheduler.triggers import Calendar, InvalidField
from scheduler.triggers.timetable import MOST_STEPS, Exhausted, Steps
from scheduler.triggers.windows import LONGEST

MOST_SECONDS = int(LONGEST.total_seconds())
LONGEST_NOTE = 10_000
# So many of the gaps (more than a year of days) between a window's starts are compared with its duration.
GAPS_COMPARED = 400
STEPS_COMPARED = 5 * MOST_STEPS
_ABOUT_TRIGGER = TRIGGER_FIELDS | {"type"}
_COLUMNS = ("trigger", "timezone", "duration_seconds", "tags", "note")


def read_window(
    data: Any,
    *,
    present: MaintenanceWindow | None = None,
    now: datetime,
    calendars: Mapping[str, Calendar] | None = None,
) -> MaintenanceWindow:
    """Read a new window, or the change of a present one; return it without writing it.

    The trigger is sent as for a job, `{"trigger": "cron", "hour": 2}`, and says when the window begins. Whoever reads
    many gives the calendars; they are read here otherwise. Raises InvalidInput with all that is wrong.
    """
    data, errors = as_object(data), FieldErrors()
    columns = _read_columns(data, errors, is_new=present is None)
    when = _read_start(data, errors, is_new=present is None, now=now, calendars=calendars)
    if present is not None and data.get("name", present.name) != present.name:
        errors.found["name"] = _("The name may not be changed.")
    errors.raise_if_any()
    window = _filled(present or MaintenanceWindow(), {**columns, **_columns_of(when)})
    _compare_with_gaps(window, now=now, calendars=calendars)
    return window


@retry_deadlocks
@transaction.atomic
def create_window(data: Any) -> MaintenanceWindow:
    """Add a window; it holds within a second, also for what waits already. Raises InvalidInput, WindowAlreadyExists."""
    # First, so that no calendar goes while a window that names it is read and written.
    touch_rules()
    now = clock.now()
    window = read_window(data, now=now)
    window.created_by = current_actor().name[: audit.LONGEST_NAME]
    try:
        with transaction.atomic():
            window.save(force_insert=True)
    except IntegrityError:
        raise WindowAlreadyExists(name=window.name) from None
    _note(Action.CREATED, window, {}, _told_of(window), now=now)
    return window


@retry_deadlocks
@transaction.atomic
def change_window(name: str, data: Any) -> MaintenanceWindow:
    """Change what `data` names; what waits for its end is looked at afresh within a second.

    Raises InvalidInput, WindowNotFound.
    """
    touch_rules()
    window = MaintenanceWindow.objects.called(name).select_for_update().first()
    if window is None:
        raise WindowNotFound(name=name)
    now, before = clock.now(), _told_of(window)
    window = read_window(data, present=window, now=now)
    window.save(update_fields=[*_COLUMNS])
    if before != (after := _told_of(window)):
        _note(Action.CHANGED, window, before, after, now=now)
    return window


@retry_deadlocks
@transaction.atomic
def delete_window(name: str) -> None:
    """Delete a window; what waits for its end starts within a second. Raises WindowNotFound."""
    touch_rules()
    window = MaintenanceWindow.objects.called(name).select_for_update().first()
    if window is None:
        raise WindowNotFound(name=name)
    _note(Action.DELETED, window, _told_of(window), {}, now=clock.now())
    window.delete()


def read_name(value: Any) -> str:
    """Read a name that a path of the REST API can hold; the one that means something else there is refused."""
    name = read_id(value)
    if name == "preview":
        raise InvalidField(_("A window cannot be called preview."))
    return name


def read_duration(value: Any) -> int:
    """Read how long a window lasts: whole seconds, at most 31 days."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_SECONDS:
        raise InvalidField(_("Enter a whole number of seconds from 1 to %d, which is 31 days.") % MOST_SECONDS)
    return value


def read_note(value: Any) -> str:
    """Read a text of several lines, which may be empty."""
    if value in (None, ""):
        return ""
    if not isinstance(value, str) or len(value) > LONGEST_NOTE:
        raise InvalidField(_("Enter a text of at most %d characters.") % LONGEST_NOTE)
    for start in range(0, len(value), 255):
        read_text(value[start : start + 255])
    return value


_READERS: Mapping[str, Reader] = {
    "name": read_name,
    "duration_seconds": read_duration,
    "tags": read_tags,
    "note": read_note,
}
_REQUIRED = ("name", "duration_seconds", "trigger")
# What a client reads is what it may send back; these say nothing that could be changed.
_SHOWN_ONLY = frozenset({"created_at", "created_by", "next", "affected"})


def _told_of(window: MaintenanceWindow) -> dict[str, Any]:
    return {name: getattr(window, name) for name in _COLUMNS}


def _note(
    action: Action, window: MaintenanceWindow, before: dict[str, Any], after: dict[str, Any], *, now: datetime
) -> None:
    thing = audit.Thing(kind=Kind.WINDOW, name=window.name)
    audit.note(action, now=now, of=thing, changes=audit.all_differences(before, after))


def _read_columns(data: Mapping[str, Any], errors: FieldErrors, *, is_new: bool) -> dict[str, Any]:
    errors.refuse_others(data, _READERS.keys() | _ABOUT_TRIGGER | _SHOWN_ONLY)
    if is_new:
        errors.require(_REQUIRED, data)
    return errors.read_all({name: each for name, each in _READERS.items() if name not in errors.found}, data)


def _read_start(
    data: Mapping[str, Any],
    errors: FieldErrors,
    *,
    is_new: bool,
    now: datetime,
    calendars: Mapping[str, Calendar] | None,
) -> When | None:
    fields = {name: data[name] for name in data.keys() & _ABOUT_TRIGGER}
    if "trigger" not in data and not is_new:
        errors.found |= dict.fromkeys(fields, _("Send it together with its trigger."))
    if "trigger" not in data or "trigger" in errors.found:
        return None
    if data["trigger"] == "manual":
        errors.found["trigger"] = _("A window that begins by hand never begins.")
        return None
    try:
        return read_when(fields, now=now, calendars=calendars)
    except InvalidInput as error:
        errors.found |= error.errors
        return None


def _columns_of(when: When | None) -> dict[str, Any]:
    return {"trigger": when.trigger, "timezone": when.timezone} if when else {}


def _filled(window: MaintenanceWindow, columns: Mapping[str, Any]) -> MaintenanceWindow:
    for name, value in columns.items():
        setattr(window, name, value)
    return window


def _compare_with_gaps(window: MaintenanceWindow, *, now: datetime, calendars: Mapping[str, Calendar] | None) -> None:
    """Refuse a duration that reaches the window's own next start: then it would never end."""
    gap = _shortest_gap(window, now=now, calendars=calendars)
    if gap is not None and gap <= window.duration:
        message = _("The window must end before it begins again; its starts are %d s apart.")
        raise InvalidInput({"duration_seconds": message % gap.total_seconds()})


def _shortest_gap(
    window: MaintenanceWindow, *, now: datetime, calendars: Mapping[str, Calendar] | None
) -> timedelta | None:
    timetable = read_timetable(window.trigger, window.timezone, seed=window.name, calendars=calendars)
    starts, steps = [timetable.first(now)], Steps(STEPS_COMPARED)
    # Where it takes long to find so many, fewer must do.
    with suppress(Exhausted, OverflowError):
        while (last := starts[-1]) is not None and len(starts) <= GAPS_COMPARED:
            starts.append(timetable.find(last, steps))
    moments = [start for start in starts if start is not None]
    return min((later - earlier for earlier, later in pairwise(moments)), default=None)
