"""Decides why a job did, or did not, run at an instant: the first rule that has something to say is right. Pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from scheduler import conf
from scheduler.explanations.answers import Answer, Explanation, Verdict
from scheduler.explanations.facts import Facts
from scheduler.explanations.obstacles import say_obstacles_now, say_obstacles_then
from scheduler.explanations.rows import answer_from, manual_runs, say_chain, scheduled_chains
from scheduler.explanations.wording import say_by, say_moment, say_sentence
from scheduler.triggers import Mark, Occurrence


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


def _not_there(facts: Facts) -> Answer | None:
    """The job did not exist then."""
    then = facts.then
    if then.exists:
        return None
    sentences = []
    if then.deleted:
        values = {"by": say_by(then.deleted), "at": say_moment(then.deleted.at, facts.zone)}
        sentences.append(_("The job was deleted %(by)s at %(at)s.") % values)
    created_at = then.to_be_created.at if then.to_be_created else then.created_at
    if created_at:
        values = {"by": say_by(then.to_be_created), "at": say_moment(created_at, facts.zone)}
        sentence = (
            _("It was created again %(by)s at %(at)s.")
            if sentences
            else _("The job was created later, %(by)s at %(at)s.")
        )
        sentences.append(sentence % values)
    unknown = _("The job is gone; who deleted it, and when, is not on record.")
    verdict = Verdict.DELETED if then.deleted or not created_at else Verdict.NOT_CREATED
    return Answer(verdict=verdict, sentences=sentences or [unknown])


def _finished(facts: Facts) -> Answer | None:
    """The job was over."""
    then, job = facts.then, facts.job
    if then.finished_at is None or then.finished_at > facts.asked.end:
        return None
    sentences = [_("The job had finished at %s.") % say_moment(then.finished_at, facts.zone)]
    if job and job.finished_at == then.finished_at:
        if job.is_used_up:
            sentences.append(_("It has run %d times, as often as it may.") % (job.max_runs or 0))
        else:
            sentences.append(_("Its trigger has no occurrence after that."))
    return Answer(verdict=Verdict.FINISHED, sentences=sentences)


def _unreadable(facts: Facts) -> Answer | None:
    """Nobody can say what was due then."""
    if facts.timing:
        return None
    if facts.job is not None and facts.job.problem:
        return _broken(facts)
    sentence = _("The trigger that the job had then is not on record, or cannot be read.")
    return Answer(verdict=Verdict.UNKNOWN, sentences=[sentence])


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
    yield from (say_sentence(mark.reason) for mark in marks)


def _begins_later(facts: Facts) -> Answer | None:
    """Somebody has set the next run to a later instant."""
    then, moment = facts.then, _moment(facts)
    if then.begins_at is None or then.begins_at <= moment:
        return None
    values = {"by": say_by(then.set_to_begin), "begin": say_moment(then.begins_at, facts.zone)}
    sentence = _("The next run was set to %(begin)s %(by)s; what was due before that did not count.") % values
    return Answer(verdict=Verdict.BEGINS_LATER, sentences=[sentence])


def _paused(facts: Facts) -> Answer | None:
    """The job was paused."""
    then = facts.then
    if not then.is_paused:
        return None
    if then.paused is None:
        return Answer(verdict=Verdict.PAUSED, sentences=[_("The job was paused; by whom, and when, is not on record.")])
    values = {"by": say_by(then.paused), "at": say_moment(then.paused.at, facts.zone)}
    sentences = [_("The job was paused %(by)s at %(at)s.") % values]
    return Answer(verdict=Verdict.PAUSED, sentences=sentences)


def _broken(facts: Facts) -> Answer | None:
    """The job cannot be run, and is out of the schedule."""
    job, quarantined = facts.job, facts.then.quarantined
    if job is None or not job.problem or facts.next_run_time is not None:
        return None
    sentences = [_("The job is broken: %s") % job.problem]
    if quarantined:
        sentences.append(_("It was taken out of the schedule at %s.") % say_moment(quarantined.at, facts.zone))
    return Answer(verdict=Verdict.BROKEN, sentences=sentences)


def _to_come(facts: Facts) -> Answer | None:
    """It lies in the future."""
    if _moment(facts) <= facts.now:
        return None
    sentences = [_("It will be due at %s.") % say_moment(_moment(facts), facts.zone), *say_obstacles_now(facts)]
    return Answer(verdict=Verdict.TO_COME, sentences=sentences)


def _due(facts: Facts) -> Answer | None:
    """It is due, and no node has taken it yet."""
    if facts.next_run_time is None or facts.next_run_time > _moment(facts):
        return None
    obstacles = list(say_obstacles_now(facts))
    waiting = obstacles or [_("A node takes it as soon as there is room.")]
    return Answer(verdict=Verdict.DUE, sentences=[_("It is due, and no node has taken it yet."), *waiting])


def _forgotten(facts: Facts) -> Answer | None:
    """What became of it is no longer known."""
    days = facts.job.keep_days if facts.job and facts.job.keep_days else conf.keep_days()
    is_old = days is not None and _moment(facts) < facts.now - timedelta(days=days)
    is_before_all = facts.oldest_row is not None and _moment(facts) < facts.oldest_row
    if not is_old and not is_before_all:
        return None
    since = say_moment(facts.oldest_row, facts.zone) if facts.oldest_row else ""
    kept = _("The oldest execution that is kept is of %s.") % since if since else _("No execution is kept of this job.")
    sentences = [_("It was an occurrence, but what became of it is not on record any more."), kept]
    return Answer(verdict=Verdict.FORGOTTEN, sentences=sentences)


def _unexplained(facts: Facts) -> Answer:
    """Nothing that is on record explains it."""
    sentences = [_("It was an occurrence, but no execution of it is on record, nor a reason.")]
    sentences += say_obstacles_then(facts, until=facts.now)
    return Answer(verdict=Verdict.UNKNOWN, sentences=sentences)


def _moment(facts: Facts) -> datetime:
    """Return the occurrence's instant."""
    found = facts.timing and facts.timing.found
    return found.at if found and found.at else facts.asked.start


def _say_circumstances(facts: Facts, answer: Answer) -> Iterator[str]:
    """Say what was done to the occurrence, what else ran then, and that the job is another by now."""
    if facts.timing and facts.timing.found and facts.then.exists:
        yield from _say_marks(facts.timing.found)
    shown = {row.pk for row in answer.executions}
    for chain in manual_runs(facts):
        if chain[-1].pk not in shown:
            yield _("Beside the schedule, somebody asked for a run then.")
            break
    if facts.folding and facts.folding.pk not in shown and scheduled_chains(facts):
        sentence = _("Later ones of that time were folded into that of %s.")
        yield sentence % say_moment(facts.folding.scheduled_for, facts.zone)
    if (change := facts.then.to_be_changed) and facts.then.exists:
        values = {"by": say_by(change), "at": say_moment(change.at, facts.zone)}
        yield _("The trigger was another one then; it was changed %(by)s at %(at)s.") % values


# In this order: what is on record comes before what can be concluded.
RULES: Sequence[Callable[[Facts], Answer | None]] = (
    _scheduled,
    _folded,
    _asked_for,
    _not_there,
    _finished,
    _unreadable,
    _not_due,
    _paused,
    _broken,
    _begins_later,
    _to_come,
    _due,
    _forgotten,
    _unexplained,
)
