"""What was done to a job lately, in lines: who, when, what, and what it changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from scheduler.explanations.wording import say_by
from scheduler.links import execution_url
from scheduler.models import Action, AuditEntry, Job
from scheduler.words.moments import write_moment

SHOWN = 8
LONGEST = 80
# Characters before the first difference of two long texts.
BEFORE_DIFFERENCE = 20
# What is written down as an instant.
_MOMENTS = ("next_run_time", "paused_until", "finished_at", "start", "end")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One thing that was done, and the lines that say what it changed."""

    entry: AuditEntry
    by: str
    changes: Sequence[str]
    execution_url: str = ""


def lately_done(job_id: str) -> list[Told]:
    """Return what was done to a job, which may be gone, the latest first. One statement."""
    return [_told(entry) for entry in AuditEntry.objects.of_job(job_id)[:SHOWN]]


def label_of(column: str) -> str:
    """Return the name of a job's column for people."""
    try:
        field: Any = Job._meta.get_field(column)
    except FieldDoesNotExist:
        return {"next_run_time": _("Next run")}.get(column, capfirst(column.replace("_", " ")))
    return capfirst(str(field.verbose_name))


def _told(entry: AuditEntry) -> Told:
    execution = entry.details.get("execution")
    url = execution_url(execution) if str(execution or "").isdigit() else ""
    lines = [_line(name, value) for name, value in entry.details.items() if name not in _unsaid(entry)]
    return Told(entry=entry, by=say_by(entry), changes=lines, execution_url=url)


def _unsaid(entry: AuditEntry) -> Collection[str]:
    """Return what need not be said of an entry, as the action or the link says it."""
    match entry.action:
        case Action.DELETED:
            return set(entry.details)
        case Action.PAUSED | Action.RESUMED:
            return {"paused", "execution"}
    return {"execution", "again_of"}


def _line(name: str, value: Any) -> str:
    match value:
        case [before, after]:
            return f"{label_of(name)}: {' → '.join(_shortened(_said(name, before), _said(name, after)))}"
    return f"{label_of(name)}: {' '.join(_shortened(_said(name, value)))}"


def _shortened(*texts: str) -> list[str]:
    """Shorten texts; of two that begin alike, leave out that, so that it can be seen how they differ."""
    is_long = len(texts) > 1 and max(map(len, texts)) > LONGEST
    start = max(_length_alike(texts) - BEFORE_DIFFERENCE, 0) if is_long else 0
    return [Truncator(f"…{text[start:]}" if start else text).chars(LONGEST) for text in texts]


def _length_alike(texts: Sequence[str]) -> int:
    """Return how many characters the texts share at their beginning."""
    return sum(1 for _same in takewhile(lambda characters: len({*characters}) == 1, zip(*texts, strict=False)))


def _said(name: str, value: Any) -> str:
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in _MOMENTS and isinstance(value, str):
        return write_moment(datetime.fromisoformat(value))
    return str(value)
