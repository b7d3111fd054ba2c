"""Fields that several parts of the form share."""

from typing import Any

from django import forms
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


class InputWidget(UnfoldAdminTextInputWidget):
    """A line of one of HTML's types. Numbers are typed as text: a browser would keep what is none to itself."""

    def __init__(self, input_type: str = "text", **attrs: Any) -> None:
        super().__init__(attrs=attrs)
        self.input_type = input_type
