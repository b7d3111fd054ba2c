"""The rules beside the jobs' own definitions, such as maintenance windows: every node reads them when they change."""

from django.db.models import F

from scheduler.models import SchedulerState


def touch_rules() -> None:
    """Let every node read the rules anew, within a second of the commit. Called in the transaction of a change."""
    SchedulerState.objects.get_or_create(pk=SchedulerState.THE_ONE)
    SchedulerState.objects.filter(pk=SchedulerState.THE_ONE).update(rules_revision=F("rules_revision") + 1)


def hold_rules() -> None:
    """Let nobody change a calendar or a window until the transaction ends. It comes before the locks of jobs."""
    SchedulerState.objects.get_or_create(pk=SchedulerState.THE_ONE)
    list(SchedulerState.objects.select_for_update().filter(pk=SchedulerState.THE_ONE).values_list("pk"))
