"""What kept all jobs from running: no node, or a scheduler that was told to pause or to stop. Pure."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from scheduler.explanations.facts import Facts
from scheduler.explanations.history import SchedulerThen, scheduler_between, scheduler_now
from scheduler.explanations.wording import say_by, say_moment
from scheduler.models import DEAD_AFTER, DesiredState


def say_obstacles_then(facts: Facts, *, until: datetime) -> Iterator[str]:
    """Say what was in the way between the instant and `until`."""
    then = scheduler_between(facts.state, facts.scheduler, facts.asked.start, until)
    if not then.is_running:
        yield _say_halt(facts, then)
    if not facts.nodes.any_alive:
        yield _say_silence(facts)


def say_obstacles_now(facts: Facts) -> Iterator[str]:
    """Say what is in the way."""
    state = scheduler_now(facts.state, facts.scheduler)
    if not state.is_running:
        yield _say_halt(facts, state)
    last = facts.nodes.last_heard_of
    if last is None:
        yield _("There is no record of any node.")
    elif facts.now - last > DEAD_AFTER:
        yield _("No node was heard of since %s.") % say_moment(last, facts.zone)


def _say_halt(facts: Facts, then: SchedulerThen) -> str:
    """Say who has paused or stopped the scheduler, and since when."""
    is_stopped = then.desired == DesiredState.STOPPED
    if then.since is None:
        return _("The scheduler was stopped.") if is_stopped else _("The scheduler was paused.")
    end = _end_of(facts, then.since)
    values = {
        "by": say_by(then.entry),
        "since": say_moment(then.since, facts.zone),
        "end": _(", until %s") % say_moment(end, facts.zone) if end else "",
    }
    if is_stopped:
        return _("The whole scheduler was stopped %(by)s at %(since)s%(end)s.") % values
    return _("The whole scheduler was paused %(by)s at %(since)s%(end)s.") % values


def _end_of(facts: Facts, since: datetime) -> datetime | None:
    ends = (each for each in facts.scheduler.later if each.details["desired"][1] == DesiredState.RUNNING)
    return next((each.at for each in ends if each.at > since), None)


def _say_silence(facts: Facts) -> str:
    """Say from when to when no node was there, as far as the nodes' rows tell: those of long ago are deleted."""
    nodes = facts.nodes
    if nodes.on_record_since is None:
        return _("There is no record of any node.")
    if nodes.silent_since is None:
        return _("There is no record of nodes before %s.") % say_moment(nodes.on_record_since, facts.zone)
    if nodes.next_start is None:
        return _("No node was heard of since %s.") % say_moment(nodes.silent_since, facts.zone)
    return _("No node was running from %(start)s to %(end)s.") % {
        "start": say_moment(nodes.silent_since, facts.zone),
        "end": say_moment(nodes.next_start, facts.zone),
    }
