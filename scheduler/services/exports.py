"""Exports jobs, with the calendars and windows that belong to them, as a document that can be imported again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from scheduler.calendars import WEEKDAYS, has_makeup_days, names_in, read_weekdays
from scheduler.exceptions import JobNotFound
from scheduler.exchange import Document, Entry, LeftOut
from scheduler.exchange.documents import Kind
from scheduler.models import Job, MaintenanceWindow, WorkCalendar
from scheduler.services.import_jobs import DEFAULTS
from scheduler.services.import_rules import CALENDAR_DEFAULTS, WINDOW_DEFAULTS
from scheduler.timetables import tags_of
from scheduler.triggers import KINDS


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A document, and the jobs that are not in it because nobody can read their triggers."""

    document: Document
    left_out: tuple[LeftOut, ...]


def export_jobs(ids: Collection[str] | None = None, *, tag: str | None = None) -> Exported:
    """Return the jobs of these ids, or with a tag, and the calendars they name; without either, all there is.

    Finished jobs are history, and stay where they are. Raises JobNotFound.
    """
    jobs = [job for job in _find(ids) if tag is None or tag in tags_of(job)]
    readable = [job for job in jobs if _is_readable(job.trigger)]
    is_all = ids is None and tag is None
    windows = list(MaintenanceWindow.objects.all()) if is_all else []
    named = None if is_all else {name for job in readable for name in names_in(job.trigger)}
    sections: tuple[Kind, ...] = ("calendar", "window", "job") if is_all else ("calendar", "job") if named else ("job",)
    document = Document(
        jobs=tuple(Entry(key=job.id, fields=_fields_of_job(job)) for job in readable),
        calendars=tuple(Entry(key=each.name, fields=_fields_of_calendar(each)) for each in _calendars(named)),
        windows=tuple(
            Entry(key=each.name, fields=_fields_of_window(each)) for each in windows if _is_readable(each.trigger)
        ),
        sections=frozenset(sections),
    )
    triggers = {each.pk: each.trigger for each in jobs} | {each.pk: each.trigger for each in windows}
    unreadable = [key for key, trigger in triggers.items() if not _is_readable(trigger)]
    left_out = [LeftOut(text=key, reason=_("The trigger cannot be read.")) for key in unreadable]
    return Exported(document=document, left_out=tuple(left_out))


def _find(ids: Collection[str] | None) -> list[Job]:
    jobs = Job.objects.unfinished().order_by("pk")
    if ids is None:
        return list(jobs)
    wanted = sorted(set(ids))
    found = {
        job.pk: job for start in range(0, len(wanted), 500) for job in jobs.filter(pk__in=wanted[start : start + 500])
    }
    if missing := [each for each in wanted if each not in found]:
        raise JobNotFound(id=missing[0])
    return list(found.values())


def _is_readable(trigger: Any) -> bool:
    return isinstance(trigger, Mapping) and trigger.get("trigger") in KINDS


def _calendars(names: set[str] | None) -> Iterable[WorkCalendar]:
    calendars = WorkCalendar.objects.prefetch_related("days")
    return calendars if names is None else calendars.named(names)


def _fields_of_job(job: Job) -> dict[str, Any]:
    """Return what a person would write: what is as by default is left out."""
    defined = {"name": job.name, "func": job.func, "args": job.args, "kwargs": job.kwargs}
    plain = {"name": job.id, "args": [], "kwargs": {}}
    policies = {name: getattr(job, name) for name in DEFAULTS}
    return {
        **{name: value for name, value in defined.items() if name not in plain or value != plain[name]},
        **_fields_of_trigger(job.trigger),
        "timezone": job.timezone,
        **{name: value for name, value in policies.items() if value != DEFAULTS[name]},
        **({"paused": True} if job.paused else {}),
    }


def _fields_of_trigger(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields in the order of their kind."""
    names = ("trigger", *KINDS[trigger["trigger"]].fields)
    return {name: trigger[name] for name in (*names, *sorted(trigger.keys() - set(names))) if name in trigger}


def _fields_of_calendar(calendar: WorkCalendar) -> dict[str, Any]:
    fields = {
        "description": calendar.description,
        "weekend": [WEEKDAYS[weekday] for weekday in sorted(read_weekdays(calendar.weekend))],
        "country": calendar.country,
        "subdivision": calendar.subdivision,
        "makeup_days": calendar.makeup_days,
        "days": [
            {"day": each.day.isoformat(), "working": each.is_working, **({"name": each.name} if each.name else {})}
            for each in calendar.days.all()
        ],
    }
    defaults = {**CALENDAR_DEFAULTS, "makeup_days": has_makeup_days(calendar.country)}
    return {name: value for name, value in fields.items() if value != defaults[name]}


def _fields_of_window(window: MaintenanceWindow) -> dict[str, Any]:
    beside = {"tags": window.tags, "note": window.note}
    return {
        **_fields_of_trigger(window.trigger),
        "timezone": window.timezone,
        "duration_seconds": window.duration_seconds,
        **{name: value for name, value in beside.items() if value != WINDOW_DEFAULTS[name]},
    }
