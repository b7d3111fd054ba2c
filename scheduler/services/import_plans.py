"""What an import would do, before it does it: values, without a database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from scheduler.exchange import LeftOut, Mistake, Rule
from scheduler.exchange.documents import Kind
from scheduler.masking import without_secrets


class Verb(StrEnum):
    """What becomes of an entry."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DELETED = "deleted"


@dataclass(frozen=True, kw_only=True)
class Change:
    """What becomes of one job, calendar or window; `fields` are those that differ, with what is there before and after.

    `data` is what the service is sent, with the trigger as it was understood, and `paused` what a job is to be.
    """

    kind: Kind
    key: str
    verb: Verb
    line: int | None = None
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    paused: bool | None = None
    notes: tuple[str, ...] = ()
    rule: Rule | None = None
    trigger: Mapping[str, Any] = field(default_factory=dict)
    timezone: str = "UTC"
    max_runs: int | None = None

    @property
    def writes(self) -> bool:
        """Whether anything is to be written."""
        return self.verb != Verb.UNCHANGED


def show_value(name: str, value: Any) -> str:
    """Return a field's value as it is shown: a text as it is, all else as JSON, without what looks like a secret."""
    value = without_secrets({name: value})[name]
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False, default=str)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that an import would do, or all that is wrong with it; `untouched` are the jobs that the file does not name.

    `now` is the moment at which it was made, from which a trigger counts that names no date.
    """

    now: datetime
    changes: tuple[Change, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    untouched: tuple[str, ...] = ()

    def count(self, verb: Verb) -> int:
        """Return how many entries become this."""
        return sum(change.verb == verb for change in self.changes)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be written."""
        return not any(change.writes for change in self.changes)

    @property
    def fingerprint(self) -> str:
        """The same for plans that do the same to the same; what was shown can be told from what has come of it."""
        told = [[each.kind, each.key, each.verb, each.fields, each.data, each.paused] for each in self.changes]
        text = json.dumps([self.now, told], default=str, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()
