"""What was done to a job lately, in lines: who, when, what, and what it changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import takewhile
from typing import Any

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from scheduler.admin.entry_labels import label_of
from scheduler.explanations.wording import say_by
from scheduler.links import execution_url
from scheduler.models import Action, AuditEntry
from scheduler.words import said
from scheduler.words.moments import tell_moment
from scheduler.words.phrases import say_pair

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


def lately_done(job_id: str, zone: tzinfo | None) -> list[Told]:
    """Return what was done to a job, which may be gone, the latest first, by a zone's clock. One statement."""
    return [_told(entry, zone) for entry in AuditEntry.objects.of_job(job_id)[:SHOWN]]


def _told(entry: AuditEntry, zone: tzinfo | None) -> Told:
    execution = entry.details.get("execution")
    url = execution_url(execution) if str(execution or "").isdigit() else ""
    lines = [_line(name, value, zone) for name, value in entry.details.items() if name not in _unsaid(entry)]
    return Told(entry=entry, by=say_by(entry), changes=lines, execution_url=url)


def _unsaid(entry: AuditEntry) -> Collection[str]:
    """Return what need not be said of an entry, as the action or the link says it."""
    match entry.action:
        case Action.DELETED:
            return set(entry.details)
        case Action.PAUSED | Action.RESUMED:
            return {"paused", "execution"}
    return {"execution", "again_of"}


def _line(name: str, value: Any, zone: tzinfo | None) -> str:
    match value:
        case [before, after]:
            pair = _shortened(_told_value(name, before, zone), _told_value(name, after, zone))
            return say_pair(capfirst(label_of(name)), " → ".join(pair))
    return say_pair(capfirst(label_of(name)), *_shortened(_told_value(name, value, zone)))


def _shortened(*texts: str) -> list[str]:
    """Shorten texts; of two that begin alike, leave out that, so that it can be seen how they differ."""
    is_long = len(texts) > 1 and max(map(len, texts)) > LONGEST
    start = max(_length_alike(texts) - BEFORE_DIFFERENCE, 0) if is_long else 0
    return [Truncator(f"…{text[start:]}" if start else text).chars(LONGEST) for text in texts]


def _length_alike(texts: Sequence[str]) -> int:
    """Return how many characters the texts share at their beginning."""
    return sum(1 for _same in takewhile(lambda characters: len({*characters}) == 1, zip(*texts, strict=False)))


def _told_value(name: str, value: Any, zone: tzinfo | None) -> str:
    if value is None or value == "":
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in _MOMENTS and isinstance(value, str):
        return tell_moment(datetime.fromisoformat(value), zone)
    return said(str(value))
