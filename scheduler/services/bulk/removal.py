"""Deletes many jobs, and brings back what was deleted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from scheduler import clock
from scheduler.models import Action, AuditEntry, Execution, HistoricalJob, Job, RevisionColumns, Schedule, Status
from scheduler.services import audit, revisions
from scheduler.services.bulk.chunks import Outcome, in_chunks
from scheduler.services.calendars import hold_calendars
from scheduler.services.deadlocks import retry_deadlocks
from scheduler.services.schedules import is_overtaken, lock_fresh_jobs, record_skipped, write_next_run_times
from scheduler.words import reasons


def delete_jobs(job_ids: Iterable[str]) -> Outcome:
    """Delete these jobs and their schedules, as `delete_job` does one: what runs goes on, the history stays."""
    return in_chunks(job_ids, _delete)


def restore_jobs(deleted: Mapping[str, AuditEntry]) -> Outcome:
    """Bring back jobs by the entries of their deletion, as they were defined then; their queued runs stay cancelled."""
    return in_chunks(deleted, partial(_restore, deleted=deleted))


@retry_deadlocks
@transaction.atomic
def _delete(job_ids: Sequence[str], mark: str) -> tuple[list[str], dict[str, str]]:
    locked, now = lock_fresh_jobs(job_ids), clock.now()
    ids, reason = [each.job.pk for each in locked], reasons.JOB_DELETED
    record_skipped([each for each in locked if is_overtaken(each, None, now=now)], now=now, reason=reason)
    queued = Execution.objects.filter(job_id__in=ids, status=Status.QUEUED)
    queued.update(status=Status.CANCELLED, reason=reason, finished_at=now)
    # What it was last: nobody may have kept a revision of what was made past the services.
    revisions.write(revisions.revision_before(each.job) for each in locked)
    audit.write(
        audit.entry(
            Action.DELETED,
            now=now,
            of=each.job,
            changes=audit.differences(audit.told_of(each.job), {}),
            details={"bulk": mark, "run_count": each.job.run_count},
        )
        for each in locked
    )
    Schedule.objects.filter(pk__in=ids).delete()
    Job.objects.filter(pk__in=ids).delete()
    return ids, {}


@retry_deadlocks
@transaction.atomic
def _restore(
    job_ids: Sequence[str], mark: str, *, deleted: Mapping[str, AuditEntry]
) -> tuple[list[str], dict[str, str]]:
    last = _last_revisions([deleted[job_id] for job_id in job_ids])
    hold_calendars([row.trigger for row in last.values()])
    taken = set(Job.objects.select_for_update().filter(pk__in=job_ids).order_by("pk").values_list("pk", flat=True))
    failed = {job_id: _("There is a job of this id again.") for job_id in job_ids if job_id in taken}
    failed |= {job_id: _("Nobody knows any more what it was.") for job_id in job_ids if job_id not in last}
    now = clock.now()
    jobs = [_as_it_was(last[job_id], deleted[job_id]) for job_id in job_ids if job_id not in failed]
    # The schedule first, as everywhere; the engine derives it within a second, as of whatever it has not seen before.
    write_next_run_times({job.pk: None for job in jobs})
    Job.objects.bulk_create(jobs)
    revisions.write(
        revisions.revision_of(job, Action.RESTORED, now=now, restored_from=last[job.pk].revision) for job in jobs
    )
    audit.write(
        audit.entry(
            Action.CREATED,
            now=now,
            of=job,
            changes=audit.differences({"paused": False}, {"paused": job.paused}),
            details={"bulk": mark, "restored_from": last[job.pk].revision},
        )
        for job in jobs
    )
    return [job.pk for job in jobs], failed


def _last_revisions(entries: Sequence[AuditEntry]) -> dict[str, RevisionColumns]:
    """Return, by job, the revision that was deleted, as far as it is still kept."""
    wanted = {(entry.job_id, entry.revision) for entry in entries}
    rows = HistoricalJob.objects.filter(
        id__in={job_id for job_id, _revision in wanted}, revision__in={revision for _job_id, revision in wanted}
    )
    return {row.id: row for row in rows if (row.id, row.revision) in wanted}


def _as_it_was(revision: RevisionColumns, entry: AuditEntry) -> Job:
    """Return the job that was deleted, not yet written: its definition, and what its last entry says beside that."""
    columns = {field.attname: getattr(revision, field.attname) for field in HistoricalJob.tracked_fields}
    job = Job(**{**columns, "revision": revision.revision + 1})
    job.paused = (entry.change_of("paused") or (False, None))[0]
    if until := entry.change_of("paused_until"):
        job.paused_until = until[0] and datetime.fromisoformat(until[0])
    if reason := entry.change_of("pause_reason"):
        job.pause_reason = reason[0]
    job.run_count = entry.details.get("run_count", 0)
    if finished := entry.change_of("finished_at"):
        job.finished_at = finished[0]
    return job
