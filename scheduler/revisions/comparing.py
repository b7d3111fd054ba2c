"""How two definitions differ, field by field, in words. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Field
from django.utils.translation import gettext as _

from scheduler.masking import without_secrets
from scheduler.models import HistoricalJob, Job, RevisionColumns
from scheduler.revisions.rows import DEFINING
from scheduler.words import describe

Definition: TypeAlias = Job | RevisionColumns


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field: what it is called, and what it held before and after, as a value and in words; without secrets."""

    field: str
    label: str
    before: Any
    after: Any
    said_before: str
    said_after: str


def compare(before: Definition, after: Definition) -> list[Difference]:
    """Return the fields that differ, in the order in which a job has them."""
    return list(_differences(before, after))


def is_same(present: Any, value: Any) -> bool:
    """Compare as JSON does, where True is not 1, nor 1 the same as 1.0."""
    return bool(present == value) and _as_json(present) == _as_json(value)


def _differences(before: Definition, after: Definition) -> Iterator[Difference]:
    for name in DEFINING:
        old, new = getattr(before, name), getattr(after, name)
        if not is_same(old, new):
            field = HistoricalJob._meta.get_field(name)
            said_before, said_after = _say(field, before), _say(field, after)
            if said_before == said_after:
                said_before, said_after = _say_more(name, said_before, old, new)
            yield Difference(
                field=name,
                label=str(field.verbose_name),
                before=without_secrets(old),
                after=without_secrets(new),
                said_before=said_before,
                said_after=said_after,
            )


def _say_more(name: str, said: str, old: Any, new: Any) -> tuple[str, str]:
    """Tell apart what reads alike: words leave out fractions of seconds, and a secret is hidden."""
    if name == "trigger":
        return f"{said} {_as_json(old)}", f"{said} {_as_json(new)}"
    return said, f"{said} ({_('another one')})"


def _say(field: "Field[Any, Any]", definition: Definition) -> str:
    value = without_secrets(getattr(definition, field.name))
    if field.name == "trigger":
        return describe(value, definition.timezone, seed=definition.id)
    if value in (None, "", [], {}):
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.name in ("tags", "retry_on") and isinstance(value, list):
        return ", ".join(map(str, value))
    return str(dict(field.flatchoices).get(value, value)) if isinstance(value, str) else _as_json(value)


def _as_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
