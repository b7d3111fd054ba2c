"""`manage.py firstrun`: greets whoever has just typed `make run`."""

import secrets
from itertools import chain, count
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from scheduler import conf

GREETING = """
Carnation 康乃馨 is at {url}

  Look and click   {url}/admin/
  Use the API      curl -u {login} {url}{prefix}/jobs
                   curl -u {login} -d '{{"id":"job2","func":"jobs:job2","name":"job2"}}' {url}{prefix}/jobs
  Your own jobs    write a function into carnation/jobs.py, put @task above it, restart

{account}
Ctrl-C stops the web server and the scheduler.
"""


class Command(BaseCommand):
    """Makes the first administrator and prints where to click and what to curl."""

    help = "Makes the first administrator where there is none, and prints one screen that says how to go on."

    def handle(self, **options: Any) -> None:
        """Greet."""
        users = get_user_model()
        administrators = users._default_manager.filter(is_superuser=True, is_active=True)  # noqa: SLF001
        first = administrators.order_by("pk").first()
        if first is None:
            password = secrets.token_urlsafe(12)
            name = _free_name()
            users._default_manager.create_superuser(name, password=password)  # noqa: SLF001
            login = f"{name}:{password}"
            account = (
                f"Administrator   {name}\nPassword        {password}   (shown this once; only its hash is stored)\n"
            )
        else:
            name = first.get_username()
            login, account = (
                name,
                f"Log in as {name}; forgotten the password? .venv/bin/python manage.py changepassword {name}\n",
            )
        url = f"http://{'127.0.0.1' if settings.HOST in ('0.0.0.0', '::') else settings.HOST}:{settings.PORT}"  # noqa: S104
        self.stdout.write(GREETING.format(url=url, prefix=conf.api_prefix(), login=login, account=account))


def _free_name() -> str:
    """Return "admin", or "admin2" and so on where somebody without an administrator's rights has that name."""
    users = get_user_model()
    taken = set(users._default_manager.values_list(users.USERNAME_FIELD, flat=True))  # noqa: SLF001
    return next(name for name in chain(["admin"], (f"admin{number}" for number in count(2))) if name not in taken)
