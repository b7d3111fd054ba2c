"""Whether jobs are being run, in a sentence, and whatever stands in their way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from scheduler.models import DesiredState
from scheduler.overview.nodes import Installation
from scheduler.words.elapsed import say_briefly

_ACTS = {DesiredState.RUNNING: "pause", DesiredState.PAUSED: "resume", DesiredState.STOPPED: "start"}


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What stands in the way of jobs; `act` is the control that would take it away, if one does."""

    level: str
    icon: str
    sentence: str
    details: str
    act: str | None = None


@dataclass(frozen=True, kw_only=True)
class Health:
    """All notices, the one that nobody wants before the one that somebody has ordered; without any, all is well."""

    notices: tuple[Notice, ...]
    last_turn: str

    @property
    def may_pause(self) -> bool:
        """Whether there is anything to pause."""
        return all(notice.act is None for notice in self.notices)


def describe_health(installation: Installation, *, now: datetime) -> Health:
    """Say how it is."""
    since = installation.since_turn
    return Health(
        notices=tuple(_notices(installation, now=now)),
        last_turn="" if since is None else _("last turn %s ago") % say_briefly(since),
    )


def _notices(installation: Installation, *, now: datetime) -> Iterator[Notice]:
    if not installation.turning:
        sentence = _("No node makes turns: no job is run.")
        yield Notice(level="bad", icon="error", sentence=sentence, details=_last_turn(installation))
    if installation.state != DesiredState.RUNNING:
        is_paused = installation.state == DesiredState.PAUSED
        yield Notice(
            level="paused",
            icon="pause_circle" if is_paused else "stop_circle",
            sentence=_("Everything is paused.") if is_paused else _("The scheduler is stopped."),
            details=_by_whom(installation, now=now),
            act=_ACTS[installation.state],
        )


def _last_turn(installation: Installation) -> str:
    if installation.since_turn is not None:
        return _("The last turn was %s ago. Look at the nodes and their logs.") % say_briefly(installation.since_turn)
    if installation.last_turn_at is not None:
        return _("All have been stopped. Start one: manage.py runapscheduler")
    return _("None has ever been started here. Start one: manage.py runapscheduler")


def _by_whom(installation: Installation, *, now: datetime) -> str:
    """Say who has paused or stopped, and how long ago."""
    if installation.changed_at is None:
        return ""
    length = say_briefly(now - installation.changed_at)
    if not installation.changed_by:
        return _("%(length)s ago.") % {"length": length}
    return _("By %(actor)s, %(length)s ago.") % {"actor": installation.changed_by, "length": length}
