"""What needs somebody: runs that failed and whose job has not succeeded since, jobs that cannot run."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import connection
from django.db.models import Exists, OuterRef, Subquery

from scheduler.models import UNSUCCESSFUL, Execution, Job, Status, first_id_of

LOOKED_BACK = timedelta(days=7)
MOST_SHOWN = 8
# So many of the latest failures are looked through: of a job that fails each minute only the latest counts.
MOST_LOOKED_AT = 200
_COLUMNS = ("job_id", "status", "finished_at", "created_at", "reason")


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
    latest: dict[str, int] = {}
    for row_id, job_id in bad:
        latest.setdefault(job_id, row_id)
    standing = _unmended(latest.values()) if latest else []
    shown = _read_shown(standing[:MOST_SHOWN], Counter(job_id for _id, job_id in bad)) if standing else ()
    return Failures(shown=tuple(shown), has_more=len(standing) > MOST_SHOWN or len(bad) == MOST_LOOKED_AT)


def _latest_bad(*, now: datetime) -> Sequence[tuple[int, str]]:
    """Return ids and jobs of the latest failures, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_latest_bad_statement(), [first_id_of(now - LOOKED_BACK)] * len(UNSUCCESSFUL))
        return list(cursor.fetchall())


@cache
def _latest_bad_statement() -> str:
    """The latest of each status, from the index of statuses alone, whose entries have the job, and the id, too.

    `id + 0` keeps the planners from walking the whole ledger backwards, as they would for a status that is rare.
    """
    parts = [
        f"SELECT * FROM (SELECT id, job_id FROM {Execution._meta.db_table} WHERE status = '{status.value}' AND id >= %s"  # noqa: S608 - our names
        f" ORDER BY id + 0 DESC LIMIT {MOST_LOOKED_AT}) AS {status.value}"
        for status in UNSUCCESSFUL
    ]
    return f"SELECT id, job_id FROM ({' UNION ALL '.join(parts)}) AS bad ORDER BY id DESC LIMIT {MOST_LOOKED_AT}"  # noqa: S608


def _unmended(ids: Iterable[int]) -> list[int]:
    """Return those of these failures since whose instant their jobs have not succeeded, the newest first."""
    later = Execution.objects.filter(
        job_id=OuterRef("job_id"), scheduled_for__gte=OuterRef("scheduled_for"), status=Status.SUCCEEDED
    )
    standing = Execution.objects.filter(~Exists(later), pk__in=list(ids))
    return sorted(standing.order_by().values_list("pk", flat=True), reverse=True)


def _read_shown(ids: Sequence[int], counts: Mapping[str, int]) -> Iterable[Failure]:
    name = Subquery(Job.objects.filter(pk=OuterRef("job_id")).values("name")[:1])
    for execution in Execution.objects.filter(pk__in=ids).only(*_COLUMNS).annotate(job_name=name).order_by("-pk"):
        job_name: str | None = getattr(execution, "job_name", None)
        yield Failure(
            execution=execution,
            name=job_name or execution.job_id,
            count=counts[execution.job_id],
            has_job=job_name is not None,
        )


def read_broken_jobs() -> list[Job]:
    """Return unfinished jobs in quarantine, and one more than are shown, if there are more."""
    broken = Job.objects.unfinished().broken().only("name", "problem")
    return list(broken.order_by("-updated_at")[: MOST_SHOWN + 1])
