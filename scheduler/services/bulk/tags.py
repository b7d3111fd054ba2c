"""Gives many jobs a tag, or takes it from them; each such change is a revision of the job."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Case, F, JSONField, Value, When
from django.utils.translation import gettext as _

from scheduler import clock
from scheduler.exceptions import InvalidInput
from scheduler.models import Action, Job
from scheduler.services import audit, revisions
from scheduler.services.bulk.chunks import Outcome, in_chunks
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.schedules import lock_fresh_jobs
from scheduler.services.values import MOST_TAGS, read_tags
from scheduler.timetables import tags_of
from scheduler.triggers import InvalidField

ADDED, REMOVED = "added_tag", "removed_tag"


def add_tag(job_ids: Iterable[str], *, tag: str) -> Outcome:
    """Give these jobs a tag; those that have it are left alone. Raises InvalidInput for what is no tag."""
    return in_chunks(job_ids, partial(_retag, tag=_read(tag), what=ADDED))


def remove_tag(job_ids: Iterable[str], *, tag: str) -> Outcome:
    """Take a tag from these jobs; those without it are left alone. Raises InvalidInput for what is no tag."""
    return in_chunks(job_ids, partial(_retag, tag=_read(tag), what=REMOVED))


def _read(tag: str) -> str:
    try:
        return read_tags([tag])[0]
    except InvalidField as error:
        raise InvalidInput({"tag": str(error)}) from error


@retry_deadlocks
@transaction.atomic
def _retag(job_ids: Sequence[str], mark: str, *, tag: str, what: str) -> tuple[list[str], dict[str, str]]:
    jobs, now = [each.job for each in lock_fresh_jobs(job_ids)], clock.now()
    tags = {job.pk: sorted(tags_of(job) | {tag} if what == ADDED else tags_of(job) - {tag}) for job in jobs}
    too_many = {job_id: _("It has %d tags already.") % MOST_TAGS for job_id in tags if len(tags[job_id]) > MOST_TAGS}
    changed = [job for job in jobs if tags[job.pk] != job.tags and job.pk not in too_many]
    _write({job.pk: tags[job.pk] for job in changed}, now=now)
    revised, entries = [], []
    for job in changed:
        revised.append(revisions.revision_before(job))
        changes = {"tags": (job.tags, tags[job.pk])}
        job.tags, job.revision = tags[job.pk], job.revision + 1
        revised.append(revisions.revision_of(job, Action.CHANGED, now=now))
        details = {"bulk": mark, what: tag}
        entries.append(audit.entry(Action.CHANGED, now=now, of=job, changes=changes, details=details))
    revisions.write(revised)
    audit.write(entries)
    return [job.pk for job in changed], too_many


def _write(tags: Mapping[str, list[str]], *, now: datetime) -> None:
    """Write the tags of jobs, in one statement; most jobs have one of few sets of them."""
    if not tags:
        return
    alike: dict[tuple[str, ...], list[str]] = {}
    for job_id, listed in tags.items():
        alike.setdefault(tuple(listed), []).append(job_id)
    cases = [When(pk__in=ids, then=Value(list(listed), JSONField())) for listed, ids in alike.items()]
    changed = Job.objects.filter(pk__in=list(tags))
    changed.update(tags=Case(*cases, output_field=JSONField()), revision=F("revision") + 1, updated_at=now)
