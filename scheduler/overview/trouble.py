"""What needs somebody: runs that failed and whose job has not succeeded since, jobs that cannot run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.models import Exists, OuterRef

from scheduler.models import Execution, Job, Status, first_id_of

LOOKED_BACK = timedelta(days=7)
MOST_SHOWN = 8
# So many of the latest failures are looked through: of a job that fails each minute only the latest counts.
MOST_LOOKED_AT = 300
_COLUMNS = ("id", "job_id", "status", "scheduled_for", "finished_at", "created_at", "reason", "attempt")
BAD = (Status.FAILED, Status.TIMED_OUT, Status.LOST, Status.MISSED)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The latest failure of a job that has not succeeded since; `count` is how many there were lately, at least."""

    execution: Execution
    name: str
    count: int
    has_job: bool

    @property
    def job_id(self) -> str:
        """Whose it is."""
        return str(self.execution.job_id)


@dataclass(frozen=True, kw_only=True)
class Failures:
    """The newest first; `has_more` tells that there are others."""

    shown: tuple[Failure, ...]
    has_more: bool


def read_failures(*, now: datetime) -> Failures:
    """Return the jobs whose latest runs failed, each once; three statements."""
    bad = _latest_bad(now=now)
    latest: dict[str, Execution] = {}
    counts: dict[str, int] = {}
    for execution in bad:
        latest.setdefault(execution.job_id, execution)
        counts[execution.job_id] = counts.get(execution.job_id, 0) + 1
    names = dict(Job.objects.filter(pk__in=list(latest)).values_list("pk", "name")) if latest else {}
    unmended = _unmended(latest.values()) if latest else set()
    standing = [each for job_id, each in latest.items() if job_id in unmended]
    shown = tuple(
        Failure(
            execution=each,
            name=names.get(each.job_id) or each.job_id,
            count=counts[each.job_id],
            has_job=each.job_id in names,
        )
        for each in standing[:MOST_SHOWN]
    )
    return Failures(shown=shown, has_more=len(standing) > MOST_SHOWN or len(bad) == MOST_LOOKED_AT)


def _latest_bad(*, now: datetime) -> Sequence[Execution]:
    return list(Execution.objects.raw(_latest_bad_statement(), [first_id_of(now - LOOKED_BACK)] * len(BAD)))


@cache
def _latest_bad_statement() -> str:
    """The latest of each status by the index of statuses, whose entries have the id, too.

    `id + 0` keeps the planners from walking the whole ledger backwards, as they would for a status that is rare.
    """
    table = Execution._meta.db_table
    parts = [
        f"SELECT * FROM (SELECT id FROM {table} WHERE status = '{status.value}' AND id >= %s"  # noqa: S608 - our names
        f" ORDER BY id + 0 DESC LIMIT {MOST_LOOKED_AT}) AS {status.value}"
        for status in BAD
    ]
    columns = ", ".join(f"e.{name}" for name in _COLUMNS)
    return (
        f"SELECT {columns} FROM {table} e JOIN ({' UNION ALL '.join(parts)}) AS bad ON bad.id = e.id"  # noqa: S608
        f" ORDER BY e.id DESC LIMIT {MOST_LOOKED_AT}"
    )


def _unmended(failures: Iterable[Execution]) -> set[str]:
    """Return the jobs that have no success for a later instant, nor one that was made later."""
    later = Execution.objects.filter(
        job_id=OuterRef("job_id"), scheduled_for__gte=OuterRef("scheduled_for"), status=Status.SUCCEEDED
    )
    standing = Execution.objects.filter(~Exists(later), pk__in=[each.pk for each in failures])
    return set(standing.order_by().values_list("job_id", flat=True))


def read_broken_jobs() -> list[Job]:
    """Return unfinished jobs in quarantine, and one more than are shown, if there are more."""
    broken = Job.objects.unfinished().broken().only("name", "problem")
    return list(broken.order_by("-updated_at")[: MOST_SHOWN + 1])
