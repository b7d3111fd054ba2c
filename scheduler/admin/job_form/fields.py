"""Fields that several parts of the form share."""

from typing import Any

from django import forms
from django.forms.fields import InvalidJSONInput
from unfold.widgets import UnfoldAdminTextInputWidget


class NamesField(forms.CharField):
    """Several names in one line."""

    def prepare_value(self, value: Any) -> Any:
        """Show a list as it is typed."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read what was typed as a list."""
        return (super().to_python(value) or "").replace(",", " ").split()


class TagsField(forms.CharField):
    """Several tags in one line, with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        """Show a list as it is typed."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read what was typed as a list."""
        return [tag.strip() for tag in (super().to_python(value) or "").split(",") if tag.strip()]


class JsonField(forms.JSONField):
    """JSON, of which some is nested so deep that Python cannot read it."""

    def to_python(self, value: Any) -> Any:
        """Refuse it like all that is no JSON."""
        try:
            return super().to_python(value)
        except RecursionError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Show it again as it was typed."""
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return InvalidJSONInput(data)


class InputWidget(UnfoldAdminTextInputWidget):
    """A line of one of HTML's types. Numbers are typed as text: a browser would keep what is none to itself."""

    def __init__(self, input_type: str = "text", **attrs: Any) -> None:
        super().__init__(attrs=attrs)
        self.input_type = input_type
