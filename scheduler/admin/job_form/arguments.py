"""A task's arguments as fields: generated from its signature, and read back as `args` and `kwargs`.

A field holds text. What is left empty is not stored, so that the default of the function holds, also a later one. Where
a row says something that no field can, such as an empty text in place of a default, the form shows JSON.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminExpandableTextareaWidget, UnfoldAdminSelectWidget

from scheduler.admin.job_form.fields import InputWidget
from scheduler.admin.job_form.kinds import is_nullable, options_of, plain_kind, said_member, words_of
from scheduler.admin.json_field import check_storable
from scheduler.revisions import is_same
from scheduler.signatures import (
    Items,
    Kind,
    Mapped,
    Number,
    OneOf,
    Parameter,
    Place,
    Signature,
    Text,
    Truth,
    WholeNumber,
    Written,
)

LONGEST_DEFAULT = 60


@dataclass
class Arguments:
    """What the fields say: `args` and `kwargs`, or what is wrong, by the names of the fields."""

    args: list[Any] = field(default_factory=list)
    kwargs: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def argument_field(name: str) -> str:
    """Return the form's name of a parameter's field."""
    return f"call__{name}"


def make_argument_fields(signature: Signature) -> dict[str, forms.Field]:
    """Return the fields of a signature, by their names in the form."""
    return {argument_field(parameter.name): _make_field(parameter) for parameter in signature.parameters}


def show_arguments(signature: Signature, args: Any, kwargs: Any) -> dict[str, str] | None:
    """Return the texts of the fields that say just this; None where none do."""
    if not isinstance(args, list) or not isinstance(kwargs, dict):
        return None
    texts = {argument_field(each.name): _text_of(each, value) for each, value in _bound(signature, args, kwargs)}
    said = read_arguments(signature, texts, positional=len(args), demand=False)
    is_said = not said.errors and is_same(said.args, args) and is_same(said.kwargs, kwargs)
    return texts if is_said else None


def read_arguments(
    signature: Signature,
    texts: Mapping[str, Any],
    *,
    positional: int,
    zone: ZoneInfo | None = None,
    demand: bool = True,
) -> Arguments:
    """Read what the fields say. The first `positional` arguments go by their position, and others where they must.

    A moment without an offset is one of the `zone`. With `demand`, an argument that is needed must be there.
    """
    found, given = Arguments(), {}
    for parameter in signature.parameters:
        name = argument_field(parameter.name)
        try:
            if (text := str(texts.get(name) or "")) or (is_nullable(parameter.kind) and parameter.is_required):
                given[parameter.name] = _read(parameter, text, zone)
            elif parameter.is_required and demand:
                found.errors[name] = _("This field is required.")
        except forms.ValidationError as error:
            found.errors[name] = error.messages[0]
    if not found.errors:
        _distribute(signature, given, found, positional=positional)
    return found


def _distribute(signature: Signature, given: Mapping[str, Any], found: Arguments, *, positional: int) -> None:
    """Say which argument goes by position, and which by name."""
    of_place = {each.place: given.get(each.name) for each in signature.parameters if each.takes_further}
    further = of_place.get(Place.FURTHER_POSITIONS) or []
    missing = ""
    for number, parameter in enumerate(each for each in signature.parameters if each.takes_position):
        goes_by_position = bool(further) or number < positional or parameter.place is Place.POSITION
        if parameter.name not in given:
            missing = missing or parameter.name
        elif goes_by_position and not missing:
            found.args.append(given[parameter.name])
        elif parameter.place is Place.POSITION:
            found.errors[argument_field(missing)] = _("This is needed where others follow it by position.")
        else:
            found.kwargs[parameter.name] = given[parameter.name]
    if further and missing:
        found.errors[argument_field(missing)] = _("This is needed where others follow it by position.")
    found.args += further
    by_name = {each.name for each in signature.parameters if each.place is Place.NAME}
    found.kwargs |= {name: value for name, value in given.items() if name in by_name}
    others = of_place.get(Place.FURTHER_NAMES) or {}
    own = {each.name for each in signature.parameters if each.place in (Place.EITHER, Place.NAME)}
    for each in signature.parameters:
        if each.place is Place.FURTHER_NAMES and (twice := sorted(own & others.keys())):
            found.errors[argument_field(each.name)] = _("These have fields of their own: %s.") % ", ".join(twice)
    found.kwargs |= others


def _bound(signature: Signature, args: list[Any], kwargs: dict[str, Any]) -> Iterator[tuple[Parameter, Any]]:
    """Yield the parameters that are given, each with its value; what is left over is no parameter's."""
    positions, names = list(args), dict(kwargs)
    value: Any
    for parameter in signature.parameters:
        match parameter.place:
            case Place.FURTHER_POSITIONS:
                value, positions = positions, []
            case Place.FURTHER_NAMES:
                value, names = names, {}
            case Place.POSITION | Place.EITHER if positions:
                value = positions.pop(0)
            case _ if parameter.name in names:
                value = names.pop(parameter.name)
            case _:
                continue
        if not parameter.takes_further or value:
            yield parameter, value


def _read(parameter: Parameter, text: str, zone: ZoneInfo | None) -> Any:
    """Return what a text says, as JSON. Raises ValidationError."""
    kind = _whole_kind(parameter)
    if not text and is_nullable(kind):
        return None
    value: Any
    match plain_kind(kind):
        case Text():
            value = text.replace("\r\n", "\n")
        case Written(type=written):
            value = _with_offset(text.strip(), zone) if written is datetime else text.strip()
        case plain:
            value = _read_json(plain, text)
    if problem := kind.problem_of(value):
        raise forms.ValidationError(problem)
    return value


def _read_json(kind: Kind, text: str) -> Any:
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (RecursionError, ValueError):
        if isinstance(kind, Number | WholeNumber):
            raise forms.ValidationError(kind.problem_of(text)) from None
        message = _('This is not JSON. A text needs double quotes, such as "hello".')
        raise forms.ValidationError(message) from None
    check_storable(value)
    return value


def _refuse(constant: str) -> None:
    """Python would read NaN and Infinity, which are not JSON."""
    raise ValueError(constant)


def _with_offset(text: str, zone: ZoneInfo | None) -> str:
    """Add the offset of the job's zone to a moment that has none: it is meant as the clock shows it there."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if moment.tzinfo or zone is None else moment.replace(tzinfo=zone).isoformat()


def _text_of(parameter: Parameter, value: Any) -> str:
    """Return the text that stands for a JSON value in a field; "" for null, where that can be left empty."""
    kind = _whole_kind(parameter)
    if value is None and is_nullable(kind) and parameter.is_required:
        return ""
    if isinstance(value, str) and isinstance(plain_kind(kind), Text | Written):
        return value
    return json.dumps(value, ensure_ascii=False)


def _whole_kind(parameter: Parameter) -> Kind:
    """Return the kind of what stands in a parameter's field, which for *args and **kwargs is all of them."""
    match parameter.place:
        case Place.FURTHER_POSITIONS:
            return Items(parameter.kind)
        case Place.FURTHER_NAMES:
            return Mapped(parameter.kind)
    return parameter.kind


def _make_field(parameter: Parameter) -> forms.Field:
    default = _said_default(parameter)
    kind = plain_kind(_whole_kind(parameter))
    options = options_of(kind)
    # A choice says its default itself.
    hints = [words_of(kind), _("default: %s") % default if default and options is None else ""]
    described: dict[str, Any] = {
        "label": parameter.name,
        "required": False,
        "help_text": " · ".join(filter(None, [parameter.help, *hints])),
    }
    if options is not None:
        empty = _("default: %s") % default if default else _("none") if is_nullable(parameter.kind) else _("Choose.")
        made: forms.Field = forms.ChoiceField(
            **described, choices=[("", empty), *options], widget=UnfoldAdminSelectWidget()
        )
    else:
        made = forms.CharField(**described, strip=False, widget=_widget_of(kind, default))
    if parameter.is_required and not is_nullable(parameter.kind):
        made.widget.attrs["aria-required"] = "true"
        made.is_needed = True  # type: ignore[attr-defined]
    return made


def _widget_of(kind: Kind, default: str) -> forms.Widget:
    match kind:
        case WholeNumber():
            return InputWidget(inputmode="numeric", placeholder=default)
        case Number():
            return InputWidget(inputmode="decimal", placeholder=default)
        case Written(type=written):
            # A moment is typed: browsers know none with an offset.
            input_type = {"date": "date", "time": "time"}.get(written.__name__, "text")
            return InputWidget(input_type, placeholder=default)
    attrs = {"placeholder": default, "spellcheck": "true" if isinstance(kind, Text) else "false"}
    widget: forms.Widget = UnfoldAdminExpandableTextareaWidget(attrs=attrs)
    return widget


def _said_default(parameter: Parameter) -> str:
    """Return a default as it would be typed; "" where there is none to tell."""
    default = parameter.default
    if parameter.is_required or parameter.takes_further:
        return ""
    if default is None:
        return _("none")
    kind = plain_kind(parameter.kind)
    if isinstance(default, Enum):
        return said_member(default)
    if isinstance(default, str) and isinstance(kind, Text | OneOf):
        return _shortened(default or '""')
    if isinstance(default, bool) and isinstance(kind, Truth):
        return _("yes") if default else _("no")
    try:
        return _shortened(json.dumps(default, ensure_ascii=False))
    except (TypeError, ValueError):
        return _shortened(str(default) if isinstance(kind, Written) else repr(default))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_DEFAULT else f"{text[:LONGEST_DEFAULT]}…"
