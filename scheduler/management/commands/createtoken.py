"""`manage.py createtoken`: makes an API token."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from scheduler.services.tokens import create_token


class Command(BaseCommand):
    """Makes a token with which a client acts as a user."""

    help = "Makes an API token for a user and prints it, this once: only its digest is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="What will use the token.")

    def handle(self, *, username: str, name: str, **options: Any) -> None:
        """Make a token."""
        users = get_user_model()
        user = users._default_manager.filter(**{users.USERNAME_FIELD: username}).first()  # noqa: SLF001
        if user is None:
            raise CommandError(f"There is no user called {username}.")
        token, _row = create_token(user=user, name=(name or f"createtoken for {username}")[:255])
        self.stdout.write(token)
