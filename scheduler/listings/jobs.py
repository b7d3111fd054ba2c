"""Which jobs are late, run, failed lately or never ran; and what their tasks and tags are.

Where a question is about few executions, an index finds them, and the ids of their jobs are the answer: joined with
all jobs, a planner might choose to walk through the whole history.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower

from scheduler.models import FAILURES, Execution, Job, JsonText, Schedule, Status, first_id_of
from scheduler.queries import latest_execution_of_job
from scheduler.timetables import tags_in

# Whatever is due for longer and has not begun is late; nodes take what is due within a second.
LATE_AFTER = timedelta(minutes=1)
LATELY = timedelta(days=1)
# Compared in place of no next run; asked for in two steps, MariaDB would look up each next run twice.
AFTER_ALL = datetime(9999, 1, 1, tzinfo=UTC)


def late_jobs(*, now: datetime) -> set[str]:
    """Return the jobs that have been due, or had a run in the queue that may start, for over LATE_AFTER."""
    limit = now - LATE_AFTER
    due = Schedule.objects.filter(next_run_time__lte=limit).order_by().values_list("pk", flat=True)
    # By execution_queue, in which everything is that is asked.
    waiting = Execution.objects.filter(status=Status.QUEUED, available_at__lte=limit).order_by()
    return {*due, *waiting.values_list("job_id", flat=True).distinct()}


def running_jobs(*, node_id: int | None = None) -> set[str]:
    """Return the jobs of which something runs, on one node or on any; by execution_queue."""
    running = Execution.objects.filter(status=Status.RUNNING).order_by()
    if node_id is not None:
        running = running.filter(node_id=node_id)
    return set(running.values_list("job_id", flat=True).distinct())


def jobs_that_failed(*, now: datetime) -> set[str]:
    """Return the jobs of which a run that was recorded LATELY failed, timed out or was lost; by execution_queue."""
    failed = Execution.objects.filter(status__in=FAILURES, pk__gte=first_id_of(now - LATELY)).order_by()
    return set(failed.values_list("job_id", flat=True).distinct())


def without_history(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Return those of which nothing is on record; by execution_once, a look at it for each job.

    Whether what is on record ever began, only the rows could say: that took six times as long.
    """
    return jobs.filter(~Exists(Execution.objects.filter(job_id=OuterRef("pk"))))


def with_last_status(jobs: QuerySet[Job], status: str) -> QuerySet[Job]:
    """Return those whose latest execution has this status; by execution_once, and a row for each job."""
    return jobs.alias(last_status=latest_execution_of_job("status")).filter(last_status=status)


@dataclass(frozen=True, kw_only=True)
class TagsInUse:
    """The tags of all jobs: how many jobs have each, and which lists of tags there are, as the database writes them."""

    counts: Counter[str]
    lists: dict[str, frozenset[str]]

    def with_tag(self, jobs: QuerySet[Job], tag: str) -> QuerySet[Job]:
        """Return those that have a tag. No lookup in JSON is the same on every database, a text's equality is."""
        texts = [text for text, tags in self.lists.items() if tag in tags]
        return jobs.alias(tags_text=JsonText("tags")).filter(tags_text__in=texts)


def tags_in_use() -> TagsInUse:
    """Return the tags of all jobs, in one statement; most jobs have one of few lists of them."""
    texts = Counter(Job.objects.order_by().values_list(JsonText("tags"), flat=True))
    lists = {text: tags_in(json.loads(text)) for text in texts}
    counts: Counter[str] = Counter()
    for text, number in texts.items():
        counts.update(dict.fromkeys(lists[text], number))
    return TagsInUse(counts=counts, lists=lists)


def tasks_in_use() -> list[str]:
    """Return the tasks that jobs name, in alphabetical order."""
    return sorted(Job.objects.order_by().values_list("func", flat=True).distinct())


def latest_executions(job_ids: Iterable[str]) -> dict[str, Execution]:
    """Return the latest execution of each of these jobs, without its large columns; two statements."""
    latest = Job.objects.filter(pk__in=list(job_ids)).order_by().values_list(latest_execution_of_job("pk"), flat=True)
    rows = Execution.objects.filter(pk__in=[pk for pk in latest if pk]).only("job_id", "status", "scheduled_for")
    return {row.job_id: row for row in rows}


def search_jobs(jobs: QuerySet[Job], text: str) -> QuerySet[Job]:
    """Return those that have all words of a text in their id, name or task, in whatever case.

    Ids and tasks are compared exactly on MariaDB, in lookups that ignore case, too.
    """
    found = jobs.alias(low_id=Lower("pk"), low_name=Lower("name"), low_func=Lower("func"))
    for word in text.lower().split():
        found = found.filter(Q(low_id__contains=word) | Q(low_name__contains=word) | Q(low_func__contains=word))
    return found


def by_next_run() -> list[object]:
    """Return the order in which the jobs come that are due next; those without a next run, last."""
    return [Coalesce("next_run_time", Value(AFTER_ALL)).asc(), "pk"]


# By state, as the list shows it.
STATES: dict[str, Q] = {
    "active": Q(paused=False, finished_at=None, problem=""),
    "paused": Q(paused=True, finished_at=None),
    "finished": Q(finished_at__isnull=False),
    "broken": ~Q(problem=""),
}
