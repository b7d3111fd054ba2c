"""Writes down what somebody did to users and groups, which Django's own pages write."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Group
from django.db import models

from scheduler import clock
from scheduler.models import Action, Kind
from scheduler.services import audit


def note_account(
    action: Action,
    account: models.Model,
    *,
    changes: audit.Changes | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down what was done to a user or a group, in the transaction that does it. No password is ever given."""
    kind = Kind.GROUP if isinstance(account, Group) else Kind.USER
    thing = audit.Thing(kind=kind, name=str(account))
    audit.note(action, now=clock.now(), of=thing, changes=changes, details=details)


def note_new_password(user: models.Model) -> None:
    """Write down that a user has another password; not which."""
    note_account(Action.CHANGED, user, details={"password": "another one"})
