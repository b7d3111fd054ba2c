"""Lets one node among all see to what is to be done now and then."""

from datetime import datetime, timedelta

from django.db.models import Q

from scheduler.models import SchedulerState
from scheduler.services.transactions import write_transaction


def claim_chore(column: str, *, every: timedelta, now: datetime) -> bool:
    """Tell one caller among all nodes that it is time; `column` of the state says when it last was.

    A time to come was written by a node whose clock was wrong: it keeps nobody waiting.
    """
    is_time = Q(**{column: None}) | Q(**{f"{column}__lte": now - every}) | Q(**{f"{column}__gt": now})
    with write_transaction():
        return bool(SchedulerState.objects.filter(is_time, pk=SchedulerState.THE_ONE).update(**{column: now}))
