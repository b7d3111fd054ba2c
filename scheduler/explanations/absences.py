"""Rules about a job that was not there, over, paused, broken, or of which nothing is left on record. Pure."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from scheduler import conf
from scheduler.explanations.answers import Answer, Verdict
from scheduler.explanations.facts import Facts
from scheduler.explanations.obstacles import say_obstacles_now
from scheduler.explanations.wording import say_by, say_moment
from scheduler.words import said


def not_there(facts: Facts) -> Answer | None:
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


def finished(facts: Facts) -> Answer | None:
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


def unreadable(facts: Facts) -> Answer | None:
    """Nobody can say what was due then."""
    if facts.timing:
        return None
    if facts.job is not None and facts.job.problem:
        return broken(facts)
    sentence = _("The trigger that the job had then is not on record, or cannot be read.")
    return Answer(verdict=Verdict.UNKNOWN, sentences=[sentence])


def paused(facts: Facts) -> Answer | None:
    """The job was paused."""
    then = facts.then
    if not then.is_paused or (then.paused_until and then.paused_until <= moment_of(facts)):
        return None
    if then.paused is None:
        sentences = [_("The job was paused; by whom, and when, is not on record.")]
    else:
        values = {"by": say_by(then.paused), "at": say_moment(then.paused.at, facts.zone)}
        sentences = [_("The job was paused %(by)s at %(at)s.") % values]
    if then.pause_reason:
        sentences.append(_("The reason that was given: %s") % then.pause_reason)
    if then.paused_until:
        ends = say_moment(then.paused_until, facts.zone)
        is_to_come = then.paused_until > facts.now
        sentences.append((_("It resumes by itself at %s.") if is_to_come else _("It was paused until %s.")) % ends)
    return Answer(verdict=Verdict.PAUSED, sentences=sentences)


def not_yet_resumed(facts: Facts) -> Answer | None:
    """The job's pause is over, and no node has seen that yet."""
    until = facts.then.paused_until
    is_paused_still = facts.job is not None and facts.job.paused and facts.job.paused_until == until
    if until is None or not is_paused_still or not until <= moment_of(facts) <= facts.now:
        return None
    sentence = _("The pause of the job ended at %s, and no node has taken up what is due since.")
    sentences = [sentence % say_moment(until, facts.zone), *say_obstacles_now(facts)]
    return Answer(verdict=Verdict.DUE, sentences=sentences)


def broken(facts: Facts) -> Answer | None:
    """The job cannot be run, and is out of the schedule."""
    job, quarantined = facts.job, facts.then.quarantined
    if job is None or not job.problem or facts.next_run_time is not None:
        return None
    sentences = [_("The job is broken: %s") % said(job.problem)]
    if quarantined:
        sentences.append(_("It was taken out of the schedule at %s.") % say_moment(quarantined.at, facts.zone))
    return Answer(verdict=Verdict.BROKEN, sentences=sentences)


def begins_later(facts: Facts) -> Answer | None:
    """Somebody has set the next run to a later instant."""
    then, moment = facts.then, moment_of(facts)
    if then.begins_at is None or then.begins_at <= moment:
        return None
    values = {"by": say_by(then.set_to_begin), "begin": say_moment(then.begins_at, facts.zone)}
    sentence = _("The next run was set to %(begin)s %(by)s; what was due before that did not count.") % values
    return Answer(verdict=Verdict.BEGINS_LATER, sentences=[sentence])


def forgotten(facts: Facts) -> Answer | None:
    """What became of it is no longer known."""
    days = facts.job.keep_days if facts.job and facts.job.keep_days else conf.keep_days()
    is_old = days is not None and moment_of(facts) < facts.now - timedelta(days=days)
    is_before_all = facts.oldest_row is not None and moment_of(facts) < facts.oldest_row
    if not is_old and not is_before_all:
        return None
    since = say_moment(facts.oldest_row, facts.zone) if facts.oldest_row else ""
    kept = _("The oldest execution that is kept is of %s.") % since if since else _("No execution is kept of this job.")
    sentences = [_("It was an occurrence, but what became of it is not on record any more."), kept]
    return Answer(verdict=Verdict.FORGOTTEN, sentences=sentences)


def moment_of(facts: Facts) -> datetime:
    """Return the occurrence's instant."""
    found = facts.timing and facts.timing.found
    return found.at if found and found.at else facts.asked.start
