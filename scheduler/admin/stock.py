"""Other apps' pages: users and groups in the theme's clothes; django-apscheduler's own pages gone.

Those would unpickle, start schedulers inside requests, and show a table that nobody fills.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_apscheduler.models import DjangoJob, DjangoJobExecution
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from scheduler.models import Action
from scheduler.services.accounts import note_account, note_new_password
from scheduler.services.audit import differences

for model in (User, Group, DjangoJob, DjangoJobExecution):
    admin.site.unregister(model)

_VERBS: Mapping[str, Promise] = {
    "add": _("Can add"),
    "change": _("Can change"),
    "delete": _("Can delete"),
    "view": _("Can view"),
}
# What is never written down, nor its digest.
_SECRET = frozenset({"password", "password1", "password2", "usable_password"})


class _Audited(admin.ModelAdmin):  # type: ignore[type-arg]
    """Writes down what is done here, in the transaction that does it."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Note which fields were changed, groups and permissions among them, once all of them are written."""
        super().save_related(request, form, formsets, change)
        names = [name for name in form.changed_data if name not in _SECRET]
        before, after = ({name: _told(told.get(name)) for name in names} for told in (form.initial, form.cleaned_data))
        changes = differences(before, after)
        if changes or not change:
            note_account(Action.CHANGED if change else Action.CREATED, form.instance, changes=changes)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Delete one, and note it."""
        with transaction.atomic():
            note_account(Action.DELETED, obj)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[models.Model]) -> None:
        """Delete the selected ones, and note each."""
        with transaction.atomic():
            for each in queryset:
                note_account(Action.DELETED, each)
            super().delete_queryset(request, queryset)


class _Readable(admin.ModelAdmin):  # type: ignore[type-arg]
    """Names permissions in the reader's language; the database has them in English."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Change what the choices are called."""
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.related_model is Permission:
            field.label_from_instance = say_permission
        return field


def say_permission(permission: Any) -> str:
    """Return such as "Scheduler | job | Can add"."""
    what = permission.content_type
    verb = permission.codename.removesuffix(f"_{what.model}")
    return f"{what} | {_VERBS.get(verb) or gettext(permission.name)}"


@admin.register(User)
class ThemedUserAdmin(_Audited, _Readable, UserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Users."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Note that somebody gave a user another password; not which."""
        with transaction.atomic():
            answer: HttpResponse = super().user_change_password(request, id, form_url)
            if request.method == "POST" and answer.status_code == 302:
                note_new_password(User.objects.get(pk=unquote(id)))
        return answer


@admin.register(Group)
class ThemedGroupAdmin(_Audited, _Readable, GroupAdmin, ModelAdmin):  # type: ignore[misc]
    """Groups."""


def _told(value: Any) -> Any:
    """Return what a field of a form holds as it is written down: rows by their names."""
    if isinstance(value, models.QuerySet | list | tuple):
        return sorted(str(each) for each in value)
    return str(value) if isinstance(value, models.Model) else value
