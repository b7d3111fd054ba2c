"""What all nodes are told: run, pause, stop. Each is a row that every node reads within a second."""

from django.db import transaction
from django.utils import timezone

from scheduler.exceptions import SchedulerAlreadyRunning, SchedulerNotRunning
from scheduler.models import DesiredState, SchedulerState


def start_scheduler() -> None:
    """Let stopped nodes work again. Raises SchedulerAlreadyRunning when they are not stopped."""
    with transaction.atomic():
        if _lock_state().desired != DesiredState.STOPPED:
            raise SchedulerAlreadyRunning
        _set(DesiredState.RUNNING)


def shutdown_scheduler() -> None:
    """Let the nodes stand by: nothing new starts, what runs goes on. Raises SchedulerNotRunning when they do."""
    with transaction.atomic():
        _require_not_stopped()
        _set(DesiredState.STOPPED)


def pause_scheduler() -> None:
    """Let no occurrence start; manual runs do. Raises SchedulerNotRunning while stopped."""
    with transaction.atomic():
        _require_not_stopped()
        _set(DesiredState.PAUSED)


def resume_scheduler() -> None:
    """Undo a pause. Raises SchedulerNotRunning while stopped."""
    with transaction.atomic():
        _require_not_stopped()
        _set(DesiredState.RUNNING)


def _lock_state() -> SchedulerState:
    state, _created = SchedulerState.objects.select_for_update().get_or_create(pk=SchedulerState.THE_ONE)
    return state


def _require_not_stopped() -> None:
    if _lock_state().desired == DesiredState.STOPPED:
        raise SchedulerNotRunning


def _set(desired: DesiredState) -> None:
    SchedulerState.objects.filter(pk=SchedulerState.THE_ONE).update(desired=desired, changed_at=timezone.now())
