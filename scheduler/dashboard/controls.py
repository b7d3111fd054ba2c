"""What can be done to everything at once, and what is asked before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from scheduler.services.control import pause_scheduler, resume_scheduler, start_scheduler


@dataclass(frozen=True, kw_only=True)
class Control:
    """One thing to do: its service, and the words before, on the button, and after."""

    service: Callable[[], None]
    title: Any
    explanation: Any
    button: Any
    icon: str
    done: Any


CONTROLS: Mapping[str, Control] = {
    "pause": Control(
        service=pause_scheduler,
        title=_("Pause everything?"),
        explanation=_(
            "No job will start by its schedule, on any node, until somebody resumes. What runs goes on, and what "
            "somebody runs by hand does start. What becomes due meanwhile runs afterwards, or is missed, as each job's "
            "misfire grace time says."
        ),
        button=_("Pause everything"),
        icon="pause",
        done=_("Everything is paused."),
    ),
    "resume": Control(
        service=resume_scheduler,
        title=_("Resume everything?"),
        explanation=_(
            "Jobs will start by their schedules again, within a second. What became due meanwhile runs now, or is "
            "missed, as each job's misfire grace time says."
        ),
        button=_("Resume everything"),
        icon="play_arrow",
        done=_("Everything is resumed."),
    ),
    "start": Control(
        service=start_scheduler,
        title=_("Start the scheduler?"),
        explanation=_(
            "The nodes will take up their work again, within a second. What became due meanwhile runs now, or is "
            "missed, as each job's misfire grace time says."
        ),
        button=_("Start the scheduler"),
        icon="play_arrow",
        done=_("The scheduler is started."),
    ),
}


def may_control(request: HttpRequest) -> bool:
    """Tell whether somebody may pause everything, and resume it."""
    return bool(request.user.has_perm("scheduler.change_schedulerstate"))
