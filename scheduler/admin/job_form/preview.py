"""What stands beside the form: the next runs of the job that is being typed, and what that does to the others."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.forms import BoundField
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from scheduler import clock
from scheduler.admin.job_form.form import JobForm
from scheduler.admin.job_form.typed import Typed, read_typed
from scheduler.exceptions import InvalidInput
from scheduler.previews import Line
from scheduler.services.drafts import UNNAMED, Draft, are_few, days_looked_at, find_conflicts
from scheduler.simulation import Finding
from scheduler.triggers.instants import moment_of
from scheduler.words import said
from scheduler.words.moments import write_wall

# The value of the button that asks what the job does to all others.
FINDINGS = "findings"


@dataclass(frozen=True, kw_only=True)
class Told:
    """A field, and what is wrong with it now; "" for nothing any more."""

    field: BoundField
    message: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """A run; or, without `at`, what is dropped, on the wall in the job's zone. The reasons say why, or of what.

    `count` is how many are dropped from here up to `last`, None for more than anybody has counted.
    """

    at: datetime | None
    planned: str
    reasons: list[str]
    count: int | None
    last: str


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A finding of the simulation, in words; `advice` are the fields that would mend it."""

    sentence: str
    at: datetime | None
    others: int
    advice: dict[str, Any]


@dataclass(kw_only=True)
class Preview:
    """The side panel."""

    address: str
    told: list[Told]
    words: str = ""
    zone: str = ""
    is_elsewhere: bool = False
    rows: list[Row] = field(default_factory=list)
    has_more: bool = False
    # None where nobody has asked for them; in the coming `days`.
    conflicts: list[Conflict] | None = None
    days: int = 0
    refusal: str = ""

    @property
    def wrong(self) -> list[Told]:
        """What is wrong now."""
        return [each for each in self.told if each.message]

    @cached_property
    def comes_unbidden(self) -> bool:
        """Whether the findings take so little time that they need not be asked for."""
        return are_few()


def make_preview(form: JobForm, *, with_findings: bool = False) -> Preview:
    """Preview what is in a form, be it typed, or only shown so far."""
    now = clock.now()
    read, job_id = read_typed(form, now=now), form.instance.pk
    address = reverse("admin:scheduler_job_preview") + (f"?{urlencode({'job': job_id})}" if job_id else "")
    told = [Told(field=form[name], message=read.errors.get(name, "")) for name in read.names]
    preview = Preview(address=address, told=told)
    if read.draft is not None:
        _tell_runs(preview, read.draft)
    if with_findings:
        _tell_findings(preview, read, job_id, now=now)
    return preview


def _tell_runs(preview: Preview, draft: Draft) -> None:
    foretold = draft.foretold
    preview.words, preview.zone = foretold.description, foretold.job.timezone
    preview.is_elsewhere = timezone.get_current_timezone_name() != preview.zone
    preview.rows = [_row(line) for line in foretold.preview.lines]
    preview.has_more = foretold.preview.next_start is not None


def _row(line: Line) -> Row:
    one = line.occurrence
    return Row(
        at=one.at,
        planned=write_wall(one.planned),
        reasons=[said(mark.reason) for mark in one.marks],
        count=line.count,
        last=write_wall(line.last.planned) if line.last else "",
    )


def _tell_findings(preview: Preview, read: Typed, job_id: str | None, *, now: datetime) -> None:
    if read.draft is None:
        preview.refusal = gettext("Mend what is wrong first.")
        return
    try:
        preview.days = days_looked_at()
        findings = find_conflicts(read.draft, read.data, of=job_id, days=preview.days, now=now)
    except InvalidInput as error:
        preview.refusal = " ".join(error.errors.values())
    else:
        preview.conflicts = list(_conflicts(findings, read))


def _conflicts(findings: list[Finding], read: Typed) -> Iterator[Conflict]:
    job_id = read.data.get("id", UNNAMED)
    for finding in findings:
        changes = finding.spread.changes.get(job_id, {}) if finding.spread else {}
        yield Conflict(
            sentence=said(finding.sentence),
            at=moment_of(finding.at) if finding.at is not None else None,
            others=len(finding.jobs) - 1,
            advice={name: value for name, value in changes.items() if value != read.data.get(name)},
        )
