"""Decides why a job did, or did not, run at an instant: the first rule that has something to say is right. Pure."""

from collections.abc import Callable, Iterator, Sequence

from django.utils.translation import gettext as _

from scheduler.explanations.absences import (
    begins_later,
    broken,
    finished,
    forgotten,
    moment_of,
    not_there,
    not_yet_resumed,
    paused,
    unreadable,
)
from scheduler.explanations.answers import Answer, Explanation, Verdict
from scheduler.explanations.facts import Facts
from scheduler.explanations.obstacles import say_obstacles_now, say_obstacles_then
from scheduler.explanations.rows import answer_from, manual_runs, say_chain, scheduled_chains
from scheduler.explanations.wording import say_by, say_moment
from scheduler.models import Action
from scheduler.triggers import Mark, Occurrence
from scheduler.words import said


def decide(facts: Facts) -> Explanation:
    """Return the explanation that these facts make."""
    answer = next(filter(None, (rule(facts) for rule in RULES)))
    timing, occurrence = facts.timing, _occurrence(facts)
    return Explanation(
        job_id=facts.job_id,
        asked=facts.asked,
        verdict=answer.verdict,
        sentences=[*answer.sentences, *_say_circumstances(facts, answer)],
        executions=answer.executions,
        before=timing.before if timing else None,
        after=timing.after if timing else None,
        marks=occurrence.marks if occurrence else (),
    )


def _occurrence(facts: Facts) -> Occurrence | None:
    return (facts.timing.found or facts.timing.planned) if facts.timing else None


def _scheduled(facts: Facts) -> Answer | None:
    """There are executions of that instant."""
    chains = scheduled_chains(facts)
    return answer_from(chains, facts) if chains else None


def _folded(facts: Facts) -> Answer | None:
    """Another execution stands for it."""
    row = facts.folding
    if row is None or (facts.timing and not facts.timing.found):
        return None
    sentence = _("Several occurrences were due at once, and this one was folded into that of %s.")
    sentences = [sentence % say_moment(row.scheduled_for, facts.zone), *say_chain([row], facts)]
    return Answer(verdict=Verdict.FOLDED, sentences=sentences, executions=[row])


def _asked_for(facts: Facts) -> Answer | None:
    """It was no occurrence, but somebody ran the job then."""
    chains = manual_runs(facts)
    if not chains or (facts.timing and facts.timing.found):
        return None
    answer = answer_from(chains, facts)
    sentences = [_("Somebody asked for a run, beside the schedule."), *answer.sentences]
    return Answer(verdict=answer.verdict, sentences=sentences, executions=answer.executions)


def _not_due(facts: Facts) -> Answer | None:
    """It was no occurrence, or none that came about then."""
    timing = facts.timing
    if timing is None or timing.found:
        return None
    if timing.planned is None:
        sentences = [_("The job is not due then, by its trigger."), *_say_nearest(facts)]
        return Answer(verdict=Verdict.NOT_AN_OCCURRENCE, sentences=sentences)
    if timing.planned.at is None:
        sentences = [_("It was an occurrence by the trigger alone, and dropped.")]
        return Answer(
            verdict=Verdict.EXCLUDED, sentences=[*sentences, *_say_marks(timing.planned), *_say_nearest(facts)]
        )
    sentences = [_("This occurrence comes about at %s.") % say_moment(timing.planned.at, facts.zone)]
    return Answer(verdict=Verdict.MOVED, sentences=[*sentences, *_say_marks(timing.planned)])


def _say_nearest(facts: Facts) -> Iterator[str]:
    timing = facts.timing
    if timing and timing.before:
        yield _("The nearest before: %s.") % say_moment(timing.before, facts.zone)
    if timing and timing.after:
        yield _("The nearest after: %s.") % say_moment(timing.after, facts.zone)


def _say_marks(occurrence: Occurrence | None) -> Iterator[str]:
    marks: Sequence[Mark] = occurrence.marks if occurrence else ()
    yield from (said(mark.reason) for mark in marks)


def _to_come(facts: Facts) -> Answer | None:
    """It lies in the future."""
    if moment_of(facts) <= facts.now:
        return None
    return Answer(verdict=Verdict.TO_COME, sentences=[*_say_what_comes(facts), *say_obstacles_now(facts)])


def _say_what_comes(facts: Facts) -> Iterator[str]:
    """Say when it is due, and what becomes of it where a maintenance window will be in the way."""
    due, then = moment_of(facts), facts.to_come
    yield _("It will be due at %s.") % say_moment(due, facts.zone)
    if then is None or then.at == due:
        return
    if then.at is None:
        yield _("It will not run.")
    else:
        yield _("It will run at %s.") % say_moment(then.at, facts.zone)
    yield from (said(mark.reason) for mark in then.marks[-1:])


def _due(facts: Facts) -> Answer | None:
    """It is due, and no node has taken it yet."""
    if facts.next_run_time is None or facts.next_run_time > moment_of(facts):
        return None
    obstacles = list(say_obstacles_now(facts))
    waiting = obstacles or [_("A node takes it as soon as there is room.")]
    return Answer(verdict=Verdict.DUE, sentences=[_("It is due, and no node has taken it yet."), *waiting])


def _unexplained(facts: Facts) -> Answer:
    """Nothing that is on record explains it."""
    sentences = [_("It was an occurrence, but no execution of it is on record, nor a reason.")]
    sentences += say_obstacles_then(facts, until=facts.now)
    return Answer(verdict=Verdict.UNKNOWN, sentences=sentences)


def _say_circumstances(facts: Facts, answer: Answer) -> Iterator[str]:
    """Say what was done to the occurrence, what else ran then, and that the job is another by now."""
    if facts.timing and facts.timing.found and facts.then.exists:
        yield from _say_marks(facts.timing.found)
    shown = {row.pk for row in answer.executions}
    beside = [row.pk for chain in manual_runs(facts) for row in chain]
    if beside and shown.isdisjoint(beside):
        yield _("Beside the schedule, somebody asked for a run then.")
    if facts.folding and facts.folding.pk not in shown and scheduled_chains(facts):
        sentence = _("Later ones of that time were folded into that of %s.")
        yield sentence % say_moment(facts.folding.scheduled_for, facts.zone)
    if (change := facts.then.to_be_changed) and facts.then.exists:
        values = {"by": say_by(change), "at": say_moment(change.at, facts.zone)}
        yield _("The trigger was another one then; it was changed %(by)s at %(at)s.") % values
    if facts.then.exists and _goes_by_calendar(facts, answer):
        yield from _say_calendar_change(facts)


def _goes_by_calendar(facts: Facts, answer: Answer) -> bool:
    """Tell whether the days of a calendar have to do with the answer; not where it ran on a day that counts."""
    occurrence = facts.timing and facts.timing.found
    is_on_day = occurrence and not any(mark.code in ("calendar", "rolled") for mark in occurrence.marks)
    return not (is_on_day and answer.executions)


def _say_calendar_change(facts: Facts) -> Iterator[str]:
    """Say that the days were others then; what they were is not worked out."""
    if change := facts.calendar_change:
        values = {"calendar": change.name, "by": say_by(change), "at": say_moment(change.at, facts.zone)}
        if change.action == Action.DELETED:
            yield _("The calendar %(calendar)s, by which the job went, was deleted %(by)s at %(at)s.") % values
        else:
            yield (
                _("The calendar %(calendar)s was changed %(by)s at %(at)s; this goes by the calendar of now.") % values
            )


# In this order: what is on record comes before what can be concluded.
RULES: Sequence[Callable[[Facts], Answer | None]] = (
    _scheduled,
    _folded,
    _asked_for,
    not_there,
    finished,
    unreadable,
    _not_due,
    paused,
    not_yet_resumed,
    broken,
    begins_later,
    _to_come,
    _due,
    forgotten,
    _unexplained,
)
