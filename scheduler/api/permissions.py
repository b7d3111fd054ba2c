"""Who may do what: reading needs view_job, writing the matching permission of Django's."""

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission, PermissionsMixin
from django.db import connection
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class ModelPermissions(BasePermission):
    """Asks for the permission that the view names for its action."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Tell whether the user has it; one who is nobody is asked to log in first."""
        if not request.user.is_authenticated:
            raise NotAuthenticated
        # The browsable API also asks about OPTIONS, which is no action; it then shows no button for it.
        permission = view.permissions.get(view.action)
        return permission is not None and _may(request.user, permission)


def _may(user: Any, permission: str) -> bool:
    """Answer as `user.has_perm` does, which would fetch all permissions of the user in two statements.

    That is a fifth of the time of a list of a thousand jobs (docs/benchmarks.md). Where has_perm means more than
    Django's own tables, or the user's key is no plain number, it is asked itself.
    """
    stock = settings.AUTHENTICATION_BACKENDS == ["django.contrib.auth.backends.ModelBackend"]
    # The class that the user of a session claims: he himself is a proxy.
    own_meaning = user.__class__.has_perm is not PermissionsMixin.has_perm
    if not stock or own_meaning or not isinstance(user.pk, int) or user.is_superuser or not user.is_active:
        return bool(user.has_perm(permission))
    app_label, codename = permission.split(".")
    with connection.cursor() as cursor:
        cursor.execute(_grants(), [app_label, codename, user.pk] * 2)
        return cursor.fetchone() is not None


@cache
def _grants() -> str:
    """Return the statement for the grants of a permission to a user; Django takes longer to compile it than it runs."""
    named = Permission.objects.filter(content_type__app_label="app").filter(codename="name").order_by().values("pk")
    granted = named.filter(user=0).union(named.filter(group__user=0), all=True)
    statement, _values = granted.query.sql_with_params()
    return str(statement)
