"""`manage.py changepassword`: Django's, which here leaves an entry in the audit log, too."""

import getpass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.management.commands import changepassword

from scheduler.actors import acting, name_of_system_user
from scheduler.services.accounts import note_new_password


class Command(changepassword.Command):
    """Asks for a new password of a user."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Change it, and note that; not within one transaction, which would be open for as long as somebody types."""
        told = super().handle(*args, **options)
        users = get_user_model()
        name = options["username"] or getpass.getuser()
        user = users._default_manager.using(options["database"]).get(**{users.USERNAME_FIELD: name})  # noqa: SLF001
        with acting(name=name_of_system_user(), source="command"):
            note_new_password(user)
        return told
