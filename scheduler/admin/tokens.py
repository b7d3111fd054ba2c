"""API tokens: made here, shown once, deleted here."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from scheduler.models import ApiToken
from scheduler.services.tokens import create_token, delete_token


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

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        """Show everybody their own tokens, and administrators all."""
        queryset: QuerySet[ApiToken] = super().get_queryset(request)
        return queryset if _may_act_for_others(request) else queryset.filter(user=_requester(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Let nobody but administrators make a token of another user: it would lend them that user's permissions."""
        if not _may_act_for_others(request):
            kwargs["queryset"] = get_user_model()._default_manager.filter(pk=_requester(request).pk)  # noqa: SLF001
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        """Make the token, and show it this once."""
        token, row = create_token(user=obj.user, name=obj.name)
        obj.pk = row.pk
        messages.warning(request, _("The token, shown this once: %s") % token)

    def delete_model(self, request: HttpRequest, obj: ApiToken) -> None:
        """Take a token back."""
        delete_token(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """Take the selected tokens back."""
        for token_id in list(queryset.values_list("pk", flat=True)):
            delete_token(token_id)


def _may_act_for_others(request: HttpRequest) -> bool:
    """Tell whether somebody is an administrator, who could give every user another password, too."""
    return bool(request.user.has_perm("auth.change_user"))


def _requester(request: HttpRequest) -> User:
    """Return the user of the request; the admin lets nobody in who is none."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
