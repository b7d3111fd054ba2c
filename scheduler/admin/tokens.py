"""API tokens: made here, shown once, deleted here."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from scheduler.models import ApiToken
from scheduler.services.tokens import create_token


@admin.register(ApiToken)
class ApiTokenAdmin(ModelAdmin):
    """Tokens can be added and deleted, not changed: only their digest is known."""

    list_display = ("name", "user", "created_at")
    list_select_related = ("user",)
    search_fields = ("name", "user__username")
    fields: ClassVar = ["name", "user"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes a token."""
        return False

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        """Make the token, and show it this once."""
        token, row = create_token(user=obj.user, name=obj.name)
        obj.pk = row.pk
        messages.warning(request, _("The token, shown this once: %s") % token)
