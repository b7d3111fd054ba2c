"""What can be done to calendars. Each write reaches the nodes within a second, and the jobs that name the calendar.

One write at a time: each begins with the row of the scheduler's state, whose count of changes the nodes watch. By it
they read the maintenance windows anew, too, which may name calendars.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from scheduler import clock
from scheduler.calendars import InvalidFile, names_in, read_file
from scheduler.exceptions import CalendarAlreadyExists, CalendarInUse, CalendarNotFound, InvalidInput
from scheduler.models import Action, CalendarDay, Job, Kind, Schedule, SchedulerState, WorkCalendar
from scheduler.queries import calendars_named, jobs_naming, windows_naming
from scheduler.services import audit
from scheduler.services.calendar_definitions import read_calendar_change, read_new_calendar
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.problems import problem_of_job, write_problems
from scheduler.services.rules import touch_rules
from scheduler.timetables import timetable_of
from scheduler.triggers import Calendar, Sentence, SpecialDay
from scheduler.triggers.instants import MICROSECOND

MOST_NAMED = 10
MOST_SENTENCES = 10
# Of the days that one write changes, so many are written down; how many there were is, too.
MOST_DAYS_TOLD = 50
_AT_ONCE = 500


@retry_deadlocks
@transaction.atomic
def create_calendar(data: Any) -> WorkCalendar:
    """Add the calendar that `data` defines; jobs that wait for one of its name are mended.

    Raises InvalidInput, CalendarAlreadyExists.
    """
    definition = read_new_calendar(data)
    touch_rules()
    if WorkCalendar.objects.filter(pk=definition.columns["name"]).exists():
        raise CalendarAlreadyExists(name=definition.columns["name"])
    calendar = WorkCalendar.objects.create(**definition.columns)
    _add_days(calendar, definition.days or {})
    _reach_jobs(calendar.name, before=None)
    columns = {name: value for name, value in definition.columns.items() if name != "name"}
    _note(Action.CREATED, calendar, audit.all_differences({}, columns), {}, definition.days or {})
    return calendar


@retry_deadlocks
@transaction.atomic
def change_calendar(name: str, data: Any) -> WorkCalendar:
    """Change what `data` names; `days` are then all of the own days. What equals the present changes nothing.

    Raises InvalidInput, CalendarNotFound.
    """
    calendar = _hold(name)
    definition = read_calendar_change(calendar, data)
    before = _value_of(calendar)
    changes = audit.differences({name: getattr(calendar, name) for name in definition.columns}, definition.columns)
    for column, (_before, after) in changes.items():
        setattr(calendar, column, after)
    if changes:
        calendar.save(update_fields=[*changes])
        _note(Action.CHANGED, calendar, changes, {}, {})
    if (definition.days is not None and _set_days(calendar, definition.days, replace=True)) or changes:
        _reach_jobs(name, before=before)
    return calendar


@retry_deadlocks
@transaction.atomic
def set_days(name: str, days: Mapping[date, SpecialDay | None], *, replace: bool = False) -> WorkCalendar:
    """Set some of the own days, and take away those that are None; with `replace` they are all there are.

    Raises CalendarNotFound.
    """
    calendar = _hold(name)
    before = _value_of(calendar)
    if _set_days(calendar, days, replace=replace):
        _reach_jobs(name, before=before)
    return calendar


def import_days(
    name: str, filename: str, content: bytes, *, working: bool = False, replace: bool = False
) -> Mapping[date, SpecialDay]:
    """Set the days that a file lists, all of them or none, and return them; with `replace` they are all there are.

    `working` says what the events of an .ics file are that do not say it. Raises InvalidInput, CalendarNotFound.
    """
    days = read_days_of_file(filename, content, working=working)
    set_days(name, days, replace=replace)
    return days


def read_days_of_file(filename: str, content: bytes, *, working: bool = False) -> Mapping[date, SpecialDay]:
    """Read the days that a file lists, and write nothing. Raises InvalidInput."""
    try:
        return read_file(filename, content, working=working)
    except InvalidFile as error:
        said = [each.said_by(_) if isinstance(each, Sentence) else each for each in error.sentences]
        more = [_("And %d more mistakes.") % (len(said) - MOST_SENTENCES)] if len(said) > MOST_SENTENCES else []
        raise InvalidInput({"file": " ".join([*said[:MOST_SENTENCES], *more])}) from error


@retry_deadlocks
@transaction.atomic
def delete_calendar(name: str) -> None:
    """Delete a calendar that no unfinished job and no window names. Raises CalendarNotFound, CalendarInUse."""
    calendar = _hold(name)
    jobs = [job_id for job_id, finished_at in jobs_naming([name]).get(name, ()) if finished_at is None]
    if users := [*jobs, *windows_naming([name]).get(name, ())]:
        more = ["..."] if len(users) > MOST_NAMED else []
        raise CalendarInUse(name=name, users=", ".join([*users[:MOST_NAMED], *more]))
    _note(Action.DELETED, calendar, {}, {}, {})
    calendar.delete()


def hold_calendars(trigger: Any) -> None:
    """Let nobody change a calendar while a job that names one is written, until the transaction ends.

    Whoever changed it meanwhile would not find the job, whose schedule then followed the calendar as it was. It comes
    before the locks of schedules and jobs, as for those who change calendars.
    """
    if names_in(trigger):
        list(SchedulerState.objects.select_for_update().filter(pk=SchedulerState.THE_ONE).values_list("pk"))


def _hold(name: str) -> WorkCalendar:
    """Return the calendar, which nobody else can change until the transaction ends."""
    touch_rules()
    # PostgreSQL would refuse to look for a null character.
    calendar = WorkCalendar.objects.filter(pk=name).first() if name.isprintable() else None
    if calendar is None:
        raise CalendarNotFound(name=name)
    return calendar


def _value_of(calendar: WorkCalendar) -> Calendar | None:
    """Return what triggers take; None where nobody can read it, and so no job has gone by it."""
    return calendar.as_value() if calendar.is_readable else None


def _set_days(calendar: WorkCalendar, days: Mapping[date, SpecialDay | None], *, replace: bool) -> bool:
    """Write the days that differ, and tell whether any did."""
    before = {each.day: each.as_value() for each in calendar.days.all()}
    gone = dict.fromkeys(before.keys() - days.keys()) if replace else {}
    changes = {day: special for day, special in {**gone, **days}.items() if before.get(day) != special}
    if changes:
        _take_away(calendar, [day for day in changes if day in before])
        _add_days(calendar, changes)
        _note(Action.CHANGED, calendar, {}, before, changes)
    return bool(changes)


def _note(
    action: Action,
    calendar: WorkCalendar,
    changes: audit.Changes,
    before: Mapping[date, SpecialDay],
    days: Mapping[date, SpecialDay | None],
) -> None:
    """Write down what was done to a calendar, and which of its own days became what."""
    told = {day.isoformat(): (_say(before.get(day)), _say(days[day])) for day in sorted(days)[:MOST_DAYS_TOLD]}
    details = {"days": len(days)} if days else None
    thing = audit.Thing(kind=Kind.CALENDAR, name=calendar.name)
    audit.note(action, now=clock.now(), of=thing, changes={**changes, **told}, details=details)


def _say(special: SpecialDay | None) -> str | None:
    """Say what an own day is, in a code that no language changes."""
    return None if special is None else f"{'working' if special.is_working else 'off'} {special.name}".strip()


def _take_away(calendar: WorkCalendar, days: list[date]) -> None:
    for start in range(0, len(days), _AT_ONCE):
        calendar.days.filter(day__in=days[start : start + _AT_ONCE]).delete()


def _add_days(calendar: WorkCalendar, days: Mapping[date, SpecialDay | None]) -> None:
    added = {day: special for day, special in days.items() if special is not None}
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(calendar=calendar, day=day, is_working=special.is_working, name=special.name)
            for day, special in added.items()
        ],
        batch_size=_AT_ONCE,
    )


def _reach_jobs(name: str, *, before: Calendar | None) -> None:
    """Let the engine derive the schedules of the jobs that name a calendar, and say what is wrong with them now.

    `before` is the calendar as it was. A next run that it did not give was set by somebody, and is left alone.
    """
    job_ids = [job_id for job_id, _finished_at in jobs_naming([name]).get(name, ())]
    for start in range(0, len(job_ids), _AT_ONCE):
        named = Job.objects.filter(pk__in=job_ids[start : start + _AT_ONCE])
        derived = [job.pk for job in _derived_by(named, {name: before} if before else {})]
        Job.objects.filter(pk__in=derived).update(synced_trigger=None)
        write_problems({job.pk: problem_of_job(job) for job in named.broken()})


def _derived_by(jobs: QuerySet[Job], calendars_before: Mapping[str, Calendar]) -> Iterator[Job]:
    """Yield those of these jobs whose next run, if they have one, is an occurrence by the calendars as they were."""
    moments = dict(Schedule.objects.filter(pk__in=jobs.values("pk")).values_list("pk", "next_run_time"))
    calendars = {**calendars_named(*(job.trigger for job in jobs)), **calendars_before}
    for job in jobs:
        if _gives(job, moments.get(job.pk), calendars):
            yield job


def _gives(job: Job, moment: datetime | None, calendars: Mapping[str, Calendar]) -> bool:
    """Tell whether a moment, if there is one, is an occurrence of a job, or nobody can say."""
    try:
        return moment is None or timetable_of(job, calendars).next_after(moment - MICROSECOND) == moment
    except InvalidInput:
        return True
