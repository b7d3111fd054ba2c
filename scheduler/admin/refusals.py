"""What the pages of rows that services write do where a service refuses."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin

from scheduler.exceptions import CarnationError


class SaysRefusals(ModelAdmin):
    """Says above the list what a service refused after the form was checked.

    Either somebody was quicker, so that the row is gone or its name is taken; or others need what was to be deleted.
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Add or change a row."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except CarnationError as error:
            return self._back_to_list(request, error)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Delete a row."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except CarnationError as error:
            return self._back_to_list(request, error)

    def _back_to_list(self, request: HttpRequest, error: CarnationError) -> HttpResponseRedirect:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
