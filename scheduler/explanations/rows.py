"""What the executions of an instant say. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduler.explanations.answers import Answer, Verdict
from scheduler.explanations.facts import Facts
from scheduler.explanations.obstacles import say_obstacles_now, say_obstacles_then
from scheduler.explanations.wording import say_moment, say_outcome
from scheduler.models import Execution, Origin, Status
from scheduler.words import said
from scheduler.words.phrases import say_aside, say_counts, say_items

# A minute of a job that runs every second is summed up.
MOST_TOLD = 3
# What is entered so soon after its instant is in time.
IN_TIME = timedelta(seconds=5)


def scheduled_chains(facts: Facts) -> list[Sequence[Execution]]:
    """Return the attempts at each occurrence that has a row, oldest first."""
    return [chain for chain in _chains(facts.rows) if chain[0].origin != Origin.MANUAL]


def manual_runs(facts: Facts) -> list[Sequence[Execution]]:
    """Return the runs that somebody asked for, each with its retries."""
    return [chain for chain in _chains(facts.rows) if chain[0].origin == Origin.MANUAL]


def _chains(rows: Sequence[Execution]) -> Iterator[Sequence[Execution]]:
    for _moment, chain in groupby(rows, key=lambda row: row.scheduled_for):
        yield tuple(chain)


def answer_from(chains: Sequence[Sequence[Execution]], facts: Facts) -> Answer:
    """Say what became of occurrences that have rows; the verdict is that of the first that did not succeed."""
    lasts = [chain[-1] for chain in chains]
    notable = next((chain for chain in chains if chain[-1].status != Status.SUCCEEDED), chains[0])
    sentences: list[str] = []
    if len(chains) > MOST_TOLD:
        sentences.append(_sum_up(lasts))
        chains = [notable]
    for chain in chains:
        if len(lasts) > 1:
            sentences.append(_("At %s:") % say_moment(chain[0].scheduled_for, facts.zone))
        sentences += say_chain(chain, facts)
    rows = [row for chain in chains for row in chain]
    return Answer(verdict=Verdict(notable[-1].status), sentences=sentences, executions=rows)


def say_chain(chain: Sequence[Execution], facts: Facts) -> Iterator[str]:
    """Say what became of one occurrence, of the attempts before, and why it was late or waits."""
    last = chain[-1]
    yield say_outcome(last, facts.zone)
    if len(chain) > 1:
        yield _("That was attempt %(number)d; before: %(statuses)s.") % {
            "number": last.attempt,
            "statuses": say_items([_say_ending(row) for row in chain[:-1]]),
        }
    if last.first_scheduled_for:
        yield _say_fold(last, last.first_scheduled_for, facts)
    if last.origin == Origin.BACKFILL:
        yield _("Somebody queued it afterwards, as a backfill.")
    first = chain[0]
    if last.status == Status.QUEUED:
        yield from _say_waiting(last, facts)
    elif first.origin == Origin.SCHEDULE and first.created_at - first.scheduled_for > IN_TIME:
        yield from say_obstacles_then(facts, until=first.created_at)


def _say_ending(row: Execution) -> str:
    status = str(Status(row.status).label)
    return say_aside(status, said(row.reason)) if row.reason else status


def _say_fold(row: Execution, first: datetime, facts: Facts) -> str:
    if row.occurrences is None:
        return _("It stands for all occurrences since %s.") % say_moment(first, facts.zone)
    return _("It stands for %(count)d occurrences, since %(first)s.") % {
        "count": row.occurrences,
        "first": say_moment(first, facts.zone),
    }


def _say_waiting(row: Execution, facts: Facts) -> Iterator[str]:
    if row.available_at > facts.now:
        yield _("It starts at %s at the earliest.") % say_moment(row.available_at, facts.zone)
    obstacles = list(say_obstacles_now(facts))
    if facts.job is not None and facts.job.paused and row.origin != Origin.MANUAL:
        obstacles.append(_("The job is paused."))
    yield from obstacles
    if not obstacles and row.available_at <= facts.now:
        yield _("It waits for room, or for another run of the job to end.")


def _sum_up(rows: Sequence[Execution]) -> str:
    counts = Counter(str(Status(row.status).label) for row in rows)
    statuses = say_counts(dict(counts.most_common()))
    return ngettext("%(count)d occurrence: %(said)s.", "%(count)d occurrences: %(said)s.", len(rows)) % {
        "count": len(rows),
        "said": statuses,
    }
