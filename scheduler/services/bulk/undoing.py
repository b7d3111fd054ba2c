"""Undoes what was done to many jobs together, as far as it can be undone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from scheduler.exceptions import NothingToUndo
from scheduler.models import LARGEST_ID, Action, AuditEntry, Execution, Status, first_id_of, id_in
from scheduler.services.bulk.chunks import Outcome
from scheduler.services.bulk.removal import restore_jobs
from scheduler.services.bulk.runs import cancel_executions
from scheduler.services.bulk.standing import pause_jobs, resume_jobs
from scheduler.services.bulk.tags import ADDED, REMOVED, add_tag, remove_tag

# Nothing that is done together takes longer; so the primary key finds its entries.
LONGEST = first_id_of(datetime(1970, 1, 1, 0, 30, tzinfo=UTC))


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was done together: the entries, by job (the last of each), and all of them in order."""

    entries: tuple[AuditEntry, ...]

    @property
    def action(self) -> Action:
        """What it was."""
        return Action(self.entries[0].action)

    @property
    def by_job(self) -> Mapping[str, AuditEntry]:
        """The entry of each job."""
        return {entry.job_id: entry for entry in self.entries}

    def tag(self, what: str) -> str | None:
        """Return the tag that was given or taken, if that is what it was."""
        tag: str | None = self.entries[0].details.get(what)
        return tag


def find_done(mark: str) -> Done:
    """Return what was done together under this mark. Raises NothingToUndo where nothing is known of it."""
    first = id_in(mark)
    if first is None:
        raise NothingToUndo
    last = min(first + LONGEST, LARGEST_ID)
    entries = AuditEntry.objects.filter(pk__gt=first, pk__lte=last, details__bulk=mark).order_by("pk")
    done = Done(entries=tuple(entries))
    if not done.entries:
        raise NothingToUndo
    return done


def undo(mark: str) -> Outcome:
    """Undo what was done under this mark, to the jobs that it was done to; what was changed since stays as it is.

    Runs that have begun go on. Raises NothingToUndo.
    """
    done = find_done(mark)
    return _UNDOING[done.action](done)


def _undo_change(done: Done) -> Outcome:
    added, removed = done.tag(ADDED), done.tag(REMOVED)
    if added:
        return remove_tag(done.by_job, tag=added)
    if removed:
        return add_tag(done.by_job, tag=removed)
    raise NothingToUndo


def _undo_runs(done: Done) -> Outcome:
    ids = [int(entry.details["execution"]) for entry in done.entries]
    queued = Execution.objects.filter(pk__in=ids, status=Status.QUEUED).values_list("pk", flat=True)
    return cancel_executions(list(queued))


def _refuse(done: Done) -> Outcome:
    raise NothingToUndo


_UNDOING: Mapping[Action, Callable[[Done], Outcome]] = {
    **dict.fromkeys(Action, _refuse),
    Action.PAUSED: lambda done: resume_jobs(done.by_job),
    Action.RESUMED: lambda done: pause_jobs(done.by_job),
    Action.CHANGED: _undo_change,
    Action.RUN: _undo_runs,
    Action.DELETED: lambda done: restore_jobs(done.by_job),
}
