"""What all nodes are told: run, pause, stop. Each is a row that every node reads within a second."""

from django.db import transaction

from scheduler import clock
from scheduler.exceptions import SchedulerAlreadyRunning, SchedulerNotRunning
from scheduler.models import Action, DesiredState, SchedulerState
from scheduler.services.audit import note


def start_scheduler() -> None:
    """Let stopped nodes work again. Raises SchedulerAlreadyRunning when they are not stopped."""
    with transaction.atomic():
        state = _lock_state()
        if state.desired != DesiredState.STOPPED:
            raise SchedulerAlreadyRunning
        _set(state, DesiredState.RUNNING, Action.SCHEDULER_STARTED)


def shutdown_scheduler() -> None:
    """Let the nodes stand by: nothing new starts, what runs goes on. Raises SchedulerNotRunning when they do."""
    with transaction.atomic():
        _set(_require_not_stopped(), DesiredState.STOPPED, Action.SCHEDULER_STOPPED)


def pause_scheduler() -> None:
    """Let no occurrence start; manual runs do. Raises SchedulerNotRunning while stopped."""
    with transaction.atomic():
        _set(_require_not_stopped(), DesiredState.PAUSED, Action.SCHEDULER_PAUSED)


def resume_scheduler() -> None:
    """Undo a pause. Raises SchedulerNotRunning while stopped."""
    with transaction.atomic():
        _set(_require_not_stopped(), DesiredState.RUNNING, Action.SCHEDULER_RESUMED)


def _lock_state() -> SchedulerState:
    state, _created = SchedulerState.objects.select_for_update().get_or_create(pk=SchedulerState.THE_ONE)
    return state


def _require_not_stopped() -> SchedulerState:
    state = _lock_state()
    if state.desired == DesiredState.STOPPED:
        raise SchedulerNotRunning
    return state


def _set(state: SchedulerState, desired: DesiredState, action: Action) -> None:
    now = clock.now()
    SchedulerState.objects.filter(pk=state.pk).update(desired=desired, changed_at=now)
    if state.desired != desired:
        note(action, now=now, changes={"desired": (state.desired, desired.value)})
