"""Who may do what: reading needs view_job, writing the matching permission of Django's."""

from typing import Any

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
        return permission is not None and bool(request.user.has_perm(permission))
