"""JSON in a form: what the REST API would refuse to store is refused at the field, and shown again as it was typed."""

import json
from typing import Any

from django import forms
from django.forms.fields import InvalidJSONInput

from scheduler.services.values import NestedTooDeep, as_stored
from scheduler.triggers import InvalidField
from scheduler.words import said


def read_json(text: str) -> Any:
    """Return what a JSON text says. Raises ValidationError for what is no JSON, and for what cannot be stored."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise forms.ValidationError(said(NestedTooDeep().sentence), code="invalid") from None
    except ValueError:
        # Also of whole numbers with more digits than Python reads.
        raise forms.ValidationError(forms.JSONField.default_error_messages["invalid"], code="invalid") from None
    check_storable(value)
    return value


def check_storable(value: Any) -> None:
    """Check what was read of a JSON text as the services do. Raises ValidationError."""
    try:
        as_stored(value)
    except InvalidField as error:
        raise forms.ValidationError(said(error.sentence), code="invalid") from error


class JsonField(forms.JSONField):
    """JSON that can be stored."""

    def to_python(self, value: Any) -> Any:
        """Refuse what cannot be read, or not be stored."""
        if isinstance(value, str) and value not in self.empty_values:
            read_json(value)
        return super().to_python(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Show what is refused as it was typed: no page could hold the lone surrogates that it may mean."""
        if isinstance(data, str):
            try:
                read_json(data)
            except forms.ValidationError:
                return InvalidJSONInput(data)
        return super().bound_data(data, initial)
