"""Forms whose fields are read by services: what these say is wrong with a definition is said at the form's fields."""

from typing import Any, ClassVar

from django import forms

from scheduler.exceptions import InvalidInput


class ServiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that validates by asking the services, and writes nothing itself."""

    class Meta:
        # Nothing is written by the form, so no column of the model is its field.
        fields: ClassVar[list[str]] = []

    def ask_services(self) -> None:
        """Let the services read what the fields say, none of which is wrong by itself. Raises InvalidInput."""
        raise NotImplementedError

    def field_of(self, name: str) -> str | None:
        """Return the form's field for a field of the definition; None for none."""
        return name if name in self.fields else None

    def say_error(self, name: str, message: str) -> None:
        """Say a service's error at the form's field for it; above the form where there is none."""
        self.add_error(self.field_of(name), message)

    def clean(self) -> dict[str, Any]:
        """Let the services read the definition; each of their errors goes to its field."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.ask_services()
            except InvalidInput as error:
                for name, message in error.errors.items():
                    self.say_error(name, message)
        return dict(cleaned)

    def _post_clean(self) -> None:
        """Leave the model's own validation out: the services have read all of it, and the instance is not filled."""
